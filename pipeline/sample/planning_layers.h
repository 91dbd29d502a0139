#pragma once

#include "pipeline/sample/street_plan.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <filesystem>

namespace pipeline::sample {

/// Writes planning layers that match the sample's streets, plots, hill and shore within the area of
/// its blocks (metres from the origin, 0 to `size`):
///   FOLDER/planning.gpkg       EPSG:4548: zoning parcels with land-use codes, floor area ratio and
///                              height limit (控规地块), 生态保护红线, 城镇开发边界, 道路红线
///   FOLDER/永久基本农田.shp     EPSG:4490 (degrees), names and values in GBK, no .cpg
/// Same plan, same bytes. A planning::GdalRuntime must exist.
tiles3d::base::Status writePlanningLayers(const std::filesystem::path& folder,
                                          const StreetPlan& plan,
                                          const glm::dvec2& size);

} // namespace pipeline::sample
