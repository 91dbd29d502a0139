#include "viewer/app/attribute_panel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

namespace viewer::app {

namespace {

constexpr int kNameWidth = 140;

} // namespace

AttributePanel::AttributePanel(QWidget* parent) : QTreeWidget(parent) {
    setObjectName("attributes");
    setColumnCount(2);
    setRootIsDecorated(true);
    setAlternatingRowColors(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    header()->setStretchLastSection(true);
    header()->resizeSection(0, kNameWidth);
    retranslate();
}

void AttributePanel::show(const std::vector<AttributeSection>& sections) {
    clear();
    for (const AttributeSection& section : sections) {
        auto* title = new QTreeWidgetItem(this, {section.title});
        QFont bold = title->font(0);
        bold.setBold(true);
        title->setFont(0, bold);
        title->setFirstColumnSpanned(true);
        for (const auto& [name, value] : section.rows) {
            auto* row = new QTreeWidgetItem(title, {name, value});
            row->setToolTip(1, value);
        }
    }
    expandAll();
}

void AttributePanel::retranslate() {
    setHeaderLabels({tr("Name"), tr("Value")});
}

void AttributePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QTreeWidget::changeEvent(event);
}

void AttributePanel::keyPressEvent(QKeyEvent* event) {
    if (!event->matches(QKeySequence::Copy)) {
        QTreeWidget::keyPressEvent(event);
        return;
    }
    QStringList lines;
    for (const QTreeWidgetItem* item : selectedItems()) {
        lines << item->text(0) + '\t' + item->text(1);
    }
    QGuiApplication::clipboard()->setText(lines.join('\n'));
}

} // namespace viewer::app
