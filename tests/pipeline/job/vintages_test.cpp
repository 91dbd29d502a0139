// Two productions of the same place and different years.

#include "building.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/sample/sample.h"
#include "pipeline/verify/verify.h"
#include "temporary_folder.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;
namespace crs = tiles3d::crs;

/// Of samples, in EPSG:4548; their blocks are 100 m wide.
const glm::dvec2 kOrigin(610400.0, 2705000.0);
const BuildSettings kPlain{.geometry = scan::Geometry::Plain, .heightDatum = ""};

using PlanTriangle = std::array<glm::dvec2, 3>;

struct Rectangle {
    glm::dvec2 minimum;
    glm::dvec2 maximum;

    bool contains(const glm::dvec2& point) const {
        return point.x >= minimum.x && point.y >= minimum.y && point.x <= maximum.x &&
               point.y <= maximum.y;
    }
};

bool contains(const PlanTriangle& triangle, const glm::dvec2& point) {
    const auto side = [&](std::size_t i) {
        const glm::dvec2 edge = triangle[(i + 1) % 3] - triangle[i];
        const glm::dvec2 to = point - triangle[i];
        return edge.x * to.y - edge.y * to.x;
    };
    const double a = side(0);
    const double b = side(1);
    const double c = side(2);
    return (a >= 0.0 && b >= 0.0 && c >= 0.0) || (a <= 0.0 && b <= 0.0 && c <= 0.0);
}

/// Reads what blocks draw, in plan coordinates.
class PlanReader {
public:
    PlanReader()
        : transform_(*crs::Transform::create(*crs::understandSrs("EPSG:4548"),
                                             crs::EllipsoidalHeights{})) {}

    /// Of all blocks of a production: every tile, or the finest of each branch.
    std::vector<PlanTriangle> read(const fs::path& production, bool isFinestOnly) const {
        std::vector<PlanTriangle> triangles;
        for (const auto& block : fs::directory_iterator(production)) {
            const auto text = tiles3d::base::readTextFile(block.path() / "tileset.json");
            const auto tileset = tiles3d::tileset::readTileset(*text);
            const tiles3d::tileset::Tile& root = tileset->tileset.root;
            append(root, root.transform, block.path(), isFinestOnly, triangles);
        }
        return triangles;
    }

private:
    void append(const tiles3d::tileset::Tile& tile,
                const glm::dmat4& toEcef,
                const fs::path& folder,
                bool isFinestOnly,
                std::vector<PlanTriangle>& out) const {
        for (const tiles3d::tileset::Content& content : tile.contents) {
            if (tile.isLeaf() || !isFinestOnly) {
                append(folder / tiles3d::base::decodeUri(content.uri), toEcef, out);
            }
        }
        for (const tiles3d::tileset::Tile& child : tile.children) {
            append(child, toEcef, folder, isFinestOnly, out);
        }
    }

    void
    append(const fs::path& file, const glm::dmat4& toEcef, std::vector<PlanTriangle>& out) const {
        const auto model = tiles3d::gltf::readGlb(*tiles3d::base::readFile(file));
        for (const tiles3d::gltf::Primitive& primitive : model->primitives) {
            std::vector<glm::dvec2> plan;
            for (const glm::vec3& position : primitive.mesh.positions) {
                const glm::dvec4 local(model->origin + glm::dvec3(position), 1.0);
                const tiles3d::geo::Ecef ecef{glm::dvec3(toEcef * local)};
                plan.emplace_back(*transform_.fromCartographic(tiles3d::geo::toCartographic(ecef)));
            }
            const auto& corners = primitive.mesh.indices;
            for (std::size_t i = 0; i + 2 < corners.size(); i += 3) {
                out.push_back({plan[corners[i]], plan[corners[i + 1]], plan[corners[i + 2]]});
            }
        }
    }

    crs::Transform transform_;
};

