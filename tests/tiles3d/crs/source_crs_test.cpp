#include "tiles3d/crs/source_crs.h"

#include "tiles3d/crs/transform.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tiles3d::crs {
namespace {

/// The WKT of the delivery in Zhongshan (FORMATS.md 2): its AUTHORITY code contradicts it.
const char* const kZhongshan = R"(PROJCS["LOCAL0 / 3-degree Gauss-Kruger CM 113.36E",
    GEOGCS["China Geodetic Coordinate System 2000",
        DATUM["China_2000",
            SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],
            AUTHORITY["EPSG","1043"]],
        PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],
        UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],
        AUTHORITY["EPSG","4490"]],
    PROJECTION["Transverse_Mercator"],
    PARAMETER["latitude_of_origin",0],
    PARAMETER["central_meridian",113.37],
    PARAMETER["scale_factor",1],
    PARAMETER["false_easting",500000],
    PARAMETER["false_northing",90],
    UNIT["metre",1,AUTHORITY["EPSG","9001"]],
    AUTHORITY["EPSG","4547"]])";

const char* const kEsri =
    "PROJCS[\"CGCS2000_3_Degree_GK_CM_117E\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\","
    "DATUM[\"D_China_2000\",SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],"
    "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Gauss_Kruger\"],"
    "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
    "PARAMETER[\"Central_Meridian\",117.0],PARAMETER[\"Scale_Factor\",1.0],"
    "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";

/// gdalsrsinfo -o wkt1 EPSG:4548: axes north, east, and a code that tells the truth.
const char* const kGdal =
    "PROJCS[\"CGCS2000 / 3-degree Gauss-Kruger CM 117E\",GEOGCS[\"China Geodetic Coordinate System "
    "2000\",DATUM[\"China_2000\",SPHEROID[\"CGCS2000\",6378137,298.257222101]],"
    "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4490\"]],"
    "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],"
    "PARAMETER[\"central_meridian\",117],PARAMETER[\"scale_factor\",1],"
    "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1],"
    "AXIS[\"Northing\",NORTH],AXIS[\"Easting\",EAST],AUTHORITY[\"EPSG\",\"4548\"]]";

glm::dvec3 xiamenIn(const SourceCrs& crs) {
    const auto transform = Transform::create(crs, EllipsoidalHeights{});
    EXPECT_TRUE(transform) << transform.error().message;
    const auto point = transform->fromCartographic(
        {geo::Angle::degrees(118.09), geo::Angle::degrees(24.48), 20.0});
    EXPECT_TRUE(point) << point.error().message;
    return *point;
}

TEST(SourceCrs, EveryDialectOfTheSameGridPutsXiamenAtTheSamePlace) {
    const std::vector<std::string> dialects{
        "EPSG:4548",
        "  epsg: 4548 \r\n",
        std::string("\xEF\xBB\xBF") + "EPSG:4548",
        "urn:ogc:def:crs:EPSG::4548",
        "EPSG:4548+5773",
        kEsri,
        kGdal,
        std::string("\n\t") + kGdal + "\n",
        "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"};
    for (const std::string& text : dialects) {
        const auto crs = understandSrs(text);
        ASSERT_TRUE(crs) << text << ": " << crs.error().message;
        EXPECT_TRUE(crs->warnings.empty()) << text << ": " << crs->warnings.front();
        const glm::dvec3 point = xiamenIn(*crs);
        // echo "24.48 118.09" | cs2cs -d 4 EPSG:4490 EPSG:4548   (north, east)
        EXPECT_NEAR(point.x, 610498.5915, 1e-4) << text;
        EXPECT_NEAR(point.y, 2708889.8431, 1e-4) << text;
        EXPECT_EQ(point.z, 20.0) << text;
    }
}

TEST(SourceCrs, ParametersOfAWktWinOverItsCodeAndThatIsSaid) {
    const auto crs = understandSrs(kZhongshan);
    ASSERT_TRUE(crs) << crs.error().message;
    ASSERT_EQ(crs->warnings.size(), 1U);
    EXPECT_NE(crs->warnings.front().find("EPSG:4547"), std::string::npos);
    EXPECT_NE(crs->understoodAs.find("contradicts"), std::string::npos);
    EXPECT_EQ(std::get<ProjectedCrs>(crs->horizontal).definition.find("4547"), std::string::npos);
    EXPECT_FALSE(crs->heights);
    const auto transform = Transform::create(*crs, EllipsoidalHeights{});
    ASSERT_TRUE(transform) << transform.error().message;
    const auto place = transform->toCartographic({501027.524, 2488718.808, 0.0});
    ASSERT_TRUE(place) << place.error().message;
    // echo "501027.524 2488718.808 0" | cct -d 10 +proj=pipeline +step +inv +proj=tmerc +lat_0=0
    //   +lon_0=113.37 +k=1 +x_0=500000 +y_0=90 +ellps=GRS80
    //   +step +proj=unitconvert +xy_in=rad +xy_out=deg
    EXPECT_NEAR(place->longitude.degrees(), 113.3799856709, 1e-10);
    EXPECT_NEAR(place->latitude.degrees(), 22.4951367916, 1e-10);
}

