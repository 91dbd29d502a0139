#include "viewer/app/preset_menu.h"

#include <QInputDialog>

namespace viewer::app {

PresetMenu::PresetMenu(KeptLayers& kept, PlanningLayers& layers, QWidget* parent)
    : QMenu(parent), kept_(kept), layers_(layers) {
    connect(this, &QMenu::aboutToShow, this, &PresetMenu::fill);
}

void PresetMenu::fill() {
    clear();
    for (const auto& [name, tables] : kept_.presets()) {
        addAction(name, this, [this, shown = tables] {
            apply(shown);
        })->setEnabled(layers_.count() > 0);
    }
    addSeparator();
    addAction(tr("Save what is shown…"), this, &PresetMenu::save)->setEnabled(layers_.count() > 0);
    QMenu* deletion = addMenu(tr("Delete"));
    deletion->setEnabled(!kept_.presets().empty());
    for (const auto& entry : kept_.presets()) {
        deletion->addAction(
            entry.first, this, [this, name = entry.first] { kept_.deletePreset(name); });
    }
}

void PresetMenu::apply(const QStringList& tables) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < layers_.count(); ++i) {
        if (tables.contains(QString::fromStdString(layers_.info(i).table))) {
            shown.push_back(i);
        }
    }
    layers_.showOnly(shown);
}

void PresetMenu::save() {
    const QString name =
        QInputDialog::getText(parentWidget(), tr("Preset of layers"), tr("Name")).trimmed();
    if (name.isEmpty()) {
        return;
    }
    QStringList tables;
    for (std::size_t i = 0; i < layers_.count(); ++i) {
        if (layers_.state(i).isVisible) {
            tables << QString::fromStdString(layers_.info(i).table);
        }
    }
    kept_.savePreset(name, tables);
}

} // namespace viewer::app
