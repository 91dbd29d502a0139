#include "viewer/app/light_control.h"

#include "viewer/app/dialogs.h"

#include <QDateTime>
#include <chrono>

namespace viewer::app {

LightControl::LightControl(Actions& actions, CityWidget& city)
    : QObject(&actions), actions_(actions), city_(city) {
    take({});
    connect(actions_.haze, &QAction::triggered, this, &LightControl::apply);
    connect(actions_.shadows, &QAction::triggered, this, &LightControl::apply);
    connect(actions_.sun, &QAction::triggered, this, &LightControl::askForSunTime);
}

void LightControl::take(const render::ViewFile& view) {
    date_ = QString::fromStdString(view.date);
    actions_.haze->setChecked(view.hasHaze);
    actions_.shadows->setChecked(view.hasShadows);
    apply();
}

void LightControl::note(render::ViewFile& view) const {
    view.date = date_.toStdString();
    view.hasHaze = actions_.haze->isChecked();
    view.hasShadows = actions_.shadows->isChecked();
}

void LightControl::apply() {
    render::ViewLight light{.hasShadows = actions_.shadows->isChecked(),
                            .hasHaze = actions_.haze->isChecked()};
    const QDateTime moment = QDateTime::fromString(date_, Qt::ISODate);
    if (moment.isValid()) {
        light.moment = std::chrono::sys_seconds(std::chrono::seconds(moment.toSecsSinceEpoch()));
    }
    city_.change([&light](render::Viewport& viewport) { viewport.setLight(light); });
}

void LightControl::askForSunTime() {
    const double longitude = city_.viewport().sceneFrame().origin().longitude.degrees();
    if (const auto date = askForSun(city_.window(), date_, offsetOfLongitude(longitude))) {
        date_ = *date;
        apply();
    }
}

} // namespace viewer::app
