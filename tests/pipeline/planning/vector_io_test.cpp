#include "pipeline/planning/vector_reader.h"
#include "pipeline/planning/vector_writer.h"
#include "tiles3d/base/file.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace pipeline::planning {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(CITY3D_DATA) / "planning";
constexpr const char* kPlane = "EPSG:4548";

class VectorIo : public testing::Test {
protected:
    VectorIo() {
        std::string pattern = (fs::temp_directory_path() / "city3d_vector.XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~VectorIo() override {
        std::error_code error;
        fs::remove_all(folder, error);
    }

    GdalRuntime gdal;
    fs::path folder;
};

VectorLayer parcels() {
    VectorLayer layer{.name = "永久基本农田", .crs = kPlane};
    layer.fields = {{"地类名称"}, {"MJ", FieldType::Real}, {"BSM", FieldType::Integer}};
    Polygon polygon;
    polygon.outer = {{610000, 2705000}, {610100, 2705000}, {610100, 2705100}, {610000, 2705100}};
    polygon.holes.push_back(
        {{610040, 2705040}, {610040, 2705060}, {610060, 2705060}, {610060, 2705040}});
    Feature feature;
    feature.geometry.polygons.push_back(polygon);
    feature.values = {std::string("水田"), 9600.0, std::int64_t{350200001}};
    layer.features.push_back(feature);
    return layer;
}

double areaOf(const Geometry& geometry) {
    const auto signedArea = [](const Ring& ring) {
        double twice = 0.0;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const glm::dvec2 a = ring[i] - ring[0];
            const glm::dvec2 b = ring[(i + 1) % ring.size()] - ring[0];
            twice += a.x * b.y - a.y * b.x;
        }
        return twice / 2.0;
    };
    double area = 0.0;
    for (const Polygon& polygon : geometry.polygons) {
        area += signedArea(polygon.outer);
        for (const Ring& hole : polygon.holes) {
            area += signedArea(hole);
        }
    }
    return area;
}

TEST_F(VectorIo, geoPackageComesBack) {
    VectorLayer roads{.name = "道路红线", .crs = kPlane, .kind = GeometryKind::Line};
    Feature road;
    road.geometry.lines.push_back({{610000, 2705000}, {610050, 2705010}, {610100, 2705000}});
    roads.features.push_back(road);
    ASSERT_TRUE(writeGeoPackage(folder / "规划.gpkg", {parcels(), roads}));
    const auto read = readVectors(folder / "规划.gpkg", kPlane);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->layers.size(), 2U);
    const VectorLayer& layer = read->layers[0];
    EXPECT_EQ(layer.name, "永久基本农田");
    ASSERT_EQ(layer.features.size(), 1U);
    EXPECT_NEAR(areaOf(layer.features[0].geometry), 10000.0 - 400.0, 1e-6);
    EXPECT_EQ(layer.fields[0].name, "地类名称");
    EXPECT_EQ(toText(layer.features[0].values[0]), "水田");
    EXPECT_EQ(toText(layer.features[0].values[2]), "350200001");
    EXPECT_EQ(read->layers[1].kind, GeometryKind::Line);
}

TEST_F(VectorIo, sameLayersSameBytes) {
    ASSERT_TRUE(writeGeoPackage(folder / "a.gpkg", {parcels()}));
    ASSERT_TRUE(writeGeoPackage(folder / "b.gpkg", {parcels()}));
    const auto a = tiles3d::base::readFile(folder / "a.gpkg");
    const auto b = tiles3d::base::readFile(folder / "b.gpkg");
    ASSERT_TRUE(a);
    ASSERT_TRUE(b);
    EXPECT_TRUE(*a == *b);
}

TEST_F(VectorIo, shapefileInGbkWithoutCodePageIsUnderstood) {
    ASSERT_TRUE(writeShapefile(
        folder / "farmland.shp", parcels(), {.encoding = "GBK", .withCodePage = false}));
    EXPECT_FALSE(fs::exists(folder / "farmland.cpg"));
    const auto read = readVectors(folder / "farmland.shp", kPlane);
    ASSERT_TRUE(read) << read.error().message;
    const VectorLayer& layer = read->layers.at(0);
    EXPECT_EQ(layer.fields[0].name, "地类名称");
    EXPECT_EQ(toText(layer.features.at(0).values[0]), "水田");
    ASSERT_FALSE(read->warnings.empty());
    EXPECT_NE(read->warnings[0].find("GBK"), std::string::npos);
}

