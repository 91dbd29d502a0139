#include "viewer/app/content_panel.h"

#include "viewer/app/icons.h"
#include "viewer/app/preset_menu.h"
#include "viewer/app/symbol_picture.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;

constexpr int kPercent = 100;
constexpr int kFewLayers = 30; // all categories stand open at first

ContentNode nodeOf(const QModelIndex& index) {
    return static_cast<ContentNode>(index.data(ContentModel::NodeRole).toInt());
}

std::size_t numberOf(const QModelIndex& index) {
    return index.data(ContentModel::NumberRole).value<std::size_t>();
}

QString ruleText(style::Rule rule) {
    switch (rule) {
    case style::Rule::Forbid:
        return ContentPanel::tr("Rule: sites must not lie inside");
    case style::Rule::RequireInside:
        return ContentPanel::tr("Rule: sites must lie inside");
    case style::Rule::Match:
        return ContentPanel::tr("Rule: the use must suit");
    case style::Rule::HeightLimit:
        return ContentPanel::tr("Rule: limits heights");
    default:
        return ContentPanel::tr("Rule: informs only");
    }
}

/// Calls with each index of the tree that has something below it.
void forEachBranch(const QAbstractItemModel& model,
                   const QModelIndex& parent,
                   const std::function<void(const QModelIndex&)>& work) {
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        if (model.rowCount(index) > 0) {
            work(index);
            forEachBranch(model, index, work);
        }
    }
}

QString pathOf(const QModelIndex& index) {
    return index.isValid() ? pathOf(index.parent()) + '/' + index.data().toString() : QString();
}

} // namespace

ContentPanel::ContentPanel(Contents& contents,
                           PlanningLayers& layers,
                           KeptLayers& kept,
                           QWidget* parent)
    : QWidget(parent), contents_(contents), layers_(layers), kept_(kept), filter_(model_),
      search_(new QLineEdit), onlyVisible_(new QToolButton), presets_(new QToolButton),
      tree_(new QTreeView), opacity_(new QSlider(Qt::Horizontal)) {
    arrange();
    connect(&contents_, &Contents::changed, this, &ContentPanel::fillTilesets);
    connect(&layers_, &PlanningLayers::changed, this, &ContentPanel::fillLayers);
    connect(&kept_, &KeptLayers::favouritesChanged, this, &ContentPanel::followFavourites);
    connect(&layers_, &PlanningLayers::statesChanged, this, &ContentPanel::followStates);
    connect(&layers_, &PlanningLayers::styleChanged, this, [this](std::size_t layer) {
        model_.setIcon(layer, iconOf(layers_.state(layer).style, layers_.info(layer).kind));
    });
    connect(
        &model_, &ContentModel::tilesetAsked, this, [this](std::size_t tileset, bool isVisible) {
            const auto found = std::ranges::find(contents_.tilesets(), tileset, &OpenTileset::id);
            contents_.setTileset(tileset, isVisible, found->opacity);
            model_.setShown(ContentNode::Tileset, tileset, isVisible, found->opacity);
        });
    connect(&model_,
            &ContentModel::layersAsked,
            &layers_,
            [this](const std::vector<std::size_t>& asked, bool isVisible) {
                layers_.setVisible(asked, isVisible);
            });
    connect(search_, &QLineEdit::textChanged, this, &ContentPanel::search);
    connect(search_, &QLineEdit::returnPressed, this, &ContentPanel::goToFirstLayer);
    connect(onlyVisible_, &QToolButton::toggled, this, &ContentPanel::search);
    connect(opacity_, &QSlider::valueChanged, this, &ContentPanel::fade);
    connectTree();
    retranslate();
}

void ContentPanel::connectTree() {
    connect(tree_->selectionModel(),
            &QItemSelectionModel::selectionChanged,
            this,
            &ContentPanel::followSelection);
    connect(tree_, &QTreeView::customContextMenuRequested, this, &ContentPanel::showMenu);
    connect(tree_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (nodeOf(index) == ContentNode::Layer && index.column() == ContentModel::StarColumn) {
            toggleFavourite(numberOf(index));
        }
    });
    connect(tree_, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() == ContentModel::StarColumn) {
            return;
        }
        if (nodeOf(index) == ContentNode::Tileset) {
            emit lookAtRequested(numberOf(index));
        } else if (nodeOf(index) == ContentNode::Layer) {
            emit lookAtLayerRequested(numberOf(index));
        }
    });
    connect(tree_, &QTreeView::expanded, this, [this](const QModelIndex& index) {
        if (!filter_.isActive()) {
            expanded_.insert(pathOf(index));
        }
    });
    connect(tree_, &QTreeView::collapsed, this, [this](const QModelIndex& index) {
        if (!filter_.isActive()) {
            expanded_.erase(pathOf(index));
        }
    });
}

