#include "pipeline/scan/scan.h"

#include "pipeline/scan/osgb_files.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pipeline::scan {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::Result;

/// Files need not be OSGB: nothing is read but names, sizes and times.
class Scan : public testing::Test {
protected:
    void add(const std::string& file, std::string_view text = "osgb") const {
        fs::create_directories((folder / file).parent_path());
        ASSERT_TRUE(tiles3d::base::writeFile(folder / file, text));
    }

    void addMetadata(const std::string& file) const {
        add(file,
            "<ModelMetadata><SRS>EPSG:4548</SRS><SRSOrigin>610400,2705000,0</SRSOrigin>"
            "</ModelMetadata>");
    }

    Result<SourceCatalogue> scan(const fs::path& path) const {
        return scanSources(projectForDelivery(path), {.heightDatum = "ellipsoidal"});
    }

    std::vector<std::string> blockNames(const fs::path& path) const {
        const auto catalogue = scan(path);
        EXPECT_TRUE(catalogue) << catalogue.error().message;
        std::vector<std::string> names;
        for (const Production& production : catalogue->productions) {
            for (const Block& block : production.blocks) {
                names.push_back(block.name);
            }
        }
        return names;
    }

    job::TemporaryFolder folder;
};

TEST_F(Scan, findsBlocksInEveryLayout) {
    struct Layout {
        std::string metadata;
        std::string tile;
    };
    int number = 0;
    for (const Layout& layout :
         std::vector<Layout>{{"metadata.xml", "Data/Tile_+000_-012"},
                             {"metadata.xml", "Tile_p000_m001"},
                             {"terra_osgbs/metadata.xml", "terra_osgbs/Block"},
                             {"inside/metadata.xml", "inside/Data/Tile_1"},
                             {"metadata.xml", "Data/厦门 #1 100%"}}) {
        const std::string home = "delivery" + std::to_string(number++);
        addMetadata(home + "/" + layout.metadata);
        const std::string name = fs::path(layout.tile).filename().string();
        add(home + "/" + layout.tile + "/" + name + ".osgb");
        add(home + "/" + layout.tile + "/" + name + "_L15_0.osgb");
        const auto catalogue = scan(folder / home);
        ASSERT_TRUE(catalogue) << catalogue.error().message;
        ASSERT_EQ(catalogue->productions.front().blocks.size(), 1U) << layout.tile;
        const Block& block = catalogue->productions.front().blocks.front();
        EXPECT_EQ(block.name, home + "/" + name);
        EXPECT_TRUE(block.hasRoot);
        EXPECT_EQ(block.files, 2U);
        EXPECT_EQ(block.bytes, 8U);
        EXPECT_EQ(catalogue->productions.front().origin.x, 610400.0);
    }
}

TEST_F(Scan, takesATileFolderAndARootFile) {
    addMetadata("d/metadata.xml");
    add("d/Data/T/T.osgb");
    add("d/Data/U/U.osgb");
    EXPECT_EQ(blockNames(folder / "d/Data/T"), std::vector<std::string>{"T/T"});
    EXPECT_EQ(blockNames(folder / "d/Data/T/T.osgb"), std::vector<std::string>{"T/T"});
    EXPECT_EQ(blockNames(folder / "d/"), (std::vector<std::string>{"d/T", "d/U"}));
}

TEST_F(Scan, aBlockWithoutItsRootIsStillOne) {
    addMetadata("d/metadata.xml");
    add("d/Data/T/T_L15_0.osgb");
    const auto catalogue = scan(folder / "d");
    ASSERT_TRUE(catalogue);
    EXPECT_FALSE(catalogue->productions.front().blocks.front().hasRoot);
}

TEST_F(Scan, dotsAreNoNames) {
    addMetadata("d/metadata.xml");
    add("d/Data/T/T.osgb");
    for (const char* path : {".", "./", "../d", "../d/.", "Data/.."}) {
        add("d/city.json",
            std::string(R"({"oblique": [{"path": ")") + path +
                R"(", "height_datum": "ellipsoidal"}]})");
        const auto project = readProject(folder / "d/city.json");
        ASSERT_TRUE(project);
        const auto catalogue = scanSources(*project);
        ASSERT_TRUE(catalogue) << catalogue.error().message;
        EXPECT_EQ(catalogue->productions.front().blocks.front().name, "d/T") << path;
    }
}

