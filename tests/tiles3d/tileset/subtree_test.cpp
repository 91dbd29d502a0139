#include "tiles3d/tileset/subtree.h"

#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <numbers>
#include <random>

namespace tiles3d::tileset {
namespace {

using base::Json;
using geo::Angle;

ImplicitTiling tilingOf(int subtreeLevels, int availableLevels) {
    return {.subtreeLevels = subtreeLevels,
            .availableLevels = availableLevels,
            .subtreesUri = "subtrees/{level}/{x}/{y}.subtree",
            .schema = std::make_shared<const Json>(subtreeSchema())};
}

/// An implicit root over a quarter of a degree.
Tile rootOf(const ImplicitTiling& tiling) {
    Tile tile;
    tile.boundingVolume = Region{Angle::radians(2.0),
                                 Angle::radians(0.5),
                                 Angle::radians(2.004),
                                 Angle::radians(0.508),
                                 0,
                                 100};
    tile.geometricErrorMetres = 64.0;
    tile.contents = {{"tiles/{level}/{x}/{y}.glb", {}}};
    tile.implicitTiling = tiling;
    return tile;
}

/// A random tree in which every tile has its parent, with numbers that tell the tiles apart.
std::vector<ImplicitTile> randomTiles(int levels, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<ImplicitTile> tiles{{{}, 0.0, 100.0, 64.0}};
    for (std::size_t i = 0; i < tiles.size(); ++i) { // grows on the way
        for (std::uint32_t child = 0; child < 4; ++child) {
            if (tiles[i].at.level + 1 < levels && random() % 3 != 0) {
                const auto number = static_cast<double>(tiles.size());
                tiles.push_back({childOf(tiles[i].at, child),
                                 number / 1e3,
                                 50.0 + number / 7.0,
                                 tiles[i].geometricErrorMetres * (0.3 + number / 1e4)});
            }
        }
    }
    return tiles;
}

Json jsonOf(const SubtreeFile& file) {
    const std::string text(base::asText(file.bytes));
    std::uint64_t length = 0;
    std::memcpy(&length, text.data() + 8, sizeof(length));
    return *base::parseJson(text.substr(24, length));
}

std::string errorOf(base::ByteView bytes, const ImplicitTiling& tiling) {
    const auto read = readSubtree(bytes, tiling);
    return read ? "no error" : read.error().message;
}

std::string errorOf(std::string_view text, const ImplicitTiling& tiling) {
    return errorOf(base::asBytes(text), tiling);
}

TEST(Subtree, writesTheSpecificationsLayout) {
    // Two levels: root, south-east and north-west, and below the south-east one a child subtree.
    const auto files = subtreesOf(tilingOf(2, 3),
                                  {{{0, 0, 0}, 1.0, 9.0},
                                   {{1, 1, 0}, 2.0, 8.0},
                                   {{1, 0, 1}, 3.0, 7.0},
                                   {{2, 3, 0}, 4.0, 6.0}});
    ASSERT_TRUE(files) << files.error().message;
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ((*files)[0].root, TileCoordinates{});
    EXPECT_EQ((*files)[1].root, (TileCoordinates{2, 3, 0}));

    const base::Bytes& bytes = (*files)[0].bytes;
    ASSERT_GE(bytes.size(), 24U);
    EXPECT_EQ(base::asText(bytes).substr(0, 4), "subt");
    EXPECT_EQ(std::to_integer<int>(bytes[4]), 1);
    const Json json = jsonOf((*files)[0]);
    const std::uint64_t bufferAt =
        bytes.size() -
        static_cast<std::uint64_t>(json["buffers"].items()[0]["byteLength"].integerOr(0));
    EXPECT_EQ(bytes.size() % 8, 0U);
    EXPECT_EQ(bufferAt % 8, 0U);
    // Bits 0 (root), 1 + 1 (south-east), 1 + 2 (north-west), the lowest first.
    EXPECT_EQ(bytes[bufferAt], std::byte{0b01101});
    // The child subtree {2, 3, 0} has x = 11, y = 00: Morton 0101.
    EXPECT_EQ(bytes[bufferAt + 8], std::byte{0b00100000});
    EXPECT_EQ(json["tileAvailability"]["availableCount"].integerOr(0), 3);
    EXPECT_EQ(json["contentAvailability"].items()[0]["bitstream"].integerOr(-1), 0);
    EXPECT_EQ(json["propertyTables"].items()[0]["count"].integerOr(0), 3);
}

TEST(Subtree, whatAllHaveIsAConstant) {
    std::vector<ImplicitTile> tiles{{{}, 0, 1}};
    for (std::uint32_t child = 0; child < 4; ++child) {
        tiles.push_back({childOf({}, child), 0, 1});
    }
    const auto files = subtreesOf(tilingOf(2, 2), tiles);
    ASSERT_TRUE(files);
    const Json json = jsonOf(files->front());
    EXPECT_EQ(json["tileAvailability"].dump(), R"({"constant":1})");
    EXPECT_EQ(json["contentAvailability"].dump(), R"([{"constant":1}])");
    EXPECT_EQ(json["childSubtreeAvailability"].dump(), R"({"constant":0})");
}

TEST(Subtree, aTileMayHaveNoContent) {
    const ImplicitTiling tiling = tilingOf(2, 2);
    std::vector<ImplicitTile> tiles{{.geometricErrorMetres = 2.0, .hasContent = false}};
    tiles.push_back({.at = childOf({}, 1), .geometricErrorMetres = 1.0});
    const auto files = subtreesOf(tiling, tiles);
    ASSERT_TRUE(files);
    Tile root = rootOf(tiling);
    root.implicitTiling->schema = std::make_shared<const Json>(subtreeSchema());
    const auto subtree = readSubtree(files->front().bytes, *root.implicitTiling);
    ASSERT_TRUE(subtree) << subtree.error().message;
    EXPECT_TRUE(subtree->problems.empty());
    const Tile tree = expandSubtree(root, *subtree);
    EXPECT_TRUE(tree.contents.empty());
    ASSERT_EQ(tree.children.size(), 1U);
    EXPECT_EQ(tree.children.front().contents.size(), 1U);
}

/// Expands all subtrees below `tile` and lists the tiles by content URI.
void expandAll(const Tile& tile,
               const std::map<std::string, base::Bytes>& files,
               std::map<std::string, Tile>& found) {
    if (tile.implicitTiling) {
        const std::string uri = subtreeUri(*tile.implicitTiling);
        ASSERT_TRUE(files.contains(uri)) << uri;
        const auto subtree = readSubtree(files.at(uri), *tile.implicitTiling);
        ASSERT_TRUE(subtree) << subtree.error().message;
        EXPECT_TRUE(subtree->problems.empty()) << subtree->problems.front();
        expandAll(expandSubtree(tile, *subtree), files, found);
        return;
    }
    ASSERT_EQ(tile.contents.size(), 1U);
    EXPECT_TRUE(found.emplace(tile.contents.front().uri, tile).second);
    for (const Tile& child : tile.children) {
        expandAll(child, files, found);
    }
}

TEST(Subtree, readsBackEveryTile) {
    constexpr unsigned kSeed = 7;
    for (const int subtreeLevels : {1, 2, 3, 8}) {
        const ImplicitTiling tiling = tilingOf(subtreeLevels, 6);
        std::vector<ImplicitTile> tiles = randomTiles(6, kSeed);
        const auto files = subtreesOf(tiling, tiles);
        ASSERT_TRUE(files) << files.error().message;
        std::map<std::string, base::Bytes> byUri;
        for (const SubtreeFile& file : *files) {
            byUri[fillTemplate(tiling.subtreesUri, file.root)] = file.bytes;
        }
        std::map<std::string, Tile> found;
        expandAll(rootOf(tiling), byUri, found);
        ASSERT_EQ(found.size(), tiles.size()) << "seed " << kSeed;
        for (const ImplicitTile& tile : tiles) {
            const Tile& read = found.at(fillTemplate("tiles/{level}/{x}/{y}.glb", tile.at));
            const double side = 1.0 / (1 << tile.at.level);
            EXPECT_EQ(read.geometricErrorMetres, tile.geometricErrorMetres);
            const Region& region = std::get<Region>(read.boundingVolume);
            EXPECT_NEAR(region.west.radians(), 2.0 + 0.004 * side * tile.at.x, 1e-14);
            EXPECT_NEAR(region.east.radians(), 2.0 + 0.004 * side * (tile.at.x + 1), 1e-14);
            EXPECT_NEAR(region.south.radians(), 0.5 + 0.008 * side * tile.at.y, 1e-14);
            EXPECT_EQ(region.minimumHeightMetres, tile.minimumHeightMetres);
            EXPECT_EQ(region.maximumHeightMetres, tile.maximumHeightMetres);
        }
        std::ranges::reverse(tiles);
        const auto again = subtreesOf(tiling, tiles);
        ASSERT_EQ(again->size(), files->size());
        for (std::size_t i = 0; i < files->size(); ++i) {
            EXPECT_EQ((*again)[i].bytes, (*files)[i].bytes) << "the order of the tiles shows";
        }
    }
}

TEST(Subtree, writerRefusesWhatNoClientCanRead) {
    const auto errorWith = [](std::vector<ImplicitTile> tiles) {
        const auto files = subtreesOf(tilingOf(2, 3), std::move(tiles));
        return files ? "no error" : files.error().message;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(errorWith({}), "an implicit tree without tiles has no subtrees");
    EXPECT_EQ(errorWith({{{0, 0, 0}}, {{2, 1, 1}}}),
              "implicit tile 2/1/1/0: its parent is not there");
    EXPECT_EQ(errorWith({{{0, 0, 0}}, {{0, 0, 0}}}), "implicit tile 0/0/0/0: comes twice");
    EXPECT_EQ(errorWith({{{0, 0, 0}}, {{1, 2, 0}}}),
              "implicit tile 1/2/0/0: its coordinates are not below 2");
    EXPECT_NE(errorWith({{{0, 0, 0}}, {{3, 0, 0}}}).find("level is not 0 to 2"), std::string::npos);
    EXPECT_NE(errorWith({{{0, 0, 0, 1}}}).find("coordinates"), std::string::npos);
    EXPECT_NE(errorWith({{{}, 2.0, 1.0}}).find("its heights are 2 to 1 m"), std::string::npos);
    EXPECT_NE(errorWith({{{}, nan, 1.0}}).find("its heights"), std::string::npos);
    EXPECT_FALSE(subtreesOf({}, {{{}}}));
}

/// The volume of the tile with that URI after expanding a JSON subtree.
const Tile& tileWith(const std::string& uri, const Tile& tile) {
    if (!tile.contents.empty() && tile.contents.front().uri == uri) {
        return tile;
    }
    for (const Tile& child : tile.children) {
        const Tile& found = tileWith(uri, child);
        if (!found.contents.empty() && found.contents.front().uri == uri) {
            return found;
        }
    }
    return tile;
}

constexpr const char* kFull = R"({"tileAvailability":{"constant":1},
    "contentAvailability":[{"constant":1}],"childSubtreeAvailability":{"constant":1}})";

TEST(Subtree, dividesBoxesAlongTheirAxes) {
    ImplicitTiling tiling{.subdivision = Subdivision::Octree,
                          .subtreeLevels = 2,
                          .availableLevels = 4,
                          .subtreesUri = "{level}/{x}/{y}/{z}.json"};
    Tile root = rootOf(tiling);
    root.contents = {{"{level}-{x}-{y}-{z}.glb", {}}};
    // Turned by 90 degrees: the box's first axis points along y.
    root.boundingVolume =
        Box{glm::dvec3(10, 20, 30), glm::dmat3(0, 8, 0, /**/ -16, 0, 0, /**/ 0, 0, 4)};
    const auto subtree = readSubtree(base::asBytes(kFull), tiling);
    ASSERT_TRUE(subtree) << subtree.error().message;
    const Tile tree = expandSubtree(root, *subtree);
    EXPECT_EQ(tree.children.size(), 8U);
    const Box box = std::get<Box>(tileWith("1-1-0-1.glb", tree).boundingVolume);
    EXPECT_EQ(box.centre, glm::dvec3(10 + 8, 20 + 4, 30 + 2));
    EXPECT_EQ(box.halfAxes, glm::dmat3(0, 4, 0, /**/ -8, 0, 0, /**/ 0, 0, 2));
    const Tile& below = tree.children[5].children[3];
    ASSERT_TRUE(below.implicitTiling);
    EXPECT_EQ(below.implicitTiling->subtreeRoot, (TileCoordinates{2, 3, 1, 2}));
    EXPECT_EQ(subtreeUri(*below.implicitTiling), "2/3/1/2.json");
    EXPECT_EQ(below.geometricErrorMetres, 16.0);

    tiling.subdivision = Subdivision::Quadtree;
    root.implicitTiling = tiling;
    const Tile flat = expandSubtree(root, *readSubtree(base::asBytes(kFull), tiling));
    EXPECT_EQ(flat.children.size(), 4U);
    EXPECT_EQ(std::get<Box>(flat.children[3].boundingVolume).halfAxes[2], glm::dvec3(0, 0, 4));
}

TEST(Subtree, dividesRegionsAcrossTheAntimeridian) {
    constexpr double kPi = std::numbers::pi;
    const ImplicitTiling tiling = tilingOf(2, 2);
    Tile root = rootOf(tiling);
    for (const double shift : {0.1, -0.1}) {
        root.boundingVolume = Region{Angle::radians(kPi - 0.2 - shift),
                                     Angle::radians(0),
                                     Angle::radians(-kPi + 0.2 - shift),
                                     Angle::radians(0.2),
                                     0,
                                     1};
        const Tile tree = expandSubtree(root, *readSubtree(base::asBytes(kFull), tiling));
        const double middle = shift > 0 ? kPi - shift : -kPi - shift;
        EXPECT_NEAR(
            std::get<Region>(tree.children[0].boundingVolume).east.radians(), middle, 1e-12);
        EXPECT_NEAR(
            std::get<Region>(tree.children[3].boundingVolume).west.radians(), middle, 1e-12);
        EXPECT_EQ(std::get<Region>(tree.children[3].boundingVolume).south.radians(), 0.1);
    }
}

TEST(Subtree, levelsBelowTheAvailableOnesAreLeftOut) {
    const ImplicitTiling tiling = tilingOf(3, 2);
    const Tile tree = expandSubtree(rootOf(tiling), *readSubtree(base::asBytes(kFull), tiling));
    ASSERT_EQ(tree.children.size(), 4U);
    EXPECT_TRUE(tree.children[0].children.empty());
}

TEST(Subtree, severalContentsHaveTheirOwnAvailability) {
    const ImplicitTiling tiling = tilingOf(2, 2);
    Tile root = rootOf(tiling);
    root.contents.push_back({"trees/{level}/{x}/{y}.glb", {}});
    const std::string json = R"({"buffers":[{"byteLength":1,"uri":"bits.bin"}],
        "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":1}],
        "tileAvailability":{"constant":1},"childSubtreeAvailability":{"constant":0},
        "contentAvailability":[{"constant":1},{"bitstream":0,"availableCount":2}]})";
    const auto subtree = readSubtree(
        base::asBytes(json), tiling, [](const std::string& uri) -> base::Result<base::Bytes> {
            EXPECT_EQ(uri, "bits.bin");
            return base::Bytes{std::byte{0b10001}};
        });
    ASSERT_TRUE(subtree) << subtree.error().message;
    EXPECT_TRUE(subtree->problems.empty());
    const Tile tree = expandSubtree(root, *subtree);
    EXPECT_EQ(tree.contents.size(), 2U);
    EXPECT_EQ(tree.children[0].contents.size(), 1U);
    ASSERT_EQ(tree.children[3].contents.size(), 2U);
    EXPECT_EQ(tree.children[3].contents[1].uri, "trees/1/1/1.glb");
    EXPECT_EQ(errorOf(json, tiling),
              "subtree: contentAvailability: buffer bits.bin: buffers outside are not read");
}

