#include "pipeline/emit/emit.h"

#include "pipeline/overview/overview_plan.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace pipeline::emit {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
using tiles3d::geo::Angle;

const tiles3d::geo::EnuFrame kFrame(tiles3d::geo::Cartographic{.longitude = Angle::degrees(118.1),
                                                               .latitude = Angle::degrees(24.5)});

PlacedTileset partAt(const std::string& name, double east, double north) {
    const ts::Limits limits{{east, north, 0.0}, {east + 100.0, north + 100.0, 30.0}};
    return {.file = fs::path("oblique") / "production 1" / name / "tileset.json",
            .boxEcef =
                std::get<ts::Box>(ts::transformed(ts::boxAround(limits), kFrame.toEcefMatrix())),
            .geometricErrorMetres = 8.0};
}

/// `side` x `side` blocks of 100 m with the pyramid that the plan gives them.
City cityOf(int side) {
    City city{.frame = kFrame};
    std::vector<overview::Leaf> leaves;
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            const std::string name = "Tile_" + std::to_string(column) + "_" + std::to_string(row);
            city.parts.push_back(partAt(name, 100.0 * column, 100.0 * row));
            leaves.push_back({.name = name,
                              .metresPerPixel = 0.5,
                              .plane = {100.0 * column + 50.0, 100.0 * row + 50.0},
                              .sizeMetres = 100.0});
        }
    }
    for (const auto& node : overview::planOverview(leaves, {}).nodes) {
        PlacedNode placed{.content = fs::path("overview") / (node.name() + ".glb"),
                          .geometricErrorMetres = 16.0 * node.metresPerPixel,
                          .parts = node.leaves,
                          .nodes = node.nodes};
        for (const std::size_t part : node.leaves) {
            placed.limits.include(ts::limitsOf(city.parts[part].boxEcef, kFrame.fromEcefMatrix()));
        }
        for (const std::size_t child : node.nodes) {
            placed.limits.include(city.nodes[child].limits);
        }
        placed.limits.minimum -= 0.123; // skirts
        city.nodes.push_back(placed);
    }
    return city;
}

class Emit : public testing::Test {
protected:
    void SetUp() override {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        out = fs::temp_directory_path() / ("city3d emit 输出 " + name);
        fs::remove_all(out);
        fs::create_directories(out);
    }
    void TearDown() override { fs::remove_all(out); }

    void emit(const City& city) {
        for (const PlacedNode& node : city.nodes) {
            fs::create_directories((out / node.content).parent_path());
        }
        const auto result = emitTileset(city, out);
        ASSERT_TRUE(result) << result.error().message;
        written = *result;
    }

    ts::Tileset read(const fs::path& file) {
        const auto text = tiles3d::base::readTextFile(file);
        EXPECT_TRUE(text) << file;
        const auto result = ts::readTileset(*text);
        EXPECT_TRUE(result) << result.error().message;
        EXPECT_TRUE(result->warnings.empty());
        EXPECT_TRUE(ts::validate(result->tileset).empty());
        return result->tileset;
    }

    /// Follows our own files; counts what hangs from them.
    void visit(const ts::Tile& tile,
               const glm::dmat4& parent,
               const fs::path& folder,
               const ts::Limits& around) {
        const glm::dmat4 toEcef = parent * tile.transform;
        const ts::Box& box = std::get<ts::Box>(tile.boundingVolume);
        const ts::Limits own = ts::limitsOf(box, kFrame.fromEcefMatrix() * toEcef);
        constexpr double kRounding = 1e-6;
        EXPECT_TRUE(glm::all(glm::greaterThanEqual(own.minimum, around.minimum - kRounding)));
        EXPECT_TRUE(glm::all(glm::lessThanEqual(own.maximum, around.maximum + kRounding)));
        for (const ts::Content& content : tile.contents) {
            const fs::path file = tiles3d::base::localPath(folder, content.uri)->lexically_normal();
            const fs::path name = file.lexically_relative(out);
            if (!written.contains(name)) {
                ++contents[name.generic_string()];
                places[name.generic_string()] = toEcef;
                errors[name.generic_string()] = tile.geometricErrorMetres;
                continue;
            }
            const ts::Tileset below = read(file);
            ++files;
            EXPECT_LE(below.root.geometricErrorMetres, tile.geometricErrorMetres);
            visit(below.root, toEcef, file.parent_path(), own);
        }
        for (const ts::Tile& child : tile.children) {
            if (child.isLeaf() && ts::isExternalTileset(child.contents.front().uri)) {
                EXPECT_LE(child.geometricErrorMetres, tile.geometricErrorMetres);
            } else {
                EXPECT_LT(child.geometricErrorMetres, tile.geometricErrorMetres);
            }
            visit(child, toEcef, folder, own);
        }
    }

