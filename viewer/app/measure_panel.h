#pragma once

#include "viewer/app/measure_tool.h"

#include <QPushButton>
#include <QTableWidget>

namespace viewer::app {

/// The measurements so far, a row each, to be copied, exported as CSV, or dropped.
class MeasurePanel final : public QWidget {
    Q_OBJECT

public:
    explicit MeasurePanel(QWidget* parent = nullptr);

    void add(const Measurement& measurement);
    const std::vector<Measurement>& measurements() const { return measurements_; }
    /// Asks for a file and writes csvOf() them.
    void exportCsv();

signals:
    void changed();
    void failed(const QString& reason);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void dropSelected();

    std::vector<Measurement> measurements_;
    QTableWidget* table_;
    QPushButton* drop_;
    QPushButton* export_;
};

} // namespace viewer::app
