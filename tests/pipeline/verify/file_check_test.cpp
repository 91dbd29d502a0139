#include "pipeline/verify/verify.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::verify {
namespace {

namespace fs = std::filesystem;
namespace geo = tiles3d::geo;
namespace gltf = tiles3d::gltf;
namespace ts = tiles3d::tileset;
using geo::Angle;

constexpr double kLowest = 10.0;
constexpr double kHighest = 30.0;

/// The cell of an implicit quadtree tile within a tenth of a degree at Xiamen.
ts::Region cellOf(const ts::TileCoordinates& at) {
    const double side = 0.1 / (1U << static_cast<unsigned>(at.level));
    const double west = 118.1 + side * at.x;
    const double south = 24.5 + side * at.y;
    return {Angle::degrees(west),
            Angle::degrees(south),
            Angle::degrees(west + side),
            Angle::degrees(south + side),
            kLowest,
            kHighest};
}

/// A city of nothing but terrain: three levels in implicit tiles, two in a subtree file. What each
/// test breaks once.
class FileCheck : public testing::Test {
protected:
    void SetUp() override {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        out = fs::temp_directory_path() / ("city3d 隐式 " + name);
        fs::remove_all(out);
        for (const char* const level : {"0", "1", "2"}) {
            for (const char* const x : {"0", "1", "2", "3"}) {
                fs::create_directories(out / "terrain" / level / x);
                fs::create_directories(out / "terrain/subtrees" / level / x);
            }
        }
        terrain.root.boundingVolume = cellOf({});
        terrain.root.transform = frame.toEcefMatrix();
        terrain.root.geometricErrorMetres = 64.0;
        terrain.root.contents = {{"{level}/{x}/{y}.glb", {}}};
        terrain.root.implicitTiling = tiling;
        terrain.geometricErrorMetres = 64.0;
        terrain.schema = ts::subtreeSchema();
        tiles = {{{0, 0, 0}, kLowest, kHighest, 64.0},
                 {{1, 0, 1}, kLowest, 25.0, 32.0},
                 {{1, 1, 0}, kLowest, 25.0, 40.0},
                 {{2, 0, 3}, 15.0, 25.0, 16.0},
                 {{2, 1, 2}, kLowest, 20.0, 20.0}};
        for (const ts::ImplicitTile& tile : tiles) {
            writeTile(tile.at, 0.98, (tile.minimumHeightMetres + tile.maximumHeightMetres) / 2.0);
        }
        writeText("tileset.json", cityText());
        writeText("terrain/tileset.json", *ts::toJson(terrain));
        writeSubtrees();
    }
    void TearDown() override { fs::remove_all(out); }

    /// A square in the middle of the cell, `part` of its side wide.
    void writeTile(const ts::TileCoordinates& at, double part, double heightMetres) const {
        const ts::Region cell = cellOf(at);
        gltf::Primitive primitive;
        for (const auto& [x, y] : {std::pair{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}) {
            const auto within = [part](Angle low, Angle high, double sign) {
                const double half = (high.radians() - low.radians()) / 2.0;
                return Angle::radians(low.radians() + half * (1.0 + sign * part));
            };
            const geo::Cartographic corner{
                within(cell.west, cell.east, x), within(cell.south, cell.north, y), heightMetres};
            primitive.mesh.positions.emplace_back(frame.fromEcef(geo::toEcef(corner)).metres);
        }
        primitive.mesh.indices = {0, 1, 2, 0, 2, 3};
        gltf::Model model;
        model.materials.push_back({.name = "ground"});
        model.primitives.push_back(std::move(primitive));
        const auto glb = gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain});
        ASSERT_TRUE(glb) << glb.error().message;
        const std::string file = ts::fillTemplate("terrain/{level}/{x}/{y}.glb", at);
        ASSERT_TRUE(tiles3d::base::writeFile(out / file, *glb));
    }

    void writeSubtrees() const {
        const auto files = ts::subtreesOf(tiling, tiles);
        ASSERT_TRUE(files) << files.error().message;
        for (const ts::SubtreeFile& file : *files) {
            const std::string uri = ts::fillTemplate(tiling.subtreesUri, file.root);
            ASSERT_TRUE(tiles3d::base::writeFile(out / "terrain" / uri, file.bytes));
        }
    }

