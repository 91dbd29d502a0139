#pragma once

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::planning {

struct ReadOptions {
    std::string sourceCrs;   ///< Overrides what the file says; needed where it says nothing.
    std::string fallbackCrs; ///< For layers that say nothing, as all of DXF and most of CSV.
    std::string encoding;    ///< Of a Shapefile's .dbf: "UTF-8", "GBK"; empty: found out.
    std::uint64_t maxFeatures = 5'000'000;
    std::uint64_t maxVertices = 200'000'000;
};

struct ReadLayers {
    std::vector<VectorLayer> layers;   ///< In the target CRS.
    std::vector<std::string> warnings; ///< Repairs, features left out, what was assumed.
};

/// Reads all layers of a vector file (Shapefile, GeoPackage, GeoJSON, KML, DXF, CSV with WKT, File
/// Geodatabase, MapInfo, FlatGeobuf) into the CRS `targetCrs`.
/// Rings are made valid, oriented and stripped of repeated points; curves are stroked. Attributes
/// are UTF-8: a Shapefile that declares no encoding is taken as UTF-8 where its bytes are, else as
/// GB18030. GCJ-02 is not recognised: nothing in a file says so. Fails if nothing can be read, on a
/// layer without a CRS (with the remedy), and above the limits. Needs a GdalRuntime. May be called
/// from one thread at a time.
tiles3d::base::Result<ReadLayers> readVectors(const std::filesystem::path& file,
                                              const std::string& targetCrs,
                                              const ReadOptions& options = {});

} // namespace pipeline::planning
