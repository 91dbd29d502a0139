#include "tiles3d/gltf/tile_content.h"

#include "models.h"
#include "tests/support/mutation.h"
#include "tiles3d/gltf/glb.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace tiles3d::gltf {
namespace {

std::string number(std::size_t value) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes += static_cast<char>(value >> shift & 0xFFU);
    }
    return bytes;
}

std::string floats(const std::vector<float>& values) {
    std::string bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::string sheetGlb() {
    const auto glb = writeGlb(wavySheet(4, 10.0F), {.codec = GeometryCodec::Plain});
    return std::string(base::asText(*glb));
}

std::string b3dmAround(const std::string& glb, const std::string& featureTable) {
    const std::size_t length = 28 + featureTable.size() + glb.size();
    return "b3dm" + number(1) + number(length) + number(featureTable.size()) + number(0) +
           number(0) + number(0) + featureTable + glb;
}

std::string i3dmAround(const std::string& body,
                       const std::string& json,
                       const std::string& binary,
                       std::size_t format = 1) {
    const std::size_t length = 32 + json.size() + binary.size() + body.size();
    return "i3dm" + number(1) + number(length) + number(json.size()) + number(binary.size()) +
           number(0) + number(0) + number(format) + json + binary + body;
}

std::string cmptOf(const std::vector<std::string>& tiles) {
    std::string all;
    for (const std::string& tile : tiles) {
        all += tile;
    }
    return "cmpt" + number(1) + number(16 + all.size()) + number(tiles.size()) + all;
}

const std::string kTwoPlaces =
    R"({"INSTANCES_LENGTH":2,"RTC_CENTER":[100,0,0],"POSITION":{"byteOffset":0}})";

std::string twoInstances() {
    return i3dmAround(sheetGlb(), kTwoPlaces, floats({0, 0, 0, 0, 50, 0}));
}

std::string messageOf(const std::string& content, const ReadOptions& options = {}) {
    const auto read = readTileContent(base::asBytes(content), options);
    return read ? "" : read.error().message;
}

/// The first position of the only primitive, in the tile's frame.
glm::dvec3 firstPosition(const std::string& content) {
    const auto read = readGlb(base::asBytes(content));
    EXPECT_TRUE(read) << read.error().message;
    return read ? read->origin + glm::dvec3(read->primitives.at(0).mesh.positions.at(0))
                : glm::dvec3(0.0);
}

TEST(B3dm, itsCentreBecomesTheOrigin) {
    const std::string wrapped =
        b3dmAround(sheetGlb(), R"({"BATCH_LENGTH":0,"RTC_CENTER":[1215000.5,-4736000,4081000]})");
    const auto read = readGlb(base::asBytes(wrapped));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->origin, glm::dvec3(1215000.5, -4736000.0, 4081000.0));
    EXPECT_NEAR(read->primitives[0].mesh.positions[3].x, 10.0F, 1e-5F);
}

TEST(B3dm, lengthsBeyondTheFileAreRefused) {
    const std::string wrapped = b3dmAround({}, "{}");
    EXPECT_FALSE(unwrapContent(base::asBytes(wrapped.substr(0, 20))));
    std::string lying = wrapped;
    lying[14] = '\x7F';
    EXPECT_FALSE(unwrapContent(base::asBytes(lying)));
}

TEST(B3dm, headersFromBeforeOnePointZero) {
    const std::string glb = sheetGlb();
    const std::string table = R"({"id":[7]})";
    const std::string oldest = "b3dm" + number(1) + number(0) + number(1) + number(table.size());
    const std::string old =
        "b3dm" + number(1) + number(0) + number(table.size()) + number(0) + number(1);
    const std::string noTable = "b3dm" + number(1) + number(0) + number(0) + number(0);
    for (const std::string& content : {oldest + table + glb, old + table + glb, noTable + glb}) {
        EXPECT_EQ(messageOf(content), "");
    }
}

