#include "pipeline/planning/layer_store.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/must.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

namespace pipeline::planning {
namespace {

namespace fs = std::filesystem;
using tests::must;

constexpr const char* kPlane = "EPSG:4548";
const glm::dvec2 kOrigin(610000.0, 2705000.0);

Ring square(const glm::dvec2& corner, double side) {
    return {corner,
            corner + glm::dvec2(side, 0.0),
            corner + glm::dvec2(side),
            corner + glm::dvec2(0.0, side)};
}

/// A row of squares of 10 m, 20 m apart.
VectorLayer squares(const std::string& name, int count, const std::string& crs = kPlane) {
    VectorLayer layer{.name = name, .crs = crs};
    layer.fields = {{"地类名称"}, {"MJ", FieldType::Real}, {"BSM", FieldType::Integer}};
    for (int i = 0; i < count; ++i) {
        Feature feature;
        feature.geometry.polygons.push_back(
            {square(kOrigin + glm::dvec2(20.0 * i, 0.0), 10.0), {}});
        feature.values = {
            std::string(i % 2 == 0 ? "水田" : "旱地"), 100.0 + i, std::int64_t{350200000} + i};
        layer.features.push_back(feature);
    }
    return layer;
}

VectorLayer lines(const std::string& name) {
    VectorLayer layer{.name = name, .crs = kPlane, .kind = GeometryKind::Line};
    layer.fields = {{"LB"}};
    Feature feature;
    feature.geometry.lines.push_back({kOrigin, kOrigin + glm::dvec2(100.0, 0.0)});
    feature.values = {std::string("城市道路")};
    layer.features.push_back(feature);
    return layer;
}

class LayerStoreTest : public testing::Test {
protected:
    fs::path write(const std::string& name, const std::vector<VectorLayer>& layers) const {
        must(writeGeoPackage(folder / name, layers));
        return folder / name;
    }

    /// Changes a file behind the store's back.
    static void execute(const fs::path& file, const std::string& sql) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
        char* message = nullptr;
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
            << (message != nullptr ? message : "");
        sqlite3_free(message);
        sqlite3_close(database);
    }

