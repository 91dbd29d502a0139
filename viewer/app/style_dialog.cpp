#include "viewer/app/style_dialog.h"

#include "viewer/app/language.h"
#include "viewer/app/symbol_picture.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <limits>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;

constexpr double kNoLimit = 1e6; // metres per pixel; shown as a word

QDoubleSpinBox* limitBox(const QString& word, double wordAt) {
    auto* box = new QDoubleSpinBox;
    box->setRange(0.0, kNoLimit);
    box->setDecimals(2);
    box->setSuffix(" m/px");
    box->setProperty("wordAt", wordAt);
    if (wordAt == 0.0) {
        box->setSpecialValueText(word);
    }
    return box;
}

QComboBox* fieldBox(const QStringList& fields) {
    auto* box = new QComboBox;
    box->addItem(QString());
    box->addItems(fields);
    return box;
}

QStringList namesOf(const std::vector<planning::Field>& fields) {
    QStringList names;
    for (const planning::Field& field : fields) {
        names << QString::fromStdString(field.name);
    }
    return names;
}

void choose(QComboBox* box, const std::string& field) {
    box->setCurrentIndex(
        std::max(0, box->findText(QString::fromStdString(field), Qt::MatchFixedString)));
}

} // namespace

StyleDialog::StyleDialog(const planning::LayerInfo& layer,
                         const style::LayerStyle& style,
                         QWidget* parent)
    : QDialog(parent), kind_(layer.kind), style_(style), fields_(namesOf(layer.fields)),
      classes_(new QListWidget), symbol_(new SymbolForm), mode_(new QComboBox),
      wallAlpha_(new QDoubleSpinBox), band_(new QDoubleSpinBox), baseField_(fieldBox(fields_)),
      topField_(fieldBox(fields_)), labelField_(fieldBox(fields_)),
      labelPixels_(new QDoubleSpinBox), labelColour_(new ColourButton),
      least_(limitBox(tr("always"), 0.0)), most_(limitBox({}, kNoLimit)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName("styleDialog");
    setWindowTitle(tr("Style of %1").arg(QString::fromStdString(layer.title)));
    auto* columns = new QHBoxLayout;
    columns->addWidget(classColumn(), 3);
    columns->addWidget(layerColumn(), 2);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::rejected, this, [this, before = style] { emit changed(before); });
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(columns);
    layout->addWidget(buttons);
    fill();
    symbol_->setFocus();
}

/// What is drawn: the classes, and the symbol of the one that is selected.
QWidget* StyleDialog::classColumn() {
    classes_->setObjectName("styleClasses");
    classes_->setIconSize({28, 16});
    connect(classes_, &QListWidget::currentRowChanged, this, &StyleDialog::showClass);
    connect(symbol_, &SymbolForm::changed, this, &StyleDialog::takeSymbol);
    auto* column = new QWidget;
    auto* layout = new QHBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(classes_, 1);
    layout->addWidget(symbol_, 1);
    return column;
}

/// Where and how far it is drawn, and its labels.
QWidget* StyleDialog::layerColumn() {
    mode_->addItems({tr("every surface"),
                     tr("roofs and ground"),
                     tr("near the ground"),
                     tr("single buildings, by height")});
    mode_->setObjectName("drapeMode");
    labelField_->setObjectName("labelField");
    wallAlpha_->setRange(0.0, 1.0);
    wallAlpha_->setSingleStep(0.05);
    band_->setRange(0.0, 100.0);
    band_->setSuffix(" m");
    labelPixels_->setRange(6.0, 48.0);
    labelPixels_->setSuffix(" px");
    auto* column = new QWidget;
    auto* form = new QFormLayout(column);
    form->setContentsMargins(12, 0, 0, 0);
    form->addRow(tr("Lies on"), mode_);
    form->addRow(tr("Strength on walls"), wallAlpha_);
    form->addRow(tr("Within"), band_);
    form->addRow(tr("Base height"), baseField_);
    form->addRow(tr("Top height"), topField_);
    form->addRow(tr("Label"), labelField_);
    form->addRow(tr("Label's size"), labelPixels_);
    form->addRow(tr("Label's colour"), labelColour_);
    form->addRow(tr("Drawn from"), least_);
    form->addRow(tr("up to"), most_);
    for (QComboBox* box : {mode_, baseField_, topField_, labelField_}) {
        connect(box, &QComboBox::currentIndexChanged, this, &StyleDialog::takeLayer);
    }
    for (QDoubleSpinBox* box : {wallAlpha_, band_, labelPixels_, least_, most_}) {
        connect(box, &QDoubleSpinBox::valueChanged, this, &StyleDialog::takeLayer);
    }
    connect(labelColour_, &ColourButton::changed, this, &StyleDialog::takeLayer);
    return column;
}

void StyleDialog::fill() {
    const QScopedValueRollback filling(isFilling_, true);
    fillClasses();
    mode_->setCurrentIndex(static_cast<int>(style_.mode));
    wallAlpha_->setValue(style_.wallAlpha);
    band_->setValue(style_.bandMetres);
    choose(baseField_, style_.baseField);
    choose(topField_, style_.topField);
    choose(labelField_, style_.labelField);
    labelPixels_->setValue(style_.labelPixels);
    labelColour_->setColour(style_.labelColour);
    least_->setValue(style_.leastMetresPerPixel);
    most_->setValue(std::min(style_.mostMetresPerPixel, kNoLimit));
    classes_->setCurrentRow(0);
    showClass();
}

/// The last one stands for all that fit no class.
void StyleDialog::fillClasses() {
    for (std::size_t i = 0; i <= style_.classes.size(); ++i) {
        const bool isOther = i == style_.classes.size();
        const QString label =
            isOther ? nameShown(style_.otherLabel, style_.otherLabelEnglish)
                    : nameShown(style_.classes[i].label, style_.classes[i].labelEnglish);
        const QString fallback = style_.classes.empty() ? tr("all features") : tr("all others");
        classes_->addItem(new QListWidgetItem(pictureOf(style::symbolAt(style_, i), kind_),
                                              label.isEmpty() && isOther ? fallback : label));
    }
    classes_->setVisible(!style_.classes.empty());
}

void StyleDialog::showClass() {
    const auto place = static_cast<std::size_t>(std::max(0, classes_->currentRow()));
    symbol_->setSymbol(style::symbolAt(style_, place), kind_);
}

void StyleDialog::takeSymbol() {
    const int row = std::max(0, classes_->currentRow());
    const auto place = static_cast<std::size_t>(row);
    style::Symbol& symbol =
        place < style_.classes.size() ? style_.classes[place].symbol : style_.other;
    symbol = symbol_->symbol();
    classes_->item(row)->setIcon(pictureOf(symbol, kind_));
    emit changed(style_);
}

void StyleDialog::takeLayer() {
    if (isFilling_) {
        return;
    }
    style_.mode = static_cast<style::DrapeMode>(mode_->currentIndex());
    style_.wallAlpha = static_cast<float>(wallAlpha_->value());
    style_.bandMetres = static_cast<float>(band_->value());
    style_.baseField = baseField_->currentText().toStdString();
    style_.topField = topField_->currentText().toStdString();
    style_.labelField = labelField_->currentText().toStdString();
    style_.labelPixels = static_cast<float>(labelPixels_->value());
    style_.labelColour = labelColour_->colour();
    style_.leastMetresPerPixel = least_->value();
    style_.mostMetresPerPixel =
        most_->value() >= kNoLimit ? std::numeric_limits<double>::infinity() : most_->value();
    emit changed(style_);
}

} // namespace viewer::app
