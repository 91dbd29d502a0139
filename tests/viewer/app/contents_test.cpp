#include "viewer/app/contents.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using viewer::app::ContentKind;
using viewer::app::kindOf;

QString text(const std::filesystem::path& file) {
    return QString::fromStdString(file.string());
}

TEST(Contents, kindOfNames) {
    EXPECT_EQ(kindOf("https://host/city/tileset.json"), ContentKind::Tileset);
    EXPECT_EQ(kindOf("http://host/city"), ContentKind::Tileset);
    EXPECT_EQ(kindOf("/data/city.3TZ"), ContentKind::Tileset);
    EXPECT_EQ(kindOf("/data/tree.glb"), ContentKind::Tileset);
    EXPECT_EQ(kindOf("/data/红线.shp"), ContentKind::Layers);
    EXPECT_EQ(kindOf("/data/planning.gpkg"), ContentKind::Layers);
}

TEST(Contents, kindOfFolders) {
    const TemporaryFolder folder;
    folder.write("plan.gdb/a00000001.gdbtable", "");
    EXPECT_EQ(kindOf(text(folder.path())), ContentKind::Tileset);
    EXPECT_EQ(kindOf(text(folder.path() / "plan.gdb")), ContentKind::Layers);
}

TEST(Contents, kindOfJsonIsByWhatIsInside) {
    const TemporaryFolder folder;
    EXPECT_EQ(kindOf(text(folder.write("a.json", R"({"asset": {"version": "1.1"}})"))),
              ContentKind::Tileset);
    EXPECT_EQ(kindOf(text(folder.write("b.json", R"({"tilesets": []})"))), ContentKind::View);
    EXPECT_EQ(kindOf(text(folder.write("c.json", R"({"type": "FeatureCollection"})"))),
              ContentKind::Layers);
    EXPECT_EQ(kindOf(text(folder.write("d.json", "nonsense"))), ContentKind::Layers);
    EXPECT_EQ(kindOf(text(folder.path() / "missing.json")), ContentKind::Layers);
}

} // namespace
} // namespace tests
