#include "pipeline/planning/layer_source.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace pipeline::planning {
namespace {

TEST(LayerSource, passwordsAreNotShown) {
    EXPECT_EQ(withoutPassword("PG:host=db password=geheim user=me"),
              "PG:host=db password=*** user=me");
    EXPECT_EQ(withoutPassword("PG:password='with space' host=db"), "PG:password=*** host=db");
    EXPECT_EQ(withoutPassword("postgresql://me:geheim@db/plans"), "postgresql://me:***@db/plans");
    EXPECT_EQ(withoutPassword("/data/password=x.shp"), "/data/password=x.shp");
}

TEST(LayerSource, onlyThePathsOfConnectionsAreConnections) {
    EXPECT_TRUE(isConnection("PG:dbname=x"));
    EXPECT_TRUE(isConnection("WFS:https://example.org"));
    EXPECT_FALSE(isConnection("/data/PG:x.shp"));
    EXPECT_FALSE(isConnection("parcels.shp"));
}

TEST(LayerSource, aFolderStandsForItsFiles) {
    const tests::TemporaryFolder folder;
    folder.write("b/控规.geojson", "{}");
    folder.write("a.shp", "");
    folder.write("a.dbf", "");
    folder.write("notes.txt", "");
    const auto files = filesOf({.path = folder.path().string(), .category = "control"});
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ(files->at(0).path, (folder.path() / "a.shp").string());
    EXPECT_EQ(files->at(1).category, "control");
}

TEST(LayerSource, dwgIsRefusedWithTheRemedy) {
    const tests::TemporaryFolder folder;
    const auto files = filesOf({.path = folder.write("plan.dwg", "AC1027").string()});
    ASSERT_FALSE(files);
    EXPECT_NE(files.error().message.find("DXF"), std::string::npos);
}

TEST(LayerSource, fingerprintSeesSideFilesAndOptions) {
    const tests::TemporaryFolder folder;
    const std::string path = folder.write("a.shp", "shapes").string();
    const std::string before = fingerprintOf({.path = path});
    EXPECT_EQ(fingerprintOf({.path = path}), before);
    folder.write("a.prj", "crs");
    const std::string after = fingerprintOf({.path = path});
    EXPECT_NE(after, before);
    EXPECT_NE(fingerprintOf({.path = path, .isGcj02 = true}), after);
    EXPECT_EQ(fingerprintOf({.path = "PG:dbname=x"}), "");
}

TEST(LayerSource, patterns) {
    EXPECT_TRUE(fits("", "anything"));
    EXPECT_TRUE(fits("gh_*", "gh_2020"));
    EXPECT_FALSE(fits("gh_*", "xz_2020"));
    EXPECT_FALSE(fits("a' OR 1=1", "a"));
}

} // namespace
} // namespace pipeline::planning
