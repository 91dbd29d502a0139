#include "viewer/app/measure_panel.h"

#include "tiles3d/base/file.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>
#include <set>

namespace viewer::app {

MeasurePanel::MeasurePanel(QWidget* parent)
    : QWidget(parent), table_(new QTableWidget(0, 3)), drop_(new QPushButton),
      export_(new QPushButton) {
    table_->setObjectName("measurements");
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setStretchLastSection(true);
    export_->setObjectName("exportMeasurements");

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(drop_);
    buttons->addWidget(export_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(table_);
    layout->addLayout(buttons);
    connect(drop_, &QPushButton::clicked, this, &MeasurePanel::dropSelected);
    connect(export_, &QPushButton::clicked, this, &MeasurePanel::exportCsv);
    retranslate();
}

void MeasurePanel::add(const Measurement& measurement) {
    measurements_.push_back(measurement);
    const int row = table_->rowCount();
    table_->insertRow(row);
    table_->setItem(row, 0, new QTableWidgetItem(nameOf(measurement.kind)));
    table_->setItem(row, 1, new QTableWidgetItem(measurement.label));
    table_->setItem(row, 2, new QTableWidgetItem(measurement.details));
    emit changed();
}

void MeasurePanel::retranslate() {
    table_->setHorizontalHeaderLabels({tr("Measured"), tr("Result"), tr("Details")});
    drop_->setText(tr("Drop"));
    drop_->setToolTip(tr("The rows that are selected, or all if none is"));
    export_->setText(tr("Export…"));
    for (int row = 0; row < table_->rowCount(); ++row) {
        table_->item(row, 0)->setText(nameOf(measurements_[static_cast<std::size_t>(row)].kind));
    }
}

void MeasurePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void MeasurePanel::dropSelected() {
    std::set<int, std::greater<>> rows;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows()) {
        rows.insert(index.row());
    }
    if (rows.empty()) {
        table_->setRowCount(0);
        measurements_.clear();
    }
    for (const int row : rows) {
        table_->removeRow(row);
        measurements_.erase(measurements_.begin() + row);
    }
    emit changed();
}

void MeasurePanel::exportCsv() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the measurements"), "measurements.csv", tr("Table (*.csv)"));
    if (file.isEmpty()) {
        return;
    }
    const auto written = tiles3d::base::writeFile(file.toStdString(), csvOf(measurements_));
    if (!written) {
        emit failed(QString::fromStdString(written.error().message));
    }
}

} // namespace viewer::app
