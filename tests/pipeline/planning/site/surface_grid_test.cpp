#include "pipeline/planning/site/surface_grid.h"

#include "pipeline/planning/site/grid_cells.h"
#include "pipeline/planning/site/ground_slope.h"
#include "pipeline/planning/site/height_check.h"
#include "pipeline/planning/site/plane_geodesy.h"
#include "tests/support/temporary_folder.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::planning::site {
namespace {

namespace ts = tiles3d::tileset;

constexpr const char* kPlane = "EPSG:4548";
constexpr double kGroundMetres = 20.0; // above the ellipsoid
const glm::dvec2 kMiddle(610000.0, 2705000.0);

/// Turns places of the plane into metres around the middle of the made city.
class Placer {
public:
    Placer()
        : transform_(*tiles3d::crs::Transform::create(*tiles3d::crs::understandSrs(kPlane, true),
                                                      tiles3d::crs::EllipsoidalHeights{})),
          frame_(*transform_.toCartographic({kMiddle, 0.0})) {}

    glm::vec3 toEnu(const glm::dvec2& offset, double height) const {
        const auto ecef = transform_.toEcef({kMiddle + offset, height});
        return glm::vec3(frame_.fromEcef(*ecef).metres);
    }
    const glm::dmat4& toEcef() const { return frame_.toEcefMatrix(); }

private:
    tiles3d::crs::Transform transform_;
    tiles3d::geo::EnuFrame frame_;
};

/// A level or tilted rectangle of the plane.
void addRectangle(const Placer& placer,
                  const glm::dvec2& low,
                  const glm::dvec2& high,
                  const std::function<double(const glm::dvec2&)>& height,
                  tiles3d::mesh::TriangleMesh& mesh) {
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    for (const glm::dvec2 corner : {low, {high.x, low.y}, high, {low.x, high.y}}) {
        mesh.positions.push_back(placer.toEnu(corner, height(corner)));
    }
    for (const std::uint32_t corner : {0U, 1U, 2U, 0U, 2U, 3U}) {
        mesh.indices.push_back(first + corner);
    }
}

ts::Tile tileOf(const std::string& uri, double error) {
    ts::Tile tile{.boundingVolume = ts::Box{.halfAxes = glm::dmat3(400.0)},
                  .geometricErrorMetres = error};
    tile.contents.push_back({.uri = uri});
    return tile;
}

class SurfaceGridTest : public testing::Test {
protected:
    void writeMesh(const std::string& name, const tiles3d::mesh::TriangleMesh& mesh) {
        tiles3d::gltf::Model model;
        model.materials.emplace_back();
        model.primitives.push_back({.mesh = mesh});
        const auto glb = tiles3d::gltf::writeGlb(model);
        ASSERT_TRUE(glb) << glb.error().message;
        folder.write(name, tiles3d::base::asText(*glb));
    }

    /// Ground of the given slope to the east with a block of 20 m on it, a coarse tile above that
    /// must not be seen, and a tower of 50 m as a design model.
    void writeCity(double slope) {
        const auto ground = [=](const glm::dvec2& p) { return kGroundMetres + slope * p.x; };
        const auto at = [](double height) { return [=](const glm::dvec2&) { return height; }; };
        tiles3d::mesh::TriangleMesh fine;
        addRectangle(placer, {-150, -150}, {150, 150}, ground, fine);
        addRectangle(placer, {10, 10}, {30, 40}, at(kGroundMetres + 20.0), fine);
        tiles3d::mesh::TriangleMesh coarse;
        addRectangle(placer, {-150, -150}, {150, 150}, at(kGroundMetres + 500.0), coarse);
        tiles3d::mesh::TriangleMesh tower;
        addRectangle(placer, {-30, -30}, {-20, -20}, at(kGroundMetres + 50.0), tower);
        writeMesh("oblique/coarse.glb", coarse);
        writeMesh("oblique/fine.glb", fine);
        writeMesh("models/tower.glb", tower);
        ts::Tileset city{.geometricErrorMetres = 100.0};
        city.root = {.boundingVolume = ts::Box{.halfAxes = glm::dmat3(500.0)},
                     .geometricErrorMetres = 50.0,
                     .transform = placer.toEcef()};
        city.root.children.push_back(tileOf("oblique/coarse.glb", 2.0));
        city.root.children[0].children.push_back(tileOf("oblique/fine.glb", 0.0));
        city.root.children.push_back(tileOf("models/tower.glb", 0.0));
        const auto json = ts::toJson(city);
        ASSERT_TRUE(json) << json.error().message;
        folder.write("tileset.json", *json);
    }

    SurfaceGrid gridOver(double half) {
        const PlaneBox box{kMiddle - half, kMiddle + half};
        auto grid = readSurface(folder.path(), kPlane, box, {.threads = 2});
        EXPECT_TRUE(grid) << grid.error().message;
        return *std::move(grid);
    }

    static std::size_t cellAt(const SurfaceGrid& grid, const glm::dvec2& offset) {
        const glm::dvec2 cell = (kMiddle + offset - grid.low) / grid.cellMetres;
        return grid.placeOf(static_cast<std::size_t>(cell.x), static_cast<std::size_t>(cell.y));
    }

    static Geometry area(double low, double high) {
        const glm::dvec2 a = kMiddle + low;
        const glm::dvec2 b = kMiddle + high;
        return {.polygons = {{.outer = {a, {b.x, a.y}, b, {a.x, b.y}}}}};
    }