    GdalRuntime gdal;
    tests::TemporaryFolder temporary;
    const fs::path folder = temporary.path();
};

std::string errorOf(const LayerStore& store, const std::string& where) {
    const auto rows = store.rows(0, {.where = where});
    return rows ? "" : rows.error().message;
}

TEST_F(LayerStoreTest, saysWhatItsLayersAre) {
    const fs::path file = write("规划.gpkg", {squares("永久基本农田", 3), lines("道路\"红线'")});
    const auto store = must(LayerStore::open({file}));
    EXPECT_EQ(store->planeCrs(), kPlane);
    ASSERT_EQ(store->layers().size(), 2U);
    const LayerInfo& farm = store->layers()[0];
    EXPECT_EQ(farm.table, "永久基本农田");
    EXPECT_EQ(farm.title, "永久基本农田");
    EXPECT_EQ(farm.kind, GeometryKind::Polygon);
    EXPECT_EQ(farm.features, 3U);
    ASSERT_EQ(farm.fields.size(), 3U);
    EXPECT_EQ(farm.fields[0].name, "地类名称");
    EXPECT_EQ(farm.fields[1].type, FieldType::Real);
    EXPECT_EQ(farm.fields[2].type, FieldType::Integer);
    EXPECT_LE(farm.extent.low.x, kOrigin.x);
    EXPECT_GE(farm.extent.high.x, kOrigin.x + 50.0);
    EXPECT_NEAR(farm.extent.high.y, kOrigin.y + 10.0, 0.5);
    EXPECT_EQ(store->layers()[1].kind, GeometryKind::Line);
    EXPECT_GT(store->indexBytes(), 4 * 24U);
}

TEST_F(LayerStoreTest, readsWhatTheImportNotes) {
    const fs::path file = write("a.gpkg", {squares("a", 1)});
    execute(file,
            "CREATE TABLE city3d_layers(table_name TEXT PRIMARY KEY, title TEXT, category TEXT, "
            "source TEXT, source_layer TEXT, source_crs TEXT, vintage TEXT, source_hash TEXT, "
            "note TEXT);"
            "INSERT INTO city3d_layers VALUES('a', '农田', 'control/farmland', 'f.shp', 'f', "
            "'EPSG:4490', '2024-03', '', '');"
            "CREATE TABLE gpkg_data_columns(table_name TEXT, column_name TEXT, name TEXT, title "
            "TEXT, description TEXT, mime_type TEXT, constraint_name TEXT);"
            "INSERT INTO gpkg_data_columns VALUES('a', 'MJ', '面积', NULL, NULL, NULL, NULL);");
    const LayerInfo info = must(LayerStore::open({file}))->layers()[0];
    EXPECT_EQ(info.title, "农田");
    EXPECT_EQ(info.category, "control/farmland");
    EXPECT_EQ(info.source, "f.shp");
    EXPECT_EQ(info.sourceCrs, "EPSG:4490");
    EXPECT_EQ(info.vintage, "2024-03");
    EXPECT_EQ(info.fields[1].alias, "面积");
}

TEST_F(LayerStoreTest, findsAndReadsFeatures) {
    const fs::path file = write("a.gpkg", {squares("a", 100), lines("b")});
    const auto store = must(LayerStore::open({file}));
    const glm::dvec2 inThird = kOrigin + glm::dvec2(45.0, 5.0);
    const std::vector<FeatureRef> third{{0, 3}};
    EXPECT_EQ(store->near({inThird, inThird}), third);
    const PlaneBox corner{kOrigin, kOrigin + glm::dvec2(21.0)};
    EXPECT_EQ(store->near(corner), (std::vector<FeatureRef>{{0, 1}, {0, 2}, {1, 1}}));
    const std::vector<std::uint32_t> onlyLines{1};
    EXPECT_EQ(store->near(corner, onlyLines), (std::vector<FeatureRef>{{1, 1}}));

    const std::vector<FeatureRef> asked{{1, 1}, {0, 99}, {0, 5000}, {0, 2}};
    const std::vector<StoredFeature> read = must(store->read(asked));
    ASSERT_EQ(read.size(), 3U); // 5000 is not there
    EXPECT_EQ(read[0].ref, asked[0]);
    EXPECT_EQ(read[0].geometry.lines.size(), 1U);
    EXPECT_EQ(read[1].geometry.polygons.front().outer,
              square(kOrigin + glm::dvec2(20.0 * 98, 0.0), 10.0));
    EXPECT_EQ(read[1].values,
              (std::vector<Value>{std::string("水田"), 198.0, std::int64_t{350200098}}));
    EXPECT_EQ(read[2].ref, asked[3]);
    EXPECT_TRUE(must(store->read(third, Parts::Geometry)).front().values.empty());
    EXPECT_TRUE(must(store->read(third, Parts::Attributes)).front().geometry.isEmpty());
    EXPECT_EQ(must(store->read(third, Parts::Attributes)).front().values.size(), 3U);
}

TEST_F(LayerStoreTest, joinsFilesOfOneCrsAndRefusesOthers) {
    const fs::path first = write("a.gpkg", {squares("a", 2)});
    const fs::path second = write("b.gpkg", {squares("b", 3), squares("c", 0)});
    const auto store = must(LayerStore::open({first, second}));
    ASSERT_EQ(store->layers().size(), 3U);
    EXPECT_EQ(store->layers()[1].file, second);
    EXPECT_TRUE(store->layers()[2].extent.isEmpty());
    const std::vector<FeatureRef> mixed{{1, 3}, {0, 1}, {1, 1}};
    EXPECT_EQ(must(store->read(mixed)).size(), 3U);
    EXPECT_TRUE(must(store->rows(2, {})).empty());

    const fs::path other = write("d.gpkg", {squares("d", 1, "EPSG:4549")});
    const auto failed = LayerStore::open({first, other});
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("d.gpkg: layer d lies in EPSG:4549"), std::string::npos)
        << failed.error().message;
    EXPECT_TRUE(must(LayerStore::open({}))->layers().empty());
}

TEST_F(LayerStoreTest, namesFilesThatAreNoGeoPackage) {
    std::ofstream(folder / "text.gpkg") << "not a database at all, but long enough for a header";
    execute(folder / "plain.gpkg", "CREATE TABLE t(a)");
    for (const char* name : {"text.gpkg", "plain.gpkg", "missing.gpkg"}) {
        const auto failed = LayerStore::open({folder / name});
        ASSERT_FALSE(failed) << name;
        EXPECT_NE(failed.error().message.find(name), std::string::npos) << failed.error().message;
    }
}

TEST_F(LayerStoreTest, takesFileNamesThatLookLikeSql) {
    const fs::path file = write("a.gpkg", {squares("a", 2)});
    for (const char* name : {"规划 #1?mode=memory&x=%41.gpkg", "'; DROP TABLE a; --.gpkg"}) {
        fs::copy_file(file, folder / name);
        EXPECT_EQ(must(LayerStore::open({folder / name}))->layers()[0].features, 2U) << name;
    }
}

