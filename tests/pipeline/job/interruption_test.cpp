// The built program as a child process: killed at any moment, without room on the device, without
// the right to write.

#include "building.h"
#include "pipeline/job/ledger.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/sample/sample.h"
#include "temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

struct Limits {
    std::uint64_t fileBytes = 0;       ///< Largest file the child may write; 0: no limit.
    std::uint64_t killAfterMicros = 0; ///< 0: left alone.
};

struct Ended {
    int code = -1; ///< -1: by a signal.
    std::string errors;
};

Ended runBuild(const fs::path& delivery, const fs::path& out, const Limits& limits = {}) {
    const fs::path log = fs::path(out).concat(".log");
    const pid_t child = ::fork();
    if (child == 0) {
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        if (limits.fileBytes > 0) {
            const rlimit most{limits.fileBytes, limits.fileBytes};
            ::setrlimit(RLIMIT_FSIZE, &most);
            std::signal(SIGXFSZ, SIG_IGN); // EFBIG instead, as a full device gives ENOSPC
        }
        ::execl(CITY3D_PROGRAM,
                CITY3D_PROGRAM,
                "build",
                delivery.c_str(),
                "--out",
                out.c_str(),
                "--jobs",
                "2",
                nullptr);
        ::_exit(127);
    }
    if (limits.killAfterMicros > 0) {
        ::usleep(static_cast<useconds_t>(limits.killAfterMicros));
        ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto text = tiles3d::base::readTextFile(log);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text ? *text : ""};
}

class Interruption : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const planning::GdalRuntime gdal;
        folder = std::make_unique<TemporaryFolder>();
        const auto written = sample::writeSample(
            *folder / "sample", {.tilesEast = 3, .tilesNorth = 2, .finestLevel = 17, .threads = 2});
        ASSERT_TRUE(written) << written.error().message;
        const Ended whole = runBuild(project(), *folder / "whole");
        ASSERT_EQ(whole.code, 0) << whole.errors;
    }
    static void TearDownTestSuite() { folder.reset(); }

    static fs::path project() { return *folder / "sample" / "city.json"; }

    static std::unique_ptr<TemporaryFolder> folder; // NOLINT: gtest's way to share
};

std::unique_ptr<TemporaryFolder> Interruption::folder; // NOLINT

TEST_F(Interruption, killedAtAnyMomentItFinishesWithTheSameBytes) {
    const auto whole = contentsOf(*folder / "whole");
    int killed = 0;
    for (const std::uint64_t micros :
         {20'000U, 45'000U, 70'000U, 90'000U, 110'000U, 140'000U, 180'000U}) {
        const fs::path out = *folder / ("killed_" + std::to_string(micros));
        killed += runBuild(project(), out, {.killAfterMicros = micros}).code == -1 ? 1 : 0;
        const Ended again = runBuild(project(), out);
        ASSERT_EQ(again.code, 0) << again.errors;
        EXPECT_TRUE(contentsOf(out) == whole) << micros;
    }
    EXPECT_GT(killed, 0);
}

TEST_F(Interruption, fullDeviceIsSaidAndResumes) {
    const fs::path out = *folder / "full";
    const Ended full = runBuild(project(), out, {.fileBytes = 30'000});
    EXPECT_EQ(full.code, 1);
    EXPECT_NE(full.errors.find("cannot write"), std::string::npos) << full.errors;
    const Ended again = runBuild(project(), out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_TRUE(contentsOf(out) == contentsOf(*folder / "whole"));
}

TEST_F(Interruption, folderThatCannotBeWrittenIsSaid) {
    // A file where a folder should be fails for root as well.
    const fs::path out = *folder / "file";
    ASSERT_TRUE(tiles3d::base::writeFile(out, std::string_view("in the way")));
    const Ended ended = runBuild(project(), out / "city");
    EXPECT_EQ(ended.code, 1);
}

TEST_F(Interruption, changedBlockIsBuiltAgainAndGoneOnesAreRemoved) {
    const fs::path delivery = *folder / "changing";
    fs::copy(*folder / "sample", delivery, fs::copy_options::recursive);
    const fs::path out = *folder / "changing_out";
    ASSERT_EQ(runBuild(delivery / "city.json", out).code, 0);
    const fs::path data = delivery / "oblique" / "Data";
    fs::remove_all(data / "Tile_+000_+000");
    fs::last_write_time(data / "Tile_+001_+000" / "Tile_+001_+000.osgb",
                        fs::file_time_type::clock::now());
    const Ended again = runBuild(delivery / "city.json", out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_NE(again.errors.find("4 of 5 blocks are up to date"), std::string::npos) << again.errors;
    EXPECT_FALSE(fs::exists(out / "oblique" / "oblique" / "Tile_+000_+000"));
}

} // namespace
} // namespace pipeline::job