/// One property of so many FLOAT32 a tile for the five tiles of a subtree of two levels.
Tile withMetadata(const std::string& semantic,
                  const std::vector<float>& values,
                  std::size_t rowNumbers) {
    ImplicitTiling tiling = tilingOf(2, 2);
    Json property = Json::object()
                        .set("type", "SCALAR")
                        .set("componentType", "FLOAT32")
                        .set("semantic", semantic);
    if (rowNumbers > 1) {
        property.set("array", true).set("count", std::uint64_t{rowNumbers});
    }
    tiling.schema = std::make_shared<const Json>(Json::object().set(
        "classes",
        Json::object().set("c",
                           Json::object().set("properties", Json::object().set("p", property)))));
    base::Bytes bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    const std::string length = std::to_string(bytes.size());
    const std::string json = R"({"buffers":[{"uri":"b","byteLength":)" + length +
                             R"(}],"bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":)" +
                             length + R"(}],"tileAvailability":{"constant":1},
        "contentAvailability":[{"constant":1}],"childSubtreeAvailability":{"constant":0},
        "propertyTables":[{"class":"c","count":5,"properties":{"p":{"values":0}}}],
        "tileMetadata":0})";
    const auto subtree =
        readSubtree(base::asBytes(json),
                    tiling,
                    [&](const std::string&) -> base::Result<base::Bytes> { return bytes; });
    EXPECT_TRUE(subtree) << subtree.error().message;
    EXPECT_TRUE(subtree->problems.empty()) << subtree->problems.front();
    return expandSubtree(rootOf(tiling), *subtree);
}

