#include "viewer/app/content_model.h"

#include <QBrush>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>
#include <algorithm>

namespace viewer::app {

namespace {

bool isCheckable(ContentNode kind) {
    return kind != ContentNode::Group;
}

} // namespace

ContentModel::ContentModel(QObject* parent) : QAbstractItemModel(parent) {
    rebuild();
}

void ContentModel::setTilesets(const std::vector<ContentRow>& tilesets) {
    tilesets_ = tilesets;
    rebuild();
}

void ContentModel::setLayers(const std::vector<ContentRow>& layers) {
    layers_ = layers;
    rebuild();
}

void ContentModel::setGroupTitles(const QString& favourites,
                                  const QString& tilesets,
                                  const QString& layers) {
    groupTitles_ = {favourites, tilesets, layers};
    rebuild();
}

void ContentModel::rebuild() {
    beginResetModel();
    nodes_.clear();
    addGroups();
    for (const ContentRow& tileset : tilesets_) {
        add(kTilesets, ContentNode::Tileset, tileset);
    }
    for (const ContentRow& layer : layers_) {
        addLayer(category(layer.categories), layer);
    }
    for (const ContentRow& layer : layers_) {
        if (layer.isFavourite) {
            addLayer(kFavourites, layer);
        }
    }
    endResetModel();
}

void ContentModel::addGroups() {
    for (const QString& title : groupTitles_) {
        Node group;
        group.content.title = title;
        nodes_.push_back(group);
    }
    shownGroups_ = {kTilesets, kLayers};
    if (std::ranges::any_of(layers_, &ContentRow::isFavourite)) {
        shownGroups_.insert(shownGroups_.begin(), kFavourites);
    }
    for (std::size_t row = 0; row < shownGroups_.size(); ++row) {
        nodes_[static_cast<std::size_t>(shownGroups_[row])].row = static_cast<int>(row);
    }
}

void ContentModel::addLayer(int parent, const ContentRow& layer) {
    const int node = add(parent, ContentNode::Layer, layer);
    for (int above = node; above >= 0; above = nodes_[static_cast<std::size_t>(above)].parent) {
        Node& counted = nodes_[static_cast<std::size_t>(above)];
        ++counted.layers;
        counted.shown += layer.isVisible ? 1U : 0U;
    }
}

int ContentModel::add(int parent, ContentNode kind, const ContentRow& content) {
    const auto number = static_cast<int>(nodes_.size());
    Node& above = nodes_[static_cast<std::size_t>(parent)];
    Node node{.kind = kind,
              .parent = parent,
              .row = static_cast<int>(above.children.size()),
              .content = content};
    node.search =
        (content.title + '\n' + content.name + '\n' + content.categories.join('\n')).toLower();
    above.children.push_back(number);
    nodes_.push_back(std::move(node));
    return number;
}

/// The node of that path below the layers' group; made where it is not there yet.
int ContentModel::category(const QStringList& path) {
    int node = kLayers;
    for (const QString& name : path) {
        const std::vector<int>& children = nodes_[static_cast<std::size_t>(node)].children;
        const auto found = std::ranges::find_if(children, [&](int child) {
            const Node& candidate = nodes_[static_cast<std::size_t>(child)];
            return candidate.kind == ContentNode::Category && candidate.content.title == name;
        });
        node = found != children.end() ? *found : add(node, ContentNode::Category, {.title = name});
    }
    return node;
}

std::vector<int> ContentModel::nodesOf(ContentNode kind, std::size_t number) const {
    std::vector<int> found;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].kind == kind && nodes_[i].content.number == number) {
            found.push_back(static_cast<int>(i));
        }
    }
    return found;
}

void ContentModel::setShown(ContentNode node, std::size_t number, bool isVisible, float opacity) {
    const bool isLayer = node == ContentNode::Layer;
    for (ContentRow& row : isLayer ? layers_ : tilesets_) {
        if (row.number == number) {
            row.isVisible = isVisible;
            row.opacity = opacity;
        }
    }
    for (const int found : nodesOf(node, number)) {
        ContentRow& content = nodes_[static_cast<std::size_t>(found)].content;
        const bool wasVisible = std::exchange(content.isVisible, isVisible);
        content.opacity = opacity;
        for (int above = found; above >= 0;
             above = nodes_[static_cast<std::size_t>(above)].parent) {
            Node& counted = nodes_[static_cast<std::size_t>(above)];
            if (isLayer && wasVisible != isVisible) {
                counted.shown += isVisible ? 1U : std::size_t(-1);
            }
            tellChanged(above);
        }
    }
}

