#include "tiles3d/tileset/bounding_volume.h"

#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

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

/// From west to east, in [0, 2 pi]; a region may go all the way round or across the antimeridian.
double widthOf(const Region& region) {
    constexpr double kTurn = 2.0 * std::numbers::pi;
    constexpr double kRounding = 1e-9;
    const bool isFullTurn = region.east.radians() - region.west.radians() >= kTurn - kRounding;
    return isFullTurn ? kTurn : eastOf(region.west, region.east);
}

/// Angle from the region to the longitude, 0 inside, by the shorter way round.
double longitudeExcess(const Region& region, geo::Angle longitude) {
    constexpr double kTurn = 2.0 * std::numbers::pi;
    const double width = widthOf(region);
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

Box boxAround(const Region& region) {
    constexpr int kSteps = 4;
    const double width = widthOf(region);
    const double south = region.south.radians();
    const double height = region.north.radians() - south;
    const auto place = [&](double eastPart, double northPart, double metres) {
        return geo::Cartographic{geo::Angle::radians(region.west.radians() + width * eastPart),
                                 geo::Angle::radians(south + height * northPart),
                                 metres};
    };
    const geo::EnuFrame frame(place(0.5, 0.5, region.minimumHeightMetres));
    Limits limits;
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            for (const double metres : {region.minimumHeightMetres, region.maximumHeightMetres}) {
                const auto sample = place(1.0 * i / kSteps, 1.0 * j / kSteps, metres);
                limits.include(frame.fromEcef(geo::toEcef(sample)).metres);
            }
        }
    }
    // What the surface bulges between two samples of the grid, eastwards and northwards.
    const double step = std::min(std::max(width, height) / kSteps, std::numbers::pi);
    const double radius = geo::kSemiMajorMetres + std::max(region.maximumHeightMetres, 0.0);
    const glm::dvec3 bulge(2.0 * radius * (1.0 - std::cos(step / 2.0)));
    const Box box = boxAround(Limits{limits.minimum - bulge, limits.maximum + bulge});
    return {glm::dvec3(frame.toEcefMatrix() * glm::dvec4(box.centre, 1.0)),
            glm::dmat3(frame.toEcefMatrix()) * box.halfAxes};
}

Limits limitsOf(const Box& box, const glm::dmat4& transform) {
    const glm::dmat3 axes = glm::dmat3(transform) * box.halfAxes;
    const glm::dvec3 centre(transform * glm::dvec4(box.centre, 1.0));
    const glm::dvec3 reach = glm::abs(axes[0]) + glm::abs(axes[1]) + glm::abs(axes[2]);
    return {centre - reach, centre + reach};
}

double largestScale(const glm::dmat4& transform) {
    return std::max({glm::length(glm::dvec3(transform[0])),
                     glm::length(glm::dvec3(transform[1])),
                     glm::length(glm::dvec3(transform[2]))});
}

BoundingVolume transformed(const BoundingVolume& volume, const glm::dmat4& transform) {
    return std::visit(Overloaded{[&](const Box& box) -> BoundingVolume {
                                     return Box{glm::dvec3(transform * glm::dvec4(box.centre, 1.0)),
                                                glm::dmat3(transform) * box.halfAxes};
                                 },
                                 [](const Region& region) -> BoundingVolume { return region; },
                                 [&](const Sphere& sphere) -> BoundingVolume {
                                     return Sphere{
                                         glm::dvec3(transform * glm::dvec4(sphere.centre, 1.0)),
                                         sphere.radiusMetres * largestScale(transform)};
                                 }},
                      volume);
}

double distanceTo(const BoundingVolume& volumeInEcef, const glm::dvec3& pointEcef) {
    if (const auto* region = std::get_if<Region>(&volumeInEcef)) {
        return regionExcess(*region, pointEcef) == 0.0 ? 0.0
                                                       : excess(boxAround(*region), pointEcef);
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