TEST(Subtree, metadataTakeTheVolumesPlace) {
    std::vector<float> numbers(5UL * 12);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = static_cast<float>(i);
    }
    const Tile boxes = withMetadata("TILE_BOUNDING_BOX", numbers, 12);
    const Box box = std::get<Box>(boxes.children[1].boundingVolume);
    EXPECT_EQ(box.centre, glm::dvec3(24, 25, 26));
    EXPECT_EQ(box.halfAxes[2], glm::dvec3(33, 34, 35));
    numbers.resize(5UL * 6);
    const Tile regions = withMetadata("TILE_BOUNDING_REGION", numbers, 6);
    EXPECT_EQ(std::get<Region>(regions.children[3].boundingVolume).west.radians(), 24.0);
    EXPECT_EQ(std::get<Region>(regions.children[3].boundingVolume).maximumHeightMetres, 29.0);
    numbers.resize(5UL * 4);
    numbers[6] = std::numeric_limits<float>::quiet_NaN();
    const Tile spheres = withMetadata("TILE_BOUNDING_SPHERE", numbers, 4);
    EXPECT_EQ(std::get<Sphere>(spheres.boundingVolume).radiusMetres, 3.0);
    EXPECT_TRUE(std::holds_alternative<Region>(spheres.children[0].boundingVolume)) << "a NaN";
    numbers.resize(5);
    const Tile errors = withMetadata("TILE_GEOMETRIC_ERROR", numbers, 1);
    EXPECT_EQ(errors.children[3].geometricErrorMetres, 4.0);
    const Tile heights = withMetadata("TILE_MAXIMUM_HEIGHT", numbers, 1);
    EXPECT_EQ(std::get<Region>(heights.children[3].boundingVolume).maximumHeightMetres, 4.0);
    EXPECT_EQ(std::get<Region>(heights.children[3].boundingVolume).minimumHeightMetres, 0.0);
}

