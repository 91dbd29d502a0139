#include "viewer/app/legend_panel.h"

#include "viewer/app/language.h"
#include "viewer/app/symbol_picture.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace style = pipeline::planning::style;

constexpr int kLayerRole = Qt::UserRole;

std::size_t layerOf(const QTreeWidgetItem& item) {
    return item.data(0, kLayerRole).value<std::size_t>();
}

QString labelAt(const style::LayerStyle& style, std::size_t place) {
    return place < style.classes.size()
               ? nameShown(style.classes[place].label, style.classes[place].labelEnglish)
               : nameShown(style.otherLabel, style.otherLabelEnglish);
}

QTreeWidgetItem* itemOf(const LegendEntry& entry) {
    auto* item = new QTreeWidgetItem({entry.title});
    item->setData(0, kLayerRole, QVariant::fromValue(entry.layer));
    item->setToolTip(0, entry.title);
    if (entry.style.classes.empty()) {
        item->setIcon(0, pictureOf(entry.style.other, entry.kind));
        return item;
    }
    for (std::size_t place = 0; place <= entry.style.classes.size(); ++place) {
        const bool isTold = !entry.places || std::ranges::binary_search(*entry.places, place);
        const QString label = labelAt(entry.style, place);
        if (isTold && !label.isEmpty()) {
            auto* child = new QTreeWidgetItem(item, {label});
            child->setIcon(0, pictureOf(style::symbolAt(entry.style, place), entry.kind));
            child->setData(0, kLayerRole, QVariant::fromValue(entry.layer));
        }
    }
    return item;
}

} // namespace

LegendPanel::LegendPanel(QWidget* parent)
    : QWidget(parent), tree_(new QTreeWidget), edit_(new QToolButton), load_(new QToolButton),
      save_(new QToolButton) {
    tree_->setObjectName("legendTree");
    tree_->setHeaderHidden(true);
    tree_->setIconSize({28, 16});
    tree_->setExpandsOnDoubleClick(false);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(4, 0, 4, 4);
    for (const auto& [button, name] : {std::pair(edit_, "editStyle"),
                                       std::pair(load_, "loadStyle"),
                                       std::pair(save_, "saveStyles")}) {
        button->setObjectName(name);
        button->setAutoRaise(true);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(tree_);
    layout->addLayout(buttons);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &LegendPanel::followSelection);
    connect(tree_, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem* item) {
        emit styleAsked(layerOf(*item));
    });
    connect(edit_, &QToolButton::clicked, this, [this] {
        emit styleAsked(layerOf(*tree_->currentItem()));
    });
    connect(load_, &QToolButton::clicked, this, [this] {
        emit loadAsked(layerOf(*tree_->currentItem()));
    });
    connect(save_, &QToolButton::clicked, this, &LegendPanel::saveAsked);
    retranslate();
    followSelection();
}

void LegendPanel::show(const std::vector<LegendEntry>& entries) {
    if (entries == entries_) {
        return;
    }
    entries_ = entries;
    const QTreeWidgetItem* current = tree_->currentItem();
    const auto selected = current != nullptr ? layerOf(*current) : std::size_t(-1);
    tree_->clear();
    for (const LegendEntry& entry : entries) {
        QTreeWidgetItem* item = itemOf(entry);
        tree_->addTopLevelItem(item);
        if (entry.layer == selected) {
            tree_->setCurrentItem(item);
        }
    }
    tree_->expandAll();
    save_->setEnabled(!entries.empty());
    followSelection();
}

void LegendPanel::followSelection() {
    edit_->setEnabled(tree_->currentItem() != nullptr);
    load_->setEnabled(tree_->currentItem() != nullptr);
}

void LegendPanel::retranslate() {
    edit_->setText(tr("Style…"));
    edit_->setToolTip(tr("Colours, lines and labels of the layer that is selected"));
    load_->setText(tr("Load…"));
    load_->setToolTip(tr("The style of the layer that is selected from QGIS (.qml), SLD or JSON"));
    save_->setText(tr("Save…"));
    save_->setToolTip(tr("The styles of all layers as JSON"));
}

void LegendPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        show(std::exchange(entries_, {})); // with the other names
    }
    QWidget::changeEvent(event);
}

} // namespace viewer::app
