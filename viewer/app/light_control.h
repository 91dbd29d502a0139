#pragma once

#include "viewer/app/actions.h"
#include "viewer/app/city_widget.h"
#include "viewer/render/view_file.h"

#include <QObject>
#include <QString>

namespace viewer::app {

/// The light that the window's city is seen by: haze, shadows, and the sun of a day and hour, as
/// the menu sets them.
class LightControl final : public QObject {
    Q_OBJECT

public:
    LightControl(Actions& actions, CityWidget& city);

    /// Takes over what a view says of light.
    void take(const render::ViewFile& view);
    /// Writes into a view how the light is set now.
    void note(render::ViewFile& view) const;

private:
    void apply();
    void askForSunTime();

    Actions& actions_;
    CityWidget& city_;
    QString date_; // ISO 8601; empty: no special hour
};

} // namespace viewer::app
