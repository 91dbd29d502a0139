#pragma once

#include "pipeline/planning/layer_source.h"
#include "pipeline/planning/ogr_handles.h"
#include "pipeline/planning/table_encoding.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pipeline::planning {

/// A folder that goes with its owner.
class ScratchFolder {
public:
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// An opened file or connection.
struct VectorSource {
    std::unique_ptr<ScratchFolder> scratch; ///< Outlives the dataset; of a Shapefile under repair.
    Dataset dataset;
    TableEncoding encoding;
    std::vector<std::string> notes;
};

/// Opens one file (Shapefile, GeoPackage, File Geodatabase, GeoJSON, KML, DXF, CSV with a WKT
/// column or columns of coordinates, MapInfo, FlatGeobuf) or one connection (PostGIS, WFS),
/// whatever the name of the file, and nothing that a file may point to. A Shapefile with a missing
/// or broken .shx is read through a new one that is made elsewhere. Fails with GDAL's words,
/// without passwords. Needs a GdalRuntime.
tiles3d::base::Result<VectorSource> openVectors(const LayerSource& source);

/// The layer's name in UTF-8; file names that are none are taken as GBK.
std::string nameOf(OGRLayer& layer);

/// Features of one layer, in batches of bounded size.
class FeatureReader {
public:
    explicit FeatureReader(OGRLayer& layer) : layer_(layer) { layer_.ResetReading(); }

    /// The next ones; none at the end. Fails where the source breaks off.
    tiles3d::base::Result<std::vector<OGRFeatureUniquePtr>> next();

private:
    OGRLayer& layer_;
    bool isOver_ = false;
};

} // namespace pipeline::planning
