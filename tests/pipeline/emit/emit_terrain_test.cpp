#include "pipeline/emit/emit_terrain.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::emit {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
using terrain::Cell;
using tiles3d::geo::Angle;

const tiles3d::geo::EnuFrame kFrame(tiles3d::geo::Cartographic{
    .longitude = Angle::degrees(118.0887), .latitude = Angle::degrees(24.4449)});

terrain::TileRecord record(const Cell& cell, double low = 0.0, double high = 10.0) {
    return {.cell = cell, .minimumHeightMetres = low, .maximumHeightMetres = high};
}

/// A root, its four children, and below one of them a line to depth 6.
TerrainTiles someTiles() {
    TerrainTiles terrain{.grid = {.alignedLevel = 14, .alignedX = 27132, .alignedY = 10416},
                         .frame = kFrame};
    terrain.tiles.push_back(record({}, 2.0, 8.0));
    for (const std::uint32_t i : {0U, 1U, 2U, 3U}) {
        terrain.tiles.push_back(record({1, i % 2, i / 2}));
    }
    Cell cell{1, 1, 0};
    for (int depth = 2; depth <= 6; ++depth) {
        cell = cell.child(1, depth % 2 == 0 ? 1 : 0);
        terrain.tiles.push_back(record(cell, 1.0, 100.0 * depth));
    }
    return terrain;
}

TEST(GeometricErrors, halveByLevelWhereNothingWasMeasured) {
    const TerrainTiles terrain = someTiles();
    const auto errors = geometricErrors(terrain);
    ASSERT_EQ(errors.size(), terrain.tiles.size());
    for (const auto& [cell, error] : errors) {
        EXPECT_EQ(error, terrain.grid.geometricErrorMetres(cell.depth)) << cell.name();
    }
}

TEST(GeometricErrors, areSixteenTimesWhatWasMeasuredAndFallAbove) {
    TerrainTiles terrain = someTiles();
    const double root = terrain.grid.geometricErrorMetres(0);
    terrain.tiles.back().errorMetres = root / 8.0; // 2 x the root's at depth 6
    const auto errors = geometricErrors(terrain);
    const Cell deep = terrain.tiles.back().cell;
    EXPECT_EQ(errors.at(deep), 2.0 * root);
    for (Cell cell = deep; cell.depth > 0; cell = cell.parent()) {
        EXPECT_GT(errors.at(cell.parent()), errors.at(cell)) << cell.name();
    }
    EXPECT_NEAR(errors.at({}), 2.0 * root, 0.02 * root);
    EXPECT_EQ(errors.at({1, 0, 0}), terrain.grid.geometricErrorMetres(1)) << "on another branch";
}

/// A tile as a client meets it, whatever the tiling.
struct Shown {
    ts::Region region;
    double geometricErrorMetres = 0.0;
};

/// Reads all tiles with content from OUT/terrain.
class Reader {
public:
    explicit Reader(fs::path folder) : folder_(std::move(folder)) { readTileset("tileset.json"); }

    std::map<std::string, Shown> tiles;
    std::size_t files = 0;
    ts::Tileset root;

private:
    void readTileset(const fs::path& file) {
        const auto text = tiles3d::base::readTextFile(folder_ / file);
        ASSERT_TRUE(text) << text.error().message;
        const auto read = ts::readTileset(*text);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_TRUE(read->warnings.empty());
        root = files++ == 0 ? read->tileset : root;
        visit(read->tileset.root, file.parent_path());
    }

    void visit(const ts::Tile& tile, const fs::path& base) {
        if (tile.implicitTiling) {
            const std::string uri = ts::subtreeUri(*tile.implicitTiling);
            const auto bytes = tiles3d::base::readFile(folder_ / uri);
            ASSERT_TRUE(bytes) << bytes.error().message;
            const auto subtree = ts::readSubtree(*bytes, *tile.implicitTiling);
            ASSERT_TRUE(subtree) << subtree.error().message;
            EXPECT_TRUE(subtree->problems.empty());
            ++files;
            visit(ts::expandSubtree(tile, *subtree), base);
            return;
        }
        for (const ts::Content& content : tile.contents) {
            const fs::path file = (base / tiles3d::base::decodeUri(content.uri)).lexically_normal();
            if (file.extension() == ".json") {
                readTileset(file);
            } else {
                tiles[fs::path(file).replace_extension().string()] = {
                    std::get<ts::Region>(tile.boundingVolume), tile.geometricErrorMetres};
            }
        }
        for (const ts::Tile& child : tile.children) {
            visit(child, base);
        }
    }

    fs::path folder_;
};

class EmitTerrain : public testing::TestWithParam<scan::TerrainTiling> {
protected:
    EmittedTerrain emitted(const TerrainTiles& terrain) const {
        scan::OutputOptions options;
        options.terrainTiling = GetParam();
        auto result = emitTerrain(terrain, options, folder.path());
        EXPECT_TRUE(result) << result.error().message;
        return result ? *std::move(result) : EmittedTerrain{};
    }

