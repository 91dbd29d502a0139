#include "tiles3d/tileset/tileset_io.h"

#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace tiles3d::tileset {
namespace {

Tile tileOf(double error, const std::string& uri = "") {
    Tile tile;
    tile.boundingVolume = Box{glm::dvec3(1, 2, 3), glm::dmat3(64.0)};
    tile.geometricErrorMetres = error;
    if (!uri.empty()) {
        tile.contents.push_back({uri, {}});
    }
    return tile;
}

Tileset tilesetOf(Tile root) {
    Tileset made;
    made.geometricErrorMetres = root.geometricErrorMetres;
    made.root = std::move(root);
    return made;
}

/// Two levels with everything that a tile can say.
Tileset richTileset() {
    Tile root = tileOf(64.0, "a%20b/root.glb");
    root.transform = glm::translate(glm::dmat4(1.0), glm::dvec3(-2735698.51283, 1.0 / 3.0, 7));
    root.extras = base::Json::object().set("block", "Tile_+003_-001");
    Tile region = tileOf(0.1, "one.glb");
    region.boundingVolume = Region{geo::Angle::radians(-0.1),
                                   geo::Angle::radians(0.2),
                                   geo::Angle::radians(0.1 + 0.2),
                                   geo::Angle::radians(0.4),
                                   -5.5,
                                   100.0};
    region.viewerRequestVolume = Sphere{glm::dvec3(1e-300, 0, 0), 12.5};
    region.contents.push_back({"two.glb", Sphere{glm::dvec3(0.1), 0.3}});
    region.refine = Refine::Add;
    root.children = {region, tileOf(0.0, "nested/tileset.json")};
    Tileset made = tilesetOf(root);
    made.asset.tilesetVersion = "2024-03";
    made.extensionsUsed = {"3DTILES_metadata"};
    made.extras = base::Json::object().set("by", "city3d");
    made.schema = base::Json::object().set("id", "models");
    made.metadata = base::Json::object().set("class", "model");
    return made;
}

std::string errorOf(std::string_view json) {
    const auto read = readTileset(json);
    return read ? "no error" : read.error().message;
}

TEST(TilesetIo, writesWhatTheSpecificationSays) {
    Tileset one = tilesetOf(tileOf(64.0, "root.glb"));
    EXPECT_EQ(*toJson(one),
              R"({"asset":{"version":"1.1"},"geometricError":64.0,)"
              R"("root":{"boundingVolume":{"box":)"
              R"([1.0,2.0,3.0,64.0,0.0,0.0,0.0,64.0,0.0,0.0,0.0,64.0]},"geometricError":64.0,)"
              R"("refine":"REPLACE","content":{"uri":"root.glb"}}})");
}

TEST(TilesetIo, readsBackEqual) {
    const Tileset start = richTileset();
    const std::string json = *toJson(start);
    const auto read = readTileset(json);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->warnings.empty());
    EXPECT_EQ(*toJson(read->tileset), json);
    EXPECT_EQ(*toJson(read->tileset, {.pretty = true}), *toJson(start, {.pretty = true}));
    const Tile& root = read->tileset.root;
    EXPECT_EQ(root.transform, start.root.transform);
    ASSERT_EQ(root.children.size(), 2U);
    EXPECT_EQ(root.children[0].contents.size(), 2U);
    EXPECT_EQ(root.children[0].refine, Refine::Add);
    EXPECT_EQ(root.children[1].refine, Refine::Replace);
    EXPECT_EQ(std::get<Region>(root.children[0].boundingVolume).east.radians(), 0.1 + 0.2);
    EXPECT_EQ(root.extras["block"].stringOr(""), "Tile_+003_-001");
}

/// A tileset of nothing but an implicit root, with a schema.
Tileset implicitTileset() {
    Tile root = tileOf(64.0, "tiles/{level}/{x}/{y}.glb");
    root.implicitTiling = ImplicitTiling{.subtreeLevels = 4,
                                         .availableLevels = 7,
                                         .subtreesUri = "subtrees/{level}/{x}/{y}.subtree"};
    Tileset made = tilesetOf(root);
    made.schema = base::Json::object().set("id", "city").set("classes", base::Json::object());
    return made;
}