TEST_F(VectorIo, degreesComeInLongitudeLatitudeOrder) {
    ASSERT_TRUE(tiles3d::base::writeFile(
        folder / "site.geojson",
        std::string_view(
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
            "geometry":{"type":"Point","coordinates":[118.1,24.48]}}]})")));
    const auto read = readVectors(folder / "site.geojson", kPlane);
    ASSERT_TRUE(read) << read.error().message;
    // echo "24.48 118.1" | cs2cs -f %.3f EPSG:4490 +to EPSG:4548   (north, east)
    const glm::dvec2 point = read->layers.at(0).features.at(0).geometry.points.at(0);
    EXPECT_NEAR(point.x, 611512.422, 0.001);
    EXPECT_NEAR(point.y, 2708897.873, 0.001);
}

TEST_F(VectorIo, invalidRingsAreRepairedAndSaid) {
    ASSERT_TRUE(tiles3d::base::writeFile(
        folder / "bow.geojson",
        std::string_view(
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},
            "geometry":{"type":"Polygon","coordinates":[[[118.1,24.48],[118.101,24.481],[118.101,24.48],
            [118.1,24.481],[118.1,24.48]]]}}]})")));
    const auto read = readVectors(folder / "bow.geojson", kPlane);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->warnings.size(), 1U);
    EXPECT_NE(read->warnings[0].find("repaired"), std::string::npos);
    EXPECT_EQ(read->layers[0].features.at(0).geometry.polygons.size(), 2U);
}

TEST_F(VectorIo, layerWithoutCrsIsRefusedWithTheRemedy) {
    ASSERT_TRUE(writeShapefile(folder / "nowhere.shp", parcels()));
    fs::remove(folder / "nowhere.prj");
    const auto read = readVectors(folder / "nowhere.shp", kPlane);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find(".prj"), std::string::npos);
    EXPECT_TRUE(readVectors(folder / "nowhere.shp", kPlane, {.sourceCrs = kPlane}));
    EXPECT_TRUE(readVectors(folder / "nowhere.shp", kPlane, {.fallbackCrs = kPlane}));
    EXPECT_FALSE(readVectors(folder / "nowhere.shp", kPlane, {.fallbackCrs = "nonsense"}));
}

TEST_F(VectorIo, garbageAndMissingFilesAreSaid) {
    EXPECT_FALSE(readVectors(folder / "missing.shp", kPlane));
    ASSERT_TRUE(
        tiles3d::base::writeFile(folder / "bad.gpkg", std::string_view("nothing of the kind")));
    EXPECT_FALSE(readVectors(folder / "bad.gpkg", kPlane));
    // A virtual format that would open whatever it names.
    ASSERT_TRUE(tiles3d::base::writeFile(
        folder / "evil.vrt",
        std::string_view("<OGRVRTDataSource><OGRVRTLayer name=\"a\"><SrcDataSource>/etc/passwd"
                         "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")));
    EXPECT_FALSE(readVectors(folder / "evil.vrt", kPlane));
}

TEST_F(VectorIo, realLayersInACrsWithoutCode) {
    if (!fs::exists(kData)) {
        GTEST_SKIP() << "no real data at " << kData;
    }
    const auto read = readVectors(kData / "landuse_2018.shp", "EPSG:4490");
    ASSERT_TRUE(read) << read.error().message;
    const VectorLayer& layer = read->layers.at(0);
    EXPECT_GT(layer.features.size(), 50U);
    const glm::dvec2 place = layer.features.at(0).geometry.polygons.at(0).outer.at(0);
    EXPECT_NEAR(place.x, 113.1, 1.0); // near Foshan
    EXPECT_NEAR(place.y, 23.0, 1.0);
    ASSERT_TRUE(readVectors(kData / "restricted_area.shp", kPlane));
    const auto districts = readVectors(kData / "xiamen_districts_gcj02.geojson", kPlane);
    ASSERT_TRUE(districts);
    EXPECT_EQ(districts->layers.at(0).features.size(), 6U);
    ASSERT_TRUE(readVectors(kData / "xiamen_coastline_osm.geojson", kPlane));
}

} // namespace
} // namespace pipeline::planning