TEST(I3dm, standsAtEveryInstance) {
    const auto once = readGlb(base::asBytes(sheetGlb()));
    const std::string tile = twoInstances();
    const auto read = readGlb(base::asBytes(tile));
    ASSERT_TRUE(read) << read.error().message;
    const mesh::TriangleMesh& single = once->primitives.at(0).mesh;
    const mesh::TriangleMesh& twice = read->primitives.at(0).mesh;
    ASSERT_EQ(twice.positions.size(), 2 * single.positions.size());
    ASSERT_EQ(twice.indices.size(), 2 * single.indices.size());
    EXPECT_EQ(twice.indices[single.indices.size()], single.indices[0] + single.positions.size());
    EXPECT_EQ(read->origin, glm::dvec3(100.0, 0.0, 0.0));
    const glm::vec3 apart = twice.positions[single.positions.size()] - twice.positions[0];
    EXPECT_EQ(apart, glm::vec3(0.0F, 50.0F, 0.0F));
}

TEST(I3dm, turnsAndScales) {
    const std::string json =
        R"({"INSTANCES_LENGTH":1,"POSITION":{"byteOffset":0},"NORMAL_UP":{"byteOffset":12},
            "NORMAL_RIGHT":{"byteOffset":24},"SCALE":{"byteOffset":36}})";
    // Right becomes north, up (y) becomes west: a quarter turn about z, and twice the size.
    const std::string tile = i3dmAround(sheetGlb(), json, floats({5, 0, 0, -1, 0, 0, 0, 1, 0, 2}));
    const auto plain = readGlb(base::asBytes(sheetGlb()));
    const auto turned = readGlb(base::asBytes(tile));
    ASSERT_TRUE(turned) << turned.error().message;
    const glm::vec3 before = plain->primitives[0].mesh.positions[5];
    const glm::dvec3 after = turned->origin + glm::dvec3(turned->primitives[0].mesh.positions[5]);
    EXPECT_NEAR(after.x, 5.0 - 2.0 * before.y, 1e-4);
    EXPECT_NEAR(after.y, 2.0 * before.x, 1e-4);
    EXPECT_NEAR(after.z, 2.0 * before.z, 1e-4);
}

TEST(I3dm, quantisedAndUpright) {
    // At the end of the quantised volume: on the equator at 90 degrees east, up is +y.
    const std::string json =
        R"({"INSTANCES_LENGTH":1,"POSITION_QUANTIZED":{"byteOffset":0},"EAST_NORTH_UP":true,
            "QUANTIZED_VOLUME_OFFSET":[0,0,0],"QUANTIZED_VOLUME_SCALE":[0,6378137,0]})";
    const std::string tile = i3dmAround(sheetGlb(), json, std::string("\0\0\xFF\xFF\0\0\0\0", 8));
    const auto plain = readGlb(base::asBytes(sheetGlb()));
    const auto read = readGlb(base::asBytes(tile));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->origin, glm::dvec3(0.0, 6378137.0, 0.0));
    const glm::vec3 local = plain->primitives[0].mesh.positions[5];
    const glm::vec3 placed = read->primitives[0].mesh.positions[5];
    EXPECT_NEAR(placed.x, -local.x, 1e-4F); // east
    EXPECT_NEAR(placed.y, local.z, 1e-4F);  // up
    EXPECT_NEAR(placed.z, local.y, 1e-4F);  // north
}