    void writeText(const std::string& file, const std::string& text) const {
        ASSERT_TRUE(tiles3d::base::writeFile(out / file, std::string_view(text)));
    }

    std::string cityText() const {
        ts::Tileset city;
        city.schema = terrain.schema;
        city.geometricErrorMetres = 20'000.0;
        city.root.geometricErrorMetres = 10'000.0;
        city.root.boundingVolume = terrain.root.boundingVolume;
        ts::Tile part;
        part.boundingVolume = terrain.root.boundingVolume;
        part.geometricErrorMetres = terrain.root.geometricErrorMetres;
        part.contents = {{"terrain/tileset.json", {}}};
        city.root.children = {part};
        return *ts::toJson(city);
    }

    VerifyReport report() const {
        std::uint64_t bytes = 0;
        for (const auto& entry : fs::recursive_directory_iterator(out)) {
            bytes += entry.path().extension() == ".glb" ? fs::file_size(entry.path()) : 0;
        }
        const auto verified =
            verifyOutput(out,
                         {.threads = 2,
                          .expected = ExpectedTotals{
                              .tiles = 5, .contents = 5, .triangles = 10, .contentBytes = bytes}});
        EXPECT_TRUE(verified) << verified.error().message;
        return *verified;
    }

    /// One of the city's errors says `words`, of that file; others may follow from it.
    void expectError(const std::string& file, const std::string& words) const {
        const VerifyReport found = report();
        const bool isThere = std::ranges::any_of(found.findings, [&](const Finding& finding) {
            return finding.severity == Severity::Error && finding.file == file &&
                   finding.message.find(words) != std::string::npos;
        });
        EXPECT_TRUE(isThere) << words << " of " << file << " not in:\n" << toText(found);
    }

    fs::path out;
    geo::EnuFrame frame{{Angle::degrees(118.15), Angle::degrees(24.55), 0.0}};
    ts::ImplicitTiling tiling{.subtreeLevels = 2,
                              .availableLevels = 3,
                              .subtreesUri = "subtrees/{level}/{x}/{y}.subtree"};
    ts::Tileset terrain;
    std::vector<ts::ImplicitTile> tiles;
};

TEST_F(FileCheck, ASoundImplicitTilesetHasNoFindings) {
    const VerifyReport found = report();
    EXPECT_TRUE(found.findings.empty()) << toText(found);
    EXPECT_EQ(found.totals.tilesets, 2U);
    EXPECT_EQ(found.totals.tiles, 5U);
    EXPECT_EQ(found.totals.contents, 5U);
}

TEST_F(FileCheck, AMissingSubtree) {
    fs::remove(out / "terrain/subtrees/2/1/2.subtree");
    expectError("terrain/subtrees/2/1/2.subtree", "");
    expectError("terrain/2/1/2.glb", "no tile points at this file");
}

TEST_F(FileCheck, AMissingContent) {
    fs::remove(out / "terrain/2/0/3.glb");
    expectError("terrain/2/0/3.glb", "");
}

TEST_F(FileCheck, ContentAndSubtreesThatAreNotAvailable) {
    tiles.pop_back();
    writeSubtrees();
    expectError("terrain/2/1/2.glb", "no tile points at this file");
    expectError("terrain/subtrees/2/1/2.subtree", "no tile points at this file");
}

TEST_F(FileCheck, AVertexOutsideOfItsCell) {
    writeTile({2, 1, 2}, 1.01, 15.0);
    expectError("terrain/2/1/2.glb", "outside of the volume of its tile");
}

TEST_F(FileCheck, AVertexAboveItsTilesHeight) {
    writeTile({2, 1, 2}, 0.9, 21.0); // no higher than the tile above it
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 1U) << toText(found);
    expectError("terrain/2/1/2.glb", "outside of the volume of its tile");
}

TEST_F(FileCheck, HeightsBeyondThoseOfTheTileAbove) {
    tiles.back().maximumHeightMetres = 26.0;
    writeSubtrees();
    expectError("terrain/subtrees/2/1/2.subtree", "out of its parent's");
}

