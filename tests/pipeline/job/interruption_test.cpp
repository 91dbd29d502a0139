// The built program as a child process: killed at any moment, without room on the device, without
// the right to write.

#include "building.h"
#include "pipeline/job/folder_lock.h"
#include "pipeline/job/ledger.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "program.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

/// Small blocks enough for a build of some tenths of a second. Made once per process; what goes
/// wrong there fails each test, for a failed SetUpTestSuite() would only skip them.
class Interruption : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = std::make_unique<TemporaryFolder>();
        problem = prepare();
    }
    static void TearDownTestSuite() { folder.reset(); }
    void SetUp() override { ASSERT_EQ(problem, ""); }

    static std::string prepare() {
        for (std::int64_t i = 0; i < kBlocks; ++i) {
            const std::string name = "Tile_" + std::to_string(i);
            const auto files = sample::makeFixtureBlock(name, i % 6, 1 + i / 6);
            if (!files ||
                !sample::writeFiles(delivery() / "Data" / name, sample::serialise(*files))) {
                return name + " cannot be made";
            }
        }
        if (!tiles3d::base::writeFile(delivery() / "metadata.xml", sample::metadataXml())) {
            return "metadata.xml cannot be written";
        }
        const auto start = std::chrono::steady_clock::now();
        const Ended whole = runBuild(delivery(), *folder / "whole");
        wholeMicros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
        return whole.code == 0 ? "" : "the build that is not interrupted: " + whole.errors;
    }

    static constexpr std::int64_t kBlocks = 24;
    static fs::path delivery() { return *folder / "delivery"; }

    static std::unique_ptr<TemporaryFolder> folder; // NOLINT: gtest's way to share
    static std::string problem;                     // NOLINT
    static std::int64_t wholeMicros;                // NOLINT
};

std::unique_ptr<TemporaryFolder> Interruption::folder; // NOLINT
std::string Interruption::problem;                     // NOLINT
std::int64_t Interruption::wholeMicros = 0;            // NOLINT

TEST_F(Interruption, killedAtAnyMomentItFinishesWithTheSameBytes) {
    const auto whole = contentsOf(*folder / "whole");
    int killed = 0;
    for (const std::int64_t percent : {10, 25, 40, 55, 70, 85, 95}) {
        const fs::path out = *folder / ("killed_" + std::to_string(percent));
        const auto micros = static_cast<std::uint64_t>(wholeMicros * percent / 100);
        killed += runBuild(delivery(), out, {.killAfterMicros = micros}).code == -1 ? 1 : 0;
        const Ended again = runBuild(delivery(), out);
        ASSERT_EQ(again.code, 0) << again.errors;
        EXPECT_TRUE(contentsOf(out) == whole) << percent << " %";
    }
    EXPECT_GT(killed, 0);
}

TEST_F(Interruption, fullDeviceIsSaidAndResumes) {
    const fs::path out = *folder / "full";
    const Ended full = runBuild(delivery(), out, {.fileBytes = 20'000});
    EXPECT_EQ(full.code, 1);
    const bool isSaid = full.errors.find("cannot write") != std::string::npos ||
                        full.errors.find("cannot be written") != std::string::npos;
    EXPECT_TRUE(isSaid) << full.errors;
    EXPECT_EQ(full.errors.find("Remove it"), std::string::npos) << "nothing is wrong with it";
    const Ended again = runBuild(delivery(), out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_TRUE(contentsOf(out) == contentsOf(*folder / "whole"));
}

TEST_F(Interruption, folderThatCannotBeWrittenIsSaid) {
    // A file where a folder should be fails for root as well.
    const fs::path out = *folder / "file";
    ASSERT_TRUE(tiles3d::base::writeFile(out, std::string_view("in the way")));
    const Ended ended = runBuild(delivery(), out / "city");
    EXPECT_EQ(ended.code, 1);
}

TEST_F(Interruption, changedBlockIsBuiltAgainAndGoneOnesAreRemoved) {
    const fs::path changing = *folder / "changing";
    fs::copy(delivery(), changing, fs::copy_options::recursive);
    const fs::path out = *folder / "changing_out";
    ASSERT_EQ(runBuild(changing, out).code, 0);
    fs::remove_all(changing / "Data/Tile_0");
    fs::last_write_time(changing / "Data/Tile_1/Tile_1.osgb", fs::file_time_type::clock::now());
    const Ended again = runBuild(changing, out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_NE(again.errors.find("22 of 23 blocks are up to date"), std::string::npos)
        << again.errors;
    EXPECT_FALSE(fs::exists(out / "oblique/changing/Tile_0"));
}

TEST_F(Interruption, removedOutputIsBuiltAgain) {
    const fs::path out = *folder / "removed";
    ASSERT_EQ(runBuild(delivery(), out).code, 0);
    fs::remove_all(out / "oblique/delivery/Tile_3");
    const Ended again = runBuild(delivery(), out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_TRUE(contentsOf(out) == contentsOf(*folder / "whole"));
}

TEST_F(Interruption, aDeliveryIsNeverWhatABuildReplaces) {
    const fs::path home = *folder / "home";
    fs::create_directories(home);
    fs::copy(delivery(), home / "oblique", fs::copy_options::recursive);
    ASSERT_TRUE(tiles3d::base::writeFile(home / "city.json",
                                         std::string_view(R"({"oblique": ["oblique"]})")));
    const auto before = contentsOf(home);
    for (const fs::path& source : {home / "oblique", home / "city.json"}) {
        const Ended ended = runBuild(source, home);
        EXPECT_EQ(ended.code, 1);
        EXPECT_NE(ended.errors.find("--out"), std::string::npos) << ended.errors;
        EXPECT_TRUE(contentsOf(home) == before);
    }
}

TEST(FolderLock, waitsForADyingHolderAndRefusesALivingOne) {
    const TemporaryFolder folder;
    const fs::path file = folder / "lock";
    const auto heldFor = [&](useconds_t micros) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto lock = FolderLock::take(file);
            ::usleep(micros);
            ::_exit(lock ? 0 : 1);
        }
        while (!fs::exists(file)) {
            ::usleep(1000);
        }
        ::usleep(20'000);
        return child;
    };
    const pid_t dying = heldFor(300'000);
    std::optional lock(FolderLock::take(file));
    EXPECT_TRUE(*lock);
    ::waitpid(dying, nullptr, 0);
    lock.reset();

    fs::remove(file);
    const pid_t living = heldFor(60'000'000);
    const auto refused = FolderLock::take(file);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("another city3d build"), std::string::npos);
    ::kill(living, SIGKILL);
    ::waitpid(living, nullptr, 0);
}

} // namespace
} // namespace pipeline::job