TEST_F(LayerStoreTest, readsTablesOfOthers) {
    const fs::path file = write("a.gpkg", {squares("a", 3)});
    execute(file,
            // No key of its own, a type that SQLite does not know, a geometry that is not there.
            "CREATE TABLE \"b \"\"b\"\"\" (shape BLOB, \"名 称\" VARCHAR(20), big BIGINT, wide "
            "NUMERIC(10, 2));"
            "INSERT INTO \"b \"\"b\"\"\" SELECT geom, 'x', 2, 5 FROM a WHERE fid = 2;"
            "INSERT INTO \"b \"\"b\"\"\" VALUES (NULL, x'FF', 'text', NULL);"
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES "
            "('b \"b\"', 'features', 'other', 4548);"
            "INSERT INTO gpkg_geometry_columns VALUES ('b \"b\"', 'shape', 'GEOMETRY', 4548, 0, 0);"
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "
            "('no such table', 'attributes', 'rows only');");
    const auto store = must(LayerStore::open({file}));
    ASSERT_EQ(store->layers().size(), 2U);
    const LayerInfo& other = store->layers()[1];
    EXPECT_EQ(other.table, "b \"b\"");
    EXPECT_EQ(other.title, "other");
    EXPECT_EQ(other.kind, GeometryKind::Polygon);
    EXPECT_EQ(other.features, 2U);
    EXPECT_EQ(other.fields[1].type, FieldType::Integer);
    EXPECT_EQ(other.fields[2].type, FieldType::Real);
    EXPECT_EQ(store->near(other.extent, std::vector<std::uint32_t>{1}).size(), 1U);
    const std::vector<FeatureRef> both{{1, 1}, {1, 2}};
    const auto read = must(store->read(both));
    EXPECT_EQ(read[0].values, (std::vector<Value>{std::string("x"), std::int64_t{2}, 5.0}));
    EXPECT_EQ(read[1].values, (std::vector<Value>{{}, std::string("text"), {}}));
    EXPECT_TRUE(read[1].geometry.isEmpty());
}

TEST_F(LayerStoreTest, refusesViewsAndLayersThatDoNotSayTheirCrs) {
    const fs::path view = write("view.gpkg", {squares("a", 1)});
    execute(view,
            "ALTER TABLE a RENAME TO hidden; CREATE VIEW a AS SELECT * FROM hidden;"
            "DELETE FROM gpkg_contents WHERE table_name = 'hidden';"
            "UPDATE gpkg_contents SET table_name = 'a';"
            "UPDATE gpkg_geometry_columns SET table_name = 'a';");
    const fs::path nowhere = write("nowhere.gpkg", {squares("a", 1)});
    execute(nowhere, "UPDATE gpkg_geometry_columns SET srs_id = -1");
    for (const fs::path& file : {view, nowhere}) {
        const auto failed = LayerStore::open({file});
        ASSERT_FALSE(failed) << file;
        EXPECT_NE(failed.error().message.find("layer a"), std::string::npos)
            << failed.error().message;
    }
}

TEST_F(LayerStoreTest, needsNoRTree) {
    const fs::path with = write("a.gpkg", {squares("a", 500)});
    const fs::path without = folder / "b.gpkg";
    fs::copy_file(with, without);
    execute(without, "DELETE FROM gpkg_extensions; DROP TABLE gpkg_ogr_contents;");
    const auto one = must(LayerStore::open({with}));
    const auto other = must(LayerStore::open({without}));
    EXPECT_EQ(other->layers()[0].features, 500U);
    const PlaneBox box{kOrigin + glm::dvec2(101.0, 2.0), kOrigin + glm::dvec2(8001.0, 3.0)};
    EXPECT_EQ(one->near(box).size(), 396U);
    EXPECT_EQ(one->near(box), other->near(box));
}

TEST_F(LayerStoreTest, livesWithABrokenRTree) {
    const fs::path file = write("a.gpkg", {squares("a", 500)});
    // The root says that it holds nodes, and holds itself.
    execute(file,
            "PRAGMA writable_schema = 1;"
            "UPDATE rtree_a_geom_node SET data = x'0028' || substr(data, 3) WHERE nodeno = 1;");
    EXPECT_EQ(must(LayerStore::open({file}))->near(PlaneBox{kOrigin, kOrigin + 1.0}).size(), 1U);
}