TEST_F(FileCheck, ErrorsThatDoNotFall) {
    terrain.root.geometricErrorMetres = 0.0;
    writeText("terrain/tileset.json", *ts::toJson(terrain));
    writeText("tileset.json", cityText());
    expectError("terrain/subtrees/0/0/0.subtree", "does not fall");
}

TEST_F(FileCheck, ADamagedSubtree) {
    const fs::path file = out / "terrain/subtrees/2/0/3.subtree";
    fs::resize_file(file, fs::file_size(file) - 1);
    expectError("terrain/subtrees/2/0/3.subtree", "a subtree of");
    writeText("terrain/subtrees/2/0/3.subtree", "{}");
    expectError("terrain/subtrees/2/0/3.subtree", "neither a constant nor a bitstream");
}

TEST_F(FileCheck, BreachesInASubtree) {
    writeText("terrain/subtrees/2/0/3.subtree",
              R"({"tileAvailability":{"constant":0},"contentAvailability":[],
                  "childSubtreeAvailability":{"constant":1}})");
    expectError("terrain/subtrees/2/0/3.subtree", "its parent tile is not");
    expectError("terrain/subtrees/2/0/3.subtree", "0 contents a tile, the tileset has 1");
    expectError("terrain/subtrees/2/0/3.subtree", "its root tile is not available");
}

TEST_F(FileCheck, BuffersBesideTheSubtree) {
    const auto json = [](const std::string& uri) {
        return R"({"buffers":[{"uri":")" + uri + R"(","byteLength":1}],
            "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":1}],
            "tileAvailability":{"bitstream":0},"contentAvailability":[{"bitstream":0}],
            "childSubtreeAvailability":{"constant":0}})";
    };
    const std::string file = "terrain/subtrees/2/0/3.subtree";
    writeText("terrain/subtrees/2/0/3.bin", "\x01");
    writeText(file, json("3.bin"));
    // Without its heights the tile is as high as the root, and higher than the tile above it.
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 1U) << toText(found);
    expectError(file, "out of its parent's");
    writeText(file, json("../../../../../outside.bin"));
    expectError(file, "leads out of the city's folder");
    writeText(file, json("4.bin"));
    expectError(file, "buffer 4.bin");
    expectError("terrain/subtrees/2/0/3.bin", "no tile points at this file");
}

TEST_F(FileCheck, AClassThatTheCityDoesNotState) {
    terrain.schema = {};
    writeText("tileset.json", cityText());
    const VerifyReport found = report();
    EXPECT_EQ(found.errors, 1U) << toText(found);
    expectError("terrain/tileset.json", "has no class \"tile\"");
}

TEST_F(FileCheck, SchemaBreaches) {
    struct Case {
        const char* what = nullptr;
        const char* with = nullptr;
        const char* words = nullptr;
    };
    const std::string sound = *ts::toJson(terrain);
    for (const Case& breach :
         {Case{"\"QUADTREE\"", "\"quadtree\"", "neither QUADTREE nor OCTREE"},
          Case{"\"subtreeLevels\":2", "\"subtreeLevels\":2.5", "subtreeLevels that is an integer"},
          Case{"\"availableLevels\":3", "\"levels\":3", "no availableLevels"},
          Case{"\"subtrees\":", "\"subtree\":", "no subtrees with a uri"},
          Case{"\"subtreeLevels\":2", "\"subtreeLevels\":99", "99 levels a subtree"},
          Case{"\"refine\"", "\"metadata\":{\"class\":\"tile\"},\"refine\"", "metadata beside"},
          Case{"\"refine\"", "\"metadata\":{\"class\":\"x\"},\"refine\"", "class \"x\""},
          Case{"\"id\":\"city3d\"", "\"name\":\"x\"", "with an id and classes"},
          Case{
              "\"schema\":", "\"schemaUri\":\"s.json\",\"schema\":", "a schema and a schemaUri"}}) {
        std::string text = sound;
        const std::size_t at = text.find(breach.what);
        ASSERT_NE(at, std::string::npos) << breach.what << " in " << text;
        writeText("terrain/tileset.json",
                  text.replace(at, std::string(breach.what).size(), breach.with));
        expectError("terrain/tileset.json", breach.words);
    }
}

} // namespace
} // namespace pipeline::verify