/// Points of a grid over `area` that no triangle covers.
std::size_t holes(const std::vector<PlanTriangle>& triangles, const Rectangle& area) {
    constexpr double kStep = 1.25;
    const glm::dvec2 size = (area.maximum - area.minimum) / kStep;
    const auto width = static_cast<int>(size.x);
    const auto height = static_cast<int>(size.y);
    std::vector<bool> isCovered(static_cast<std::size_t>(width * height));
    for (const PlanTriangle& triangle : triangles) {
        const glm::dvec2 low = glm::min(glm::min(triangle[0], triangle[1]), triangle[2]);
        const glm::dvec2 high = glm::max(glm::max(triangle[0], triangle[1]), triangle[2]);
        const glm::ivec2 first = glm::ivec2(glm::floor((low - area.minimum) / kStep));
        const glm::ivec2 last = glm::ivec2(glm::ceil((high - area.minimum) / kStep));
        for (int y = std::max(first.y, 0); y <= std::min(last.y, height - 1); ++y) {
            for (int x = std::max(first.x, 0); x <= std::min(last.x, width - 1); ++x) {
                if (contains(triangle, area.minimum + kStep * (glm::dvec2(x, y) + 0.5))) {
                    isCovered[static_cast<std::size_t>(y * width + x)] = true;
                }
            }
        }
    }
    return static_cast<std::size_t>(std::ranges::count(isCovered, false));
}

/// How many lie inside of "new" moved by 50 m, its rim apart: the outermost cells, 1.7 m wide, and
/// triangles across their edge stay.
std::ptrdiff_t insideNewer(const std::vector<PlanTriangle>& triangles) {
    constexpr double kRimMetres = 4.0;
    const Rectangle inside{kOrigin + 50.0 + kRimMetres, kOrigin + 250.0 - kRimMetres};
    return std::ranges::count_if(triangles, [&](const PlanTriangle& triangle) {
        return std::ranges::all_of(
            triangle, [&](const glm::dvec2& corner) { return inside.contains(corner); });
    });
}

class Vintages : public testing::Test {
protected:
    static void SetUpTestSuite() {
        samples = std::make_unique<TemporaryFolder>();
        const planning::GdalRuntime gdal;
        write("old", {3, 3}, 1);
        write("new", {2, 2}, 7);
        write("row", {2, 1}, 9);
    }
    static void TearDownTestSuite() { samples.reset(); }

    static void write(const std::string& name, const glm::ivec2& blocks, std::uint64_t seed) {
        sample::SampleOptions options = sample::leanSample();
        options.tilesEast = blocks.x;
        options.tilesNorth = blocks.y;
        options.seed = seed;
        ASSERT_TRUE(sample::writeSample(*samples / name, options));
    }

    /// The old production, and `name` moved by `shift` metres. Sources "old" and `name`.
    static scan::CityProject project(const std::string& name,
                                     const glm::dvec2& shift,
                                     const std::string& vintage = "2024-03") {
        scan::CityProject both;
        both.name = "both";
        both.heightDatum = "ellipsoidal";
        const glm::dvec2 origin = kOrigin + shift;
        both.oblique = {{.path = *samples / "old" / "oblique", .vintage = "2023-11"},
                        {.path = *samples / name / "oblique",
                         .vintage = vintage,
                         .origin = fmt::format("{},{},0", origin.x, origin.y)}};
        return both;
    }

    static std::unique_ptr<TemporaryFolder> samples;
    TemporaryFolder folder;
};

std::unique_ptr<TemporaryFolder> Vintages::samples;

TEST_F(Vintages, theNewerShowsItsPlaceAlone) {
    const Build one = build(project("new", {50.0, 50.0}), folder / "out", kPlain);
    ASSERT_TRUE(one.report) << one.report.error().message;
    const PlanReader reader;
    const fs::path oblique = folder / "out" / "oblique";
    EXPECT_EQ(insideNewer(reader.read(oblique / "oblique", false)), 0);

    std::vector<PlanTriangle> all = reader.read(oblique / "oblique", true);
    const std::vector<PlanTriangle> newer = reader.read(oblique / "oblique_2", true);
    all.insert(all.end(), newer.begin(), newer.end());
    EXPECT_EQ(holes(all, {kOrigin + 1.0, kOrigin + 299.0}), 0U);
    EXPECT_GT(holes(newer, {kOrigin + 1.0, kOrigin + 299.0}), 0U);
}

