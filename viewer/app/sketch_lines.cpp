#include "viewer/app/sketch_lines.h"

#include "viewer/tools/surface_heights.h"

#include <QPainterPath>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <optional>

namespace viewer::app {

namespace {

namespace geo = tiles3d::geo;
namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;

constexpr double kLeastStepMetres = 5.0;
constexpr double kMostPoints = 300.0;
constexpr double kAboveAllMetres = 9000.0;

using Path = std::vector<glm::dvec2>;

double lengthOf(const Path& path) {
    double metres = 0.0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        metres += glm::length(path[i] - path[i - 1]);
    }
    return metres;
}

/// With points between, so that it follows the ground.
Path denser(const Path& path) {
    const double step = std::max(kLeastStepMetres, lengthOf(path) / kMostPoints);
    Path dense;
    for (std::size_t i = 0; i < path.size(); ++i) {
        dense.push_back(path[i]);
        if (i + 1 < path.size()) {
            const glm::dvec2 leg = path[i + 1] - path[i];
            const int pieces = static_cast<int>(std::ceil(glm::length(leg) / step));
            for (int piece = 1; piece < pieces; ++piece) {
                dense.push_back(path[i] + leg * (static_cast<double>(piece) / pieces));
            }
        }
    }
    return dense;
}

QColor colourOf(const glm::vec3& colour, float alpha) {
    return QColor::fromRgbF(colour.r, colour.g, colour.b, alpha);
}

class Layer {
public:
    Layer(const tiles3d::crs::Transform& plane, const render::Viewport& viewport)
        : plane_(plane), viewport_(viewport),
          heightAt_(tools::surfaceHeights(
              [&viewport](const scene::Ray& ray) { return viewport.nearestHit(ray); },
              viewport.sceneFrame())) {}

    std::vector<glm::dvec3> lay(const Path& path) const {
        std::vector<glm::dvec3> points;
        for (const glm::dvec2& point : denser(path)) {
            auto place = plane_.toCartographic({point, kAboveAllMetres});
            if (place) {
                place->heightMetres =
                    heightAt_(*place).value_or(viewport_.sceneFrame().origin().heightMetres);
                points.push_back(viewport_.pointAt(*place));
            }
        }
        return points;
    }

private:
    const tiles3d::crs::Transform& plane_;
    const render::Viewport& viewport_;
    tools::HeightAt heightAt_;
};

/// Of the points that lie before the camera; all or nothing for an area.
std::optional<QPolygonF> onScreen(const CityWidget& city, const std::vector<glm::dvec3>& points) {
    QPolygonF screen;
    for (const glm::dvec3& point : points) {
        const auto pixel = city.viewport().pixelOf(point);
        if (!pixel) {
            return std::nullopt;
        }
        screen << city.positionOf(*pixel);
    }
    return screen;
}

} // namespace

std::vector<SketchLine> laidOnCity(const Sketch& sketch,
                                   const tiles3d::crs::Transform& plane,
                                   const render::Viewport& viewport) {
    const Layer layer(plane, viewport);
    std::vector<SketchLine> lines;
    for (const auto& [geometry, symbol] : sketch) {
        const SketchLine line{.colour = colourOf(symbol.lineColour, 1.0F),
                              .widthPixels = symbol.lineWidth};
        for (const planning::Polygon& polygon : geometry.polygons) {
            SketchLine outline = line;
            outline.isClosed = true;
            outline.fill =
                colourOf(symbol.fillColour,
                         symbol.fill == style::FillKind::None ? 0.0F : symbol.fillAlpha / 2.0F);
            Path ring = polygon.outer;
            ring.push_back(ring.front());
            outline.points = layer.lay(ring);
            lines.push_back(outline);
        }
        for (const auto& path : geometry.lines) {
            lines.push_back(line);
            lines.back().points = layer.lay(path);
        }
    }
    return lines;
}

void paintSketch(QPainter& painter, const CityWidget& city, const std::vector<SketchLine>& lines) {
    for (const SketchLine& line : lines) {
        const auto screen = onScreen(city, line.points);
        if (!screen) {
            continue;
        }
        constexpr double kCasing = 2.0;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(QColor(20, 20, 20, 160), line.widthPixels + kCasing));
        painter.drawPolyline(*screen);
        painter.setPen(QPen(line.colour, line.widthPixels));
        painter.setBrush(line.isClosed ? line.fill : QColor(Qt::transparent));
        line.isClosed ? painter.drawPolygon(*screen) : painter.drawPolyline(*screen);
    }
}

} // namespace viewer::app