    Placer placer;
    tests::TemporaryFolder folder;
};

TEST_F(SurfaceGridTest, HoldsTheHighestOfTheFinestTiles) {
    writeCity(0.0);
    const SurfaceGrid grid = gridOver(50.0);
    EXPECT_TRUE(grid.remarks.empty());
    EXPECT_NEAR(grid.surface[cellAt(grid, {20, 20})], kGroundMetres + 20.0, 0.01);
    EXPECT_NEAR(grid.surface[cellAt(grid, {-5, -5})], kGroundMetres, 0.01);
    EXPECT_NEAR(grid.surface[cellAt(grid, {9.6, 20})], kGroundMetres, 0.01);
    EXPECT_NEAR(grid.surface[cellAt(grid, {10.3, 20})], kGroundMetres + 20.0, 0.01);
    EXPECT_NEAR(grid.ground[cellAt(grid, {20, 20})], kGroundMetres, 0.01);
    EXPECT_NEAR(grid.design[cellAt(grid, {-25, -25})], kGroundMetres + 50.0, 0.01);
    EXPECT_TRUE(std::isnan(grid.design[cellAt(grid, {0, 0})]));
    EXPECT_EQ(grid.uncertainty[cellAt(grid, {20, 20})], 1.0F); // half of the coarse tile's error
    EXPECT_FALSE(grid.hasTerrain);
}

TEST_F(SurfaceGridTest, MissingTilesAreRemarked) {
    writeCity(0.0);
    std::filesystem::remove(folder.path() / "models/tower.glb");
    EXPECT_EQ(gridOver(50.0).remarks.size(), 1U);
    std::filesystem::remove(folder.path() / "tileset.json");
    EXPECT_FALSE(readSurface(folder.path(), kPlane, {kMiddle, kMiddle + 1.0}));
}

TEST_F(SurfaceGridTest, SlopesAreThoseOfTheGroundUnderBuildings) {
    writeCity(0.1);
    const auto slope = meanSlopeDegrees(folder.path(), kPlane, area(-20, 50));
    ASSERT_TRUE(slope) << slope.error().message;
    ASSERT_TRUE(*slope);
    EXPECT_NEAR(**slope, std::atan(0.1) * 180.0 / M_PI, 0.5);
}

TEST_F(SurfaceGridTest, WhatExceedsALimitIsListed) {
    writeCity(0.0);
    const SurfaceGrid grid = gridOver(50.0);
    LayerFinding finding{.rule = {.kind = RuleKind::HeightLimit}};
    finding.features.push_back(
        {.name = "a", .part = area(-50, 50), .limit = NumberRange{.high = 15.0}});
    checkHeights(grid, finding);
    EXPECT_EQ(finding.verdict, Verdict::Conflict);
    ASSERT_EQ(finding.excesses.size(), 2U);
    EXPECT_TRUE(finding.excesses[0].isDesign);
    EXPECT_NEAR(finding.excesses[0].excessMetres(), 35.0, 0.02);
    EXPECT_NEAR(finding.excesses[1].excessMetres(), 5.0, 0.02);
    EXPECT_NEAR(finding.excesses[1].planeSquareMetres, 600.0, 30.0);
    EXPECT_GT(finding.conflict.polygons.size(), 1U);

    finding = {.rule = {.kind = RuleKind::HeightLimit}};
    finding.features.push_back(
        {.name = "a", .part = area(0, 50), .limit = NumberRange{.high = 19.5}});
    checkHeights(grid, finding); // 0.5 m above, known to 1 m
    EXPECT_EQ(finding.verdict, Verdict::Inform);
    ASSERT_EQ(finding.excesses.size(), 1U);
    EXPECT_FALSE(finding.excesses[0].isCertain());

    finding = {.rule = {.kind = RuleKind::HeightLimit}};
    finding.features.push_back({.name = "a", .part = area(0, 50)});
    checkHeights(grid, finding);
    EXPECT_EQ(finding.verdict, Verdict::Inform);
    EXPECT_EQ(finding.remarks.size(), 1U);
}

TEST_F(SurfaceGridTest, AbsoluteLimitsNeedADatum) {
    writeCity(0.0);
    const PlaneBox box{kMiddle - 50.0, kMiddle + 50.0};
    LayerFinding finding{
        .rule = {.kind = RuleKind::HeightLimit, .reference = HeightReference::Absolute}};
    finding.features.push_back(
        {.name = "a", .part = area(0, 50), .limit = NumberRange{.high = 28.0}});
    LayerFinding without = finding;
    checkHeights(gridOver(50.0), without);
    EXPECT_EQ(without.remarks.size(), 1U);
    const auto grid =
        readSurface(folder.path(), kPlane, box, {.heights = tiles3d::crs::ConstantOffset{10.0}});
    ASSERT_TRUE(grid);
    checkHeights(*grid, finding); // 40 m above the ellipsoid are 30 m above the datum
    ASSERT_EQ(finding.excesses.size(), 1U);
    EXPECT_NEAR(finding.excesses[0].excessMetres(), 2.0, 0.02);
}

TEST(GridCells, CentresOnSharedEdgesCountOnce) {
    const SurfaceGrid grid{.cellMetres = 1.0, .columns = 10, .rows = 10};
    const auto rectangle = [](double west, double east) {
        return Geometry{
            .polygons = {{.outer = {{west, 0.5}, {east, 0.5}, {east, 4.5}, {west, 4.5}}}}};
    };
    EXPECT_EQ(cellsIn(grid, rectangle(0.5, 3.5)).size(), 12U);
    EXPECT_EQ(cellsIn(grid, rectangle(3.5, 7.5)).size(), 16U);
    EXPECT_EQ(cellsIn(grid, rectangle(0.5, 7.5)).size(), 28U);
    EXPECT_EQ(cellsIn(grid, rectangle(-100, 100)).size(), 40U);
    EXPECT_TRUE(cellsIn(grid, rectangle(20, 30)).empty());
}

} // namespace
} // namespace pipeline::planning::site