void ContentModel::setIcon(std::size_t layer, const QIcon& icon) {
    for (ContentRow& row : layers_) {
        if (row.number == layer) {
            row.icon = icon;
        }
    }
    for (const int found : nodesOf(ContentNode::Layer, layer)) {
        nodes_[static_cast<std::size_t>(found)].content.icon = icon;
        tellChanged(found);
    }
}

void ContentModel::tellChanged(int node) {
    emit dataChanged(indexOf(node), indexOf(node, ColumnCount - 1));
}

const ContentModel::Node& ContentModel::nodeOf(const QModelIndex& index) const {
    return nodes_[static_cast<std::size_t>(index.internalId())];
}

QModelIndex ContentModel::indexOf(int node, int column) const {
    return createIndex(
        nodes_[static_cast<std::size_t>(node)].row, column, static_cast<quintptr>(node));
}

QModelIndex ContentModel::indexOfLayer(std::size_t number) const {
    const std::vector<int> nodes = nodesOf(ContentNode::Layer, number);
    return nodes.empty() ? QModelIndex() : indexOf(nodes.front());
}

std::vector<std::size_t> ContentModel::layersBelow(const QModelIndex& index) const {
    const Node& node = nodeOf(index);
    if (node.kind == ContentNode::Layer) {
        return {node.content.number};
    }
    std::vector<std::size_t> layers;
    for (const int child : node.children) {
        std::ranges::copy(layersBelow(indexOf(child)), std::back_inserter(layers));
    }
    return layers;
}

QModelIndex ContentModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return parent.isValid()
               ? indexOf(nodeOf(parent).children[static_cast<std::size_t>(row)], column)
               : indexOf(shownGroups_[static_cast<std::size_t>(row)], column);
}

QModelIndex ContentModel::parent(const QModelIndex& index) const {
    const int above = index.isValid() ? nodeOf(index).parent : -1;
    return above >= 0 ? indexOf(above) : QModelIndex();
}

int ContentModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return static_cast<int>(shownGroups_.size());
    }
    return parent.column() == 0 ? static_cast<int>(nodeOf(parent).children.size()) : 0;
}

int ContentModel::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

QVariant ContentModel::text(const Node& node, int column) const {
    switch (column) {
    case NameColumn:
        return node.content.title;
    case CountColumn:
        if (node.kind == ContentNode::Layer) {
            return QLocale().toString(static_cast<qulonglong>(node.content.features));
        }
        return node.layers > 0 ? QString("%1 / %2").arg(node.shown).arg(node.layers) : QString();
    case StarColumn:
        return node.kind != ContentNode::Layer ? "" : node.content.isFavourite ? "★" : "☆";
    default:
        return node.content.vintage;
    }
}

QVariant ContentModel::checkState(const Node& node) {
    switch (node.kind) {
    case ContentNode::Group:
        return {};
    case ContentNode::Category:
        return node.shown == 0             ? Qt::Unchecked
               : node.shown == node.layers ? Qt::Checked
                                           : Qt::PartiallyChecked;
    default:
        return node.content.isVisible ? Qt::Checked : Qt::Unchecked;
    }
}

QVariant ContentModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const Node& node = nodeOf(index);
    const bool isName = index.column() == NameColumn;
    switch (role) {
    case Qt::DisplayRole:
        return text(node, index.column());
    case Qt::CheckStateRole:
        return isName ? checkState(node) : QVariant();
    case Qt::DecorationRole:
        return isName && !node.content.icon.isNull() ? QVariant(node.content.icon) : QVariant();
    case Qt::ToolTipRole:
        return node.content.toolTip;
    case Qt::TextAlignmentRole:
        return isName ? QVariant() : QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ForegroundRole:
        return isName ? QVariant() : QVariant(QGuiApplication::palette().placeholderText());
    case NodeRole:
        return static_cast<int>(node.kind);
    case NumberRole:
        return QVariant::fromValue(node.content.number);
    case OpacityRole:
        return node.content.opacity;
    case SearchRole:
        return node.search;
    default:
        return {};
    }
}

bool ContentModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || role != Qt::CheckStateRole) {
        return false;
    }
    const bool isVisible = value.toInt() != Qt::Unchecked;
    if (nodeOf(index).kind == ContentNode::Tileset) {
        emit tilesetAsked(nodeOf(index).content.number, isVisible);
    } else {
        emit layersAsked(layersBelow(index), isVisible);
    }
    return true;
}

Qt::ItemFlags ContentModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) {
        return Qt::NoItemFlags;
    }
    const bool isChecked = index.column() == NameColumn && isCheckable(nodeOf(index).kind);
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable |
           (isChecked ? Qt::ItemIsUserCheckable : Qt::NoItemFlags);
}

} // namespace viewer::app