TEST(TilesetIo, implicitTilingIsReadBack) {
    const std::string json = *toJson(implicitTileset());
    EXPECT_NE(json.find(R"("implicitTiling":{"subdivisionScheme":"QUADTREE","subtreeLevels":4,)"
                        R"("availableLevels":7,)"
                        R"("subtrees":{"uri":"subtrees/{level}/{x}/{y}.subtree"}})"),
              std::string::npos)
        << json;
    const auto read = readTileset(json);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->warnings.empty());
    EXPECT_EQ(*toJson(read->tileset), json);
    const Tile& root = read->tileset.root;
    ASSERT_TRUE(root.implicitTiling);
    EXPECT_FALSE(root.isLeaf());
    EXPECT_EQ(root.implicitTiling->subtreeLevels, 4);
    EXPECT_EQ((*root.implicitTiling->schema)["id"].stringOr(""), "city");
}

TEST(TilesetIo, writerRefusesImplicitTilingThatIsNone) {
    const auto problemWith = [](const auto& spoil) {
        Tileset tileset = implicitTileset();
        spoil(tileset.root);
        const auto json = toJson(tileset);
        return json ? "none" : json.error().message;
    };
    const auto expect = [&](const std::string& part, const auto& spoil) {
        EXPECT_NE(problemWith(spoil).find(part), std::string::npos) << problemWith(spoil);
    };
    expect("levels a subtree", [](Tile& t) { t.implicitTiling->subtreeLevels = 0; });
    expect("below its root", [](Tile& t) { t.implicitTiling->subtreeRoot = {1, 0, 0}; });
    expect("not percent-encoded", [](Tile& t) { t.implicitTiling->subtreesUri += " "; });
    expect("not percent-encoded", [](Tile& t) { t.contents[0].uri = "{w}.glb"; });
    expect("and children", [](Tile& t) { t.children.push_back(tileOf(1.0)); });
    expect("of a sphere", [](Tile& t) { t.boundingVolume = Sphere{glm::dvec3(0.0), 1.0}; });
    expect("or that is a tileset", [](Tile& t) { t.contents[0].uri = "{level}.json"; });
}

TEST(TilesetIo, refineIsLeftOutWhereItIsInherited) {
    Tile root = tileOf(4.0);
    root.refine = Refine::Add;
    root.children = {tileOf(2.0), tileOf(2.0)};
    root.children[0].refine = Refine::Add;
    const std::string json = *toJson(tilesetOf(root));
    const auto read = readTileset(json);
    EXPECT_EQ(read->tileset.root.children[0].refine, Refine::Add);
    EXPECT_EQ(read->tileset.root.children[1].refine, Refine::Replace);
    std::size_t stated = 0;
    for (std::size_t at = json.find("refine"); at != json.npos; at = json.find("refine", at + 1)) {
        ++stated;
    }
    EXPECT_EQ(stated, 2U);
}