TEST(Subtree, breachesAreReadOver) {
    const ImplicitTiling tiling = tilingOf(2, 3);
    const std::string json = R"({"buffers":[{"byteLength":1,"uri":"x"}],
        "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":1}],
        "tileAvailability":{"bitstream":0,"availableCount":4},
        "contentAvailability":[{"constant":1}],"childSubtreeAvailability":{"constant":1},
        "tileMetadata":3})";
    const auto subtree = readSubtree(
        base::asBytes(json), tiling, [](const std::string&) -> base::Result<base::Bytes> {
            return base::Bytes{std::byte{0b00010}}; // a child, but no root
        });
    ASSERT_TRUE(subtree) << subtree.error().message;
    // The count; an orphan; 4 contents; 12 child subtrees; no property table.
    EXPECT_EQ(subtree->problems.size(), 1U + 1U + 4U + 12U + 1U);
    const Tile tree = expandSubtree(rootOf(tiling), *subtree);
    EXPECT_TRUE(tree.contents.empty());
    EXPECT_TRUE(tree.children.empty());
}

/// A binary subtree of that JSON without a buffer, with lengths of the caller's choice.
base::Bytes binaryOf(std::string_view json, std::uint64_t jsonBytes, std::uint64_t bufferBytes) {
    base::Bytes bytes(24 + json.size());
    std::memcpy(bytes.data(), "subt\1\0\0\0", 8);
    std::memcpy(bytes.data() + 8, &jsonBytes, 8);
    std::memcpy(bytes.data() + 16, &bufferBytes, 8);
    std::memcpy(bytes.data() + 24, json.data(), json.size());
    return bytes;
}

