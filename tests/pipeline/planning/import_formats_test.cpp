#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <numbers>

namespace pipeline::planning {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlane = "EPSG:4548";

class ImportFormats : public testing::Test {
protected:
    /// Imports one source without losses and opens what came of it.
    std::shared_ptr<const LayerStore> import(const LayerSource& source) {
        const auto imported = importLayers({source}, out, {.planeCrs = kPlane});
        EXPECT_TRUE(imported) << imported.error().message;
        report = imported ? *imported : ImportReport{};
        EXPECT_FALSE(report.hasLosses()) << toText(report);
        const auto opened = LayerStore::open({out});
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? *opened : nullptr;
    }
    static StoredFeature first(const LayerStore& store, std::uint32_t layer = 0) {
        const auto ids = store.rows(layer, {});
        return store.read(std::vector<FeatureRef>{{layer, ids->at(0)}})->at(0);
    }
    LayerSource file(const std::string& name, const std::string& text) const {
        return {.path = folder.write(name, text).string()};
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
    fs::path out = folder.path() / "out.gpkg";
    ImportReport report;
};

// echo "24.48 118.1" | cs2cs -f %.3f EPSG:4490 +to EPSG:4548   (north, east)
constexpr glm::dvec2 kPlace{611512.422, 2708897.873};

TEST_F(ImportFormats, kml) {
    const auto store = import(file("site.kml", R"(<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>选址</name>
<Placemark><name>甲</name><Point><coordinates>118.1,24.48,12</coordinates></Point></Placemark>
</Folder></Document></kml>)"));
    const StoredFeature one = first(*store);
    EXPECT_LT(glm::distance(one.geometry.points.at(0), kPlace), 0.001);
    EXPECT_EQ(toText(one.values.at(0)), "甲");
    EXPECT_EQ(store->layers().at(0).title, "选址");
    EXPECT_EQ(report.layers.at(0).counts.withHeights, 1U);
}

TEST_F(ImportFormats, dxfInGbk) {
    LayerSource drawing =
        file("red.dxf",
             "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_936\n0\n"
             "ENDSEC\n0\nSECTION\n2\nENTITIES\n0\nCIRCLE\n8\n\xBA\xEC\xCF\xDF\n"
             "10\n610000\n20\n2705000\n40\n200\n0\nENDSEC\n0\nEOF\n");
    drawing.crs = kPlane;
    const auto store = import(drawing);
    const StoredFeature one = first(*store);
    EXPECT_EQ(toText(one.values.at(0)), "红线");
    const auto& line = one.geometry.lines.at(0);
    for (std::size_t i = 1; i < line.size(); ++i) {
        const glm::dvec2 middle = (line[i - 1] + line[i]) / 2.0;
        EXPECT_NEAR(glm::distance(middle, {610'000.0, 2'705'000.0}), 200.0, 0.01);
    }
}

TEST_F(ImportFormats, fileGeodatabase) {
    const std::string gdb = (folder.path() / "规划.gdb").string();
    const std::string geojson =
        file(
            "parks.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"园"},
             "geometry":{"type":"Point","coordinates":[118.1,24.48]}}]})")
            .path;
    const std::string command =
        "ogr2ogr -f OpenFileGDB '" + gdb + "' '" + geojson + "' -nln 公园 > /dev/null 2>&1";
    if (std::system(command.c_str()) != 0) { // NOLINT(cert-env33-c): fixed words
        GTEST_SKIP() << "no ogr2ogr that writes File Geodatabases";
    }
    const auto store = import({.path = gdb});
    EXPECT_EQ(store->layers().at(0).table, "公园");
    const StoredFeature one = first(*store);
    EXPECT_LT(glm::distance(one.geometry.points.at(0), kPlace), 0.001);
    EXPECT_EQ(toText(one.values.at(0)), "园");
    EXPECT_EQ(report.layers.at(0).crs, "EPSG:4326 WGS 84");
}

TEST_F(ImportFormats, curvesAreStrokedWithinACentimetre) {
    LayerSource disc = file("disc.csv",
                            "id;WKT\n1;\"CURVEPOLYGON (CIRCULARSTRING (611000 2705000,"
                            "610000 2706000,609000 2705000,610000 2704000,611000 2705000))\"\n");
    disc.crs = kPlane;
    const auto store = import(disc);
    EXPECT_EQ(report.layers.at(0).counts.withCurves, 1U);
    const Geometry geometry = first(*store).geometry;
    const Ring& ring = geometry.polygons.at(0).outer;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 middle = (ring[i] + ring[(i + 1) % ring.size()]) / 2.0;
        EXPECT_NEAR(glm::distance(middle, {610'000.0, 2'705'000.0}), 1000.0, 0.0101);
    }
    const double area = std::numbers::pi * 1e6;
    EXPECT_NEAR(squareMetresOf(geometry), area, 1e-4 * area);
}

TEST_F(ImportFormats, smallCurvesKeepTheirArea) {
    LayerSource disc = file("disc.csv",
                            "id;WKT\n1;\"CURVEPOLYGON (CIRCULARSTRING (610002 2705000,"
                            "609998 2705000,610002 2705000))\"\n");
    disc.crs = kPlane;
    const double area = std::numbers::pi * 4.0;
    EXPECT_NEAR(squareMetresOf(first(*import(disc)).geometry), area, 1e-4 * area);
}

TEST_F(ImportFormats, heightsAndMeasuresAreLeftOut) {
    LayerSource csv = file("zm.csv",
                           "id;WKT\n1;\"LINESTRING ZM (610000 2705000 5 1,610010 2705000 6 2)\"\n"
                           "2;\"POLYGON M ((610000 2705000 1,610010 2705000 2,610010 2705010 3,"
                           "610000 2705000 1))\"\n");
    csv.crs = kPlane;
    const auto store = import(csv);
    ASSERT_EQ(store->layers().size(), 2U);
    EXPECT_NEAR(lineMetresOf(first(*store, 0).geometry), 10.0, 1e-9);
    EXPECT_NEAR(squareMetresOf(first(*store, 1).geometry), 50.0, 1e-9);
}

TEST_F(ImportFormats, csvOfDegrees) {
    LayerSource points = file("points.csv", "名称,经度,纬度\n甲,118.1,24.48\n");
    points.crs = "EPSG:4490";
    const StoredFeature one = first(*import(points));
    EXPECT_LT(glm::distance(one.geometry.points.at(0), kPlace), 0.001);
    EXPECT_EQ(toText(one.values.at(0)), "甲");
}

TEST_F(ImportFormats, fieldsOfOneNameAreKeptApart) {
    LayerSource csv = file("twice.csv", "Name,name,x,y\na,b,610000,2705000\n");
    csv.crs = kPlane;
    const auto store = import(csv);
    const auto& fields = store->layers().at(0).fields;
    ASSERT_GE(fields.size(), 2U);
    EXPECT_NE(fields[0].name, fields[1].name);
    const StoredFeature one = first(*store);
    EXPECT_EQ(toText(one.values.at(0)), "a");
    EXPECT_EQ(toText(one.values.at(1)), "b");
}

TEST_F(ImportFormats, anEmptyShapefileIsALayer) {
    VectorLayer layer{.name = "none", .crs = kPlane, .fields = {{"名称"}}};
    ASSERT_TRUE(writeShapefile(folder.path() / "none.shp", layer, {.encoding = "GBK"}));
    const auto store = import({.path = (folder.path() / "none.shp").string()});
    ASSERT_EQ(store->layers().size(), 1U);
    EXPECT_EQ(store->layers()[0].features, 0U);
    EXPECT_EQ(store->layers()[0].fields.at(0).name, "名称");
    EXPECT_TRUE(store->layers()[0].extent.isEmpty());
}

TEST_F(ImportFormats, filtersAreTextAndNotSql) {
    LayerSource csv = file("a.csv", "\"n\"\"; DROP TABLE a; --\",x,y\n1,610000,2705000\n");
    csv.crs = kPlane;
    const auto store = import(csv);
    for (const char* where :
         {"1; DROP TABLE a", "1) UNION SELECT 1 --", "load_extension('x')", "(SELECT 1 FROM a)"}) {
        static_cast<void>(store->rows(0, {.where = where}));
    }
    EXPECT_FALSE(store->rows(0, {.where = "1; DROP TABLE a"}));
    EXPECT_FALSE(store->rows(0, {.where = "load_extension('x')"}));
    EXPECT_EQ(store->rows(0, {})->size(), 1U);
}

} // namespace
} // namespace pipeline::planning