TEST_F(Scan, namesAreUniqueInTheCity) {
    addMetadata("a/d/metadata.xml");
    addMetadata("b/d/metadata.xml");
    add("a/d/Data/T/T.osgb");
    add("b/d/Data/T/T.osgb");
    add("city.json",
        R"({"vertical": {"datum": "ellipsoidal"}, "oblique": ["a/d", {"path": "b/d"}, "a/d"]})");
    const auto catalogue = scanSources(*readProject(folder / "city.json"));
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    std::set<std::string> names;
    for (const Production& production : catalogue->productions) {
        names.insert(production.name);
    }
    EXPECT_EQ(names.size(), 3U);
}

TEST_F(Scan, aChangeChangesTheFingerprint) {
    addMetadata("d/metadata.xml");
    add("d/Data/T/T.osgb");
    std::set<std::string> seen;
    const auto note = [&] {
        seen.insert(scan(folder / "d")->productions.front().blocks.front().fingerprint);
    };
    note();
    note();
    EXPECT_EQ(seen.size(), 1U);
    const fs::path file = folder / "d/Data/T/T.osgb";
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(1));
    note();
    add("d/Data/T/sub/T_L15_0.osgb");
    note();
    fs::rename(folder / "d/Data/T/sub/T_L15_0.osgb", folder / "d/Data/T/sub/T_L15_1.osgb");
    note();
    EXPECT_EQ(seen.size(), 4U);
}

TEST_F(Scan, listsFilesOfAnyCaseAndNoFolders) {
    add("T/b.osgb");
    add("T/a.OSGB");
    add("T/sub/c.osgb");
    add("T/notes.txt");
    fs::create_directories(folder / "T/folder.osgb");
    EXPECT_EQ(osgbFilesBelow(folder / "T").names,
              (std::vector<std::string>{"a.OSGB", "b.osgb", "sub/c.osgb"}));
    EXPECT_TRUE(osgbFilesBelow(folder / "nothing").names.empty());
}

TEST_F(Scan, whatIsMissingIsSaidWithItsRemedy) {
    const auto refusal = [](const Result<SourceCatalogue>& catalogue) {
        return catalogue ? "accepted" : catalogue.error().message;
    };
    EXPECT_NE(refusal(scan(folder / "gone")).find("no such file"), std::string::npos);
    fs::create_directories(folder / "empty/Data");
    EXPECT_NE(refusal(scan(folder / "empty")).find("Data/Tile_"), std::string::npos);
    add("bare/Data/T/T.osgb");
    EXPECT_NE(refusal(scan(folder / "bare")).find("--srs"), std::string::npos);
    addMetadata("bare/metadata.xml");
    EXPECT_NE(refusal(scanSources(projectForDelivery(folder / "bare"))).find("--height-datum"),
              std::string::npos);
    EXPECT_NE(refusal(scanSources(CityProject{})).find("oblique"), std::string::npos);
}

TEST_F(Scan, forInspectAnOpenPlaceIsAWarning) {
    add("bare/Data/T/T.osgb");
    const auto catalogue =
        scanSources(projectForDelivery(folder / "bare"), {.needsPlacement = false});
    ASSERT_TRUE(catalogue);
    EXPECT_FALSE(catalogue->productions.front().isPlaced);
    EXPECT_FALSE(catalogue->productions.front().warnings.empty());
}

TEST_F(Scan, theUserOverridesMetadata) {
    addMetadata("d/metadata.xml");
    add("d/Data/T/T.osgb");
    const auto catalogue =
        scanSources(projectForDelivery(folder / "d"),
                    {.srs = "ENU:24.4,118.1", .origin = "1,2,3", .heightDatum = "-4.5"});
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    const Production& production = catalogue->productions.front();
    EXPECT_EQ(production.origin, glm::dvec3(1.0, 2.0, 3.0));
    EXPECT_TRUE(std::holds_alternative<tiles3d::crs::LocalEnu>(production.crs.horizontal));
    EXPECT_EQ(std::get<tiles3d::crs::ConstantOffset>(production.heights).metres, -4.5);
}

} // namespace
} // namespace pipeline::scan
