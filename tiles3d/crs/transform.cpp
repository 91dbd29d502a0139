#include "tiles3d/crs/transform.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/geoid.h"
#include "tiles3d/crs/to_wgs84.h"

#include <fmt/format.h>

#include <cmath>

namespace tiles3d::crs {

using base::Error;
using base::Result;

/// A source is an ENU frame, or a CRS with its way to WGS 84.
struct Transform::State {
    Context context; // first: the operations below live in it
    std::optional<geo::EnuFrame> enu;
    std::optional<ToWgs84> horizontal;
    std::optional<Geoid> geoid;
    double offsetMetres = 0.0;
    std::string definition;

    /// What is added to the source's height; nothing outside the grid.
    std::optional<double> heightShift(const Degrees& place) const {
        const std::optional<double> undulation = geoid ? geoid->undulation(place) : 0.0;
        return undulation ? std::optional(*undulation + offsetMetres) : std::nullopt;
    }
};

namespace {

bool isFinite(const glm::dvec3& v) {
    return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z);
}

Degrees degreesOf(const geo::Cartographic& position) {
    return {position.longitude.degrees(), position.latitude.degrees()};
}

Error outside(const std::string& what) {
    return {what +
            " lies outside of what the CRS, its datum shift or the geoid grid covers (swapped "
            "axes, a missing zone prefix, another meridian?)"};
}

Error outside(const glm::dvec3& point) {
    return outside(fmt::format("the point {}, {}, {}", point.x, point.y, point.z));
}

} // namespace

Transform::Transform(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;
Transform::~Transform() = default;

Result<Transform> Transform::create(const SourceCrs& source, const HeightDatum& heights) {
    auto state = std::make_unique<State>();
    state->context = makeContext();
    state->definition = source.understoodAs;
    if (const auto* enu = std::get_if<LocalEnu>(&source.horizontal)) {
        state->enu.emplace(enu->origin);
    } else {
        Result<ToWgs84> horizontal = ToWgs84::create(
            state->context.get(), std::get<ProjectedCrs>(source.horizontal).definition);
        if (!horizontal) {
            return horizontal.error();
        }
        state->definition += "; " + horizontal->how();
        state->horizontal = *std::move(horizontal);
    }
    if (const auto* grid = std::get_if<GeoidGrid>(&heights)) {
        Result<Geoid> geoid = Geoid::open(state->context.get(), grid->grid);
        if (!geoid) {
            return geoid.error();
        }
        state->geoid = *std::move(geoid);
    } else if (const auto* offset = std::get_if<ConstantOffset>(&heights)) {
        state->offsetMetres = offset->metres;
    }
    state->definition += "; heights: " + describe(heights);
    return Transform(std::move(state));
}

std::string Transform::definition() const {
    return state_->definition;
}

Result<geo::Cartographic> Transform::toCartographic(const glm::dvec3& point) const {
    if (!isFinite(point)) {
        return outside(point);
    }
    geo::Cartographic position;
    position.heightMetres = point.z;
    if (state_->enu) {
        position = geo::toCartographic(state_->enu->toEcef({point}));
    } else {
        const std::optional<Degrees> place = state_->horizontal->forward(point.x, point.y);
        if (!place) {
            return outside(point);
        }
        position.longitude = geo::Angle::degrees(place->lon);
        position.latitude = geo::Angle::degrees(place->lat);
    }
    const std::optional<double> shift = state_->heightShift(degreesOf(position));
    if (!shift || !std::isfinite(position.heightMetres)) {
        return outside(point);
    }
    position.heightMetres += *shift;
    return position;
}

Result<geo::Ecef> Transform::toEcef(const glm::dvec3& point) const {
    const Result<geo::Cartographic> position = toCartographic(point);
    if (!position) {
        return position.error();
    }
    return geo::toEcef(*position);
}

Result<glm::dvec3> Transform::fromCartographic(const geo::Cartographic& position) const {
    const Degrees place = degreesOf(position);
    const std::optional<double> shift = state_->heightShift(place);
    const Error failed = outside(fmt::format("longitude {}, latitude {}", place.lon, place.lat));
    if (!shift) {
        return failed;
    }
    const double height = position.heightMetres - *shift;
    if (state_->enu) {
        return state_->enu->fromEcef(geo::toEcef({position.longitude, position.latitude, height}))
            .metres;
    }
    const std::optional<glm::dvec2> flat = state_->horizontal->inverse(place);
    return flat && std::isfinite(height) ? Result<glm::dvec3>(glm::dvec3(flat->x, flat->y, height))
                                         : Result<glm::dvec3>(failed);
}

} // namespace tiles3d::crs
