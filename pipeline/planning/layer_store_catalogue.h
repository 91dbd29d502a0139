#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/layer_store_connection.h"
#include "tiles3d/base/result.h"

#include <string>
#include <vector>

namespace pipeline::planning {

/// A layer and how to read it.
struct CatalogueLayer {
    LayerInfo info; ///< Without an extent; of kind Point where the file leaves it open.
    std::string crs;
    std::string idColumn;
    std::string geometryColumn;
    bool hasKind = false; ///< False: any geometry may come.
    std::string rTree;    ///< Its table; "" if there is none.
};

/// The feature tables of a GeoPackage, by name. Fails on a file that is no GeoPackage, on a layer
/// that is a view or has no integer key, and on one without a CRS.
/// Source: OGC GeoPackage 1.3; the tables of importLayers().
tiles3d::base::Result<std::vector<CatalogueLayer>> readCatalogue(Connection& connection,
                                                                 const std::filesystem::path& file);

} // namespace pipeline::planning
