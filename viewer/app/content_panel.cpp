#include "viewer/app/content_panel.h"

#include "viewer/app/icons.h"

#include <QEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <map>

namespace viewer::app {

namespace {

constexpr int kPercent = 100;

/// What an item of the tree stands for.
enum Role { KindRole = Qt::UserRole, NumberRole, OpacityRole, FileRole };
enum class Kind { Group, Tileset, File, Layer };

Kind kindOf(const QTreeWidgetItem& item) {
    return static_cast<Kind>(item.data(0, KindRole).toInt());
}

std::size_t numberOf(const QTreeWidgetItem& item) {
    return item.data(0, NumberRole).value<std::size_t>();
}

QTreeWidgetItem* addItem(QTreeWidgetItem* parent, Kind kind, const QString& text) {
    auto* item = new QTreeWidgetItem(parent, {text});
    item->setData(0, KindRole, static_cast<int>(kind));
    return item;
}

void setShown(QTreeWidgetItem& item, bool isVisible, float opacity) {
    item.setFlags(item.flags() | Qt::ItemIsUserCheckable);
    item.setCheckState(0, isVisible ? Qt::Checked : Qt::Unchecked);
    item.setData(0, OpacityRole, opacity);
}

} // namespace

ContentPanel::ContentPanel(Contents& contents, QWidget* parent)
    : QWidget(parent), contents_(contents), tree_(new QTreeWidget), opacity_(new QSlider) {
    tree_->setObjectName("contentTree");
    tree_->setHeaderHidden(true);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setUniformRowHeights(true);
    tilesets_ = addItem(tree_->invisibleRootItem(), Kind::Group, {});
    layers_ = addItem(tree_->invisibleRootItem(), Kind::Group, {});
    opacity_->setOrientation(Qt::Horizontal);
    opacity_->setRange(0, kPercent);
    opacity_->setValue(kPercent);
    opacity_->setEnabled(false);
    opacity_->setObjectName("opacity");

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tree_);
    layout->addWidget(opacity_);

    connect(&contents_, &Contents::changed, this, &ContentPanel::rebuild);
    connect(tree_, &QTreeWidget::itemChanged, this, &ContentPanel::take);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &ContentPanel::followSelection);
    connect(tree_, &QTreeWidget::customContextMenuRequested, this, &ContentPanel::showMenu);
    connect(tree_, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem* item) {
        if (kindOf(*item) == Kind::Tileset) {
            emit lookAtRequested(numberOf(*item));
        }
    });
    connect(opacity_, &QSlider::valueChanged, this, &ContentPanel::fade);
    retranslate();
}

void ContentPanel::retranslate() {
    const QScopedValueRollback filling(isFilling_, true);
    tilesets_->setText(0, tr("3D tiles"));
    layers_->setText(0, tr("Planning layers"));
    opacity_->setToolTip(tr("Opacity of what is selected"));
    rebuild();
}

void ContentPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

/// A few hundred rows at most: written anew at each change, the selection kept by name.
void ContentPanel::rebuild() {
    const QScopedValueRollback filling(isFilling_, true);
    const QString selected = tree_->currentItem() ? tree_->currentItem()->text(0) : QString();
    qDeleteAll(tilesets_->takeChildren());
    qDeleteAll(layers_->takeChildren());
    for (const OpenTileset& tileset : contents_.tilesets()) {
        QTreeWidgetItem* item = addItem(tilesets_, Kind::Tileset, tileset.name);
        item->setData(0, NumberRole, QVariant::fromValue(tileset.id));
        item->setToolTip(0, tileset.location);
        setShown(*item, tileset.isVisible, tileset.opacity);
    }
    std::map<QString, QTreeWidgetItem*> files;
    for (std::size_t i = 0; i < contents_.layers().size(); ++i) {
        const OpenLayer& layer = contents_.layers()[i];
        QTreeWidgetItem*& file = files[layer.file];
        if (file == nullptr) {
            file = addItem(layers_, Kind::File, QFileInfo(layer.file).fileName());
            file->setData(0, FileRole, layer.file);
            file->setToolTip(0, layer.file);
        }
        QTreeWidgetItem* item = addItem(file, Kind::Layer, layer.name);
        item->setData(0, NumberRole, QVariant::fromValue(i));
        item->setData(0, FileRole, layer.file);
        item->setToolTip(0, tr("%n feature(s)", nullptr, static_cast<int>(layer.features)));
        item->setIcon(0, swatchOf(layer.colours));
        setShown(*item, layer.isVisible, layer.opacity);
    }
    tree_->expandAll();
    const auto found = tree_->findItems(selected, Qt::MatchExactly | Qt::MatchRecursive);
    tree_->setCurrentItem(found.isEmpty() ? nullptr : found.front());
}

/// What the user has ticked or faded.
void ContentPanel::take(const QTreeWidgetItem* item) {
    if (isFilling_) {
        return;
    }
    const bool isVisible = item->checkState(0) == Qt::Checked;
    const float opacity = item->data(0, OpacityRole).toFloat();
    if (kindOf(*item) == Kind::Tileset) {
        contents_.setTileset(numberOf(*item), isVisible, opacity);
    } else if (kindOf(*item) == Kind::Layer) {
        contents_.setLayer(numberOf(*item), isVisible, opacity);
    }
}

void ContentPanel::fade(int percent) {
    QTreeWidgetItem* item = tree_->currentItem();
    if (!isFilling_ && item != nullptr) {
        item->setData(0, OpacityRole, static_cast<float>(percent) / static_cast<float>(kPercent));
    }
}

void ContentPanel::followSelection() {
    const QScopedValueRollback filling(isFilling_, true);
    const QTreeWidgetItem* item = tree_->currentItem();
    const bool hasOpacity =
        item != nullptr && (kindOf(*item) == Kind::Tileset || kindOf(*item) == Kind::Layer);
    opacity_->setEnabled(hasOpacity);
    opacity_->setValue(hasOpacity ? qRound(item->data(0, OpacityRole).toFloat() * kPercent)
                                  : kPercent);
}

void ContentPanel::showMenu(const QPoint& at) {
    const QTreeWidgetItem* item = tree_->itemAt(at);
    if (item == nullptr || kindOf(*item) == Kind::Group) {
        return;
    }
    const QTreeWidgetItem copy = *item; // the tree is written anew by what follows
    QMenu menu(this);
    if (kindOf(copy) == Kind::Tileset) {
        menu.addAction(tr("Look at it"), this, [&] { emit lookAtRequested(numberOf(copy)); });
        menu.addAction(tr("Close"), this, [&] { contents_.closeTileset(numberOf(copy)); });
    } else {
        menu.addAction(tr("Close the file"), this, [&] {
            contents_.closeLayers(copy.data(0, FileRole).toString());
        });
    }
    menu.exec(tree_->viewport()->mapToGlobal(at));
}

} // namespace viewer::app
