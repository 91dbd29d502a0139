#include "pipeline/terrain/build_cell.h"

#include "pipeline/terrain/cell_store.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/gltf/glb.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

namespace fs = std::filesystem;
using tiles3d::geo::Angle;

/// A plane in the plane coordinates of EPSG:4548.
double tilted(double east, double north) {
    return 30.0 + 0.2 * (east - 610000.0) - 0.1 * (north - 2705000.0);
}

class BuildCell : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(folder / "store"); }

    /// `side` x `side` pixels from 610000, 2705000 to the south-east.
    void addDem(const std::string& name, int side, double pixel) {
        sources::MadeRaster dem;
        dem.file = folder / name;
        dem.width = dem.height = side;
        pixelMetres = pixel;
        sideMetres = side * pixel;
        dem.geoTransform = {610000.0, pixel, 0.0, 2705000.0, 0.0, -pixel};
        dem.value = [pixel](int, int column, int row) {
            return tilted(610000.0 + pixel * (column + 0.5), 2705000.0 - pixel * (row + 0.5));
        };
        make(dem);
        project.terrain.dem.push_back({.pattern = dem.file});
    }

    /// A picture of one colour over the DEM's north-west.
    void addOrtho(int side, double pixel) {
        sources::MadeRaster ortho;
        ortho.file = folder / "ortho.tif";
        ortho.width = ortho.height = side;
        ortho.bands = 3;
        ortho.type = "Byte";
        ortho.geoTransform = {610000.0, pixel, 0.0, 2705000.0, 0.0, -pixel};
        ortho.value = [](int band, int, int) { return 50.0 * band; };
        make(ortho);
        project.terrain.ortho.push_back({.pattern = ortho.file});
    }

    void plan() {
        project.heightDatum = "ellipsoidal";
        auto scanned = scan::scanTerrain(project);
        ASSERT_TRUE(scanned) << scanned.error().message;
        catalogue = *std::move(scanned);
        const auto planned = [](const scan::GeoExtent& extent, double metres) {
            return PlannedRaster{.extent = {.west = extent.westDegrees,
                                            .south = extent.southDegrees,
                                            .east = extent.eastDegrees,
                                            .north = extent.northDegrees},
                                 .groundMetres = metres};
        };
        std::vector<PlannedRaster> dems;
        std::vector<PlannedRaster> orthos;
        for (const auto& dem : catalogue.dems) {
            dems.push_back(planned(dem.extent, dem.postMetres));
        }
        for (const auto& ortho : catalogue.orthos) {
            orthos.push_back(planned(ortho.extent, ortho.texelMetres));
        }
        terrainPlan = planTerrain(dems, orthos);
    }

    CellResult built(const PlannedCell& cell) {
        scan::OutputOptions codecs;
        codecs.geometry = scan::Geometry::Plain;
        const CellTask task{.cell = cell,
                            .plan = &terrainPlan,
                            .catalogue = &catalogue,
                            .store = folder / "store",
                            .style = {.grid = terrainPlan.grid,
                                      .frame = frame,
                                      .folder = folder / "terrain",
                                      .codecs = codecs}};
        const auto result = cell.isBase ? buildBaseCell(task, {}) : buildUpperCell(task);
        EXPECT_TRUE(result) << result.error().message;
        return result ? *result : CellResult{};
    }

    std::vector<TileRecord> builtAll() {
        std::vector<TileRecord> tiles;
        for (const PlannedCell& cell : terrainPlan.cells) {
            const CellResult result = built(cell);
            tiles.insert(tiles.end(), result.tiles.begin(), result.tiles.end());
        }
        return tiles;
    }

    /// Vertices of a tile's surface against the plane, by PROJ; how many they are.
    std::size_t compareWithPlane(const TileRecord& tile) const {
        const auto bytes =
            tiles3d::base::readFile(folder.path() / "terrain" / contentPath(tile.cell));
        EXPECT_TRUE(bytes);
        const auto model = tiles3d::gltf::readGlb(*bytes);
        EXPECT_TRUE(model);
        const auto transform =
            tiles3d::crs::Transform::create(catalogue.dems[0].crs, catalogue.dems[0].heights);
        std::size_t compared = 0;
        for (const glm::vec3& position : model->primitives.at(0).mesh.positions) {
            const auto place =
                tiles3d::geo::toCartographic(frame.toEcef({model->origin + glm::dvec3(position)}));
            const auto source = transform->fromCartographic(place);
            EXPECT_TRUE(source);
            const double land = tilted(source->x, source->y);
            // Half a pixel along the file's edge is as the pixel's middle.
            const auto isInside = [&](double from, double at) {
                return at - from > pixelMetres && at - from < sideMetres - pixelMetres;
            };
            const bool isSkirt = place.heightMetres < land - 0.3;
            if (!isSkirt && isInside(610000.0, source->x) &&
                isInside(2705000.0 - sideMetres, source->y)) {
                EXPECT_NEAR(place.heightMetres, land, 0.01);
                ++compared;
            }
        }
        return compared;
    }

    job::TemporaryFolder folder;
    scan::CityProject project;
    scan::TerrainCatalogue catalogue;
    TerrainPlan terrainPlan;
    double pixelMetres = 0.0; ///< Of the DEM.
    double sideMetres = 0.0;
    tiles3d::geo::EnuFrame frame{tiles3d::geo::Cartographic{.longitude = Angle::degrees(118.0887),
                                                            .latitude = Angle::degrees(24.4449)}};
};