void ContentPanel::arrange() {
    search_->setObjectName("layerSearch");
    search_->setClearButtonEnabled(true);
    onlyVisible_->setObjectName("onlyVisible");
    onlyVisible_->setCheckable(true);
    onlyVisible_->setAutoRaise(true);
    onlyVisible_->setIcon(iconOf("onlyVisible"));
    presets_->setObjectName("layerPresets");
    presets_->setAutoRaise(true);
    presets_->setIcon(iconOf("presets"));
    presets_->setPopupMode(QToolButton::InstantPopup);
    presets_->setMenu(new PresetMenu(kept_, layers_, presets_));
    tree_->setObjectName("contentTree");
    tree_->setModel(&filter_);
    tree_->setHeaderHidden(true);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setUniformRowHeights(true);
    tree_->setExpandsOnDoubleClick(false);
    tree_->setIndentation(14);
    tree_->setIconSize({20, 16});
    QHeaderView* header = tree_->header();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(20);
    header->setSectionResizeMode(ContentModel::NameColumn, QHeaderView::Stretch);
    header->setResizeContentsPrecision(0); // of the rows in sight
    for (const int column :
         {ContentModel::CountColumn, ContentModel::VintageColumn, ContentModel::StarColumn}) {
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    }
    opacity_->setRange(0, kPercent);
    opacity_->setValue(kPercent);
    opacity_->setEnabled(false);
    opacity_->setObjectName("opacity");
    auto* line = new QHBoxLayout;
    line->setContentsMargins(4, 4, 4, 0);
    line->addWidget(search_);
    line->addWidget(onlyVisible_);
    line->addWidget(presets_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(line);
    layout->addWidget(tree_);
    layout->addWidget(opacity_);
    setTabOrder(tree_, opacity_);
}

void ContentPanel::retranslate() {
    search_->setPlaceholderText(tr("Search layers"));
    onlyVisible_->setToolTip(tr("Only the layers that are shown"));
    presets_->setToolTip(tr("Presets: layers that are shown together"));
    opacity_->setToolTip(tr("Opacity of what is selected"));
    model_.setGroupTitles(tr("Favourites"), tr("3D tiles"), tr("Planning layers"));
    fillTilesets();
    fillLayers();
}

void ContentPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void ContentPanel::editSearch() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

/// From there the arrows and the space bar do the rest.
void ContentPanel::goToFirstLayer() {
    QModelIndex index = filter_.index(0, 0);
    while (index.isValid() && nodeOf(index) != ContentNode::Layer) {
        index = tree_->indexBelow(index);
    }
    if (index.isValid()) {
        tree_->setCurrentIndex(index);
        tree_->setFocus(Qt::ShortcutFocusReason);
    }
}

void ContentPanel::fillTilesets() {
    std::vector<ContentRow> rows;
    for (const OpenTileset& tileset : contents_.tilesets()) {
        rows.push_back({.number = tileset.id,
                        .title = tileset.name,
                        .toolTip = tileset.location,
                        .isVisible = tileset.isVisible,
                        .opacity = tileset.opacity});
    }
    model_.setTilesets(rows);
    search();
}

void ContentPanel::fillLayers() {
    std::vector<ContentRow> rows;
    for (const PlacedLayer& placed : layers_.byCategory()) {
        rows.push_back(rowOf(placed));
    }
    model_.setLayers(rows);
    search();
}

ContentRow ContentPanel::rowOf(const PlacedLayer& placed) const {
    const planning::LayerInfo& info = layers_.info(placed.layer);
    const LayerState& state = layers_.state(placed.layer);
    ContentRow row{.number = placed.layer,
                   .title = QString::fromStdString(info.title),
                   .categories = placed.categories,
                   .name = tableOf(placed.layer),
                   .vintage = QString::fromStdString(info.vintage),
                   .icon = iconOf(state.style, info.kind),
                   .features = info.features,
                   .isVisible = state.isVisible,
                   .opacity = state.opacity,
                   .isFavourite = kept_.isFavourite(tableOf(placed.layer))};
    QStringList lines{row.title,
                      tr("%n feature(s)", nullptr, static_cast<int>(info.features)),
                      ruleText(layers_.legend().ruleFor(info))};
    for (const auto& [name, value] : {std::pair(tr("Table"), info.table),
                                      std::pair(tr("Vintage"), info.vintage),
                                      std::pair(tr("Source"), info.source),
                                      std::pair(tr("Source's CRS"), info.sourceCrs)}) {
        if (!value.empty()) {
            lines << name + ": " + QString::fromStdString(value);
        }
    }
    row.toolTip = (lines << layers_.fileOf(placed.layer)).join('\n');
    return row;
}

/// The tree stays where it is.
void ContentPanel::followFavourites() {
    const int scrolled = tree_->verticalScrollBar()->value();
    fillLayers();
    tree_->verticalScrollBar()->setValue(scrolled);
}

void ContentPanel::followStates() {
    for (std::size_t i = 0; i < layers_.count(); ++i) {
        const LayerState& state = layers_.state(i);
        model_.setShown(ContentNode::Layer, i, state.isVisible, state.opacity);
    }
    followSelection();
}

/// A search opens all that it finds; afterwards all stands as before.
void ContentPanel::search() {
    filter_.setSearch(search_->text());
    filter_.setOnlyVisible(onlyVisible_->isChecked());
    if (filter_.isActive() || layers_.count() <= kFewLayers) {
        tree_->expandAll();
    } else {
        const std::set<QString> wanted = expanded_; // changes with what is expanded
        forEachBranch(filter_, {}, [&](const QModelIndex& index) {
            tree_->setExpanded(index, !index.parent().isValid() || wanted.contains(pathOf(index)));
        });
    }
}

std::vector<std::size_t> ContentPanel::selected(ContentNode kind) const {
    std::vector<std::size_t> numbers;
    for (const QModelIndex& index : tree_->selectionModel()->selectedRows()) {
        if (nodeOf(index) == kind) {
            numbers.push_back(numberOf(index));
        }
    }
    return numbers;
}

QString ContentPanel::tableOf(std::size_t layer) const {
    return QString::fromStdString(layers_.info(layer).table);
}

void ContentPanel::toggleFavourite(std::size_t layer) {
    kept_.setFavourite(tableOf(layer), !kept_.isFavourite(tableOf(layer)));
}

void ContentPanel::fade(int percent) {
    if (isFilling_) {
        return;
    }
    const float opacity = static_cast<float>(percent) / float{kPercent};
    for (const std::size_t id : selected(ContentNode::Tileset)) {
        const auto found = std::ranges::find(contents_.tilesets(), id, &OpenTileset::id);
        contents_.setTileset(id, found->isVisible, opacity);
        model_.setShown(ContentNode::Tileset, id, found->isVisible, opacity);
    }
    layers_.setOpacity(selected(ContentNode::Layer), opacity);
}

void ContentPanel::followSelection() {
    const QScopedValueRollback filling(isFilling_, true);
    std::optional<float> opacity;
    for (const QModelIndex& index : tree_->selectionModel()->selectedRows()) {
        if (nodeOf(index) == ContentNode::Tileset || nodeOf(index) == ContentNode::Layer) {
            opacity = index.data(ContentModel::OpacityRole).toFloat();
        }
    }
    opacity_->setEnabled(opacity.has_value());
    opacity_->setValue(qRound(opacity.value_or(1.0F) * float{kPercent}));
}

void ContentPanel::showMenu(const QPoint& at) {
    const QModelIndex index = tree_->indexAt(at).siblingAtColumn(0);
    if (!index.isValid() || (nodeOf(index) == ContentNode::Group && layers_.count() == 0)) {
        return;
    }
    QMenu menu(this);
    const std::size_t number = numberOf(index);
    const auto below = model_.layersBelow(filter_.mapToSource(index));
    switch (nodeOf(index)) {
    case ContentNode::Tileset:
        menu.addAction(tr("Look at it"), this, [&] { emit lookAtRequested(number); });
        menu.addAction(tr("Close"), this, [&] { contents_.closeTileset(number); });
        break;
    case ContentNode::Layer:
        fillLayerMenu(menu, number);
        break;
    default:
        menu.addAction(tr("Show all"), this, [&] { layers_.setVisible(below, true); });
        menu.addAction(tr("Hide all"), this, [&] { layers_.setVisible(below, false); });
        break;
    }
    menu.exec(tree_->viewport()->mapToGlobal(at));
}

void ContentPanel::fillLayerMenu(QMenu& menu, std::size_t layer) {
    menu.addAction(tr("Look at it"), this, [this, layer] { emit lookAtLayerRequested(layer); });
    menu.addAction(tr("Table"), this, [this, layer] { emit tableRequested(layer); });
    menu.addAction(tr("Filter…"), this, [this, layer] { emit conditionRequested(layer); });
    menu.addAction(tr("Style…"), this, [this, layer] { emit styleRequested(layer); });
    menu.addSeparator();
    menu.addAction(tr("Show only this layer"), this, [this, layer] {
        layers_.showOnly({&layer, 1});
    });
    QAction* favourite =
        menu.addAction(tr("Favourite"), this, [this, layer] { toggleFavourite(layer); });
    favourite->setCheckable(true);
    favourite->setChecked(kept_.isFavourite(tableOf(layer)));
    menu.addSeparator();
    menu.addAction(ruleText(layers_.legend().ruleFor(layers_.info(layer))))->setEnabled(false);
    menu.addAction(
        tr("Close the file"), this, [this, file = layers_.fileOf(layer)] { layers_.close(file); });
}

} // namespace viewer::app
