#pragma once

#include "pipeline/planning/box_tree.h"
#include "pipeline/planning/layer_store_catalogue.h"
#include "pipeline/planning/layer_store_connection.h"
#include "tiles3d/base/result.h"

#include <vector>

namespace pipeline::planning {

/// The boxes of a layer's features that have any: from its R-tree, else from the geometries
/// themselves, where broken ones are left out.
tiles3d::base::Result<std::vector<BoxEntry>> readBoxes(Connection& connection,
                                                       const CatalogueLayer& layer);

/// Of the first feature that has a geometry; Point if none has.
tiles3d::base::Result<GeometryKind> firstKind(Connection& connection, const CatalogueLayer& layer);

} // namespace pipeline::planning
