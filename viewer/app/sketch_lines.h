#pragma once

#include "viewer/app/city_widget.h"
#include "viewer/app/planning_layers.h"

#include <QColor>
#include <QPainter>
#include <vector>

namespace viewer::app {

/// One line or outline of a sketch in the scene's frame.
struct SketchLine {
    std::vector<glm::dvec3> points;
    bool isClosed = false;
    QColor colour;
    QColor fill; ///< Transparent: none.
    double widthPixels = 1.0;
};

/// A sketch laid on the surface as the city shows it now: a point at least every 5 m, or 300 to a
/// line. What the plane does not reach is left out.
std::vector<SketchLine> laidOnCity(const Sketch& sketch,
                                   const tiles3d::crs::Transform& plane,
                                   const render::Viewport& viewport);

/// Over the picture, also where buildings stand before it: what is checked is never hidden.
void paintSketch(QPainter& painter, const CityWidget& city, const std::vector<SketchLine>& lines);

} // namespace viewer::app
