#pragma once

#include "pipeline/planning/style/layer_style.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

namespace viewer::app {

/// A button of a colour; a click asks for another one.
class ColourButton final : public QToolButton {
    Q_OBJECT

public:
    explicit ColourButton(QWidget* parent = nullptr);

    void setColour(const glm::vec3& colour);
    const glm::vec3& colour() const { return colour_; }

signals:
    void changed();

private:
    glm::vec3 colour_{0.0F};
};

/// The fields of a symbol. Each edit is told at once.
class SymbolForm final : public QWidget {
    Q_OBJECT

public:
    explicit SymbolForm(QWidget* parent = nullptr);

    /// Shows it; nothing is told.
    void setSymbol(const pipeline::planning::style::Symbol& symbol,
                   pipeline::planning::GeometryKind kind);
    const pipeline::planning::style::Symbol& symbol() const { return symbol_; }

signals:
    void changed();

private:
    void take();
    void enableFields();

    pipeline::planning::style::Symbol symbol_;
    QFormLayout* form_;
    QComboBox* fill_;
    ColourButton* fillColour_;
    QSlider* fillAlpha_;
    QDoubleSpinBox* hatchDegrees_;
    QDoubleSpinBox* hatchPixels_;
    ColourButton* lineColour_;
    QDoubleSpinBox* lineWidth_;
    QComboBox* lineUnit_;
    QDoubleSpinBox* dash_;
    QDoubleSpinBox* gap_;
    ColourButton* casingColour_;
    QDoubleSpinBox* casing_;
    QDoubleSpinBox* point_;
    bool isFilling_ = false; // the fields' own signals are not the user's
};

} // namespace viewer::app
