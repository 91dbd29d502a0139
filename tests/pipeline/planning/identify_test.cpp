#include "pipeline/planning/identify.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <numbers>
#include <random>
#include <set>
#include <utility>

namespace pipeline::planning {
namespace {

namespace fs = std::filesystem;
using tests::must;

VectorLayer layerOf(const std::string& name,
                    std::vector<Feature> features,
                    GeometryKind kind = GeometryKind::Polygon) {
    return {.name = name, .crs = "EPSG:4548", .kind = kind, .features = std::move(features)};
}

Feature polygonFeature(std::vector<Polygon> polygons) {
    return {.geometry = {.polygons = std::move(polygons)}};
}

Ring square(double x, double y, double size) {
    return {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
}

/// Layer, id and distance of each feature.
using Found = std::vector<std::tuple<std::uint32_t, std::int64_t, double>>;

class Identify : public testing::Test {
protected:
    std::shared_ptr<const LayerStore> storeOf(const std::vector<VectorLayer>& layers) const {
        must(writeGeoPackage(file, layers));
        return must(LayerStore::open({file}));
    }

    static Found
    at(const LayerStore& store, const glm::dvec2& place, const IdentifyOptions& options = {}) {
        Found found;
        for (const IdentifiedFeature& hit : must(identify(store, place, options)).features) {
            found.emplace_back(hit.feature.ref.layer, hit.feature.ref.id, hit.distanceMetres);
        }
        return found;
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
    fs::path file = folder.path() / "layers.gpkg";
};

TEST_F(Identify, knowsHolesPartsAndIslandsInHoles) {
    const auto store = storeOf({layerOf(
        "层",
        {
            polygonFeature({{square(0, 0, 100), {square(20, 20, 60)}}, {square(40, 40, 20), {}}}),
            polygonFeature({{square(200, 0, 50), {}}, {square(0, 0, 100), {}}}),
        })});
    EXPECT_EQ(at(*store, {10, 10}), (Found{{0, 1, 0.0}, {0, 2, 0.0}}));
    EXPECT_EQ(at(*store, {30, 30}), (Found{{0, 2, 0.0}}));
    EXPECT_EQ(at(*store, {50, 50}), (Found{{0, 1, 0.0}, {0, 2, 0.0}}));
    EXPECT_EQ(at(*store, {225, 25}), (Found{{0, 2, 0.0}}));
    EXPECT_TRUE(at(*store, {150, 25}, {.toleranceMetres = 10.0}).empty());
}

TEST_F(Identify, findsLinesAndPointsWithinTheTolerance) {
    const auto store =
        storeOf({layerOf("a",
                         {{.geometry = {.lines = {{{0, 0}, {100, 0}}, {{0, 3}, {100, 3}}}}}},
                         GeometryKind::Line),
                 layerOf("b", {{.geometry = {.points = {{50, 4}}}}}, GeometryKind::Point)});
    EXPECT_EQ(at(*store, {50, 2}, {.toleranceMetres = 2.5}), (Found{{0, 1, 1.0}, {1, 1, 2.0}}));
    EXPECT_EQ(at(*store, {50, 2}, {.toleranceMetres = 1.5}), (Found{{0, 1, 1.0}}));
    EXPECT_TRUE(at(*store, {50, 2}, {.toleranceMetres = 0.5}).empty());
    EXPECT_TRUE(at(*store, {std::nan(""), 2}, {.toleranceMetres = 1.0}).empty());
}

TEST_F(Identify, asksOnlyTheLayersNamed) {
    const std::vector<Feature> one{polygonFeature({{square(0, 0, 10), {}}})};
    const auto store = storeOf({layerOf("a", one), layerOf("b", one), layerOf("c", one)});
    using Layers = std::vector<std::uint32_t>;
    EXPECT_EQ(at(*store, {5, 5}).size(), 3U);
    EXPECT_EQ(at(*store, {5, 5}, {.layers = Layers{2, 0}}), (Found{{0, 1, 0.0}, {2, 1, 0.0}}));
    EXPECT_TRUE(at(*store, {5, 5}, {.layers = Layers{}}).empty());
    EXPECT_EQ(must(identify(*store, {5, 5}, {.parts = Parts::Geometry}))
                  .features.front()
                  .feature.geometry.polygons.size(),
              1U);
}

TEST_F(Identify, ordersByCategoryAndSaysWhatIsBroken) {
    const std::vector<Feature> one{polygonFeature({{square(0, 0, 10), {}}})};
    must(writeGeoPackage(file, {layerOf("a", one), layerOf("b", one), layerOf("c", one)}));
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    sqlite3_exec(database,
                 "CREATE TABLE city3d_layers(table_name TEXT PRIMARY KEY, title TEXT, category "
                 "TEXT, source TEXT, source_crs TEXT, vintage TEXT);"
                 "INSERT INTO city3d_layers(table_name, category) VALUES('b', 'planning/x'), "
                 "('c', 'control/y');",
                 nullptr,
                 nullptr,
                 nullptr);
    const auto breakLayerB = [database] {
        sqlite3_exec(
            database,
            "DROP TRIGGER IF EXISTS rtree_b_geom_update1; DROP TRIGGER IF EXISTS "
            "rtree_b_geom_update2; DROP TRIGGER IF EXISTS rtree_b_geom_update3; DROP "
            "TRIGGER IF EXISTS rtree_b_geom_update4; UPDATE b SET geom = substr(geom, 1, 60)",
            nullptr,
            nullptr,
            nullptr);
    };
    const auto store = must(LayerStore::open({file}));
    EXPECT_EQ(at(*store, {5, 5}), (Found{{2, 1, 0.0}, {1, 1, 0.0}, {0, 1, 0.0}}));
    breakLayerB();
    sqlite3_close(database);
    const Identified broken = must(identify(*store, {5, 5}));
    EXPECT_EQ(broken.features.size(), 2U);
    ASSERT_EQ(broken.warnings.size(), 1U);
    EXPECT_NE(broken.warnings[0].find("layer b, feature 1"), std::string::npos);
}

Ring star(const glm::dvec2& centre, std::mt19937& random) {
    std::uniform_real_distribution<double> radius(5.0, 60.0);
    Ring ring;
    constexpr int kCorners = 9;
    for (int i = 0; i < kCorners; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / kCorners;
        ring.push_back(centre + radius(random) * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    return ring;
}

/// What a command prints.
std::string outputOf(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string output;
    for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;) {
        output += static_cast<char>(c);
    }
    return output;
}

/// Pairs of a point's and a polygon's id that SpatiaLite finds.
std::set<std::pair<std::int64_t, std::int64_t>> pairsBySpatialite(const fs::path& file) {
    std::string csv = outputOf(
        "ogr2ogr -f CSV /vsistdout/ '" + file.string() +
        "' -dialect sqlite -sql 'SELECT p.rowid AS point, s.rowid AS star FROM points p, stars s "
        "WHERE ST_Contains(s.geom, p.geom)' 2>/dev/null");
    std::erase(csv, '"');
    std::set<std::pair<std::int64_t, std::int64_t>> pairs;
    std::size_t line = csv.find('\n');
    while (line != std::string::npos && line + 1 < csv.size()) {
        long long point = 0;
        long long polygon = 0;
        if (std::sscanf(csv.c_str() + line + 1, "%lld,%lld", &point, &polygon) == 2) {
            pairs.emplace(point, polygon);
        }
        line = csv.find('\n', line + 1);
    }
    return pairs;
}

TEST_F(Identify, agreesWithSpatialite) {
    if (outputOf("ogr2ogr --version 2>/dev/null").empty()) {
        GTEST_SKIP() << "no ogr2ogr";
    }
    constexpr unsigned kSeed = 4548;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> spread(0.0, 1000.0);
    const auto somewhere = [&] {
        return glm::dvec2(610000.0, 2705000.0) + glm::dvec2(spread(random), spread(random));
    };
    std::vector<Feature> stars;
    std::vector<Feature> points;
    for (int i = 0; i < 1000; ++i) {
        stars.push_back(polygonFeature({{star(somewhere(), random), {}}}));
    }
    for (int i = 0; i < 300; ++i) {
        points.push_back({.geometry = {.points = {somewhere()}}});
    }
    const auto store =
        storeOf({layerOf("points", points, GeometryKind::Point), layerOf("stars", stars)});
    std::set<std::pair<std::int64_t, std::int64_t>> ours;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::vector<std::uint32_t> onlyStars{1};
        for (const auto& [layer, id, metres] :
             at(*store, points[i].geometry.points[0], {.layers = onlyStars})) {
            ours.emplace(static_cast<std::int64_t>(i + 1), id);
        }
    }
    EXPECT_GT(ours.size(), 500U);
    EXPECT_EQ(ours, pairsBySpatialite(file));
}

} // namespace
} // namespace pipeline::planning
