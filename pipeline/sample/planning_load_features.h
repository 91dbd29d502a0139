#pragma once

#include "pipeline/planning/vector_layer.h"
#include "pipeline/sample/planning_load_plan.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace pipeline::sample {

/// The side of the square that the load covers, from 20 km west of the sample's origin and 1 km
/// south of it; the sea in its south is left empty.
inline constexpr double kLoadMetres = 40'000.0;

planning::GeometryKind geometryKindOf(LoadShape shape);

/// With the names that bureaus use and people's words as aliases.
std::vector<planning::Field> fieldsOf(LoadShape shape);

/// Makes the layer's features one after the other, in EPSG:4548, right to 0.1 mm, valid; of parcels
/// and districts neighbours share their borders point by point. A function of layer and seed only.
/// Stops at the first Error of `visit`.
tiles3d::base::Status
forEachLoadFeature(const LoadLayer& layer,
                   std::uint64_t seed,
                   const std::function<tiles3d::base::Status(planning::Feature)>& visit);

} // namespace pipeline::sample