TEST_F(LayerStoreTest, filtersAndOrdersRows) {
    const fs::path file = write("a.gpkg", {squares("a", 6)});
    const auto store = must(LayerStore::open({file}));
    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(must(store->rows(0, {})), (Ids{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(must(store->rows(0, {.where = "地类名称 = '水田'"})), (Ids{1, 3, 5}));
    EXPECT_EQ(
        must(store->rows(0, {.where = "MJ > 102 AND (BSM % 2 = 0 OR \"地类名称\" LIKE '旱%')"})),
        (Ids{4, 5, 6}));
    EXPECT_EQ(must(store->rows(0, {.where = "地类名称 = '水田;--' OR MJ = 100"})).size(), 1U)
        << "text";
    EXPECT_EQ(must(store->rows(0, {.orderBy = "MJ", .descending = true})), (Ids{6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(must(store->rows(0, {.orderBy = "地类名称"})), (Ids{2, 4, 6, 1, 3, 5}));
    EXPECT_FALSE(store->rows(0, {.orderBy = "MJ; DROP TABLE a"}));
}

TEST_F(LayerStoreTest, refusesMoreThanACondition) {
    const fs::path file = write("a.gpkg", {squares("a", 3), squares("b", 3)});
    const auto store = must(LayerStore::open({file}));
    for (const char* attack : {"1; DROP TABLE a",
                               "1) UNION SELECT 1 FROM b WHERE (1",
                               "1 -- ",
                               "1 /* */",
                               "(1",
                               "1)",
                               "'",
                               "fid IN (SELECT fid FROM b)",
                               "EXISTS (SELECT 1 FROM sqlite_master)",
                               "EXISTS (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
                               "FROM c) SELECT 1 FROM c)",
                               "load_extension('x')",
                               "randomblob(1000000000) IS NULL",
                               "length(zeroblob(1000000000)) > 1",
                               "printf('%1000000000d', 1) = ''",
                               "fts3_tokenizer('simple') IS NULL",
                               "sum(MJ) > 1",
                               "MJ > ?",
                               "nosuchfield = 1",
                               "\"nosuchfield\" = 1",
                               "MJ >",
                               "ATTACH 'x' AS y",
                               "1 ORDER BY fid"}) {
        EXPECT_FALSE(errorOf(*store, attack).empty()) << attack;
    }
    EXPECT_NE(errorOf(*store, "nosuchfield = 1").find("no such column: nosuchfield"),
              std::string::npos);
    EXPECT_NE(errorOf(*store, std::string("1\0 OR 1", 7)), "");
    EXPECT_EQ(must(store->rows(0, {})).size(), 3U);
}

TEST_F(LayerStoreTest, stopsAFilterThatTakesTooLong) {
    const fs::path file = write("a.gpkg", {squares("a", 20000)});
    const auto store = must(LayerStore::open({file}));
    const auto late = store->rows(0, {.where = "MJ > 0", .timeoutSeconds = 0.0});
    ASSERT_FALSE(late);
    EXPECT_NE(late.error().message.find("took too long"), std::string::npos);
    EXPECT_EQ(must(store->rows(0, {.where = "MJ > 0"})).size(), 20000U);
}

TEST_F(LayerStoreTest, namesTheFeatureThatIsBroken) {
    const fs::path file = write("a.gpkg", {squares("a", 3)});
    execute(file,
            "DROP TRIGGER rtree_a_geom_update1; DROP TRIGGER rtree_a_geom_update3;"
            "DROP TRIGGER IF EXISTS rtree_a_geom_update2; DROP TRIGGER IF EXISTS "
            "rtree_a_geom_update4; UPDATE a SET geom = substr(geom, 1, 60) WHERE fid = 2;");
    const auto store = must(LayerStore::open({file}));
    const std::vector<FeatureRef> all{{0, 1}, {0, 2}, {0, 3}};
    const auto failed = store->read(all);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("layer a, feature 2"), std::string::npos)
        << failed.error().message;
    EXPECT_EQ(must(store->read(all, Parts::Attributes)).size(), 3U);
}

TEST_F(LayerStoreTest, outlivesAFileThatVanishes) {
    const fs::path file = write("a.gpkg", {squares("a", 3)});
    const auto store = must(LayerStore::open({file}));
    fs::remove(file);
    const std::vector<FeatureRef> first{{0, 1}};
    std::vector<std::string> messages(4);
    std::vector<std::thread> threads;
    for (std::string& message : messages) { // each with its own connection, if at once
        threads.emplace_back([&] {
            const auto read = store->read(first);
            message = read ? "" : read.error().message;
        });
    }
    std::ranges::for_each(threads, &std::thread::join);
    for (const std::string& message : messages) {
        EXPECT_TRUE(message.empty() || message.find("a.gpkg: no such file") != std::string::npos)
            << message;
    }
}

TEST_F(LayerStoreTest, servesManyThreads) {
    const fs::path file = write("a.gpkg", {squares("a", 1000), lines("b")});
    const auto store = must(LayerStore::open({file}));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) {
        threads.emplace_back([&, seed] {
            std::mt19937 random(seed);
            for (int i = 0; i < 200; ++i) {
                const auto id = static_cast<std::int64_t>(random() % 1000 + 1);
                const std::vector<FeatureRef> one{{0, id}};
                const auto read = store->read(one);
                const bool isRight = read && std::get<double>((*read)[0].values[1]) ==
                                                 99.0 + static_cast<double>(id);
                const auto rows = store->rows(0, {.where = "BSM = 350200010"});
                wrong += isRight && rows && rows->size() == 1 ? 0 : 1;
            }
        });
    }
    std::ranges::for_each(threads, &std::thread::join);
    EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace pipeline::planning
