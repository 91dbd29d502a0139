#include "tiles3d/crs/to_wgs84.h"

#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tiles3d::crs {

using base::Error;
using base::Result;
using base::Status;

namespace {

struct DestroyList {
    void operator()(PJ_OBJ_LIST* list) const { proj_list_destroy(list); }
};
struct DestroyFactory {
    void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const {
        proj_operation_factory_context_destroy(factory);
    }
};

/// GRS 80, CGCS2000 and WGS 84 differ by a tenth of a millimetre; Krasovsky by 108 m, IAG 1975 by
/// 3 m, WGS 72 by 2 m in the semi-major axis.
bool hasWgs84Ellipsoid(PJ_CONTEXT* context, const PJ* crs) {
    constexpr double kSameMetres = 0.5;
    constexpr double kSameInverseFlattening = 0.001;
    const Pj ellipsoid(proj_get_ellipsoid(context, crs));
    const Pj meridian(proj_get_prime_meridian(context, crs));
    double semiMajor = 0.0;
    double inverseFlattening = 0.0;
    double meridianLon = 0.0;
    return ellipsoid && meridian &&
           proj_ellipsoid_get_parameters(
               context, ellipsoid.get(), &semiMajor, nullptr, nullptr, &inverseFlattening) != 0 &&
           proj_prime_meridian_get_parameters(
               context, meridian.get(), &meridianLon, nullptr, nullptr) != 0 &&
           std::abs(semiMajor - geo::kSemiMajorMetres) < kSameMetres &&
           std::abs(inverseFlattening - geo::kInverseFlattening) < kSameInverseFlattening &&
           meridianLon == 0.0;
}

std::string nameOf(const PJ* object) {
    const char* name = object != nullptr ? proj_get_name(object) : nullptr;
    return name != nullptr ? base::validUtf8(name) : "unknown";
}

std::string datumOf(PJ_CONTEXT* context, const PJ* crs) {
    const Pj geodetic(proj_crs_get_geodetic_crs(context, crs));
    if (!geodetic) {
        return "unknown";
    }
    const Pj datum(proj_crs_get_datum_forced(context, geodetic.get()));
    return nameOf(datum.get());
}

/// East, north in the order of maps, whatever the authority says.
Pj normalised(PJ_CONTEXT* context, const Pj& operation) {
    return operation ? Pj(proj_normalize_for_visualization(context, operation.get())) : nullptr;
}

} // namespace

bool ToWgs84::Candidate::holdsAt(const Degrees& place) const {
    const bool isBetween = southWest.lon <= northEast.lon
                               ? place.lon >= southWest.lon && place.lon <= northEast.lon
                               : place.lon >= southWest.lon || place.lon <= northEast.lon;
    return isEverywhere || (isBetween && place.lat >= southWest.lat && place.lat <= northEast.lat);
}

ToWgs84::Candidate ToWgs84::candidate(PJ_CONTEXT* context, Pj operation) {
    Candidate made;
    constexpr double kUnknown = -1000.0; // PROJ's word for it
    Degrees& low = made.southWest;
    Degrees& high = made.northEast;
    const int isKnown = proj_get_area_of_use(
        context, operation.get(), &low.lon, &low.lat, &high.lon, &high.lat, nullptr);
    made.isEverywhere = isKnown == 0 || low.lat == kUnknown;
    made.operation = std::move(operation);
    return made;
}

ToWgs84::Candidate ToWgs84::nearItsArea(PJ_CONTEXT* context, const PJ* source, Pj operation) {
    Candidate made;
    Degrees& low = made.southWest;
    Degrees& high = made.northEast;
    const int isKnown =
        proj_get_area_of_use(context, source, &low.lon, &low.lat, &high.lon, &high.lat, nullptr);
    // A neighbouring zone is within 10 degrees; Xiamen with swapped axes is 18 degrees away.
    constexpr double kRoomDegrees = 10.0;
    constexpr double kHalfTurn = 180.0;
    low = {low.lon - kRoomDegrees, low.lat - kRoomDegrees};
    high = {high.lon + kRoomDegrees, high.lat + kRoomDegrees};
    made.isEverywhere =
        isKnown == 0 || low.lon < -kHalfTurn || high.lon > kHalfTurn || low.lon > high.lon;
    made.operation = std::move(operation);
    return made;
}