    void visitAll() {
        const ts::Tileset tileset = read(out / "tileset.json");
        EXPECT_GE(tileset.geometricErrorMetres, tileset.root.geometricErrorMetres);
        files = 1;
        visit(tileset.root, glm::dmat4(1.0), out, {glm::dvec3(-1e9), glm::dvec3(1e9)});
    }

    fs::path out;
    std::set<fs::path> written;
    std::map<std::string, int> contents;      ///< By file: how many tiles show it.
    std::map<std::string, glm::dmat4> places; ///< By file: its frame in ECEF.
    std::map<std::string, double> errors;     ///< By file: of its tile.
    std::size_t files = 0;
};

TEST_F(Emit, everyBlockAndEveryNodeIsThereOnce) {
    const City city = cityOf(64);
    emit(city);
    visitAll();
    EXPECT_EQ(contents.size(), city.parts.size() + city.nodes.size());
    EXPECT_TRUE(std::ranges::all_of(contents, [](const auto& entry) { return entry.second == 1; }));
    EXPECT_EQ(files, written.size());
    EXPECT_TRUE(written.contains("tileset.json"));
}

TEST_F(Emit, filesStaySmallAndFew) {
    emit(cityOf(64));
    EXPECT_GT(written.size(), 1U);
    EXPECT_LE(written.size(), 257U); // five levels in the first, two in each of the others
    for (const fs::path& file : written) {
        EXPECT_LT(fs::file_size(out / file), 500'000U) << file;
    }
    // The first paint: what the first file itself shows.
    const ts::Tileset tileset = read(out / "tileset.json");
    EXPECT_EQ(tileset.root.contents.front().uri, "overview/6/0_0.glb");
}

TEST_F(Emit, aSmallCityIsOneFile) {
    emit(cityOf(8));
    EXPECT_EQ(written, (std::set<fs::path>{"tileset.json"}));
    visitAll();
    EXPECT_EQ(contents.size(), 64U + 21U);
}

TEST_F(Emit, blocksStandInEcefAndNodesInTheCitysFrame) {
    const City city = cityOf(32);
    emit(city);
    EXPECT_GT(written.size(), 1U); // also below pointers to files of their own
    visitAll();
    const auto differ = [](const glm::dmat4& a, const glm::dmat4& b) {
        double most = 0.0;
        for (int i = 0; i < 4; ++i) {
            const glm::dvec4 away = glm::abs(a[i] - b[i]);
            most = std::max({most, away.x, away.y, away.z, away.w});
        }
        return most;
    };
    for (const PlacedTileset& part : city.parts) {
        EXPECT_LT(differ(places.at(part.file.generic_string()), glm::dmat4(1.0)), 1e-4); // metres
    }
    for (const PlacedNode& node : city.nodes) {
        EXPECT_LT(differ(places.at(node.content.generic_string()), kFrame.toEcefMatrix()), 1e-8);
        EXPECT_DOUBLE_EQ(errors.at(node.content.generic_string()), node.geometricErrorMetres);
    }
}

TEST_F(Emit, boxesHoldTheContentAndEveryChild) {
    City city = cityOf(4);
    city.nodes.front().limits.maximum.z = 77.7777; // a child higher than its parent says
    emit(city);
    visitAll(); // children in their parents
    const ts::Tileset tileset = read(out / "tileset.json");
    const ts::Limits root = ts::limitsOf(std::get<ts::Box>(tileset.root.boundingVolume));
    EXPECT_NEAR(root.maximum.z, 77.78, 1e-9); // outward to a centimetre
    EXPECT_NEAR(root.minimum.z, -0.25, 1e-9);
}

TEST_F(Emit, isSeenFromFarAway) {
    emit(cityOf(4));
    const ts::Tileset tileset = read(out / "tileset.json");
    EXPECT_GE(tileset.geometricErrorMetres, 565.0); // the diagonal of 400 m by 400 m
}

TEST_F(Emit, oneBlockIsARootThatPointsAtIt) {
    City city{.frame = kFrame, .parts = {partAt("Tile", 0.0, 0.0)}};
    emit(city);
    EXPECT_EQ(written, (std::set<fs::path>{"tileset.json"}));
    visitAll();
    EXPECT_EQ(contents.at("oblique/production 1/Tile/tileset.json"), 1);
    EXPECT_EQ(places.at("oblique/production 1/Tile/tileset.json"), glm::dmat4(1.0));
}

TEST_F(Emit, aPartOfACentimetreKeepsItsRightAngles) {
    City city{.frame = kFrame, .parts = {partAt("Tile", 0.0, 0.0)}};
    glm::dmat3& axes = city.parts.front().boxEcef.halfAxes;
    axes[0] *= 0.01 / glm::length(axes[0]);
    axes[2] *= 0.01 / glm::length(axes[2]);
    emit(city);
    const ts::Tileset tileset = read(out / "tileset.json");
    const glm::dmat3& rounded = std::get<ts::Box>(tileset.root.boundingVolume).halfAxes;
    for (int axis = 0; axis < 3; ++axis) {
        const glm::dvec3 a = glm::normalize(rounded[axis]);
        EXPECT_LT(std::abs(glm::dot(a, glm::normalize(rounded[(axis + 1) % 3]))), 1e-7);
    }
}

TEST_F(Emit, namesOfAnyKindAreEncoded) {
    City city = cityOf(2);
    city.parts[0].file = fs::path("oblique") / "厦门 #1" / "50%" / "tileset.json";
    emit(city);
    visitAll();
    EXPECT_EQ(contents.at("oblique/厦门 #1/50%/tileset.json"), 1);
}

TEST_F(Emit, namesAreEncodedInNestedFilesToo) {
    City city = cityOf(32);
    for (PlacedTileset& part : city.parts) {
        part.file =
            fs::path("oblique") / "厦门 #1" / part.file.parent_path().filename() / "a b.json";
    }
    emit(city);
    visitAll();
    for (const PlacedTileset& part : city.parts) {
        EXPECT_EQ(contents[part.file.generic_string()], 1);
    }
}

TEST_F(Emit, sameCitySameBytes) {
    emit(cityOf(32));
    std::map<fs::path, std::string> before;
    for (const fs::path& file : written) {
        before[file] = *tiles3d::base::readTextFile(out / file);
    }
    emit(cityOf(32));
    for (const fs::path& file : written) {
        EXPECT_TRUE(*tiles3d::base::readTextFile(out / file) == before[file]) << file;
    }
}

TEST_F(Emit, anEmptyCityIsAMistake) {
    const auto result = emitTileset({.frame = kFrame}, out);
    ASSERT_FALSE(result);
    EXPECT_FALSE(fs::exists(out / "tileset.json"));
}

TEST_F(Emit, aFailedOutputIsSaid) {
    const auto result = emitTileset(cityOf(2), out / "is" / "not" / "there");
    EXPECT_FALSE(result);
}

} // namespace
} // namespace pipeline::emit
