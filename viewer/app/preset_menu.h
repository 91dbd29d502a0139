#pragma once

#include "viewer/app/kept_layers.h"
#include "viewer/app/planning_layers.h"

#include <QMenu>

namespace viewer::app {

/// The presets of layers: shows one in place of what is shown, saves what is shown, deletes.
class PresetMenu final : public QMenu {
    Q_OBJECT

public:
    PresetMenu(KeptLayers& kept, PlanningLayers& layers, QWidget* parent = nullptr);

private:
    void fill();
    void apply(const QStringList& tables);
    void save();

    KeptLayers& kept_;
    PlanningLayers& layers_;
};

} // namespace viewer::app