    job::TemporaryFolder folder;
};

TEST_P(EmitTerrain, allTilesAreListedWithTheHeightsOfWhatLiesBelow) {
    const TerrainTiles terrain = someTiles();
    const EmittedTerrain emission = emitted(terrain);
    const Reader reader(folder / "terrain");
    ASSERT_EQ(reader.tiles.size(), terrain.tiles.size());
    const auto errors = geometricErrors(terrain);
    for (const terrain::TileRecord& tile : terrain.tiles) {
        ASSERT_TRUE(reader.tiles.contains(tile.cell.name())) << tile.cell.name();
        const Shown& shown = reader.tiles.at(tile.cell.name());
        EXPECT_NEAR(shown.geometricErrorMetres, errors.at(tile.cell), 1e-9) << tile.cell.name();
        EXPECT_NEAR(shown.region.west.degrees(), terrain.grid.westDegrees(tile.cell), 1e-12);
        EXPECT_NEAR(shown.region.south.degrees(), terrain.grid.southDegrees(tile.cell), 1e-12);
    }
    EXPECT_EQ(reader.tiles.at("0/0/0").region.minimumHeightMetres, 0.0);
    EXPECT_EQ(reader.tiles.at("0/0/0").region.maximumHeightMetres, 600.0);
    EXPECT_EQ(reader.tiles.at("1/1/0").region.maximumHeightMetres, 600.0);
    EXPECT_EQ(reader.tiles.at("1/0/0").region.maximumHeightMetres, 10.0);
    EXPECT_EQ(emission.tileset.file, "terrain/tileset.json");
    EXPECT_EQ(emission.tileset.geometricErrorMetres, errors.at({}));
    EXPECT_TRUE(reader.root.root.transform == kFrame.toEcefMatrix());
}

TEST_P(EmitTerrain, landTooNarrowForThePostsAboveKeepsItsPlace) {
    TerrainTiles terrain = someTiles();
    terrain.tiles.push_back(record({3, 0, 7}, 40.0, 700.0)); // neither parent nor grandparent
    emitted(terrain);
    const Reader reader(folder / "terrain");
    ASSERT_EQ(reader.tiles.size(), terrain.tiles.size());
    EXPECT_TRUE(reader.tiles.contains("3/0/7"));
    EXPECT_EQ(reader.tiles.at("1/0/1").region.maximumHeightMetres, 700.0);
    EXPECT_EQ(geometricErrors(terrain).size(), terrain.tiles.size() + 1);
}

TEST_P(EmitTerrain, filesAreSplitAndTold) {
    const EmittedTerrain emission = emitted(someTiles());
    const Reader reader(folder / "terrain");
    const bool isImplicit = GetParam() == scan::TerrainTiling::Implicit;
    EXPECT_EQ(reader.files, isImplicit ? 3U : 2U) << "a part for levels 0 to 4, one for 5 and 6";
    std::size_t onDisk = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "terrain")) {
        if (entry.is_regular_file()) {
            EXPECT_TRUE(emission.files.contains(entry.path().lexically_relative(folder.path())))
                << entry.path();
            ++onDisk;
        }
    }
    EXPECT_EQ(onDisk, reader.files);
    EXPECT_EQ(emission.files.size(), onDisk + someTiles().tiles.size()) << "contents too";
    EXPECT_EQ(emission.tileset.schema.isObject(), isImplicit);
}

TEST_P(EmitTerrain, theOrderOfTilesDoesNotMatter) {
    TerrainTiles terrain = someTiles();
    emitted(terrain);
    const auto first = tiles3d::base::readFile(folder / "terrain/tileset.json");
    std::ranges::reverse(terrain.tiles);
    emitted(terrain);
    EXPECT_EQ(*tiles3d::base::readFile(folder / "terrain/tileset.json"), *first);
}

TEST_P(EmitTerrain, aRootAloneIsATileset) {
    TerrainTiles terrain = someTiles();
    terrain.tiles.resize(1);
    emitted(terrain);
    const Reader reader(folder / "terrain");
    ASSERT_EQ(reader.tiles.size(), 1U);
    EXPECT_EQ(reader.tiles.at("0/0/0").region.maximumHeightMetres, 8.0);
}

TEST_P(EmitTerrain, aFailedOutputIsSaid) {
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "terrain", std::string_view("in the way")));
    scan::OutputOptions options;
    options.terrainTiling = GetParam();
    const auto result = emitTerrain(someTiles(), options, folder.path());
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("terrain"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Tiling,
                         EmitTerrain,
                         testing::Values(scan::TerrainTiling::Implicit,
                                         scan::TerrainTiling::Explicit),
                         [](const auto& tested) { return scan::toWord(tested.param); });

} // namespace
} // namespace pipeline::emit
