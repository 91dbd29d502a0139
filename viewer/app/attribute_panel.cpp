#include "viewer/app/attribute_panel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace viewer::app {

namespace {

constexpr int kNameWidth = 165;
constexpr std::size_t kMostOpenRows = 40;

QTreeWidgetItem* itemOf(const AttributeSection& section) {
    auto* title = new QTreeWidgetItem({section.title, section.remark});
    QFont bold = title->font(0);
    bold.setBold(true);
    title->setFont(0, bold);
    title->setIcon(0, section.icon);
    title->setToolTip(0, section.title);
    title->setForeground(1, QGuiApplication::palette().placeholderText());
    for (const auto& [name, value] : section.rows) {
        auto* row = new QTreeWidgetItem(title, {name, value});
        row->setToolTip(1, value);
    }
    return title;
}

} // namespace

AttributePanel::AttributePanel(QWidget* parent)
    : QWidget(parent), asked_(new QComboBox), tree_(new QTreeWidget) {
    asked_->setObjectName("askedLayers");
    asked_->addItems({QString(), QString()});
    tree_->setObjectName("attributes");
    tree_->setColumnCount(2);
    tree_->setRootIsDecorated(true);
    tree_->setAlternatingRowColors(true);
    tree_->setIconSize({20, 16});
    tree_->setIndentation(14);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->header()->setStretchLastSection(true);
    tree_->header()->resizeSection(0, kNameWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addWidget(asked_);
    layout->addWidget(tree_);
    connect(asked_, &QComboBox::activated, this, &AttributePanel::askedLayersChanged);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &AttributePanel::choose);
    retranslate();
}

AskedLayers AttributePanel::askedLayers() const {
    return static_cast<AskedLayers>(asked_->currentIndex());
}

void AttributePanel::show(const std::vector<AttributeSection>& sections,
                          const std::optional<pipeline::planning::FeatureRef>& chosen) {
    const QSignalBlocker quiet(tree_); // what is marked here is not the user's choice
    clear();
    std::size_t rows = 0;
    for (const AttributeSection& section : sections) {
        tree_->addTopLevelItem(itemOf(section));
        features_.push_back(section.feature);
        rows += section.rows.size();
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        QTreeWidgetItem* item = tree_->topLevelItem(static_cast<int>(i));
        const bool isChosen = chosen && features_[i] == chosen;
        item->setExpanded(isChosen || !features_[i] || rows <= kMostOpenRows);
        if (isChosen) {
            tree_->setCurrentItem(item);
        }
    }
    if (tree_->currentItem() != nullptr) {
        tree_->scrollToItem(tree_->currentItem(), QAbstractItemView::PositionAtCenter);
    }
}

void AttributePanel::clear() {
    const QSignalBlocker quiet(tree_);
    tree_->clear();
    features_.clear();
}

void AttributePanel::choose() {
    QTreeWidgetItem* item = tree_->currentItem();
    if (item == nullptr) {
        return;
    }
    QTreeWidgetItem* title = item->parent() != nullptr ? item->parent() : item;
    const auto place = static_cast<std::size_t>(tree_->indexOfTopLevelItem(title));
    if (place < features_.size() && features_[place]) {
        emit featureChosen(*features_[place]);
    }
}

void AttributePanel::retranslate() {
    asked_->setItemText(0, tr("In the layers that are shown"));
    asked_->setItemText(1, tr("In all layers"));
    tree_->setHeaderLabels({tr("Name"), tr("Value")});
}

void AttributePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void AttributePanel::keyPressEvent(QKeyEvent* event) {
    if (!event->matches(QKeySequence::Copy)) {
        QWidget::keyPressEvent(event);
        return;
    }
    QStringList lines;
    for (const QTreeWidgetItem* item : tree_->selectedItems()) {
        lines << item->text(0) + '\t' + item->text(1);
    }
    QGuiApplication::clipboard()->setText(lines.join('\n'));
}

} // namespace viewer::app
