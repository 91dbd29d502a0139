#pragma once

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <vector>

namespace pipeline::planning {

/// Writes all layers into one GeoPackage (OGC 12-128), whole or not at all; an older file of that
/// name is replaced. Same layers, same bytes. A GdalRuntime must exist.
tiles3d::base::Status writeGeoPackage(const std::filesystem::path& file,
                                      const std::vector<VectorLayer>& layers);

struct ShapefileOptions {
    /// Of the .dbf: "UTF-8", or "GBK" as Chinese bureaus deliver it.
    std::string encoding = "UTF-8";
    /// False: no .cpg and no language byte, so that a reader has to find the encoding out.
    bool withCodePage = true;
};

/// Writes one layer as FILE.shp with .shx, .dbf, .prj. Field names are cut to 10 bytes by the
/// format, even inside a character. A GdalRuntime must exist.
tiles3d::base::Status writeShapefile(const std::filesystem::path& file,
                                     const VectorLayer& layer,
                                     const ShapefileOptions& options = {});

} // namespace pipeline::planning