TEST(SourceCrs, HeightsThatTheTextStatesAreRead) {
    const auto egm96 = understandSrs("EPSG:4548+5773");
    ASSERT_TRUE(egm96 && egm96->heights);
    EXPECT_EQ(std::get<GeoidGrid>(*egm96->heights).grid, "egm96_15.gtx");
    const auto threeD = understandSrs("EPSG:4979");
    ASSERT_TRUE(threeD && threeD->heights);
    EXPECT_TRUE(std::holds_alternative<EllipsoidalHeights>(*threeD->heights));
    const auto flat = understandSrs("EPSG:4490");
    ASSERT_TRUE(flat);
    EXPECT_FALSE(flat->heights);
}

TEST(SourceCrs, TheNationalHeightsFailWithTheRemedyUnlessGivenElsewhere) {
    const auto failed = understandSrs("EPSG:4548+5737");
    ASSERT_FALSE(failed);
    for (const char* const word : {"Yellow Sea 1985", "--height-datum", "\"geoid\"", "city.json"}) {
        EXPECT_NE(failed.error().message.find(word), std::string::npos) << failed.error().message;
    }
    const auto given = understandSrs("EPSG:4548+5737", true);
    ASSERT_TRUE(given) << given.error().message;
    EXPECT_FALSE(given->heights);
    ASSERT_EQ(given->warnings.size(), 1U);
}

TEST(SourceCrs, ALocalFrameIsLatitudeFirst) {
    for (const char* const text : {"ENU:24.5,118.1", "enu: 24.5, 118.1", "ENU:24.5 118.1 0"}) {
        const auto crs = understandSrs(text);
        ASSERT_TRUE(crs) << crs.error().message;
        const auto& enu = std::get<LocalEnu>(crs->horizontal);
        EXPECT_NEAR(enu.origin.latitude.degrees(), 24.5, 1e-12);
        EXPECT_NEAR(enu.origin.longitude.degrees(), 118.1, 1e-12);
        ASSERT_TRUE(crs->heights);
        EXPECT_TRUE(std::holds_alternative<EllipsoidalHeights>(*crs->heights));
    }
    for (const char* const text :
         {"ENU:118.1,24.5", "ENU:24.5,200", "ENU:24.5", "ENU:", "ENU:a,b"}) {
        EXPECT_FALSE(understandSrs(text)) << text;
    }
}

/// A geographic CRS on China's ellipsoid in some unit.
std::string geographicIn(const std::string& unit) {
    return "GEOGCS[\"x\",DATUM[\"China_2000\",SPHEROID[\"CGCS2000\",6378137,298.257222101]],"
           "PRIMEM[\"Greenwich\",0],UNIT[" +
           unit + "]]";
}

std::string gaussKrugerOn(const std::string& geographic) {
    return "PROJCS[\"x\"," + geographic +
           ",PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],"
           "PARAMETER[\"central_meridian\",117],PARAMETER[\"scale_factor\",1],"
           "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],"
           "UNIT[\"metre\",1]]";
}

TEST(SourceCrs, AnEllipsoidalVerticalPartStatesTheHeights) {
    const std::string map = gaussKrugerOn(geographicIn("\"degree\",0.0174532925199433"));
    for (const std::string& text :
         {"COMPD_CS[\"c\"," + map +
              ",VERT_CS[\"Ellipsoid\",VERT_DATUM[\"Ellipsoid\",2002],UNIT[\"metre\",1]]]",
          map + ",VERTCS[\"WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,"
                "298.257223563]],PARAMETER[\"Vertical_Shift\",0.0],PARAMETER[\"Direction\",1.0],"
                "UNIT[\"Meter\",1.0]]"}) {
        const auto crs = understandSrs(text);
        ASSERT_TRUE(crs) << crs.error().message;
        ASSERT_TRUE(crs->heights) << text;
        EXPECT_TRUE(std::holds_alternative<EllipsoidalHeights>(*crs->heights));
        EXPECT_NEAR(xiamenIn(*crs).x, 610498.5915, 1e-4);
    }
    const auto vunits = understandSrs("+proj=utm +zone=50 +ellps=GRS80 +vunits=m");
    ASSERT_TRUE(vunits);
    EXPECT_FALSE(vunits->heights);
}

TEST(SourceCrs, HeightsInFeetAreSaid) {
    const auto crs = understandSrs(
        "COMPD_CS[\"c\"," + gaussKrugerOn(geographicIn("\"degree\",0.0174532925199433")) +
        ",VERT_CS[\"EGM96 height\",VERT_DATUM[\"EGM96 geoid\",2005],UNIT[\"foot\",0.3048],"
        "AUTHORITY[\"EPSG\",\"5773\"]]]");
    ASSERT_TRUE(crs) << crs.error().message;
    ASSERT_EQ(crs->warnings.size(), 1U);
    EXPECT_NE(crs->warnings.front().find("vertical"), std::string::npos) << crs->warnings.front();
}