TEST(TilesetIo, writerRefusesWhatValidateFlags) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto problemOf = [](const auto& spoil) {
        Tileset tileset = richTileset();
        spoil(tileset);
        const auto json = toJson(tileset);
        EXPECT_FALSE(json);
        const auto problems = validate(tileset);
        return problems.empty() ? "none" : problems.front();
    };
    const auto expect = [&](const std::string& part, const auto& spoil) {
        const std::string problem = problemOf(spoil);
        EXPECT_NE(problem.find(part), std::string::npos) << problem;
    };
    expect("root/children[1]: geometric error 65 is above its parent's 64", [](Tileset& t) {
        t.root.children[1].geometricErrorMetres = t.geometricErrorMetres = 65;
    });
    expect("is below its root's", [](Tileset& t) { t.geometricErrorMetres = 63; });
    expect("root: geometric error nan", [&](Tileset& t) { t.root.geometricErrorMetres = nan; });
    expect("root/children[1]: geometric error -1",
           [](Tileset& t) { t.root.children[1].geometricErrorMetres = -1; });
    expect("\"a b.glb\" is empty or not percent-encoded",
           [](Tileset& t) { t.root.contents[0].uri = "a b.glb"; });
    expect("\"\" is empty", [](Tileset& t) { t.root.contents[0].uri = ""; });
    expect("\"100%.glb\"", [](Tileset& t) { t.root.contents[0].uri = "100%.glb"; });
    expect("\"厦.glb\"", [](Tileset& t) { t.root.contents[0].uri = "厦.glb"; });
    expect("not affine", [](Tileset& t) { t.root.transform[0][3] = 0.5; });
    expect("not affine", [&](Tileset& t) { t.root.transform[3][0] = nan; });
    expect("root: the box", [&](Tileset& t) { t.root.boundingVolume = Box{glm::dvec3(nan), {}}; });
    expect("root: the sphere", [](Tileset& t) { t.root.boundingVolume = Sphere{}; });
    expect("root/viewerRequestVolume: the sphere",
           [](Tileset& t) { t.root.viewerRequestVolume = Sphere{}; });
    expect("root/content: the sphere",
           [](Tileset& t) { t.root.contents[0].boundingVolume = Sphere{}; });
    expect("not in order", [&](Tileset& t) {
        Region region = std::get<Region>(t.root.children[0].boundingVolume);
        region.maximumHeightMetres = nan;
        t.root.boundingVolume = region;
    });
    expect("version \"0.9\"", [](Tileset& t) { t.asset.version = "0.9"; });
    expect("gltfUpAxis", [](Tileset& t) { t.gltfUpAxis = mesh::UpAxis::Z; });
}

TEST(TilesetIo, deepestWritableTreeIsReadable) {
    const auto chain = [](std::size_t depth) {
        Tile tile = richTileset().root.children[0];
        tile.geometricErrorMetres = 0.0;
        for (std::size_t i = 0; i < depth; ++i) {
            Tile above = tileOf(0.0);
            above.children.push_back(std::move(tile));
            tile = std::move(above);
        }
        return tilesetOf(std::move(tile));
    };
    const auto json = toJson(chain(kMaxTileDepth));
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ(errorOf(*json), "no error");
    EXPECT_FALSE(toJson(chain(kMaxTileDepth + 1)));
}

TEST(TilesetIo, readsOldAndSloppyFiles) {
    const auto read = readTileset(R"({
        "asset": {"version": "1.0", "generator": "other"},
        "geometricError": 500,
        "root": {
            "boundingVolume": {"region": [-1.3, 0.7, -1.2, 0.8, 0, 20]},
            "children": [
                {"boundingVolume": {"sphere": [0, 0, 0, 9]}, "refine": "add",
                 "geometricError": 7, "content": {"url": "old.b3dm"}},
                {"boundingVolume": {"sphere": [0, 0, 0, 9]},
                 "viewerRequestVolume": {"box": [1]}, "content": {}}
            ]
        }})");
    ASSERT_TRUE(read) << read.error().message;
    const Tile& root = read->tileset.root;
    EXPECT_EQ(root.geometricErrorMetres, 500.0);
    EXPECT_EQ(root.refine, Refine::Replace);
    EXPECT_EQ(root.children[0].contents[0].uri, "old.b3dm");
    EXPECT_EQ(root.children[0].refine, Refine::Add);
    EXPECT_EQ(root.children[1].geometricErrorMetres, 0.0);
    EXPECT_TRUE(root.children[1].contents.empty());
    EXPECT_FALSE(root.children[1].viewerRequestVolume);
    EXPECT_EQ(read->warnings.size(), 7U);
}

