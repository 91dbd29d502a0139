#include "pipeline/planning/import_layers.h"

#include "pipeline/planning/feature_size.h"
#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/layer_store_connection.h"
#include "pipeline/planning/vector_reader.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/geodesic.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace pipeline::planning {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(CITY3D_DATA) / "planning";
constexpr const char* kPlane = "EPSG:4548";

/// A GeoJSON file's text; `features` are objects without "type".
std::string collection(const std::string& features) {
    return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

std::string feature(const std::string& geometry, const std::string& properties = "{}") {
    return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}

/// Of polygons in degrees.
double geodesicArea(const Geometry& degrees) {
    const auto ringArea = [](const Ring& ring) {
        std::vector<tiles3d::geo::Cartographic> places;
        for (const glm::dvec2& point : ring) {
            places.push_back({tiles3d::geo::Angle::degrees(point.x),
                              tiles3d::geo::Angle::degrees(point.y),
                              0.0});
        }
        return tiles3d::crs::geodesicRing(places).squareMetres;
    };
    double area = 0.0;
    for (const Polygon& polygon : degrees.polygons) {
        area += ringArea(polygon.outer);
        for (const Ring& hole : polygon.holes) {
            area += ringArea(hole); // clockwise: negative
        }
    }
    return area;
}

const std::string kSquare = R"({"type":"Polygon","coordinates":[[[118.1,24.48],[118.101,24.48],
    [118.101,24.481],[118.1,24.481],[118.1,24.48]]]})";
const std::string kBow = R"({"type":"Polygon","coordinates":[[[118.1,24.48],[118.101,24.481],
    [118.101,24.48],[118.1,24.481],[118.1,24.48]]]})";

class ImportLayers : public testing::Test {
protected:
    ImportReport importAll(const std::vector<LayerSource>& sources, ImportOptions options = {}) {
        options.planeCrs = options.planeCrs.empty() ? kPlane : options.planeCrs;
        const auto report = importLayers(sources, out, options);
        EXPECT_TRUE(report) << report.error().message;
        return report ? *report : ImportReport{};
    }
    std::shared_ptr<const LayerStore> store() const {
        const auto opened = LayerStore::open({out});
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? *opened : nullptr;
    }
    std::vector<StoredFeature> featuresOf(const LayerStore& from, std::uint32_t layer) const {
        std::vector<FeatureRef> refs;
        const auto ids = from.rows(layer, {});
        for (const std::int64_t id : *ids) {
            refs.push_back({layer, id});
        }
        return *from.read(refs);
    }
    std::string path(const std::string& name, const std::string& text) const {
        return folder.write(name, text).string();
    }

