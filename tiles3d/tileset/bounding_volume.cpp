#include "tiles3d/tileset/bounding_volume.h"

#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/geo/enu_frame.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

namespace tiles3d::tileset {

namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

/// How far the point lies beyond each face of the box, in metres along its axes; 0 inside.
glm::dvec3 beyond(const Box& box, const glm::dvec3& point) {
    const glm::dvec3 offset = point - box.centre;
    glm::dvec3 outside(0.0);
    for (int axis = 0; axis < 3; ++axis) {
        const double half = glm::length(box.halfAxes[axis]);
        if (half > 0.0) {
            const double along = glm::dot(offset, box.halfAxes[axis]) / half;
            outside[axis] = std::max(std::abs(along) - half, 0.0);
        }
    }
    return outside;
}

/// East of `west`, in [0, 2 pi).
double eastOf(geo::Angle west, geo::Angle angle) {
    constexpr double kTurn = 2.0 * std::numbers::pi;
    const double difference = std::fmod(angle.radians() - west.radians(), kTurn);
    return difference < 0.0 ? difference + kTurn : difference;
}

/// Angle from the region to the longitude, 0 inside, by the shorter way round.
double longitudeExcess(const Region& region, geo::Angle longitude) {
    constexpr double kTurn = 2.0 * std::numbers::pi;
    const double width = eastOf(region.west, region.east);
    const double east = eastOf(region.west, longitude);
    return east <= width ? 0.0 : std::min(east - width, kTurn - east);
}

double regionExcess(const Region& region, const glm::dvec3& point) {
    const geo::Cartographic place = geo::toCartographic({point});
    const double lat = place.latitude.radians();
    const double latExcess =
        std::max({region.south.radians() - lat, lat - region.north.radians(), 0.0});
    const double lonExcess = longitudeExcess(region, place.longitude);
    const double heightExcess = std::max({region.minimumHeightMetres - place.heightMetres,
                                          place.heightMetres - region.maximumHeightMetres,
                                          0.0});
    const double radius = geo::kSemiMajorMetres;
    return std::hypot(lonExcess * std::cos(lat) * radius, latExcess * radius, heightExcess);
}

/// A sphere round the region's corners, edges and middle: its box would be larger than needed only
/// for regions of continental size.
Sphere sphereAround(const Region& region) {
    constexpr int kSteps = 4;
    Limits limits;
    const double width = eastOf(region.west, region.east);
    const double south = region.south.radians();
    const double height = region.north.radians() - south;
    std::vector<glm::dvec3> points;
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            for (const double metres : {region.minimumHeightMetres, region.maximumHeightMetres}) {
                points.push_back(
                    geo::toEcef({geo::Angle::radians(region.west.radians() + width * i / kSteps),
                                 geo::Angle::radians(south + height * j / kSteps),
                                 metres})
                        .metres);
                limits.include(points.back());
            }
        }
    }
    Sphere sphere{.centre = (limits.minimum + limits.maximum) / 2.0};
    for (const glm::dvec3& point : points) {
        sphere.radiusMetres = std::max(sphere.radiusMetres, glm::distance(point, sphere.centre));
    }
    // What the surface bulges between two samples of the grid.
    const double step = std::max(width, height) / kSteps;
    sphere.radiusMetres += geo::kSemiMajorMetres * (1.0 - std::cos(std::min(step / 2.0, 1.5)));
    return sphere;
}

double largestScale(const glm::dmat4& transform) {
    return std::max({glm::length(glm::dvec3(transform[0])),
                     glm::length(glm::dvec3(transform[1])),
                     glm::length(glm::dvec3(transform[2]))});
}

} // namespace

void Limits::include(const glm::dvec3& point) {
    minimum = glm::min(minimum, point);
    maximum = glm::max(maximum, point);
}

void Limits::include(const Limits& other) {
    if (!other.isEmpty()) {
        include(other.minimum);
        include(other.maximum);
    }
}

Box boxAround(const Limits& limits) {
    const glm::dvec3 half =
        glm::max((limits.maximum - limits.minimum) / 2.0, glm::dvec3(kFlatBoxHalfMetres));
    Box box;
    box.centre = (limits.minimum + limits.maximum) / 2.0;
    for (int axis = 0; axis < 3; ++axis) {
        box.halfAxes[axis][axis] = half[axis];
    }
    return box;
}

Limits limitsOf(const Box& box, const glm::dmat4& transform) {
    const glm::dmat3 axes = glm::dmat3(transform) * box.halfAxes;
    const glm::dvec3 centre(transform * glm::dvec4(box.centre, 1.0));
    const glm::dvec3 reach = glm::abs(axes[0]) + glm::abs(axes[1]) + glm::abs(axes[2]);
    return {centre - reach, centre + reach};
}

BoundingVolume transformed(const BoundingVolume& volume, const glm::dmat4& transform) {
    return std::visit(
        Overloaded{[&](const Box& box) -> BoundingVolume {
                       return Box{glm::dvec3(transform * glm::dvec4(box.centre, 1.0)),
                                  glm::dmat3(transform) * box.halfAxes};
                   },
                   [](const Region& region) -> BoundingVolume { return region; },
                   [&](const Sphere& sphere) -> BoundingVolume {
                       return Sphere{glm::dvec3(transform * glm::dvec4(sphere.centre, 1.0)),
                                     sphere.radiusMetres * largestScale(transform)};
                   }},
        volume);
}

double distanceTo(const BoundingVolume& volumeInEcef, const glm::dvec3& pointEcef) {
    if (const auto* region = std::get_if<Region>(&volumeInEcef)) {
        return regionExcess(*region, pointEcef) == 0.0
                   ? 0.0
                   : distanceTo(sphereAround(*region), pointEcef);
    }
    return excess(volumeInEcef, pointEcef);
}

double excess(const BoundingVolume& volumeInEcef, const glm::dvec3& pointEcef) {
    return std::visit(
        Overloaded{[&](const Box& box) { return glm::length(beyond(box, pointEcef)); },
                   [&](const Region& region) { return regionExcess(region, pointEcef); },
                   [&](const Sphere& sphere) {
                       return std::max(
                           glm::distance(pointEcef, sphere.centre) - sphere.radiusMetres, 0.0);
                   }},
        volumeInEcef);
}

} // namespace tiles3d::tileset
