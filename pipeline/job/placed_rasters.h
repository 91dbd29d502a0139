#pragma once

#include "pipeline/scan/terrain.h"
#include "tiles3d/base/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::job {

/// What was understood of a raster, for people to compare with what they know of it.
struct PlacedRaster {
    std::string file;   ///< UTF-8.
    std::string usedAs; ///< "dem" or "ortho".
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::string crs;            ///< The coordinate system, as understood.
    std::string heights;        ///< The height datum; empty for an orthophoto.
    double metresPerUnit = 1.0; ///< Of heights.
    double pixelMetres = 0.0;   ///< On the ground, the shorter side.
    scan::GeoExtent extent;
};

/// The rasters that are used, in the order of the catalogue, DEMs first.
std::vector<PlacedRaster> placedRasters(const scan::TerrainCatalogue& catalogue);

/// An array of objects, the extent as [west, south, east, north].
tiles3d::base::Json toJson(const std::vector<PlacedRaster>& rasters);

/// One line of text: "dem/a.tif: dem, 4000 x 3000 pixels of 2 m, EPSG:4548 ..., heights ...".
std::string toText(const PlacedRaster& raster);

/// A table for people: a row for all files that say the same, for a delivery has thousands, and the
/// odd one out shows. Columns: files, the first, used as, CRS, heights, metres per unit and pixel.
std::vector<std::vector<std::string>> placementRows(const std::vector<PlacedRaster>& rasters);

} // namespace pipeline::job
