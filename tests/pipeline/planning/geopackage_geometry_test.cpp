#include "pipeline/planning/geopackage_geometry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

namespace pipeline::planning {
namespace {

using Bytes = std::vector<std::byte>;

/// Of hexadecimal digits; spaces are for people.
Bytes bytesOf(const std::string& hex) {
    Bytes bytes;
    std::string digits;
    for (const char c : hex) {
        digits += c == ' ' ? "" : std::string(1, c);
    }
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(std::byte(std::stoul(digits.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

const std::string kHead = "4750 00 01 00000000 "; // no envelope

// SELECT hex(AsBinary(GeomFromText('POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,2 1,1 1))')))
// in SpatiaLite 5.0
const std::string kSquareWithHole =
    "01 03000000 02000000 05000000"
    "0000000000000000 0000000000000000 0000000000001040 0000000000000000"
    "0000000000001040 0000000000001040 0000000000000000 0000000000001040"
    "0000000000000000 0000000000000000 05000000"
    "000000000000F03F 000000000000F03F 000000000000F03F 0000000000000040"
    "0000000000000040 0000000000000040 0000000000000040 000000000000F03F"
    "000000000000F03F 000000000000F03F";

std::string errorOf(const std::string& hex) {
    const auto geometry = geometryFrom(bytesOf(hex));
    return geometry ? "" : geometry.error().message;
}

TEST(GeoPackageGeometry, readsAPolygonWithAHole) {
    const auto geometry = geometryFrom(bytesOf(kHead + kSquareWithHole));
    ASSERT_TRUE(geometry) << geometry.error().message;
    ASSERT_EQ(geometry->polygons.size(), 1U);
    EXPECT_EQ(geometry->polygons[0].outer, (Ring{{0, 0}, {4, 0}, {4, 4}, {0, 4}}));
    EXPECT_EQ(geometry->polygons[0].holes, (std::vector<Ring>{{{1, 1}, {1, 2}, {2, 2}, {2, 1}}}));
    const auto box = boxOf(bytesOf(kHead + kSquareWithHole));
    ASSERT_TRUE(box);
    EXPECT_EQ(*box, (PlaneBox{{0, 0}, {4, 4}}));
}

TEST(GeoPackageGeometry, skipsEnvelopesHeightsAndMeasures) {
    const std::string envelope(64, '0');
    EXPECT_EQ(errorOf("4750 00 03 00000000" + envelope + kSquareWithHole), "");
    const std::string xy = "3FF0000000000000 4000000000000000"; // big-endian 1, 2
    const std::string z = "4008000000000000";
    for (const std::string& point : {"00 000003E9" + xy + z,     // ISO Z
                                     "00 000007D1" + xy + z,     // ISO M
                                     "00 00000BB9" + xy + z + z, // ISO ZM
                                     "00 80000001" + xy + z,     // the same as PostGIS has them
                                     "00 C0000001" + xy + z + z,
                                     "00 00000001" + xy}) {
        const auto geometry = geometryFrom(bytesOf(kHead + point));
        ASSERT_TRUE(geometry) << point;
        EXPECT_EQ(geometry->points, (std::vector<glm::dvec2>{{1, 2}})) << point;
    }
}

TEST(GeoPackageGeometry, flattensCollectionsAndDropsWhatIsEmpty) {
    const std::string nan = "000000000000F87F";
    const std::string emptyPoint = "01 01000000" + nan + nan;
    const std::string point = "01 01000000 000000000000F03F 000000000000F03F";
    const std::string emptyPolygon = "01 03000000 00000000";
    const auto geometry =
        geometryFrom(bytesOf(kHead + "01 07000000 05000000" + emptyPoint + point + emptyPolygon +
                             "01 06000000 01000000" + kSquareWithHole + "01 02000000 00000000"));
    ASSERT_TRUE(geometry) << geometry.error().message;
    EXPECT_EQ(geometry->points.size(), 1U);
    EXPECT_EQ(geometry->polygons.size(), 1U);
    EXPECT_TRUE(geometry->lines.empty());
}

TEST(GeoPackageGeometry, refusesWhatItCannotBelieve) {
    EXPECT_NE(errorOf(""), "");
    EXPECT_NE(errorOf("4750"), "");
    EXPECT_NE(errorOf("4751 00 01 00000000" + kSquareWithHole), "");
    EXPECT_NE(errorOf("4750 00 0B 00000000" + kSquareWithHole), "") << "envelope of no kind";
    EXPECT_NE(errorOf("4750 00 21 00000000" + kSquareWithHole), "") << "extension";
    EXPECT_NE(errorOf(kHead + "01 02000000 FFFFFFFF"), "") << "four billion points";
    EXPECT_NE(errorOf(kHead + "01 03000000 FFFFFFFF 00000000"), "") << "four billion rings";
    EXPECT_NE(errorOf(kHead + "01 07000000 FFFFFFFF"), "") << "four billion parts";
    EXPECT_NE(errorOf(kHead + "01 63000000"), "") << "type 99";
    EXPECT_NE(errorOf(kHead + "01 FFFFFF0F"), "");
    EXPECT_NE(errorOf(kHead + "01 08000000 00000000").find("curves"), std::string::npos);
    const std::string infinity = "000000000000F07F";
    EXPECT_NE(errorOf(kHead + "01 01000000" + infinity + infinity), "");
    std::string nested = kHead;
    for (int i = 0; i < 100000; ++i) {
        nested += "01 07000000 01000000";
    }
    EXPECT_NE(errorOf(nested).find("nested"), std::string::npos);
}

TEST(GeoPackageGeometry, survivesEveryCutAndEveryChangedByte) {
    const Bytes whole = bytesOf(kHead + "01 06000000 01000000" + kSquareWithHole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(geometryFrom(std::span(whole).first(size))) << size;
    }
    std::mt19937 random(1);
    for (int i = 0; i < 20000; ++i) {
        Bytes bytes = whole;
        for (int change = 0; change < 3; ++change) {
            bytes[random() % bytes.size()] = std::byte(random() % 256);
        }
        const auto geometry = geometryFrom(bytes); // ends, and makes no more than it was given
        if (geometry && !geometry->polygons.empty()) {
            EXPECT_LE(geometry->polygons[0].outer.size(), whole.size() / 16);
        }
    }
}

} // namespace
} // namespace pipeline::planning
