// The levels above the blocks, as a job makes them: only what a change touches is made again, and
// the result is the one that a build from nothing gives, to the byte.

#include "pipeline/job/pyramid.h"

#include "building.h"
#include "pipeline/engine/local_engine.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <set>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

std::string nameOf(int column, int row) {
    return sample::blockName(column, row);
}

void writeBlock(const fs::path& delivery, int column, int row, std::uint64_t seed = 1) {
    const std::string name = nameOf(column, row);
    const auto files = sample::makeFixtureBlock(name, column, row, seed);
    ASSERT_TRUE(files) << files.error().message;
    fs::remove_all(delivery / "Data" / name);
    ASSERT_TRUE(sample::writeFiles(delivery / "Data" / name, sample::serialise(*files)));
}

void writeMetadata(const fs::path& delivery) {
    fs::create_directories(delivery);
    ASSERT_TRUE(tiles3d::base::writeFile(delivery / "metadata.xml", sample::metadataXml()));
}

/// 4 x 4 blocks of 100 m: four nodes and a root.
void writeDelivery(const fs::path& delivery) {
    writeMetadata(delivery);
    for (int i = 0; i < 16; ++i) {
        writeBlock(delivery, i % 4, i / 4);
    }
}

/// A block of 200 m that is one node without finer ones.
void writeLargeBlock(const fs::path& delivery, int column, int row, bool hasTexture = true) {
    const glm::dvec2 low = 200.0 * glm::dvec2(column, row);
    const std::string name = nameOf(column, row);
    auto root =
        sample::makeFixtureNode(sample::StreetPlan(1), {{low, low + 200.0}, 14, name + ".jpg", ""});
    ASSERT_TRUE(root) << root.error().message;
    std::vector<sample::BlockFile> files(1);
    files[0] = {.name = name + ".osgb", .root = *std::move(root)};
    if (!hasTexture) {
        sample::geometryOf(files[0]).texture.reset();
    }
    ASSERT_TRUE(sample::writeFiles(delivery / "Data" / name, sample::serialise(files)));
}

/// Fingerprints of the pyramid's nodes as the ledger has them.
std::map<std::string, std::string> nodesOf(const fs::path& out) {
    std::map<std::string, std::string> nodes;
    const auto ledger = Ledger::open(out / ".city3d" / "ledger.sqlite");
    EXPECT_TRUE(ledger);
    EXPECT_TRUE(ledger->forEach([&](const LedgerRow& row) {
        if (row.unit.starts_with(kOverviewUnit)) {
            nodes[row.unit.substr(std::string_view(kOverviewUnit).size())] = row.fingerprint;
        }
        return tiles3d::base::ok();
    }));
    return nodes;
}

std::set<std::string> changed(const std::map<std::string, std::string>& before,
                              const std::map<std::string, std::string>& after) {
    std::set<std::string> names;
    for (const auto& [name, fingerprint] : after) {
        const auto known = before.find(name);
        if (known == before.end() || known->second != fingerprint) {
            names.insert(name);
        }
    }
    return names;
}

/// A copy that looks as old as the original: blocks are known by their files' times.
void copyWithTimes(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(from)) {
        fs::last_write_time(to / entry.path().lexically_relative(from), entry.last_write_time());
    }
}

/// A built city of 4 x 4 blocks that each test changes once.
class PyramidOfFour : public testing::Test {
protected:
    static void SetUpTestSuite() {
        whole = std::make_unique<TemporaryFolder>();
        writeDelivery(*whole / "delivery");
        const Build first = build(*whole / "delivery", *whole / "out", {.heightDatum = "egm96"});
        ASSERT_TRUE(first.report) << first.report.error().message;
        ASSERT_EQ(first.report->nodesDoneNow, 5U);
    }
    static void TearDownTestSuite() { whole.reset(); }

    void SetUp() override {
        copyWithTimes(*whole / "delivery", delivery);
        copyWithTimes(*whole / "out", out);
        before = nodesOf(out);
        for (const auto& entry : fs::recursive_directory_iterator(out / "overview")) {
            times[entry.path()] = entry.last_write_time();
        }
    }

    /// Builds again and compares with a build from nothing. Returns the nodes made again.
    std::set<std::string> buildAgain(std::size_t blocksDoneNow) {
        const Build again = build(delivery, out, settings);
        EXPECT_TRUE(again.report) << again.report.error().message;
        EXPECT_EQ(again.report->unitsDoneNow, blocksDoneNow);
        std::set<std::string> made = changed(before, nodesOf(out));
        EXPECT_EQ(again.report->nodesDoneNow, made.size());
        for (const auto& [name, fingerprint] : before) {
            const fs::path file = out / "overview" / (name + ".glb");
            if (!made.contains(name) && fs::exists(file)) {
                EXPECT_EQ(fs::last_write_time(file), times[file]) << name;
            }
        }
        const Build scratch = build(delivery, folder / "scratch", settings);
        EXPECT_TRUE(scratch.report) << scratch.report.error().message;
        expectSameBytes(out, folder / "scratch");
        return made;
    }

