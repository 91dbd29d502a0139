#include "viewer/app/flight_player.h"

#include <QEvent>
#include <utility>

namespace viewer::app {

namespace {

constexpr int kStepMilliseconds = 16;

} // namespace

FlightPlayer::FlightPlayer(CityWidget& city, QObject* parent) : QObject(parent), city_(city) {
    timer_.setInterval(kStepMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &FlightPlayer::step);
    city_.installEventFilter(this);
}

void FlightPlayer::start(camera::FlightPath path) {
    path_ = std::move(path);
    clock_.start();
    timer_.start();
}

void FlightPlayer::stop() {
    timer_.stop();
    if (path_ && !city_.viewport().isEmpty()) {
        city_.viewport().setPose(city_.viewport().pose()); // nothing more to load ahead
    }
    if (std::exchange(path_, std::nullopt)) {
        emit stopped();
    }
}

void FlightPlayer::step() {
    constexpr double kMillisecondsPerSecond = 1000.0;
    if (city_.viewport().isEmpty()) {
        stop();
        return;
    }
    const double seconds =
        path_->startSeconds() + static_cast<double>(clock_.elapsed()) / kMillisecondsPerSecond;
    city_.viewport().setPose(path_->poseAt(seconds), path_->posesAfter(seconds));
    city_.wake();
    if (seconds >= path_->endSeconds()) {
        stop();
    }
}

bool FlightPlayer::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::Wheel) {
        stop();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace viewer::app
