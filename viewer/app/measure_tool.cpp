#include "viewer/app/measure_tool.h"

#include "viewer/app/translate.h"
#include "viewer/tools/measure.h"
#include "viewer/tools/quantity_text.h"
#include "viewer/tools/surface_heights.h"

#include <QEvent>
#include <QKeyEvent>
#include <algorithm>
#include <iterator>

namespace viewer::app {

namespace {

namespace geo = tiles3d::geo;

QString lengthText(double metres) {
    return QString::fromStdString(tools::lengthText(metres));
}

QString areaText(double squareMetres) {
    return QString::fromStdString(tools::areaText(squareMetres));
}

std::size_t fewestPoints(MeasureKind kind) {
    switch (kind) {
    case MeasureKind::Area:
        return 3;
    case MeasureKind::Point:
        return 1;
    default:
        return 2;
    }
}

bool endsByItself(MeasureKind kind, std::size_t points) {
    return (kind == MeasureKind::Height || kind == MeasureKind::Point) &&
           points >= fewestPoints(kind);
}

void tellDistance(Measurement& measurement) {
    const tools::LineMeasure line = tools::measureLine(measurement.points);
    measurement.label = lengthText(line.straightMetres);
    measurement.details = tr("straight %1 · horizontal %2 · rise %3")
                              .arg(lengthText(line.straightMetres),
                                   lengthText(line.horizontalMetres),
                                   lengthText(line.riseMetres));
    measurement.quantities = tools::quantitiesOf(line);
}

void tellSurface(Measurement& measurement, const tools::HeightAt& heightAt) {
    const tools::SurfaceMeasure surface = tools::measureAlongSurface(measurement.points, heightAt);
    measurement.details += tr(" · along the surface %1").arg(lengthText(surface.metres));
    if (surface.missing > 0) {
        measurement.details +=
            tr(" · no surface at %1 of %2 samples").arg(surface.missing).arg(surface.samples);
    }
    std::ranges::copy(tools::quantitiesOf(surface), std::back_inserter(measurement.quantities));
}

void tellArea(Measurement& measurement) {
    const tools::AreaMeasure area = tools::measureArea(measurement.points);
    // A roof or a façade is measured in its own plane.
    constexpr double kSteepDegrees = 45.0;
    const bool isSteep = area.planeTilt.degrees() > kSteepDegrees;
    measurement.label = areaText(isSteep ? area.planeSquareMetres : area.horizontalSquareMetres);
    measurement.details = tr("on the map %1 · in its own plane %2 · perimeter %3")
                              .arg(areaText(area.horizontalSquareMetres),
                                   areaText(area.planeSquareMetres),
                                   lengthText(area.perimeterMetres));
    if (area.crossesItself) {
        measurement.details = tr("the outline crosses itself! ") + measurement.details;
    }
    measurement.quantities = tools::quantitiesOf(area);
}

void tellHeight(Measurement& measurement) {
    const tools::LineMeasure line = tools::measureLine(measurement.points);
    measurement.label = lengthText(line.riseMetres);
    measurement.details = tr("second point above the first; horizontal %1, slope %2°")
                              .arg(lengthText(line.horizontalMetres))
                              .arg(line.slope.degrees(), 0, 'f', 1);
    measurement.quantities = tools::quantitiesOf(line);
}

void tellPoint(Measurement& measurement) {
    const geo::Cartographic& place = measurement.points.front();
    measurement.label = lengthText(place.heightMetres);
    measurement.details = QString("%1, %2")
                              .arg(place.longitude.degrees(), 0, 'f', 8)
                              .arg(place.latitude.degrees(), 0, 'f', 8);
    measurement.quantities = tools::quantitiesOf(tools::Readout{.place = place});
}

const char* kindName(MeasureKind kind) {
    switch (kind) {
    case MeasureKind::Distance:
        return "distance";
    case MeasureKind::Area:
        return "area";
    case MeasureKind::Height:
        return "height";
    case MeasureKind::Point:
        return "point";
    }
    return "";
}

} // namespace

QString nameOf(MeasureKind kind) {
    switch (kind) {
    case MeasureKind::Distance:
        return tr("Distance");
    case MeasureKind::Area:
        return tr("Area");
    case MeasureKind::Height:
        return tr("Height");
    case MeasureKind::Point:
        return tr("Coordinates");
    }
    return {};
}

DrawnLine lineOf(const Measurement& measurement, const CityWidget& city) {
    DrawnLine line{.isClosed = measurement.kind == MeasureKind::Area, .label = measurement.label};
    for (const geo::Cartographic& place : measurement.points) {
        const auto pixel = city.viewport().pixelOf(city.viewport().pointAt(place));
        if (!pixel) {
            return {};
        }
        line.points.push_back(city.positionOf(*pixel));
    }
    return line;
}

std::string csvOf(const std::vector<Measurement>& measurements) {
    std::vector<tools::Measurement> rows;
    rows.reserve(measurements.size());
    for (const Measurement& measurement : measurements) {
        rows.push_back(
            {.name = nameOf(measurement.kind).toStdString() + ' ' + std::to_string(rows.size() + 1),
             .kind = kindName(measurement.kind),
             .quantities = measurement.quantities});
    }
    return tools::toCsv(rows);
}

MeasureTool::MeasureTool(CityWidget& city, QObject* parent) : QObject(parent), city_(city) {
    city_.installEventFilter(this);
}

void MeasureTool::start(std::optional<MeasureKind> kind) {
    kind_ = kind;
    points_.clear();
    next_.reset();
    follow();
}

void MeasureTool::follow() {
    current_ = points_.empty() ? std::nullopt : std::optional(measure(false));
    emit changed();
}

void MeasureTool::hover(const QPointF& position) {
    if (points_.empty()) {
        return;
    }
    const auto point = city_.viewport().pointUnder(city_.pixelAt(position));
    if (point != next_) {
        next_ = point;
        follow();
    }
}

void MeasureTool::addPoint(const QPointF& position) {
    const auto point = city_.viewport().pointUnder(city_.pixelAt(position));
    if (!kind_ || !point) {
        return;
    }
    points_.push_back(city_.viewport().placeOf(*point));
    if (endsByItself(*kind_, points_.size())) {
        finish();
    } else {
        follow();
    }
}

void MeasureTool::dropPoint() {
    if (!points_.empty()) {
        points_.pop_back();
        follow();
    }
}

void MeasureTool::finish() {
    if (kind_ && points_.size() >= fewestPoints(*kind_)) {
        const Measurement done = measure(true);
        points_.clear();
        next_.reset();
        follow();
        emit measured(done);
    }
}

/// The way along the surface takes up to thousands of rays: at the end only.
Measurement MeasureTool::measure(bool isDone) const {
    Measurement measurement{.kind = *kind_, .points = points_};
    if (!isDone && next_) {
        measurement.points.push_back(city_.viewport().placeOf(*next_));
    }
    if (measurement.points.size() < fewestPoints(*kind_)) {
        return measurement;
    }
    switch (*kind_) {
    case MeasureKind::Distance:
        tellDistance(measurement);
        if (isDone) {
            tellSurface(
                measurement,
                tools::surfaceHeights(
                    [this](const scene::Ray& ray) { return city_.viewport().nearestHit(ray); },
                    city_.viewport().sceneFrame()));
        }
        break;
    case MeasureKind::Area:
        tellArea(measurement);
        break;
    case MeasureKind::Height:
        tellHeight(measurement);
        break;
    case MeasureKind::Point:
        tellPoint(measurement);
        break;
    }
    return measurement;
}

bool MeasureTool::eventFilter(QObject* watched, QEvent* event) {
    if (!kind_) {
        return QObject::eventFilter(watched, event);
    }
    if (event->type() == QEvent::MouseButtonDblClick) {
        finish(); // the first click of the two gave the last point
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            finish();
            return true;
        case Qt::Key_Backspace:
            dropPoint();
            return true;
        default:
            break;
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace viewer::app