    static std::unique_ptr<TemporaryFolder> whole; // NOLINT: gtest's way to share
    TemporaryFolder folder;
    fs::path delivery = folder / "delivery";
    fs::path out = folder / "out";
    BuildSettings settings{.heightDatum = "egm96"};
    std::map<std::string, std::string> before;
    std::map<fs::path, fs::file_time_type> times;
};

std::unique_ptr<TemporaryFolder> PyramidOfFour::whole; // NOLINT

TEST_F(PyramidOfFour, isSound) {
    expectSound(out);
    EXPECT_EQ(before.size(), 5U);
    EXPECT_TRUE(before.contains("1/0_0"));
    EXPECT_TRUE(before.contains("2/0_0"));
}

TEST_F(PyramidOfFour, aReplacedBlockRebuildsItsAncestorsOnly) {
    writeBlock(delivery, 2, 1, 99);
    EXPECT_EQ(buildAgain(1), (std::set<std::string>{"1/1_0", "2/0_0"}));
    expectSound(out);
}

TEST_F(PyramidOfFour, aRemovedBlockRebuildsItsAncestorsOnly) {
    fs::remove_all(delivery / "Data" / nameOf(0, 3));
    EXPECT_EQ(buildAgain(0), (std::set<std::string>{"1/0_1", "2/0_0"}));
    expectSound(out);
}

TEST_F(PyramidOfFour, anAddedBlockRebuildsItsAncestorsOnly) {
    writeBlock(delivery, 4, 0); // beyond the rim: a new root above the old one
    EXPECT_EQ(buildAgain(1), (std::set<std::string>{"3/0_0"}));
    expectSound(out);
}

TEST_F(PyramidOfFour, aNodeThatIsNoMoreLeavesNoFile) {
    for (const auto& [column, row] : {std::pair(2, 2), std::pair(3, 2), std::pair(2, 3)}) {
        fs::remove_all(delivery / "Data" / nameOf(column, row));
    }
    // The block that is left moves up to the root.
    EXPECT_EQ(buildAgain(0), (std::set<std::string>{"2/0_0"}));
    EXPECT_FALSE(nodesOf(out).contains("1/1_1"));
    EXPECT_FALSE(fs::exists(out / "overview" / "1" / "1_1.glb"));
    expectSound(out);
}

TEST_F(PyramidOfFour, aLostFileIsMadeAgain) {
    fs::remove(out / "overview" / "1" / "0_1.glb");
    const Build again = build(delivery, out, settings);
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->nodesDoneNow, 1U);
    ASSERT_TRUE(build(delivery, folder / "scratch", settings).report);
    expectSameBytes(out, folder / "scratch");
}

TEST_F(PyramidOfFour, anotherCodecRebuildsEverything) {
    settings.geometry = scan::Geometry::Meshopt;
    EXPECT_EQ(buildAgain(16).size(), 5U);
    expectSound(out);
}

TEST_F(PyramidOfFour, chainsKeptAreBelowThePyramid) {
    settings.chains = scan::Chains::Keep;
    EXPECT_EQ(buildAgain(16).size(), 5U);
    expectSound(out);
    const Build again = build(delivery, out, settings);
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->chainTiles, 0U);
    EXPECT_EQ(again.report->nodesDoneNow, 0U);
}

TEST_F(PyramidOfFour, oneBlockNeedsNone) {
    for (int i = 1; i < 16; ++i) {
        fs::remove_all(delivery / "Data" / nameOf(i % 4, i / 4));
    }
    EXPECT_TRUE(buildAgain(0).empty());
    expectSound(out);
    EXPECT_TRUE(nodesOf(out).empty());
    EXPECT_FALSE(fs::exists(out / "overview" / "2" / "0_0.glb"));
}

