#include "pipeline/job/placed_rasters.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace pipeline::job {

using tiles3d::base::Json;

namespace {

PlacedRaster placed(const sources::RasterInfo& raster, const scan::GeoExtent& extent) {
    return {.file = tiles3d::base::toUtf8(raster.file),
            .width = raster.width,
            .height = raster.height,
            .extent = extent};
}

} // namespace

std::vector<PlacedRaster> placedRasters(const scan::TerrainCatalogue& catalogue) {
    std::vector<PlacedRaster> rasters;
    rasters.reserve(catalogue.dems.size() + catalogue.orthos.size());
    for (const scan::DemSource& dem : catalogue.dems) {
        PlacedRaster raster = placed(dem.raster, dem.extent);
        raster.usedAs = "dem";
        raster.crs = dem.crs.understoodAs;
        raster.heights = tiles3d::crs::describe(dem.heights);
        raster.metresPerUnit = dem.metresPerUnit;
        raster.pixelMetres = dem.postMetres;
        rasters.push_back(std::move(raster));
    }
    for (const scan::OrthoSource& ortho : catalogue.orthos) {
        PlacedRaster raster = placed(ortho.raster, ortho.extent);
        raster.usedAs = "ortho";
        raster.crs = ortho.crs.understoodAs;
        raster.pixelMetres = ortho.texelMetres;
        rasters.push_back(std::move(raster));
    }
    return rasters;
}

Json toJson(const std::vector<PlacedRaster>& rasters) {
    Json list = Json::array();
    for (const PlacedRaster& raster : rasters) {
        Json entry = Json::object();
        entry.set("path", raster.file)
            .set("used_as", raster.usedAs)
            .set("width", std::uint64_t{raster.width})
            .set("height", std::uint64_t{raster.height})
            .set("understood_as", raster.crs);
        if (!raster.heights.empty()) {
            entry.set("heights", raster.heights);
        }
        if (raster.metresPerUnit != 1.0) {
            entry.set("metres_per_unit", raster.metresPerUnit);
        }
        entry.set("pixel_metres", raster.pixelMetres)
            .set("extent",
                 Json::array()
                     .push(raster.extent.westDegrees)
                     .push(raster.extent.southDegrees)
                     .push(raster.extent.eastDegrees)
                     .push(raster.extent.northDegrees));
        list.push(entry);
    }
    return list;
}

std::string toText(const PlacedRaster& raster) {
    std::string text = fmt::format("{}: {}, {} x {} pixels of {:.3g} m; {}",
                                   raster.file,
                                   raster.usedAs,
                                   raster.width,
                                   raster.height,
                                   raster.pixelMetres,
                                   raster.crs);
    if (!raster.heights.empty()) {
        text += "; heights: " + raster.heights;
    }
    if (raster.metresPerUnit != 1.0) {
        text += fmt::format(", 1 is {} m", raster.metresPerUnit);
    }
    return text + fmt::format("; from {:.6f}, {:.6f} to {:.6f}, {:.6f}",
                              raster.extent.westDegrees,
                              raster.extent.southDegrees,
                              raster.extent.eastDegrees,
                              raster.extent.northDegrees);
}

std::vector<std::vector<std::string>> placementRows(const std::vector<PlacedRaster>& rasters) {
    struct Alike {
        std::string first;
        std::size_t files = 0;
    };
    std::map<std::vector<std::string>, Alike> readings;
    for (const PlacedRaster& raster : rasters) {
        const bool hasHeights = !raster.heights.empty();
        Alike& alike = readings[{raster.usedAs,
                                 raster.crs,
                                 raster.heights,
                                 hasHeights ? fmt::format("{}", raster.metresPerUnit) : "",
                                 fmt::format("{:.3g}", raster.pixelMetres)}];
        alike.first = alike.files == 0 ? raster.file : alike.first;
        ++alike.files;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [reading, alike] : readings) {
        std::vector<std::string> cells{fmt::format("{}", alike.files), alike.first};
        cells.insert(cells.end(), reading.begin(), reading.end());
        rows.push_back(std::move(cells));
    }
    return rows;
}

} // namespace pipeline::job