TEST(I3dm, itsGlbMayLieElsewhere) {
    const std::string tile = i3dmAround("树/a.glb  ", kTwoPlaces, floats({0, 0, 0, 0, 50, 0}), 0);
    const std::string glb = sheetGlb();
    const auto readResource = [&](const std::string& uri) -> base::Result<base::Bytes> {
        const base::ByteView bytes = base::asBytes(glb);
        return uri == "树/a.glb"
                   ? base::Result<base::Bytes>(base::Bytes(bytes.begin(), bytes.end()))
                   : base::Error{"no " + uri, true};
    };
    EXPECT_EQ(messageOf(tile, {.readResource = readResource}), "");
    EXPECT_NE(messageOf(tile).find("names another file"), std::string::npos);
    const auto failed =
        readTileContent(base::asBytes(tile), {.readResource = [](const std::string&) {
                            return base::Error{"later", true};
                        }});
    ASSERT_FALSE(failed);
    EXPECT_TRUE(failed.error().mayPass);
}

TEST(I3dm, liesAreRefused) {
    const std::string many = R"({"INSTANCES_LENGTH":100000000,"POSITION":{"byteOffset":0}})";
    EXPECT_NE(messageOf(i3dmAround(sheetGlb(), many, "")).find("instances"), std::string::npos);
    EXPECT_NE(messageOf(i3dmAround(sheetGlb(), kTwoPlaces, "")).find("beyond"), std::string::npos);
    EXPECT_NE(messageOf(i3dmAround(sheetGlb(), R"({"INSTANCES_LENGTH":1})", "")).find("position"),
              std::string::npos);
    // A million instances of a sheet are more than anybody draws.
    const std::string million = R"({"INSTANCES_LENGTH":1000000,"POSITION":{"byteOffset":0}})";
    const std::string tile = i3dmAround(sheetGlb(), million, std::string(12'000'000, '\0'));
    EXPECT_NE(messageOf(tile).find("vertices and indices"), std::string::npos);
}

TEST(Cmpt, holdsAllItsTiles) {
    const std::string content =
        cmptOf({b3dmAround(sheetGlb(), "{}"), twoInstances(), cmptOf({sheetGlb()}), cmptOf({})});
    const auto read = readTileContent(base::asBytes(content));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->size(), 3U);
    std::string deep = sheetGlb();
    for (int depth = 0; depth < 10; ++depth) {
        deep = cmptOf({deep});
    }
    EXPECT_NE(messageOf(deep).find("in each other"), std::string::npos);
    EXPECT_NE(messageOf(cmptOf({sheetGlb()}).substr(0, 20)).find("ends before"), std::string::npos);
}

TEST(TileContent, whatIsNotDrawnIsNamed) {
    EXPECT_NE(messageOf("pnts" + number(1) + number(28)).find("point cloud"), std::string::npos);
    EXPECT_NE(messageOf("PK\x03\x04").find("archive"), std::string::npos);
    EXPECT_NE(messageOf("glTF" + number(1) + number(20)).find("glTF 1.0"), std::string::npos);
    EXPECT_NE(messageOf("<htm").find("<htm"), std::string::npos);
    EXPECT_NE(messageOf(""), "");
}

TEST(TileContent, damageGivesAMessageOrAModel) {
    constexpr std::uint32_t kCases = 1000;
    std::vector<std::string> tiles{
        twoInstances(), b3dmAround(sheetGlb(), "{}"), cmptOf({twoInstances(), sheetGlb()})};
    for (const GeometryCodec codec : {GeometryCodec::Draco, GeometryCodec::Meshopt}) {
        tiles.emplace_back(base::asText(*writeGlb(wavySheet(4, 10.0F), {.codec = codec})));
    }
    for (std::uint32_t seed = 0; seed < kCases; ++seed) {
        const base::ByteView tile = base::asBytes(tiles[seed % tiles.size()]);
        const auto read =
            readTileContent(tests::damaged(base::Bytes(tile.begin(), tile.end()), seed));
        EXPECT_TRUE(read || !read.error().message.empty()) << "seed " << seed;
    }
}

TEST(TileContent, firstPositionIsTheTiles) {
    EXPECT_EQ(firstPosition(twoInstances()),
              firstPosition(sheetGlb()) + glm::dvec3(100.0, 0.0, 0.0));
}

} // namespace
} // namespace tiles3d::gltf
