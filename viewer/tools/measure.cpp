#include "viewer/tools/measure.h"

#include "tiles3d/crs/geodesic.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/tools/ring.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <cmath>

namespace viewer::tools {

namespace {

namespace crs = tiles3d::crs;
namespace geo = tiles3d::geo;
using geo::Cartographic;

double straight(const Cartographic& a, const Cartographic& b) {
    return glm::distance(geo::toEcef(a).metres, geo::toEcef(b).metres);
}

/// One pass over a leg: its samples between the ends, bridged where one is missing.
struct Pass {
    double metres = 0.0;
    std::size_t samples = 0;
    std::size_t missing = 0;
};

/// The place at `part` of the chord, above every roof: where to begin looking down.
Cartographic highBetween(const Cartographic& a, const Cartographic& b, double part) {
    constexpr double kAboveEverything = 10000.0;
    const glm::dvec3 chord = glm::mix(geo::toEcef(a).metres, geo::toEcef(b).metres, part);
    Cartographic place = geo::toCartographic({chord});
    place.heightMetres = kAboveEverything;
    return place;
}

Pass walkLeg(const Cartographic& a,
             const Cartographic& b,
             std::size_t pieces,
             const HeightAt& heightAt) {
    Pass pass;
    Cartographic last = a;
    for (std::size_t i = 1; i < pieces; ++i) {
        Cartographic place =
            highBetween(a, b, static_cast<double>(i) / static_cast<double>(pieces));
        const std::optional<double> height = heightAt(place);
        ++pass.samples;
        if (!height) {
            ++pass.missing;
            continue;
        }
        place.heightMetres = *height;
        pass.metres += straight(last, place);
        last = place;
    }
    pass.metres += straight(last, b);
    return pass;
}

std::vector<double> legsOf(const std::vector<Cartographic>& line) {
    std::vector<double> legs;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        legs.push_back(crs::geodesicMetres(line[i], line[i + 1]));
    }
    return legs;
}

std::size_t piecesFor(double metres, double step) {
    return static_cast<std::size_t>(std::max(std::ceil(metres / step), 1.0));
}

/// Samples that a pass with this step asks for; as a double, since it may be anything.
double countFor(const std::vector<double>& legs, double step) {
    double count = 0.0;
    for (const double leg : legs) {
        count += std::max(std::ceil(leg / step), 1.0);
    }
    return count;
}

Pass walkLine(const std::vector<Cartographic>& line,
              const std::vector<double>& legs,
              double step,
              const HeightAt& heightAt) {
    Pass sum;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const Pass leg = walkLeg(line[i], line[i + 1], piecesFor(legs[i], step), heightAt);
        sum.metres += leg.metres;
        sum.samples += leg.samples;
        sum.missing += leg.missing;
    }
    return sum;
}

} // namespace

LineMeasure measureLine(const std::vector<Cartographic>& line) {
    LineMeasure measured;
    if (line.size() < 2) {
        return measured;
    }
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        measured.straightMetres += straight(line[i], line[i + 1]);
        measured.horizontalMetres += crs::geodesicMetres(line[i], line[i + 1]);
    }
    measured.riseMetres = line.back().heightMetres - line.front().heightMetres;
    measured.slope =
        geo::Angle::radians(std::atan2(measured.riseMetres, measured.horizontalMetres));
    return measured;
}

SurfaceMeasure measureAlongSurface(const std::vector<Cartographic>& line,
                                   const HeightAt& heightAt,
                                   const SurfaceOptions& options) {
    SurfaceMeasure measured;
    const std::vector<double> legs = legsOf(line);
    if (legs.empty()) {
        return measured;
    }
    double total = 0.0;
    for (const double leg : legs) {
        total += leg;
    }
    const double most = static_cast<double>(options.maxSamples);
    double step = options.firstStepMetres;
    if (countFor(legs, step) > most) {
        step = total / most;
    }
    for (bool isFirst = true;; isFirst = false) {
        const Pass pass = walkLine(line, legs, step, heightAt);
        const double change = std::abs(pass.metres - measured.metres);
        measured = {.metres = pass.metres,
                    .stepMetres = step,
                    .samples = pass.samples,
                    .missing = pass.missing,
                    .isConverged = !isFirst && change <= options.sameWithin * pass.metres};
        step /= 2.0;
        const bool isLimit = step < options.leastStepMetres || countFor(legs, step) > most;
        if (measured.isConverged || isLimit) {
            return measured;
        }
    }
}

AreaMeasure measureArea(const std::vector<Cartographic>& polygon) {
    AreaMeasure measured;
    if (polygon.size() < 3) {
        return measured;
    }
    const crs::GeodesicRing onEllipsoid = crs::geodesicRing(polygon);
    measured.horizontalSquareMetres = std::abs(onEllipsoid.squareMetres);
    measured.perimeterMetres = onEllipsoid.perimeterMetres;
    const geo::EnuFrame frame(polygon.front());
    std::vector<glm::dvec3> points(polygon.size());
    std::ranges::transform(polygon, points.begin(), [&frame](const Cartographic& place) {
        return frame.fromEcef(geo::toEcef(place)).metres;
    });
    for (std::size_t i = 0; i < points.size(); ++i) {
        measured.outlineMetres += glm::distance(points[i], points[(i + 1) % points.size()]);
    }
    const RingPlane plane = planeOf(points);
    measured.planeSquareMetres = plane.squareMetres;
    measured.planeTilt = geo::Angle::radians(
        std::atan2(std::hypot(plane.normal.x, plane.normal.y), std::abs(plane.normal.z)));
    for (const glm::dvec3& point : points) {
        measured.offPlaneMetres = std::max(measured.offPlaneMetres,
                                           std::abs(glm::dot(point - plane.centre, plane.normal)));
    }
    measured.crossesItself = crossesItself(onPlane(points, plane));
    return measured;
}

std::optional<double> heightAboveSurface(const Cartographic& point, const HeightAt& heightAt) {
    const std::optional<double> surface = heightAt(point);
    return surface ? std::optional(point.heightMetres - *surface) : std::nullopt;
}

} // namespace viewer::tools
