#include "pipeline/scan/placed_model.h"

#include "tiles3d/base/file.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <cmath>
#include <system_error>
#include <utility>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;
using tiles3d::base::within;
using tiles3d::crs::HeightDatum;
using tiles3d::crs::SourceCrs;
using tiles3d::crs::Transform;
using tiles3d::geo::Angle;

namespace {

Result<HeightDatum> heightsOf(const SourceCrs& crs,
                              const std::optional<std::string>& datum,
                              const CityProject& project) {
    if (datum) {
        return tiles3d::crs::parseHeightDatum(*datum, project.folder);
    }
    if (!crs.heights) {
        return Error{"nobody says what the height of its position refers to. Give "
                     "\"height_datum\" (ellipsoidal, egm96, a geoid grid file or a number of "
                     "metres), or \"vertical\" in city.json"};
    }
    return *crs.heights;
}

/// The plane's north at a position, clockwise from true north.
Result<Angle> planeNorth(const Transform& transform,
                         const glm::dvec3& position,
                         const tiles3d::geo::Cartographic& place) {
    constexpr double kStep =
        10.0; // of the plane's unit: short against the Earth, long for a double
    const auto north = transform.toEcef(position + glm::dvec3(0.0, kStep, 0.0));
    if (!north) {
        return north.error();
    }
    const glm::dvec3 way = tiles3d::geo::EnuFrame(place).fromEcef(*north).metres;
    return Angle::radians(std::atan2(way.x, way.y));
}

Result<PlacedModel> place(const ModelSource& source,
                          const CityProject& project,
                          const std::optional<std::string>& heightDatum) {
    std::error_code unreachable;
    if (!std::filesystem::is_regular_file(source.path, unreachable)) {
        return Error{"no such file"};
    }
    const auto& datum = heightDatum          ? heightDatum
                        : source.heightDatum ? source.heightDatum
                                             : project.heightDatum;
    const bool isInPlane = !source.crs.empty();
    const auto crs =
        tiles3d::crs::understandSrs(isInPlane ? source.crs : "EPSG:4326", datum.has_value());
    if (!crs) {
        return within("models.crs", crs.error());
    }
    const auto heights = heightsOf(*crs, datum, project);
    if (!heights) {
        return heights.error();
    }
    const auto transform = Transform::create(*crs, *heights);
    if (!transform) {
        return transform.error();
    }
    const auto position = transform->toCartographic(source.position);
    if (!position) {
        return within("models.position", position.error());
    }
    const auto north =
        isInPlane ? planeNorth(*transform, source.position, *position) : Result<Angle>(Angle());
    if (!north) {
        return within("models.position", north.error());
    }
    return PlacedModel{
        .source = source,
        .position = *position,
        .heading =
            Angle::radians(north->radians() + Angle::degrees(source.headingDegrees).radians()),
        .understoodAs = crs->understoodAs + "; heights: " + tiles3d::crs::describe(*heights)};
}

} // namespace

Result<std::vector<PlacedModel>> placeModels(const CityProject& project,
                                             const std::optional<std::string>& heightDatum) {
    std::vector<PlacedModel> placed;
    for (const ModelSource& source : project.models) {
        Result<PlacedModel> model = place(source, project, heightDatum);
        if (!model) {
            return within("model " + toUtf8(source.path), model.error());
        }
        placed.push_back(*std::move(model));
    }
    return placed;
}

} // namespace pipeline::scan
