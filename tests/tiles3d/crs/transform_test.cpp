#include "tiles3d/crs/transform.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace tiles3d::crs {
namespace {

namespace fs = std::filesystem;

Transform transformOf(const std::string& srs, const HeightDatum& heights) {
    auto crs = understandSrs(srs);
    EXPECT_TRUE(crs) << crs.error().message;
    auto transform = Transform::create(*crs, heights);
    EXPECT_TRUE(transform) << transform.error().message;
    return *std::move(transform);
}

geo::Cartographic placeOf(double lon, double lat, double heightMetres) {
    return {geo::Angle::degrees(lon), geo::Angle::degrees(lat), heightMetres};
}

TEST(Transform, KnownAnswersInXiamen) {
    const glm::dvec3 point(611494.7872, 2711113.4497, 20.0);
    // echo "611494.7872 2711113.4497 20" | cct -d 4 +proj=pipeline +step +inv +proj=tmerc +lat_0=0
    //   +lon_0=117 +k=1 +x_0=500000 +ellps=GRS80 +step +proj=cart +ellps=WGS84
    const auto ellipsoidal = transformOf("EPSG:4548", EllipsoidalHeights{}).toEcef(point);
    ASSERT_TRUE(ellipsoidal);
    const glm::dvec3 expected(-2735269.4007, 5122704.3741, 2628785.7792);
    EXPECT_LT(glm::distance(ellipsoidal->metres, expected), 2e-4);
    // the same with +step +proj=vgridshift +grids=egm96_15.gtx +multiplier=1 before the last
    const auto egm96 = transformOf("EPSG:4548", GeoidGrid{"egm96_15.gtx"}).toEcef(point);
    ASSERT_TRUE(egm96);
    const glm::dvec3 raised(-2735273.7718, 5122712.5604, 2628790.0084);
    EXPECT_LT(glm::distance(egm96->metres, raised), 2e-4);
}

TEST(Transform, TheGeoidLiesAboveTheEllipsoidInXiamen) {
    const Transform transform = transformOf("EPSG:4326", GeoidGrid{"egm96_15.gtx"});
    const auto place = transform.toCartographic({118.09, 24.48, 0.0});
    ASSERT_TRUE(place) << place.error().message;
    // echo "24.48 118.09 0" | cs2cs -d 4 EPSG:4326+5773 EPSG:4979
    EXPECT_NEAR(place->heightMetres, 10.1608, 1e-4);
}

TEST(Transform, AConstantIsAdded) {
    const Transform transform = transformOf("EPSG:4548", ConstantOffset{10.16});
    const auto place = transform.toCartographic({611494.7872, 2711113.4497, 5.0});
    ASSERT_TRUE(place);
    EXPECT_NEAR(place->heightMetres, 15.16, 1e-12);
    EXPECT_NE(transform.definition().find("constant +10.16 m"), std::string::npos);
}

TEST(Transform, ALocalFrameIsTheTangentPlane) {
    const Transform transform = transformOf("ENU:24.5,118.1", EllipsoidalHeights{});
    const auto ecef = transform.toEcef({100.0, 200.0, 10.0});
    ASSERT_TRUE(ecef);
    // echo "100 200 10 0" | cct -d 4 +proj=topocentric +inv +ellps=WGS84 +lon_0=118.1 +lat_0=24.5
    //   +h_0=0
    const glm::dvec3 expected(-2735314.2623, 5122576.0835, 2628963.6246);
    EXPECT_LT(glm::distance(ecef->metres, expected), 2e-4);
}

TEST(Transform, DegreesAreLongitudeFirst) {
    const Transform transform = transformOf("EPSG:4490", EllipsoidalHeights{});
    const auto place = transform.toCartographic({118.1, 24.5, 3.0});
    ASSERT_TRUE(place);
    EXPECT_NEAR(place->longitude.degrees(), 118.1, 1e-12);
    EXPECT_NEAR(place->latitude.degrees(), 24.5, 1e-12);
    const auto swapped = transform.toCartographic({24.5, 118.1, 3.0});
    ASSERT_FALSE(swapped);
    EXPECT_NE(swapped.error().message.find("swapped axes"), std::string::npos);
}

TEST(Transform, SwappedAxesFailWhereTheCrsStatesItsArea) {
    const Transform transform = transformOf("EPSG:4548", EllipsoidalHeights{});
    const auto swapped = transform.toCartographic({2711113.4497, 611494.7872, 20.0});
    ASSERT_FALSE(swapped); // 136.6 E, 5.2 N otherwise
    EXPECT_NE(swapped.error().message.find("swapped axes"), std::string::npos);
    EXPECT_FALSE(transform.fromCartographic(placeOf(136.6, 5.2, 0.0)));
    // a neighbouring zone is within reach, the world has no border at 180 degrees
    EXPECT_TRUE(transform.fromCartographic(placeOf(120.0, 24.5, 0.0)));
    EXPECT_TRUE(
        transformOf("EPSG:4326", EllipsoidalHeights{}).toCartographic({-179.9, -70.0, 0.0}));
    EXPECT_TRUE(
        transformOf("EPSG:2193", EllipsoidalHeights{}).toCartographic({1600000.0, 5500000.0, 0.0}));
}

TEST(Transform, FeetBecomeMetres) {
    const Transform metres =
        transformOf("+proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80", EllipsoidalHeights{});
    const Transform feet = transformOf("+proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80 +units=ft",
                                       EllipsoidalHeights{});
    constexpr double kFoot = 0.3048;
    const auto a = metres.toEcef({611494.0, 2711113.0, 7.0});
    const auto b = feet.toEcef({611494.0 / kFoot, 2711113.0 / kFoot, 7.0});
    ASSERT_TRUE(a && b);
    EXPECT_LT(glm::distance(a->metres, b->metres), 1e-6);
}

TEST(Transform, OutsideOfTheDomainFails) {
    const Transform gauss = transformOf("EPSG:4548", GeoidGrid{"egm96_15.gtx"});
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    for (const glm::dvec3& point : {glm::dvec3(39611494.0, 2711113.0, 0.0), // zone prefix of 4527
                                    glm::dvec3(1e12, 1e12, 0.0),
                                    glm::dvec3(nan, 2711113.0, 0.0),
                                    glm::dvec3(611494.0, inf, 0.0),
                                    glm::dvec3(611494.0, 2711113.0, nan)}) {
        EXPECT_FALSE(gauss.toCartographic(point)) << point.x << " " << point.y << " " << point.z;
    }
    EXPECT_FALSE(gauss.fromCartographic(placeOf(nan, 24.5, 0.0)));
    EXPECT_FALSE(gauss.fromCartographic(placeOf(118.1, 100.0, 0.0)));
    EXPECT_TRUE(gauss.toCartographic({611494.0, 2711113.0, 0.0})); // and it recovers
}

TEST(Transform, ADatumThatNothingTiesToWgs84IsRefused) {
    for (const char* const srs :
         {"EPSG:2379", "+proj=tmerc +lon_0=118.5 +x_0=500000 +ellps=krass"}) {
        const auto crs = understandSrs(srs);
        ASSERT_TRUE(crs) << crs.error().message;
        const auto transform = Transform::create(*crs, EllipsoidalHeights{});
        ASSERT_FALSE(transform) << srs;
        EXPECT_NE(transform.error().message.find("+towgs84"), std::string::npos);
    }
    // Beijing 1954 has shifts in PROJ, but none that holds at Xiamen.
    const Transform beijing = transformOf("EPSG:2436", EllipsoidalHeights{});
    EXPECT_FALSE(beijing.toCartographic({611494.0, 2711113.0, 0.0}));
}

TEST(Transform, AShiftInTheTextIsUsed) {
    const Transform shifted =
        transformOf("+proj=tmerc +lon_0=117 +x_0=500000 +ellps=krass +towgs84=15,-150,-90",
                    EllipsoidalHeights{});
    const auto place = shifted.toCartographic({611494.7872, 2711113.4497, 0.0});
    ASSERT_TRUE(place) << place.error().message;
    // echo "611494.7872 2711113.4497 0" | cct -d 10 +proj=pipeline +step +inv +proj=tmerc
    // +lon_0=117
    //   +x_0=500000 +ellps=krass +step +proj=cart +ellps=krass +step +proj=helmert +x=15 +y=-150
    //   +z=-90 +step +inv +proj=cart +ellps=WGS84 +step +proj=unitconvert +xy_in=rad +xy_out=deg
    EXPECT_NEAR(place->longitude.degrees(), 118.1005441996, 1e-10);
    EXPECT_NEAR(place->latitude.degrees(), 24.4993650697, 1e-10);
}

TEST(Transform, AGridUnderAChinesePathWithSpaces) {
    const fs::path egm96 = "/usr/share/proj/egm96_15.gtx";
    if (!fs::exists(egm96)) {
        GTEST_SKIP() << egm96 << " is missing";
    }
    const fs::path folder = fs::temp_directory_path() / "city3d 厦门 (网格)=+1; '";
    fs::create_directories(folder);
    fs::copy_file(egm96, folder / "水准 面.gtx", fs::copy_options::overwrite_existing);
    const auto datum = parseHeightDatum("水准 面.gtx", folder);
    ASSERT_TRUE(datum) << datum.error().message;
    {
        const Transform transform = transformOf("EPSG:4326", *datum);
        const auto place = transform.toCartographic({118.09, 24.48, 0.0});
        ASSERT_TRUE(place);
        EXPECT_NEAR(place->heightMetres, 10.1608, 1e-4);
    }
    fs::remove_all(folder);
}

TEST(Transform, ThereAndBackWithinATenthOfAMillimetre) {
    const std::uint64_t seed = 20240511;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    const std::vector<std::string> texts{
        "EPSG:4548",
        "EPSG:4527",
        "ENU:24.5,118.1",
        "EPSG:4490",
        "+proj=tmerc +lon_0=118.5 +x_0=500000 +ellps=krass +towgs84=15,-150,-90,1,2,3,4"};
    for (const std::string& text : texts) {
        const Transform transform = transformOf(text, GeoidGrid{"egm96_15.gtx"});
        for (int i = 0; i < 200; ++i) {
            const geo::Cartographic place = placeOf(
                118.1 + 0.5 * unit(random), 24.5 + 0.5 * unit(random), 500.0 * unit(random));
            const auto point = transform.fromCartographic(place);
            ASSERT_TRUE(point) << text << ": " << point.error().message;
            const auto back = transform.toEcef(*point);
            ASSERT_TRUE(back) << text;
            EXPECT_LT(glm::distance(back->metres, geo::toEcef(place).metres), 1e-4) << text;
        }
    }
}

} // namespace
} // namespace tiles3d::crs