TEST_F(PyramidOfFour, killedInTheMiddleOfALevelItFinishesWithTheSameBytes) {
    ASSERT_TRUE(build(delivery, folder / "scratch", settings).report);
    for (const char* name : {"1/0_0", "1/1_0", "1/0_1", "2/0_0"}) {
        const fs::path killed = folder / (std::string("killed ") + name[0] + name[2] + name[4]);
        const fs::path file = killed / "overview" / (std::string(name) + ".glb");
        const pid_t child = ::fork();
        if (child == 0) {
            BuildSettings one = settings;
            one.jobs = 1;
            build(delivery, killed, one);
            ::_exit(0);
        }
        for (int i = 0; i < 100'000 && !fs::exists(file); ++i) {
            ::usleep(100);
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ASSERT_TRUE(fs::exists(file));
        const Build again = build(delivery, killed, settings);
        ASSERT_TRUE(again.report) << again.report.error().message;
        expectSameBytes(killed, folder / "scratch");
    }
}

TEST_F(PyramidOfFour, aDamagedChildIsSaidAndEndsTheBuild) {
    // Our own output, not an input: a failed output is everybody's problem.
    const fs::path child = out / "overview" / "1" / "0_0.glb";
    ASSERT_TRUE(tiles3d::base::writeFile(child, std::string_view("not a GLB")));
    writeBlock(delivery, 3, 3, 5);
    const Build again = build(delivery, out, settings);
    ASSERT_FALSE(again.report);
    EXPECT_NE(again.report.error().message.find("0_0.glb"), std::string::npos)
        << again.report.error().message;
}

TEST(Pyramid, productionsWithBlocksOfDifferentSizesMakeOneTree) {
    TemporaryFolder folder;
    writeDelivery(folder / "small");
    writeMetadata(folder / "large");
    for (int i = 0; i < 4; ++i) {
        writeLargeBlock(folder / "large", 2 + i % 2, i / 2); // 400 m to 800 m east
    }
    const auto text = std::string_view(R"({"name": "two", "vertical": {"datum": "egm96"},
        "oblique": [{"path": "small"}, {"path": "large"}]})");
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "city.json", text));
    const auto project = scan::readProject(folder / "city.json");
    ASSERT_TRUE(project) << project.error().message;
    for (const char* name : {"one", "two"}) {
        const Build both = build(*project, folder / name, {.heightDatum = "egm96"});
        ASSERT_TRUE(both.report) << both.report.error().message;
        EXPECT_EQ(both.report->units, 20U);
    }
    expectSameBytes(folder / "one", folder / "two");
    expectSound(folder / "one");
    const auto nodes = nodesOf(folder / "one");
    // Four nodes of small blocks, one above them, one of the four large ones, the root.
    EXPECT_EQ(nodes.size(), 7U);
    EXPECT_TRUE(nodes.contains("2/1_0"));
    EXPECT_TRUE(nodes.contains("3/0_0"));
}

TEST(Pyramid, blocksThatSayNothingOfTheirDetailHaveOneToo) {
    // Neither ranges nor texels: a survey model in white.
    TemporaryFolder folder;
    writeMetadata(folder / "delivery");
    writeLargeBlock(folder / "delivery", 0, 0, false);
    writeLargeBlock(folder / "delivery", 1, 0, false);
    const Build white = build(folder / "delivery", folder / "out", {.heightDatum = "egm96"});
    ASSERT_TRUE(white.report) << white.report.error().message;
    EXPECT_EQ(white.report->nodesDoneNow, 1U);
    expectSound(folder / "out");
}

/// A block of two levels, fine enough that 15 km of it are no texture; one vertex lies that far
/// off.
void writeBlockWithOutlier(const fs::path& delivery, int column, int row) {
    const std::string name = nameOf(column, row);
    const glm::dvec2 low = 100.0 * glm::dvec2(column, row);
    const sample::Window window{low, low + 100.0};
    const sample::StreetPlan plan(1);
    std::vector<sample::BlockFile> files(2);
    files[0].name = name + ".osgb";
    files[1].name = name + "_L20.osgb";
    auto root = sample::makeFixtureNode(plan, {window, 19, name + ".jpg", files[1].name});
    auto leaf = sample::makeFixtureNode(plan, {window, 20, name + "_L20.jpg", ""});
    ASSERT_TRUE(root && leaf);
    files[0].root = *std::move(root);
    files[1].root = *std::move(leaf);
    for (sample::BlockFile& file : files) {
        sample::geometryOf(file).positions.front().x -= 15'000.0F;
    }
    ASSERT_TRUE(sample::writeFiles(delivery / "Data" / name, sample::serialise(files)));
}

TEST(Pyramid, aTriangleFarAwayIsItsBlocksProblem) {
    TemporaryFolder folder;
    writeMetadata(folder / "delivery");
    writeBlockWithOutlier(folder / "delivery", 2, 0);
    writeBlockWithOutlier(folder / "delivery", 3, 0);
    const Build wide = build(folder / "delivery",
                             folder / "out",
                             {.chains = scan::Chains::Keep, .heightDatum = "egm96"});
    ASSERT_TRUE(wide.report) << wide.report.error().message;
    expectSound(folder / "out");
}

} // namespace
} // namespace pipeline::job
