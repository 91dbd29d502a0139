#pragma once

#include "building.h"
#include "pipeline/job/ledger.h"
#include "pipeline/terrain/cell_result.h"
#include "pipeline/terrain/cells.h"
#include "temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pipeline::job {

/// A rectangle in cells of 611 m from the south-west of the city's root, which is 2 x 2 of them.
struct CellBox {
    double west = 0.0;
    double south = 0.0;
    double east = 2.0;
    double north = 2.0;
};

/// What the made DEMs show: ellipsoidal metres at a place in cells.
double hillHeight(double x, double y);

/// A city of small rasters round the sample's origin, where the fixture's blocks stand.
class TerrainCity {
public:
    TerrainCity();

    /// Land in longitude and latitude, pixels square in cells: hillHeight() at their middles.
    sources::MadeRaster dem(const std::string& name, const CellBox& box, int pixelsPerCell) const;
    /// A picture of stripes.
    sources::MadeRaster ortho(const std::string& name, const CellBox& box, int pixelsPerCell) const;

    /// Land with a picture in its south-west, so that there are five units: four cells and a root.
    void addLand() const;
    /// 2 x 2 blocks of the fixture in the north-east cell, at its south.
    void addBlocks() const;

    /// city.json with these members beside a name; terrain is dem/* and ortho/*.
    void writeProject(const std::string& terrain = R"({"dem": "dem/*", "ortho": "ortho/*"})",
                      const std::string& others = "") const;
    scan::CityProject project() const;

    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

    const std::filesystem::path& path() const { return folder_.path(); }
    static double longitudeOf(double x);
    static double latitudeOf(double y);

private:
    sources::MadeRaster
    raster(const std::filesystem::path& file, const CellBox& box, int pixelsPerCell) const;

    TemporaryFolder folder_;
};

/// A tile of OUT/terrain as a client meets it, its content decoded.
struct ShownTile {
    double geometricErrorMetres = 0.0;
    double errorAboveMetres = 0.0; ///< Of its parent; infinite for the root.
    tiles3d::tileset::BoundingVolume volumeEcef;
    std::vector<glm::dvec3> positions; ///< In the city's frame, skirts included.
    std::vector<tiles3d::geo::Cartographic> vertices;
    std::vector<std::uint32_t> indices;
};

/// All tiles of OUT/terrain by the name of their cell, whatever the tiling.
std::map<std::string, ShownTile> shownTiles(const std::filesystem::path& out);

/// Height of the finest surface at a place in cells; NaN: no land. Skirts do not count.
double heightAt(const std::map<std::string, ShownTile>& tiles, double x, double y);

/// Results of terrain's units in the ledger, by the cell's name.
std::map<std::string, terrain::CellResult> cellResults(const std::filesystem::path& out);

/// Names of the units in the ledger that start so.
std::vector<std::string> unitsWith(const std::filesystem::path& out, const std::string& prefix);

} // namespace pipeline::job