TEST(Subtree, refusesWhatDoesNotAddUp) {
    const ImplicitTiling tiling = tilingOf(2, 3);
    const std::string_view full(kFull);
    constexpr std::uint64_t kHuge = ~std::uint64_t{0};
    EXPECT_EQ(errorOf(binaryOf(full, full.size(), 0), tiling), "no error");
    for (const auto& [json, buffer] : {std::pair{kHuge, std::uint64_t{0}},
                                       {std::uint64_t{full.size()}, kHuge},
                                       {kHuge, kHuge},
                                       {std::uint64_t{full.size()}, std::uint64_t{1}},
                                       {kHuge - 23, std::uint64_t{24}}}) {
        EXPECT_NE(errorOf(binaryOf(full, json, buffer), tiling).find("that names"),
                  std::string::npos);
    }
    base::Bytes other = binaryOf(full, full.size(), 0);
    other[4] = std::byte{2};
    EXPECT_EQ(errorOf(other, tiling), "a subtree of version 2, not 1");
    other[0] = std::byte{'S'};
    EXPECT_NE(errorOf(other, tiling).find("not valid JSON"), std::string::npos);
    EXPECT_EQ(errorOf("subt", tiling), "a subtree of 4 bytes; its header has 24");
    EXPECT_NE(errorOf("", tiling).find("not valid JSON"), std::string::npos);
    EXPECT_NE(errorOf("[]", tiling).find("neither a constant nor a bitstream"), std::string::npos);

    const auto withView = [&](const std::string& view) {
        return errorOf(R"({"buffers":[{"byteLength":0},{"byteLength":99}],"bufferViews":[)" + view +
                           R"(],"tileAvailability":{"bitstream":0},
            "contentAvailability":[],"childSubtreeAvailability":{"constant":1}})",
                       tiling);
    };
    EXPECT_NE(withView("").find("there is no buffer view 0"), std::string::npos);
    EXPECT_NE(withView(R"({"buffer":7})").find("there is no buffer 7"), std::string::npos);
    EXPECT_NE(
        withView(R"({"buffer":1,"byteOffset":0,"byteLength":1})").find("buffer 1 of 99 bytes"),
        std::string::npos);
    EXPECT_NE(withView(R"({"buffer":0,"byteOffset":0,"byteLength":1})").find("in a buffer of 0"),
              std::string::npos);
    EXPECT_NE(
        withView(
            R"({"buffer":0,"byteOffset":9223372036854775807,"byteLength":9223372036854775807})")
            .find("in a buffer of 0"),
        std::string::npos);
    EXPECT_NE(withView(R"({"buffer":0,"byteOffset":0,"byteLength":0})").find("5 tiles need 1"),
              std::string::npos);
}

TEST(Subtree, damagedFilesAreNoDanger) {
    constexpr unsigned kSeed = 41;
    std::mt19937 random(kSeed);
    const ImplicitTiling tiling = tilingOf(3, 6);
    const auto files = subtreesOf(tiling, randomTiles(6, kSeed));
    const base::Bytes& sound = files->front().bytes;
    for (int round = 0; round < 3000; ++round) {
        base::Bytes damaged = sound;
        for (int i = 0; i < 3; ++i) {
            damaged[random() % damaged.size()] = static_cast<std::byte>(random() % 256);
        }
        if (round % 3 == 0) {
            damaged.resize(random() % damaged.size());
        }
        const auto read = readSubtree(damaged, tiling);
        if (read) {
            EXPECT_LE(expandSubtree(rootOf(tiling), *read).children.size(), 4U);
        } else {
            EXPECT_FALSE(read.error().message.empty());
        }
    }
}

} // namespace
} // namespace tiles3d::tileset
