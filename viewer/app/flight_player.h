#pragma once

#include "viewer/app/city_widget.h"
#include "viewer/camera/flight_path.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <optional>

namespace viewer::app {

/// Flies the window's camera along a path in real time. Any press in the city ends it.
class FlightPlayer final : public QObject {
    Q_OBJECT

public:
    explicit FlightPlayer(CityWidget& city, QObject* parent = nullptr);

    void start(camera::FlightPath path);
    void stop();

signals:
    void stopped();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void step();

    CityWidget& city_;
    std::optional<camera::FlightPath> path_;
    QElapsedTimer clock_;
    QTimer timer_;
};

} // namespace viewer::app