Status ToWgs84::addShifts(PJ_CONTEXT* context, const PJ* source) {
    const Pj target(proj_create(context, "EPSG:4326"));
    const std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, DestroyFactory> factory(
        proj_create_operation_factory_context(context, nullptr));
    if (!target || !factory) {
        return Error{"PROJ cannot open its database proj.db: " + lastError(context)};
    }
    proj_operation_factory_context_set_allow_ballpark_transformations(context, factory.get(), 0);
    proj_operation_factory_context_set_spatial_criterion(
        context, factory.get(), PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(
        context, factory.get(), PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    const std::unique_ptr<PJ_OBJ_LIST, DestroyList> list(
        proj_create_operations(context, source, target.get(), factory.get()));
    const int count = list ? proj_list_get_count(list.get()) : 0;
    for (int i = 0; i < count; ++i) {
        const Pj found(proj_list_get(context, list.get(), i));
        const bool isUsable =
            found && proj_coordoperation_has_ballpark_transformation(context, found.get()) == 0;
        Pj operation = isUsable ? normalised(context, found) : nullptr;
        if (operation) {
            candidates_.push_back(candidate(context, std::move(operation)));
        }
    }
    return base::ok();
}

Result<ToWgs84> ToWgs84::create(PJ_CONTEXT* context, const std::string& definition) {
    const Pj source(proj_create(context, definition.c_str()));
    if (!source) {
        return Error{"PROJ does not know the source CRS: " + lastError(context)};
    }
    ToWgs84 made;
    const std::string datum = datumOf(context, source.get());
    const bool isBound = proj_get_type(source.get()) == PJ_TYPE_BOUND_CRS;
    if (!isBound && hasWgs84Ellipsoid(context, source.get())) {
        Pj operation = toOwnDegrees(context, source.get());
        if (!operation) {
            return Error{"PROJ has no inverse of the source CRS: " + lastError(context)};
        }
        made.how_ = "its datum " + datum + " is taken as WGS 84";
        made.candidates_.push_back(nearItsArea(context, source.get(), std::move(operation)));
        return made;
    }
    const Status shifts = made.addShifts(context, source.get());
    if (!shifts) {
        return shifts.error();
    }
    if (made.candidates_.empty()) {
        return Error{
            "its datum " + datum +
            " is not tied to WGS 84, and taking it as WGS 84 would be off by up to hundreds "
            "of metres. Give the shift: --srs with a PROJ string and +towgs84=... or "
            "+nadgrids=..., or WKT with TOWGS84"};
    }
    made.how_ = isBound ? "to WGS 84 by the shift that it states"
                        : "its datum " + datum + " to WGS 84 by PROJ's own operation";
    return made;
}

std::optional<Degrees> ToWgs84::forward(double x, double y) const {
    constexpr double kTurn = 360.0;
    constexpr double kPole = 90.0;
    for (const Candidate& candidate : candidates_) {
        const PJ_COORD flat =
            proj_trans(candidate.operation.get(), PJ_FWD, proj_coord(x, y, 0.0, 0.0));
        const Degrees place{flat.xy.x, flat.xy.y};
        const bool isPlace = std::abs(place.lon) <= kTurn && std::abs(place.lat) <= kPole;
        if (isPlace && candidate.holdsAt(place)) {
            return place;
        }
    }
    return std::nullopt;
}

std::optional<glm::dvec2> ToWgs84::inverse(const Degrees& place) const {
    const auto found = std::ranges::find_if(
        candidates_, [&place](const Candidate& candidate) { return candidate.holdsAt(place); });
    if (found == candidates_.end()) {
        return std::nullopt;
    }
    const auto invert = [&found](double lon, double lat) {
        return proj_trans(found->operation.get(), PJ_INV, proj_coord(lon, lat, 0.0, 0.0)).xy;
    };
    // A shift with rotations, taken at height 0 both ways, returns a millimetre beside: once more.
    const PJ_XY first = invert(place.lon, place.lat);
    const PJ_XY back =
        proj_trans(found->operation.get(), PJ_FWD, proj_coord(first.x, first.y, 0.0, 0.0)).xy;
    const PJ_XY flat = invert(2.0 * place.lon - back.x, 2.0 * place.lat - back.y);
    const bool isFinite = std::isfinite(flat.x) && std::isfinite(flat.y);
    return isFinite ? std::optional(glm::dvec2(flat.x, flat.y)) : std::nullopt;
}

} // namespace tiles3d::crs