TEST_F(BuildCell, aPlaneIsWhereProjPutsIt) {
    addDem("a.tif", 300, 2.0);
    plan();
    const auto tiles = builtAll();
    ASSERT_FALSE(tiles.empty());
    std::size_t compared = 0;
    for (const TileRecord& tile : tiles) {
        compared += compareWithPlane(tile);
        EXPECT_LE(tile.errorMetres, terrainPlan.grid.metresPerPixel(tile.cell.depth));
        EXPECT_LT(tile.vertices, 6'000U) << "only its ragged edge needs any";
    }
    EXPECT_GT(compared, tiles.size());
}

TEST_F(BuildCell, upperCellsAreMadeOfWhatTheLowerLeft) {
    addDem("a.tif", 60, 10.0);
    addOrtho(512, 0.15);
    plan();
    ASSERT_GT(terrainPlan.cells.size(), 1U);
    ASSERT_FALSE(terrainPlan.cells.back().isBase);
    const auto tiles = builtAll();
    EXPECT_EQ(tiles.back().cell, Cell{});
    EXPECT_NEAR(tiles.back().maximumHeightMetres, tilted(610600.0, 2704400.0), 3.0);
    EXPECT_LE(tiles.back().errorMetres, terrainPlan.grid.metresPerPixel(0));
    for (const PlannedCell& cell : terrainPlan.cells) {
        EXPECT_TRUE(readCell(folder / "store", cell.cell)) << cell.cell.name();
    }
    fs::remove_all(folder / "store");
    const CellTask task{
        .cell = terrainPlan.cells.back(),
        .plan = &terrainPlan,
        .catalogue = &catalogue,
        .store = folder / "store",
        .style = {.grid = terrainPlan.grid, .frame = frame, .folder = folder / "t"}};
    const auto nothing = buildUpperCell(task);
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->tiles.empty()) << "nothing is left";
}

TEST_F(BuildCell, childrenOfATileAreAllThereWhereLandIs) {
    addDem("a.tif", 60, 10.0);
    addOrtho(512, 0.3);
    plan();
    std::map<Cell, int> children;
    std::set<Cell> cells;
    for (const TileRecord& tile : builtAll()) {
        cells.insert(tile.cell);
        if (tile.cell.depth > 0) {
            ++children[tile.cell.parent()];
        }
    }
    const Extent land = terrainPlan.dems[0].extent;
    for (const auto& [parent, number] : children) {
        EXPECT_TRUE(cells.contains(parent)) << parent.name();
        int mayHaveLand = 0;
        int mustHaveLand = 0;
        for (const std::uint32_t i : {0U, 1U, 2U, 3U}) {
            const Extent extent = extentOf(terrainPlan.grid, parent.child(i % 2, i / 2));
            mayHaveLand += extent.touches(land) ? 1 : 0;
            // Land ends at the last whole square of posts, and stands askew in its extent.
            const double posts = 3.0 * (extent.east - extent.west) / kTexels + 1e-4;
            const Extent inside{
                land.west + posts, land.south + posts, land.east - posts, land.north - posts};
            mustHaveLand += extent.touches(inside) ? 1 : 0;
        }
        EXPECT_LE(number, mayHaveLand) << parent.name();
        EXPECT_GE(number, mustHaveLand) << parent.name();
    }
}

TEST_F(BuildCell, aCellWithoutLandLeavesNothing) {
    addDem("a.tif", 60, 10.0);
    plan();
    catalogue.dems[0].raster.noData.reset();
    PlannedCell far = terrainPlan.cells.front();
    far.cell = {4, 15, 15};
    far.finestDepth = 5;
    ASSERT_FALSE(extentOf(terrainPlan.grid, far.cell).touches(terrainPlan.dems[0].extent));
    EXPECT_TRUE(built(far).tiles.empty());
    EXPECT_FALSE(fs::exists(storePath(folder / "store", far.cell)));
}

TEST_F(BuildCell, aFileThatIsQuarantinedIsNamed) {
    addDem("a.tif", 60, 10.0);
    plan();
    const CellTask task{
        .cell = terrainPlan.cells.front(),
        .plan = &terrainPlan,
        .catalogue = &catalogue,
        .store = folder / "store",
        .style = {.grid = terrainPlan.grid, .frame = frame, .folder = folder / "t"}};
    const auto result =
        buildBaseCell(task, {.quarantined = {{(folder / "a.tif").string(), "killed its worker"}}});
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->tiles.empty());
    ASSERT_EQ(result->unreadable.size(), 1U);
    EXPECT_NE(result->unreadable[0].reason.find("killed its worker"), std::string::npos);
}

} // namespace
} // namespace pipeline::terrain