TEST(TilesetIo, readsTheUpAxisOfOldFiles) {
    const auto read = [](const std::string& asset) {
        return *readTileset(R"({"asset":{"version":"1.0")" + asset + R"(},"geometricError":0,"root":
            {"boundingVolume":{"sphere":[0,0,0,1]},"geometricError":0,"refine":"ADD"}})");
    };
    EXPECT_EQ(read("").tileset.gltfUpAxis, mesh::UpAxis::Y);
    EXPECT_EQ(read(R"(,"gltfUpAxis":"Z")").tileset.gltfUpAxis, mesh::UpAxis::Z);
    EXPECT_EQ(read(R"(,"gltfUpAxis":"x")").tileset.gltfUpAxis, mesh::UpAxis::X);
    EXPECT_TRUE(read(R"(,"gltfUpAxis":"Z")").warnings.empty());
    const ReadResult odd = read(R"(,"gltfUpAxis":"W")");
    EXPECT_EQ(odd.tileset.gltfUpAxis, mesh::UpAxis::Y);
    EXPECT_EQ(odd.warnings.size(), 1U);
}

TEST(TilesetIo, refusesWhatIsNoTileset) {
    EXPECT_EQ(errorOf("{"), "not valid JSON at byte 2");
    EXPECT_EQ(errorOf("[]"), "no root tile: this is not a tileset.json");
    EXPECT_EQ(errorOf(R"({"root":{}})").substr(0, 25), "root: has no boundingVolu");
    const auto withRoot = [](const std::string& members) {
        return R"({"root":{"boundingVolume":{"sphere":[0,0,0,1]},)" + members + "}}";
    };
    EXPECT_EQ(errorOf(withRoot(R"("children":[5])")), "root/children[0]: is not an object");
    EXPECT_EQ(errorOf(withRoot(R"("transform":[1,2])")),
              "root: its transform is not 16 finite numbers");
    EXPECT_NE(errorOf(withRoot(R"("implicitTiling":{})")).find("neither QUADTREE nor OCTREE"),
              std::string::npos);
    EXPECT_NE(errorOf(withRoot(R"("extensions":{"3DTILES_implicit_tiling":{}})"))
                  .find("3DTILES_implicit_tiling is not read"),
              std::string::npos);
    const auto withLevels = [&](const std::string& levels) {
        return errorOf(
            withRoot(R"("implicitTiling":{"subdivisionScheme":"OCTREE","subtreeLevels":)" + levels +
                     R"(,"availableLevels":9,"subtrees":{"uri":"{level}{x}{y}{z}"}})"));
    };
    EXPECT_EQ(withLevels("6"), "no error");
    EXPECT_EQ(withLevels("7"), "root: implicit tiling with 7 levels a subtree, not 1 to 6");
    EXPECT_EQ(withLevels("1e300").substr(0, 28), "root: implicit tiling with 0");
    EXPECT_EQ(withLevels("-5").substr(0, 28), "root: implicit tiling with 0");
    EXPECT_NE(errorOf(R"({"root":{"boundingVolume":{"sphere":[0,0,0,-1]}}})").find("root: has no"),
              std::string::npos);
}

TEST(TilesetIo, damagedFilesAreNoDanger) {
    constexpr unsigned kSeed = 31;
    std::mt19937 random(kSeed);
    const std::string sound = *toJson(richTileset());
    for (int round = 0; round < 2000; ++round) {
        std::string damaged = sound;
        for (int i = 0; i < 3; ++i) {
            damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
        }
        const auto read = readTileset(damaged.substr(0, 1 + random() % damaged.size()));
        EXPECT_TRUE(read || !read.error().message.empty());
    }
}

TEST(TilesetIo, tellsTilesetsFromContent) {
    EXPECT_TRUE(isExternalTileset("a/b.json"));
    EXPECT_TRUE(isExternalTileset("b.json?v=1.glb#x"));
    EXPECT_FALSE(isExternalTileset("b.glb?from=a.json"));
    EXPECT_FALSE(isExternalTileset("json"));
}

} // namespace
} // namespace tiles3d::tileset
