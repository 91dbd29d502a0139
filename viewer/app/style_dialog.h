#pragma once

#include "pipeline/planning/layer_store.h"
#include "viewer/app/symbol_form.h"

#include <QCheckBox>
#include <QDialog>
#include <QListWidget>
#include <QSpinBox>

namespace viewer::app {

/// Edits how a layer is drawn, while the city shows it: each edit is told at once, Cancel tells the
/// style of before. Deletes itself when it is closed.
class StyleDialog final : public QDialog {
    Q_OBJECT

public:
    StyleDialog(const pipeline::planning::LayerInfo& layer,
                const pipeline::planning::style::LayerStyle& style,
                QWidget* parent = nullptr);

signals:
    void changed(const pipeline::planning::style::LayerStyle& style);

private:
    QWidget* classColumn();
    QWidget* layerColumn();
    void fill();
    void fillClasses();
    void showClass();
    void takeSymbol();
    void takeLayer();

    pipeline::planning::GeometryKind kind_;
    pipeline::planning::style::LayerStyle style_;
    QStringList fields_;
    QListWidget* classes_;
    SymbolForm* symbol_;
    QComboBox* mode_;
    QDoubleSpinBox* wallAlpha_;
    QDoubleSpinBox* band_;
    QComboBox* baseField_;
    QComboBox* topField_;
    QComboBox* labelField_;
    QDoubleSpinBox* labelPixels_;
    ColourButton* labelColour_;
    QDoubleSpinBox* least_;
    QDoubleSpinBox* most_;
    bool isFilling_ = false; // the fields' own signals are not the user's
};

} // namespace viewer::app
