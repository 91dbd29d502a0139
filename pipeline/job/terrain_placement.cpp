#include "pipeline/job/terrain_placement.h"

#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"

#include <fmt/format.h>

#include <algorithm>

namespace pipeline::job {

using terrain::Extent;

namespace {

std::vector<Extent> landOf(const scan::TerrainCatalogue& catalogue) {
    std::vector<Extent> land;
    for (const scan::DemSource& dem : catalogue.dems) {
        land.push_back(extentOf(dem.extent));
    }
    return land;
}

bool touchesAny(const Extent& extent, const std::vector<Extent>& others) {
    return std::ranges::any_of(others, [&](const Extent& other) { return other.touches(extent); });
}

void tellUselessOrthos(const scan::TerrainCatalogue& catalogue,
                       const std::vector<Extent>& land,
                       IJobListener& listener) {
    std::string first;
    std::size_t useless = 0;
    for (const scan::OrthoSource& ortho : catalogue.orthos) {
        if (!touchesAny(extentOf(ortho.extent), land)) {
            first = useless == 0 ? tiles3d::base::toUtf8(ortho.raster.file) : first;
            ++useless;
        }
    }
    if (useless > 0) {
        const std::string others = useless > 1 ? fmt::format(" and {} more", useless - 1) : "";
        listener.onWarning(fmt::format(
            "{}{}: not shown: an orthophoto colours the land of a DEM, and none reaches "
            "there. Give one under terrain.dem",
            first,
            others));
    }
}

std::string text(const Extent& extent) {
    return fmt::format("longitude {:.4f} to {:.4f}, latitude {:.4f} to {:.4f}",
                       extent.west,
                       extent.east,
                       extent.south,
                       extent.north);
}

void tellLandElsewhere(const std::vector<Extent>& land,
                       const std::vector<overview::Leaf>& blocks,
                       IJobListener& listener) {
    Extent allLand;
    for (const Extent& extent : land) {
        allLand.include(extent);
    }
    Extent city;
    for (const overview::Leaf& block : blocks) {
        const Extent extent = extentOf(block.boxEcef);
        if (touchesAny(extent, land)) {
            return;
        }
        city.include(extent);
    }
    if (!land.empty() && !blocks.empty()) {
        listener.onAlert(fmt::format("no DEM lies under the photogrammetry: terrain is at {}, "
                                     "photogrammetry at {}. One of the two has a wrong coordinate "
                                     "system, or these DEMs are not the city's",
                                     text(allLand),
                                     text(city)));
    }
}

} // namespace

Extent extentOf(const scan::GeoExtent& extent) {
    return {.west = extent.westDegrees,
            .south = extent.southDegrees,
            .east = extent.eastDegrees,
            .north = extent.northDegrees};
}

Extent extentOf(const tiles3d::tileset::Box& boxEcef) {
    Extent extent;
    for (const double x : {-1.0, 1.0}) {
        for (const double y : {-1.0, 1.0}) {
            for (const double z : {-1.0, 1.0}) {
                const auto place = tiles3d::geo::toCartographic(
                    {boxEcef.centre + boxEcef.halfAxes * glm::dvec3(x, y, z)});
                const double lon = place.longitude.degrees();
                const double lat = place.latitude.degrees();
                extent.include({.west = lon, .south = lat, .east = lon, .north = lat});
            }
        }
    }
    return extent;
}

void tellRasters(const scan::TerrainCatalogue& catalogue,
                 const std::vector<overview::Leaf>& blocks,
                 IJobListener& listener) {
    for (const std::string& warning : catalogue.warnings) {
        listener.onWarning(warning);
    }
    for (const scan::RejectedRaster& raster : catalogue.rejected) {
        listener.onWarning(raster.file + ": left out: " + raster.reason);
    }
    const std::vector<Extent> land = landOf(catalogue);
    tellUselessOrthos(catalogue, land, listener);
    tellLandElsewhere(land, blocks, listener);
}

} // namespace pipeline::job
