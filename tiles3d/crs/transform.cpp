#include "tiles3d/crs/transform.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/proj_handles.h"

#include <cmath>

#include <fmt/format.h>

namespace tiles3d::crs {

using base::Error;
using base::Result;

struct Transform::State {
    Context context;
    Pj horizontal; ///< Source x, y -> WGS 84 longitude, latitude in degrees; null for ENU.
    Pj geoid;      ///< Longitude, latitude (radians), H -> h; null without a grid.
    double offsetMetres = 0.0;
    std::optional<geo::EnuFrame> enu;
    std::string definition;
};

namespace {

/// The CRS's own geographic CRS is taken as WGS 84 where no shift is defined or it is null by
/// definition (CGCS2000, ETRS89, NAD83 realisations within a metre); otherwise PROJ's best operation
/// that needs no download, never a ballpark one.
Pj horizontalOperation(PJ_CONTEXT* context, const std::string& definition, std::string& how) {
    const Pj source(proj_create(context, definition.c_str()));
    const Pj target(proj_create(context, "EPSG:4326"));
    if (!source || !target) {
        return nullptr;
    }
    const char* const options[] = {"ALLOW_BALLPARK=NO", nullptr};
    Pj operation(
        proj_create_crs_to_crs_from_pj(context, source.get(), target.get(), nullptr, options));
    how = "to WGS 84 by PROJ's own operation";
    if (!operation) {
        const Pj geographic(proj_crs_get_geodetic_crs(context, source.get()));
        if (!geographic) {
            return nullptr;
        }
        operation.reset(
            proj_create_crs_to_crs_from_pj(context, source.get(), geographic.get(), nullptr, nullptr));
        how = "its geographic CRS taken as WGS 84";
    }
    return operation ? Pj(proj_normalize_for_visualization(context, operation.get())) : nullptr;
}

/// A value in a PROJ string: quoted if it holds a space. Quotes and commas cannot be expressed.
Result<std::string> quoted(const std::string& path) {
    if (path.find_first_of("\",") != std::string::npos) {
        return Error{"grid file " + base::toUtf8(path) +
                     ": PROJ cannot open a path with a comma or a quote in it; rename it"};
    }
    return "\"" + path + "\"";
}

Result<Pj> geoidOperation(PJ_CONTEXT* context, const std::string& grid) {
    const Result<std::string> path = quoted(grid);
    if (!path) {
        return path.error();
    }
    // vgridshift takes ellipsoidal to orthometric heights backwards: +multiplier=1 adds N.
    const std::string text = "+proj=vgridshift +grids=" + *path + " +multiplier=1";
    Pj operation(proj_create(context, text.c_str()));
    if (!operation) {
        return Error{"geoid grid " + base::toUtf8(grid) + " cannot be opened: " + lastError(context)};
    }
    return operation;
}

} // namespace

Transform::Transform(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transform::Transform(Transform&&) noexcept = default;
Transform& Transform::operator=(Transform&&) noexcept = default;
Transform::~Transform() = default;

Result<Transform> Transform::create(const SourceCrs& source, const HeightDatum& heights) {
    auto state = std::make_unique<State>();
    state->context = makeContext();
    PJ_CONTEXT* context = state->context.get();
    if (const auto* enu = std::get_if<LocalEnu>(&source.horizontal)) {
        state->enu.emplace(enu->origin);
        state->definition = "local frame";
    } else {
        const auto& definition = std::get<ProjectedCrs>(source.horizontal).definition;
        std::string how;
        state->horizontal = horizontalOperation(context, definition, how);
        if (!state->horizontal) {
            return Error{"no exact operation from the source CRS to WGS 84: " + lastError(context)};
        }
        state->definition = source.understoodAs + "; " + how;
    }
    if (const auto* grid = std::get_if<GeoidGrid>(&heights)) {
        Result<Pj> geoid = geoidOperation(context, grid->grid);
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

std::string Transform::definition() const { return state_->definition; }

namespace {

Error outside(const glm::dvec3& point) {
    return {fmt::format("the point {}, {}, {} lies outside of what the CRS or the geoid grid covers",
                        point.x,
                        point.y,
                        point.z)};
}

bool isDegrees(const PJ_COORD& c) {
    return std::isfinite(c.xyz.x) && std::isfinite(c.xyz.y) && std::abs(c.xyz.x) <= 360.0 &&
           std::abs(c.xyz.y) <= 90.0;
}

/// Ellipsoidal height minus the source's, at a place in degrees; not finite outside the grid.
double undulation(PJ* geoid, double lonDegrees, double latDegrees) {
    const double lon = geo::Angle::degrees(lonDegrees).radians();
    const double lat = geo::Angle::degrees(latDegrees).radians();
    return proj_trans(geoid, PJ_FWD, proj_coord(lon, lat, 0.0, 0.0)).xyz.z;
}

} // namespace

Result<geo::Cartographic> Transform::toCartographic(const glm::dvec3& point) const {
    if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.z)) {
        return outside(point);
    }
    if (state_->enu) {
        geo::Cartographic place = geo::toCartographic(state_->enu->toEcef({point}));
        place.heightMetres += state_->offsetMetres;
        if (state_->geoid) {
            place.heightMetres += undulation(
                state_->geoid.get(), place.longitude.degrees(), place.latitude.degrees());
        }
        return std::isfinite(place.heightMetres) ? Result<geo::Cartographic>(place) : outside(point);
    }
    const PJ_COORD flat = proj_trans(
        state_->horizontal.get(), PJ_FWD, proj_coord(point.x, point.y, 0.0, 0.0));
    if (!isDegrees(flat)) {
        return outside(point);
    }
    double height = point.z + state_->offsetMetres;
    if (state_->geoid) {
        height += undulation(state_->geoid.get(), flat.xyz.x, flat.xyz.y);
    }
    if (!std::isfinite(height)) {
        return outside(point);
    }
    return geo::Cartographic{
        geo::Angle::degrees(flat.xyz.x), geo::Angle::degrees(flat.xyz.y), height};
}

Result<geo::Ecef> Transform::toEcef(const glm::dvec3& point) const {
    const Result<geo::Cartographic> place = toCartographic(point);
    if (!place) {
        return place.error();
    }
    return geo::toEcef(*place);
}

Result<glm::dvec3> Transform::fromCartographic(const geo::Cartographic& position) const {
    const double lon = position.longitude.degrees();
    const double lat = position.latitude.degrees();
    double height = position.heightMetres - state_->offsetMetres;
    if (state_->geoid) {
        height -= undulation(state_->geoid.get(), lon, lat);
    }
    glm::dvec3 point(lon, lat, height);
    if (state_->enu) {
        geo::Cartographic ellipsoidal = position;
        ellipsoidal.heightMetres = height;
        point = state_->enu->fromEcef(geo::toEcef(ellipsoidal)).metres;
    } else {
        const PJ_COORD flat =
            proj_trans(state_->horizontal.get(), PJ_INV, proj_coord(lon, lat, 0.0, 0.0));
        point.x = flat.xyz.x;
        point.y = flat.xyz.y;
    }
    if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.z)) {
        return outside(point);
    }
    return point;
}

} // namespace tiles3d::crs