TEST_F(Vintages, supersededIsSaidAndNoLoss) {
    const Build one = build(project("new", {50.0, 50.0}), folder / "out", kPlain);
    ASSERT_TRUE(one.report) << one.report.error().message;
    EXPECT_FALSE(one.report->hasLosses());
    EXPECT_EQ(one.report->inputFiles, one.report->convertedFiles);
    ASSERT_EQ(one.report->superseded.size(), 1U);
    const SupersededTotals& superseded = one.report->superseded.at("oblique");
    EXPECT_EQ(superseded.blocks, 1U); // the middle one of nine
    EXPECT_EQ(superseded.cutBlocks, 8U);
    EXPECT_GT(superseded.triangles, 0U);
    EXPECT_FALSE(fs::exists(folder / "out" / "oblique" / "oblique" / "Tile_+001_+001"));
    EXPECT_NE(one.messages.back().find("1 of its blocks"), std::string::npos);
    const auto html = tiles3d::base::readTextFile(folder / "out" / "report.html");
    EXPECT_NE(html->find("<h2>Vintages</h2>"), std::string::npos);

    const auto verified = verify::verifyOutput(folder / "out");
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->errors, 0U) << verify::toText(*verified);
}

TEST_F(Vintages, equalVintagesLeaveEachOtherAlone) {
    const Build one = build(project("new", {50.0, 50.0}, "2023-11"), folder / "out", kPlain);
    ASSERT_TRUE(one.report) << one.report.error().message;
    EXPECT_TRUE(one.report->superseded.empty());
    const fs::path older = folder / "out" / "oblique" / "oblique";
    EXPECT_GT(insideNewer(PlanReader().read(older, false)), 0);
}

TEST_F(Vintages, withoutAVintageIsTheOldest) {
    const Build one = build(project("new", {50.0, 50.0}, ""), folder / "out", kPlain);
    ASSERT_TRUE(one.report) << one.report.error().message;
    ASSERT_EQ(one.report->superseded.size(), 1U);
    EXPECT_EQ(one.report->superseded.at("oblique_2").blocks, 4U);
}

TEST_F(Vintages, aMovedNewerBlockRebuildsWhatItCovers) {
    // Over the two southern rows of blocks; the northern one has nothing to do with it.
    ASSERT_TRUE(build(project("row", {50.0, 50.0}), folder / "out", kPlain).report);
    const Build again = build(project("row", {-60.0, 50.0}), folder / "out", kPlain);
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->unitsDoneNow, 2U + 6U);
    ASSERT_TRUE(build(project("row", {-60.0, 50.0}), folder / "fresh", kPlain).report);
    EXPECT_TRUE(contentsOf(folder / "out") == contentsOf(folder / "fresh"));

    const Build idle = build(project("row", {-60.0, 50.0}), folder / "out", kPlain);
    ASSERT_TRUE(idle.report);
    EXPECT_EQ(idle.report->unitsDoneNow, 0U);
    EXPECT_EQ(idle.report->nodesDoneNow, 0U);
}

TEST_F(Vintages, whatIsLostOutsideStaysALoss) {
    fs::copy(*samples / "old", folder / "old", fs::copy_options::recursive);
    const fs::path data = folder / "old" / "oblique" / "Data";
    std::vector<fs::path> finest; // of a block that the newer one cuts
    for (const auto& file : fs::directory_iterator(data / "Tile_+002_+002")) {
        finest.push_back(file.path());
    }
    std::ranges::sort(finest);
    ASSERT_GT(finest.size(), 2U);
    fs::remove(finest.back()); // its parent stays in its place
    scan::CityProject both = project("new", {50.0, 50.0});
    both.oblique[0].path = folder / "old" / "oblique";
    const Build one = build(both, folder / "out", kPlain);
    ASSERT_TRUE(one.report) << one.report.error().message;
    EXPECT_EQ(one.report->losses, (std::map<std::string, std::uint64_t>{{"missing", 1}}));
    std::vector<PlanTriangle> all = PlanReader().read(folder / "out" / "oblique" / "oblique", true);
    EXPECT_EQ(holes(all, {kOrigin + 255.0, kOrigin + 299.0}), 0U);
}

} // namespace
} // namespace pipeline::job