TEST(SourceCrs, AGridThatMayBeMissingUnnoticedIsRefused) {
    EXPECT_FALSE(understandSrs("+proj=tmerc +lon_0=117 +ellps=krass +nadgrids=@missing.gsb"));
    EXPECT_FALSE(understandSrs("+proj=tmerc +lon_0=117 +ellps=krass +nadgrids=a.gsb,@b.gsb"));
    EXPECT_TRUE(understandSrs("+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +wktext"));
    std::string named = geographicIn("\"degree\",0.0174532925199433");
    named.replace(named.find('x'), 1, "city@2023");
    EXPECT_TRUE(understandSrs(named));
}

TEST(SourceCrs, AnglesInOtherUnitsAreNotTakenForDegrees) {
    const glm::dvec3 degrees =
        xiamenIn(*understandSrs(geographicIn("\"degree\",0.0174532925199433")));
    EXPECT_NEAR(degrees.x, 118.09, 1e-12);
    const glm::dvec3 gradians =
        xiamenIn(*understandSrs(geographicIn("\"grad\",0.015707963267948967")));
    EXPECT_NEAR(gradians.x, 118.09 / 0.9, 1e-10);
    EXPECT_NEAR(gradians.y, 24.48 / 0.9, 1e-10);
    const glm::dvec3 radians = xiamenIn(*understandSrs(geographicIn("\"radian\",1")));
    EXPECT_NEAR(radians.x, geo::Angle::degrees(118.09).radians(), 1e-12);
    // A map on a geographic CRS in gradians: its central meridian of 130 gradians is 117 degrees.
    std::string map = gaussKrugerOn(geographicIn("\"grad\",0.015707963267948967"));
    map.replace(map.find("117"), 3, "130");
    EXPECT_NEAR(xiamenIn(*understandSrs(map)).x, 610498.5915, 1e-4);
}

TEST(SourceCrs, WhatNamesNoPlaceFailsWithTheRemedy) {
    const std::vector<std::string> texts{"",
                                         " \r\n\xEF\xBB\xBF",
                                         "local",
                                         "Local Coordinates",
                                         "LOCAL_CS[\"x\",UNIT[\"metre\",1]]",
                                         "ENGCRS[\"x\"]",
                                         "EPSG:999999",
                                         "NOBODY:1",
                                         "EPSG:",
                                         "4548",
                                         "EPSG:4978",
                                         "EPSG:5773",
                                         "+proj=geocent",
                                         "+proj=nothing",
                                         "+proj=pipeline +step +proj=tmerc",
                                         "PROJCS[\"x\"",
                                         "PROJCS[]]]]",
                                         "\xD6\xD0\xB9\xFA 2000",
                                         std::string("EPSG:4548\0", 10)};
    for (const std::string& text : texts) {
        const auto crs = understandSrs(text);
        ASSERT_FALSE(crs) << text;
        EXPECT_NE(crs.error().message.find("--srs"), std::string::npos) << crs.error().message;
    }
}

TEST(SourceCrs, HostileTextsAreBounded) {
    EXPECT_FALSE(understandSrs(std::string(std::size_t{1} << 20U, '[')));
    EXPECT_FALSE(understandSrs("PROJCS[" + std::string(60000, '[')));
    std::string nested;
    for (int i = 0; i < 5000; ++i) {
        nested += "PROJCS[\"a\",";
    }
    EXPECT_FALSE(understandSrs(nested));
    EXPECT_FALSE(understandSrs("EPSG:" + std::string(60000, '9')));
}

TEST(SourceCrs, MessagesDoNotRepeatTheParametersOfAGrid) {
    const auto crs = understandSrs("+proj=tmerc +lon_0=118.5 +ellps=nonsense +towgs84=11,22,33");
    ASSERT_FALSE(crs);
    EXPECT_EQ(crs.error().message.find("11,22,33"), std::string::npos) << crs.error().message;
}

TEST(SourceCrs, AnotherUnitIsSaid) {
    const auto crs = understandSrs("EPSG:2263"); // US survey feet
    ASSERT_TRUE(crs) << crs.error().message;
    ASSERT_EQ(crs->warnings.size(), 1U);
    EXPECT_NE(crs->warnings.front().find("foot"), std::string::npos) << crs->warnings.front();
}

TEST(SourceCrs, OriginsAreReadAsWritten) {
    const auto plain = parseOrigin("501027.524000,2488718.808000,0.000000");
    ASSERT_TRUE(plain);
    EXPECT_EQ(*plain, glm::dvec3(501027.524, 2488718.808, 0.0));
    EXPECT_EQ(*parseOrigin("  +1, -2.5 ;3e1\r\n"), glm::dvec3(1.0, -2.5, 30.0));
    EXPECT_EQ(*parseOrigin(""), glm::dvec3(0.0));
    for (const char* const text :
         {"1,2", "1,2,3,4", "1,2,x", "nan,0,0", "inf,0,0", "1e999,0,0", "+-1,2,3", "1,2,3m"}) {
        const auto origin = parseOrigin(text);
        ASSERT_FALSE(origin) << text;
        EXPECT_NE(origin.error().message.find("--origin"), std::string::npos);
    }
    EXPECT_FALSE(parseOrigin(std::string(100000, ',')));
}

} // namespace
} // namespace tiles3d::crs
