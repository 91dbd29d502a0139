#include "viewer/app/symbol_form.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QScopedValueRollback>
#include <initializer_list>

namespace viewer::app {

namespace {

namespace style = pipeline::planning::style;
using pipeline::planning::GeometryKind;

constexpr int kPercent = 100;

QDoubleSpinBox* numberBox(double most, double step, const QString& unit) {
    auto* box = new QDoubleSpinBox;
    box->setRange(0.0, most);
    box->setDecimals(1);
    box->setSingleStep(step);
    box->setSuffix(unit);
    return box;
}

QWidget* side(std::initializer_list<QWidget*> widgets) {
    auto* line = new QWidget;
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : widgets) {
        layout->addWidget(widget);
    }
    return line;
}

float numberOf(const QDoubleSpinBox* box) {
    return static_cast<float>(box->value());
}

} // namespace

ColourButton::ColourButton(QWidget* parent) : QToolButton(parent) {
    setIconSize({36, 14});
    connect(this, &QToolButton::clicked, this, [this] {
        const QColor chosen = QColorDialog::getColor(
            QColor::fromRgbF(colour_.r, colour_.g, colour_.b), this, QString());
        if (chosen.isValid()) {
            setColour({chosen.redF(), chosen.greenF(), chosen.blueF()});
            emit changed();
        }
    });
}

void ColourButton::setColour(const glm::vec3& colour) {
    colour_ = colour;
    QPixmap plain(iconSize());
    plain.fill(QColor::fromRgbF(colour.r, colour.g, colour.b));
    setIcon(plain);
}

SymbolForm::SymbolForm(QWidget* parent)
    : QWidget(parent), form_(new QFormLayout(this)), fill_(new QComboBox),
      fillColour_(new ColourButton), fillAlpha_(new QSlider(Qt::Horizontal)),
      hatchDegrees_(numberBox(180.0, 15.0, "°")), hatchPixels_(numberBox(64.0, 2.0, " px")),
      lineColour_(new ColourButton), lineWidth_(numberBox(100.0, 0.5, "")),
      lineUnit_(new QComboBox), dash_(numberBox(64.0, 1.0, " px")),
      gap_(numberBox(64.0, 1.0, " px")), casingColour_(new ColourButton),
      casing_(numberBox(8.0, 0.5, " px")), point_(numberBox(40.0, 1.0, " px")) {
    fill_->addItems({tr("none"), tr("solid"), tr("hatched")});
    lineUnit_->addItems({tr("pixels"), tr("metres")});
    fillAlpha_->setRange(0, kPercent);
    setFocusProxy(fill_);
    fill_->setObjectName("fillKind");
    lineWidth_->setObjectName("lineWidth");
    fillColour_->setObjectName("fillColour");
    form_->setContentsMargins(0, 0, 0, 0);
    form_->addRow(tr("Fill"), side({fill_, fillColour_}));
    form_->addRow(tr("Fill's opacity"), fillAlpha_);
    form_->addRow(tr("Stripes: angle, distance"), side({hatchDegrees_, hatchPixels_}));
    form_->addRow(tr("Line"), side({lineWidth_, lineUnit_, lineColour_}));
    form_->addRow(tr("Dash, gap"), side({dash_, gap_}));
    form_->addRow(tr("Dark edge of the line"), side({casing_, casingColour_}));
    form_->addRow(tr("Point's diameter"), point_);
    for (QComboBox* box : {fill_, lineUnit_}) {
        connect(box, &QComboBox::currentIndexChanged, this, &SymbolForm::take);
    }
    for (QDoubleSpinBox* box :
         {hatchDegrees_, hatchPixels_, lineWidth_, dash_, gap_, casing_, point_}) {
        connect(box, &QDoubleSpinBox::valueChanged, this, &SymbolForm::take);
    }
    for (ColourButton* button : {fillColour_, lineColour_, casingColour_}) {
        connect(button, &ColourButton::changed, this, &SymbolForm::take);
    }
    connect(fillAlpha_, &QSlider::valueChanged, this, &SymbolForm::take);
}

void SymbolForm::setSymbol(const style::Symbol& symbol, GeometryKind kind) {
    const QScopedValueRollback filling(isFilling_, true);
    symbol_ = symbol;
    fill_->setCurrentIndex(static_cast<int>(symbol.fill));
    fillColour_->setColour(symbol.fillColour);
    fillAlpha_->setValue(qRound(symbol.fillAlpha * float{kPercent}));
    hatchDegrees_->setValue(symbol.hatchDegrees);
    hatchPixels_->setValue(symbol.hatchPixels);
    lineColour_->setColour(symbol.lineColour);
    lineWidth_->setValue(symbol.lineWidth);
    lineUnit_->setCurrentIndex(static_cast<int>(symbol.lineUnit));
    dash_->setValue(symbol.dash);
    gap_->setValue(symbol.gap);
    casing_->setValue(symbol.casingPixels);
    casingColour_->setColour(symbol.casingColour);
    point_->setValue(symbol.pointPixels);
    const auto showRow = [this](QWidget* field, bool isOn) {
        form_->labelForField(field->parentWidget() == this ? field : field->parentWidget())
            ->setVisible(isOn);
        (field->parentWidget() == this ? field : field->parentWidget())->setVisible(isOn);
    };
    showRow(fill_, kind != GeometryKind::Line);
    showRow(fillAlpha_, kind == GeometryKind::Polygon);
    showRow(hatchDegrees_, kind == GeometryKind::Polygon);
    showRow(dash_, kind != GeometryKind::Point);
    showRow(point_, kind == GeometryKind::Point);
    enableFields();
}

void SymbolForm::enableFields() {
    const bool hasFill = symbol_.fill != style::FillKind::None;
    fillColour_->setEnabled(hasFill);
    fillAlpha_->setEnabled(hasFill);
    hatchDegrees_->setEnabled(symbol_.fill == style::FillKind::Hatch);
    hatchPixels_->setEnabled(symbol_.fill == style::FillKind::Hatch);
}

void SymbolForm::take() {
    if (isFilling_) {
        return;
    }
    symbol_ = {.fill = static_cast<style::FillKind>(fill_->currentIndex()),
               .fillColour = fillColour_->colour(),
               .fillAlpha = static_cast<float>(fillAlpha_->value()) / float{kPercent},
               .hatchDegrees = numberOf(hatchDegrees_),
               .hatchPixels = numberOf(hatchPixels_),
               .lineColour = lineColour_->colour(),
               .lineWidth = numberOf(lineWidth_),
               .lineUnit = static_cast<style::Unit>(lineUnit_->currentIndex()),
               .dash = numberOf(dash_),
               .gap = numberOf(gap_),
               .casingColour = casingColour_->colour(),
               .casingPixels = numberOf(casing_),
               .pointPixels = numberOf(point_)};
    enableFields();
    emit changed();
}

} // namespace viewer::app
