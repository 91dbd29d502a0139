#pragma once

#include "pipeline/scan/city_project.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/ellipsoid.h"

#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// A design model with its place on the Earth understood.
struct PlacedModel {
    ModelSource source;
    tiles3d::geo::Cartographic position; ///< Of its origin.
    tiles3d::geo::Angle heading;         ///< Clockwise from true north.
    std::string understoodAs;            ///< For people: the CRS and the heights.
};

/// Where the project's models stand. `heightDatum`: from the command line, overrides all others.
/// Reads no model. Fails, with the remedy, on a model without a file, on a position that its CRS
/// does not hold, and on a CRS or height datum that is missing or not understood.
tiles3d::base::Result<std::vector<PlacedModel>>
placeModels(const CityProject& project, const std::optional<std::string>& heightDatum = {});

} // namespace pipeline::scan
