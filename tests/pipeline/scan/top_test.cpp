#include "pipeline/sample/topped_delivery.h"
#include "pipeline/scan/scan.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pipeline::scan {
namespace {

namespace fs = std::filesystem;
using sample::TopLayout;

Production scanned(const fs::path& delivery, Tops tops = Tops::Ignore) {
    CityProject project = projectForDelivery(delivery);
    project.oblique.front().tops = tops;
    auto catalogue = scanSources(project, {.heightDatum = "egm96"});
    EXPECT_TRUE(catalogue) << catalogue.error().message;
    return catalogue ? catalogue->productions.front() : Production{};
}

std::set<std::string> blockNames(const Production& production) {
    std::set<std::string> names;
    for (const Block& block : production.blocks) {
        names.insert(fs::path(block.folder).filename().string());
    }
    return names;
}

void write(const fs::path& file, std::string_view text) {
    ASSERT_TRUE(tiles3d::base::makeFolder(file.parent_path()));
    ASSERT_TRUE(tiles3d::base::writeFile(file, text));
}

/// A name as OSG stores it, between bytes that are none of it.
std::string stored(const std::string& name) {
    return std::string("\x01\xff\x00\x00", 4) + static_cast<char>(name.size()) +
           std::string(3, '\0') + name + std::string(4, '\0');
}

class TopTest : public testing::Test {
protected:
    Production scannedLayout(TopLayout layout) {
        EXPECT_TRUE(sample::writeToppedDelivery(folder / "delivery", {.layout = layout}));
        return scanned(folder / "delivery");
    }
    /// Three tile folders with a root each that names nothing.
    void writeTiles(const fs::path& tiles) {
        for (const char* name : {"Tile_1", "Tile_2", "Hill_Top"}) {
            write(tiles / name / (std::string(name) + ".osgb"), stored("Tile_1_L15_0u.osgb"));
        }
        write(folder / "metadata.xml",
              "<M><SRS>EPSG:4548</SRS><SRSOrigin>6e5,27e5,0</SRSOrigin></M>");
    }
    job::TemporaryFolder folder;
};

TEST_F(TopTest, folderAmongTheTilesIsNoBlock) {
    const Production production = scannedLayout(TopLayout::Folder);
    EXPECT_EQ(blockNames(production),
              (std::set<std::string>{"Tile_A", "Tile_B", "Tile_C", "Tile_D"}));
    ASSERT_TRUE(production.top);
    EXPECT_EQ(production.top->kind, Top::Kind::Folder);
    EXPECT_EQ(production.top->delivery, folder / "delivery");
    EXPECT_EQ(production.top->folder, folder / "delivery/Data/Top");
    EXPECT_EQ(production.top->root, folder / "delivery/Data/Top/Top.osgb");
    EXPECT_EQ(production.top->files, 2U);
    EXPECT_GT(production.top->bytes, 0U);
    EXPECT_FALSE(production.top->fingerprint.empty());
}

TEST_F(TopTest, djiRootFileBesideTheBlocks) {
    for (const bool isParentGiven : {true, false}) {
        ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery", {.layout = TopLayout::Dji}));
        const Production production =
            scanned(isParentGiven ? folder / "delivery" : folder / "delivery/terra_osgbs");
        EXPECT_EQ(blockNames(production),
                  (std::set<std::string>{"BlockA", "BlockB", "BlockC", "BlockD"}));
        ASSERT_TRUE(production.top);
        EXPECT_EQ(production.top->kind, Top::Kind::RootFile);
        EXPECT_EQ(production.top->root, folder / "delivery/terra_osgbs/Block.osgb");
        EXPECT_EQ(production.top->files, 1U);
    }
}

TEST_F(TopTest, rootFileBesideData) {
    const Production production = scannedLayout(TopLayout::BareRoot);
    EXPECT_EQ(production.blocks.size(), 4U);
    ASSERT_TRUE(production.top);
    EXPECT_EQ(production.top->root, folder / "delivery/root.osgb");
    // One folder round it, as archives unpack to.
    EXPECT_EQ(scanned(folder.path()).blocks.size(), 4U);
    EXPECT_TRUE(scanned(folder.path()).top);
}

TEST_F(TopTest, folderBesideData) {
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    fs::rename(folder / "delivery/Data/Top", folder / "delivery/top");
    const Production production = scanned(folder / "delivery");
    EXPECT_EQ(production.blocks.size(), 4U);
    ASSERT_TRUE(production.top);
    EXPECT_EQ(production.top->root, folder / "delivery/top/Top.osgb");
}

TEST_F(TopTest, aBlockMayBeCalledLikeATop) {
    writeTiles(folder / "Data");
    const Production production = scanned(folder.path());
    EXPECT_EQ(blockNames(production), (std::set<std::string>{"Hill_Top", "Tile_1", "Tile_2"}));
    EXPECT_FALSE(production.top);
}

TEST_F(TopTest, aNameInTheBytesMakesItOne) {
    writeTiles(folder / "Data");
    for (const char* name : {"../Tile_2/Tile_2.osgb", "..\\Tile_2\\Tile_2_L14.osgb"}) {
        write(folder / "Data/Hill_Top/Hill_Top_L13.osgb", stored("own.osgb") + stored(name));
        const Production production = scanned(folder.path());
        EXPECT_EQ(blockNames(production), (std::set<std::string>{"Tile_1", "Tile_2"})) << name;
        EXPECT_TRUE(production.top) << name;
    }
}

TEST_F(TopTest, aLooseFileThatNamesNoTileIsLeftOutWithAWord) {
    writeTiles(folder / "Data");
    write(folder / "Data/overview.osgb", stored("Tile_1_L15_0u.osgb") + stored("Elsewhere/a.osgb"));
    const Production production = scanned(folder.path());
    EXPECT_FALSE(production.top);
    ASSERT_FALSE(production.warnings.empty());
    EXPECT_NE(production.warnings.back().find("overview.osgb lies beside"), std::string::npos);
}

TEST_F(TopTest, aSecondTopIsNoBlockEither) {
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    fs::copy(folder / "delivery/Data/Top", folder / "delivery/Data/Hill_Top");
    const Production production = scanned(folder / "delivery");
    EXPECT_EQ(production.blocks.size(), 4U);
    EXPECT_EQ(production.top->folder.filename(), "Top");
    EXPECT_NE(production.warnings.back().find("Hill_Top"), std::string::npos);
}

TEST_F(TopTest, theOnlyFolderIsABlockWhateverItsName) {
    write(folder / "Data/Top/Top.osgb", stored("Top_L15_0u.osgb"));
    write(folder / "metadata.xml", "<M><SRS>EPSG:4548</SRS><SRSOrigin>6e5,27e5,0</SRSOrigin></M>");
    const Production production = scanned(folder.path());
    EXPECT_EQ(blockNames(production), std::set<std::string>{"Top"});
    EXPECT_FALSE(production.top);
}

TEST_F(TopTest, ignoredTopsAreSaidAndUsedOnesNot) {
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    const auto isSaid = [](const Production& production) {
        return std::ranges::any_of(production.warnings, [](const std::string& warning) {
            return warning.find("its own top") != std::string::npos;
        });
    };
    EXPECT_TRUE(isSaid(scanned(folder / "delivery")));
    const Production used = scanned(folder / "delivery", Tops::Use);
    EXPECT_FALSE(isSaid(used));
    EXPECT_EQ(used.tops, Tops::Use);
}

TEST_F(TopTest, cityJsonSaysWhatIsWanted) {
    write(folder / "city.json", R"({"oblique": ["a", {"path": "b", "tops": "use"}]})");
    const auto project = readProject(folder / "city.json");
    ASSERT_TRUE(project);
    EXPECT_EQ(project->oblique[0].tops, Tops::Ignore);
    EXPECT_EQ(project->oblique[1].tops, Tops::Use);
    write(folder / "city.json", R"({"oblique": [{"path": "b", "tops": "perhaps"}]})");
    const auto wrong = readProject(folder / "city.json");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("oblique.tops is \"perhaps\""), std::string::npos);
}

} // namespace
} // namespace pipeline::scan