    /// How many lines of the ledger say `what`.
    std::size_t ledger(const std::string& what) const {
        const auto file = Connection::open(out);
        const auto lines =
            (*file)->prepare("SELECT 1 FROM city3d_import_ledger WHERE what = '" + what + "'");
        std::size_t count = 0;
        while (*(*file)->step(lines->get())) {
            ++count;
        }
        return count;
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
    fs::path out = folder.path() / "out" / "planning.gpkg";

    void SetUp() override { fs::create_directories(out.parent_path()); }
};

TEST_F(ImportLayers, keepsAttributesWithTheirTypes) {
    const std::string source =
        path("地块.geojson",
             collection(feature(kSquare,
                                R"({"名称":"厦门","n":9007199254740993,"x":1.5,"yes":true,
                                "day":"2024-03-01","when":"2024-03-01T08:30:00+08:00","fid":3})")));
    const ImportReport report =
        importAll({{.path = source, .category = "plan/parcels", .vintage = "2024-03"}});
    ASSERT_FALSE(report.hasLosses()) << toText(report);
    const auto opened = store();
    const LayerInfo& layer = opened->layers().at(0);
    EXPECT_EQ(layer.table, "地块");
    EXPECT_EQ(layer.category, "plan/parcels");
    EXPECT_EQ(layer.vintage, "2024-03");
    const StoredFeature one = featuresOf(*opened, 0).at(0);
    EXPECT_EQ(toText(one.values.at(0)), "厦门");
    EXPECT_EQ(toText(one.values.at(1)), "9007199254740993");
    EXPECT_EQ(toText(one.values.at(4)), "2024-03-01");
    EXPECT_EQ(toText(one.values.at(5)), "2024-03-01T00:30:00.000Z");
    EXPECT_EQ(layer.fields.at(6).name, "fid_2"); // "fid" is the table's own
}

TEST_F(ImportLayers, badFeaturesEndInTheLedgerAndTotalsReconcile) {
    const std::string source = path(
        "bad.geojson",
        collection(feature(kSquare) + "," + feature(kBow) + "," + feature("null") + "," +
                   feature(R"({"type":"Polygon","coordinates":[]})") + "," +
                   feature(R"({"type":"Polygon","coordinates":[[[118,24],[118,24],[118,24]]]})")));
    const std::string wild = path("wild.csv",
                                  "id,WKT\n1,\"POINT (nan 24)\"\n2,\"POINT (inf 24)\"\n"
                                  "3,\"POINT (118.1 24.4)\"\n4,\"POINT (1e30 1e30)\"\n");
    const ImportReport report = importAll({{.path = source}, {.path = wild, .crs = "EPSG:4490"}});
    ASSERT_EQ(report.layers.size(), 2U);
    const FeatureCounts& bad = report.layers[0].counts;
    EXPECT_EQ(bad.read, 5U);
    EXPECT_EQ(bad.kept, 2U);
    EXPECT_EQ(bad.repaired, 1U);
    EXPECT_EQ(bad.empty, 3U);
    const FeatureCounts& points = report.layers[1].counts;
    EXPECT_EQ(points.read, points.kept + points.dropped());
    EXPECT_EQ(points.kept, 1U);
    EXPECT_TRUE(report.hasLosses());
    const auto opened = store();
    for (std::uint32_t layer = 0; layer < 2; ++layer) {
        for (const StoredFeature& one : featuresOf(*opened, layer)) {
            EXPECT_TRUE(checkValid(one.geometry));
        }
    }
}

TEST_F(ImportLayers, mixedKindsGoToTheirOwnTables) {
    const std::string source = path(
        "mixed.geojson",
        collection(feature(kSquare) + "," +
                   feature(R"({"type":"LineString","coordinates":[[118.1,24.48],[118.2,24.5]]})") +
                   "," + feature(R"({"type":"Point","coordinates":[118.1,24.48,7]})")));
    const ImportReport report = importAll({{.path = source}});
    ASSERT_EQ(report.layers.size(), 1U);
    EXPECT_EQ(report.layers[0].tables,
              (std::vector<std::string>{"mixed", "mixed_line", "mixed_point"}));
    EXPECT_EQ(report.layers[0].counts.withHeights, 1U);
    EXPECT_EQ(store()->layers().size(), 3U);
}

TEST_F(ImportLayers, sameInputSameBytesForAnyNumberOfThreads) {
    std::string features;
    for (int i = 0; i < 3000; ++i) {
        features += (i > 0 ? "," : "") + feature(i % 7 == 0 ? kBow : kSquare);
    }
    const std::vector<LayerSource> sources{{.path = path("a.geojson", collection(features))},
                                           {.path = path("b.geojson", collection(features))}};
    importAll(sources, {.threads = 1});
    const auto one = tiles3d::base::readFile(out);
    fs::remove(out);
    importAll(sources, {.threads = 3});
    const auto three = tiles3d::base::readFile(out);
    EXPECT_TRUE(*one == *three);
}

TEST_F(ImportLayers, unchangedSourcesAreKeptAndGoneOnesGo) {
    const LayerSource a{.path = path("a.geojson", collection(feature(kSquare)))};
    LayerSource b{.path = path("b.geojson", collection(feature(kBow)))};
    importAll({a, b});
    const auto before = tiles3d::base::readFile(out);
    const ImportReport again = importAll({a, b});
    EXPECT_TRUE(again.isUnchanged);
    EXPECT_EQ(again.layers.at(1).counts.repaired, 1U);

    path("b.geojson", collection(feature(kSquare) + "," + feature(kSquare)));
    const ImportReport changed = importAll({a, b});
    EXPECT_TRUE(changed.layers.at(0).isUnchanged);
    EXPECT_FALSE(changed.layers.at(1).isUnchanged);
    EXPECT_EQ(store()->layers().at(1).features, 2U);

    path("b.geojson", collection(feature(kBow)));
    importAll({a, b}); // a taken over, b read: as if both had been read
    EXPECT_TRUE(*tiles3d::base::readFile(out) == *before);

    importAll({b});
    ASSERT_EQ(store()->layers().size(), 1U);
    EXPECT_EQ(store()->layers().at(0).table, "b");
}

TEST_F(ImportLayers, whatFailsIsKeptFromTheEarlierImport) {
    const LayerSource a{.path = path("a.geojson", collection(feature(kBow)))};
    const LayerSource b{.path = path("b.geojson", collection(feature(kSquare)))};
    importAll({a, b});
    fs::remove(a.path);
    path("b.geojson", "{");
    const ImportReport lost = importAll({a, b});
    EXPECT_TRUE(lost.hasLosses());
    ASSERT_EQ(lost.layers.size(), 2U);
    for (const ImportedLayer& layer : lost.layers) {
        EXPECT_FALSE(layer.keptFrom.empty()) << toText(lost);
    }
    EXPECT_EQ(lost.layers[0].counts.repaired, 1U);
    ASSERT_EQ(store()->layers().size(), 2U);
    EXPECT_EQ(store()->layers()[0].features, 1U);
    EXPECT_EQ(ledger("kept"), 2U);
    EXPECT_EQ(ledger("repaired"), 1U);

    const ImportReport again = importAll({a, b}); // fails in the same way
    EXPECT_TRUE(again.hasLosses());
    EXPECT_EQ(again.layers.at(1).keptFrom, lost.layers[1].keptFrom);
    EXPECT_EQ(ledger("kept"), 2U);

    path("a.geojson", collection(feature(kSquare)));
    const ImportReport mended = importAll({a, b});
    EXPECT_TRUE(mended.layers.at(0).lost.empty());
    EXPECT_EQ(mended.layers.at(1).keptFrom, lost.layers[1].keptFrom);
    EXPECT_EQ(ledger("kept"), 1U);

    // In another plane the earlier layers would lie elsewhere.
    EXPECT_TRUE(importAll({a, b}, {.planeCrs = "EPSG:4547"}).layers.at(1).keptFrom.empty());
    EXPECT_EQ(store()->layers().size(), 1U);
}

TEST_F(ImportLayers, aFolderThatIsGoneKeepsItsLayers) {
    fs::create_directories(folder.path() / "in");
    folder.write("in/a.geojson", collection(feature(kSquare)));
    folder.write("in/b.geojson", collection(feature(kBow)));
    const LayerSource in{.path = (folder.path() / "in").string()};
    importAll({in});
    fs::rename(in.path, folder.path() / "elsewhere");
    const ImportReport lost = importAll({in});
    EXPECT_TRUE(lost.hasLosses());
    EXPECT_EQ(lost.layers.size(), 2U);
    EXPECT_EQ(store()->layers().size(), 2U);
}

TEST_F(ImportLayers, theFileThatIsWrittenIsNoSource) {
    path("a.geojson", collection(feature(kSquare)));
    out = folder.path() / "planning.gpkg";
    for (int i = 0; i < 2; ++i) {
        const ImportReport report = importAll({{.path = folder.path().string()}});
        EXPECT_EQ(report.layers.size(), 1U) << toText(report);
        EXPECT_EQ(store()->layers().size(), 1U);
    }
}

TEST_F(ImportLayers, sqlInNamesIsText) {
    const std::string evil = "x\"; DROP TABLE gpkg_contents; --'";
    const std::string source =
        path(evil + ".geojson",
             collection(feature(kSquare, R"({"a\"; DROP TABLE x; --":"'); DROP TABLE x; --"})")));
    const ImportReport report = importAll({{.path = source, .category = "'); DROP TABLE x; --"}});
    ASSERT_FALSE(report.hasLosses()) << toText(report);
    const auto opened = store();
    EXPECT_EQ(opened->layers().at(0).table, evil);
    EXPECT_EQ(toText(featuresOf(*opened, 0).at(0).values.at(0)), "'); DROP TABLE x; --");
    EXPECT_TRUE(importAll({{.path = source, .layers = "' OR 1=1 --"}}).hasLosses());
}

TEST_F(ImportLayers, aLayerOfAnotherCityIsRefusedWithWhatWouldHelp) {
    const PlaneBox city{{600'000, 2'690'000}, {630'000, 2'720'000}};
    const std::string swapped =
        path("swapped.csv", "id,WKT\n1,\"POINT (2708897 611512)\"\n2,\"POINT (2708997 611612)\"\n");
    const std::string zoned = path("zoned.csv", "id,WKT\n1,\"POINT (39611512 2708897)\"\n");
    const std::string beijing = path("beijing.csv", "lon,lat\n116.4,39.9\n");
    const ImportReport report = importAll({{.path = swapped, .crs = kPlane},
                                           {.path = zoned, .crs = kPlane},
                                           {.path = beijing, .crs = "EPSG:4490"}},
                                          {.cityBox = city});
    ASSERT_EQ(report.layers.size(), 3U);
    EXPECT_NE(report.layers[0].lost.find("EPSG:4548"), std::string::npos) << report.layers[0].lost;
    EXPECT_NE(report.layers[0].lost.find("swapped"), std::string::npos);
    EXPECT_NE(report.layers[1].lost.find("EPSG:4527"), std::string::npos) << report.layers[1].lost;
    EXPECT_NE(report.layers[2].lost.find("another city"), std::string::npos);
    EXPECT_TRUE(store()->layers().empty());
}

TEST_F(ImportLayers, brokenShapeIndexAndMissingCrs) {
    VectorLayer layer{.name = "l", .crs = kPlane, .fields = {{"名称"}}};
    Feature one;
    one.geometry.polygons.push_back(
        {.outer = {{610000, 2705000}, {610100, 2705000}, {610100, 2705100}}});
    one.values = {std::string("水田")};
    layer.features = {one, one};
    const fs::path shp = folder.path() / "farm.shp";
    ASSERT_TRUE(writeShapefile(shp, layer, {.encoding = "GBK", .withCodePage = false}));
    folder.write("farm.shx", "nonsense");
    const ImportReport report = importAll({{.path = shp.string()}});
    EXPECT_FALSE(report.hasLosses()) << toText(report);
    EXPECT_EQ(report.layers.at(0).counts.kept, 2U);
    EXPECT_EQ(report.layers.at(0).tables.at(0), "farm");
    EXPECT_EQ(fs::file_size(folder.path() / "farm.shx"), 8U); // the delivery is not touched
    EXPECT_EQ(toText(featuresOf(*store(), 0).at(0).values.at(0)), "水田");
    fs::remove(folder.path() / "farm.prj");
    fs::remove(out);
    EXPECT_NE(importAll({{.path = shp.string()}}).layers.at(0).lost.find(".prj"),
              std::string::npos);
    EXPECT_FALSE(importAll({{.path = shp.string(), .crs = kPlane}}).hasLosses());
}

TEST_F(ImportLayers, localGridThroughAPipeline) {
    const std::string source = path("local.csv", "x,y\n11512.422,8897.873\n");
    importAll(
        {{.path = source, .crs = "+proj=pipeline +step +proj=affine +xoff=600000 +yoff=2700000"}});
    const StoredFeature one = featuresOf(*store(), 0).at(0);
    EXPECT_NEAR(one.geometry.points.at(0).x, 611512.422, 1e-6);
    EXPECT_NEAR(one.geometry.points.at(0).y, 2708897.873, 1e-6);
}

TEST_F(ImportLayers, sourcesThatCannotBeReadAreLostAndNothingElse) {
    const ImportReport report =
        importAll({{.path = path("bad.gpkg", "nothing of the kind")},
                   {.path = (folder.path() / "missing.shp").string()},
                   {.path = path("ok.geojson", collection(feature(kSquare)))}});
    EXPECT_TRUE(report.hasLosses());
    EXPECT_EQ(store()->layers().size(), 1U);
    EXPECT_FALSE(importLayers({}, out, {.planeCrs = "nonsense"}));
    EXPECT_TRUE(fs::exists(out)); // what was there stays
    EXPECT_FALSE(fs::exists(out.string() + ".part"));
}

TEST_F(ImportLayers, aPolygonOfMillionsOfPointsTakesSeconds) {
    constexpr int kPoints = 1'000'000;
    std::string wkt = "id;WKT\n1;\"POLYGON ((";
    for (int k = 0; k <= kPoints; ++k) {
        const double angle = 2.0 * std::numbers::pi * (k % kPoints) / kPoints;
        const double radius = 5000.0 + 10.0 * std::sin(angle * 4000.0);
        wkt += fmt::format("{}{:.3f} {:.3f}",
                           k > 0 ? "," : "",
                           610'000.0 + radius * std::cos(angle),
                           2'705'000.0 + radius * std::sin(angle));
    }
    const ImportReport report =
        importAll({{.path = path("huge.csv", wkt + "))\"\n"), .crs = kPlane}});
    EXPECT_FALSE(report.hasLosses()) << toText(report);
    EXPECT_EQ(report.layers.at(0).counts.repaired, 0U);
}

TEST_F(ImportLayers, areasOfRealLayersAreTheGeodesicOnes) {
    if (!fs::exists(kData)) {
        GTEST_SKIP() << "no real data at " << kData;
    }
    for (const char* name : {"landuse_2018.shp", "restricted_area.shp"}) {
        importAll({{.path = (kData / name).string()}});
        const auto opened = store();
        const auto plane = tiles3d::crs::Transform::create(*tiles3d::crs::understandSrs(kPlane),
                                                           tiles3d::crs::EllipsoidalHeights());
        const auto degrees = readVectors(kData / name, "EPSG:4490");
        ASSERT_TRUE(degrees);
        const auto imported = featuresOf(*opened, 0);
        ASSERT_EQ(imported.size(), degrees->layers[0].features.size());
        for (std::size_t i = 0; i < imported.size(); ++i) {
            const double area = geodesicArea(degrees->layers[0].features[i].geometry);
            EXPECT_NEAR(
                sizeOf(imported[i].geometry, *plane)->geodesicSquareMetres, area, 1e-4 * area)
                << name << " " << i;
        }
    }
}

TEST_F(ImportLayers, districtsInGcj02AreSuspectedUntilCorrected) {
    if (!fs::exists(kData)) {
        GTEST_SKIP() << "no real data at " << kData;
    }
    const LayerSource coast{.path = (kData / "xiamen_coastline_osm.geojson").string()};
    LayerSource districts{.path = (kData / "xiamen_districts_gcj02.geojson").string()};
    const ImportReport suspected = importAll({coast, districts});
    ASSERT_EQ(suspected.warnings.size(), 1U);
    EXPECT_TRUE(suspected.warnings[0].starts_with("xiamen_districts_gcj02"));
    EXPECT_EQ(importAll({coast, districts}).warnings, suspected.warnings); // also when skipped
    districts.isGcj02 = true;
    EXPECT_TRUE(importAll({coast, districts}).warnings.empty());
}

} // namespace
} // namespace pipeline::planning
