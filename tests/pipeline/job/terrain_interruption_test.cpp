// The built program on terrain: killed at any moment, and without room on the device.

#include "program.h"
#include "terrain_city.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

/// A city whose build is nearly all terrain, and what it gives when left alone.
class TerrainInterruption : public testing::Test {
protected:
    void SetUp() override {
        city.addLand();
        city.writeProject();
        const auto start = std::chrono::steady_clock::now();
        const Ended whole = runBuild(city / "city.json", city / "whole");
        wholeMicros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
        ASSERT_EQ(whole.code, 0) << whole.errors;
    }

    TerrainCity city;
    std::int64_t wholeMicros = 0;
};

TEST_F(TerrainInterruption, killedAtAnyMomentItFinishesWithTheSameBytes) {
    const auto whole = contentsOf(city / "whole");
    const std::uint32_t seed = std::random_device()();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    int killed = 0;
    for (const std::int64_t percent : {20, 40, 60, 80}) {
        const fs::path out = city / ("killed_" + std::to_string(percent));
        const std::int64_t moment = percent + static_cast<std::int64_t>(random() % 20);
        const auto micros = static_cast<std::uint64_t>(wholeMicros * moment / 100);
        killed += runBuild(city / "city.json", out, {.killAfterMicros = micros}).code == -1 ? 1 : 0;
        const Ended again = runBuild(city / "city.json", out);
        ASSERT_EQ(again.code, 0) << again.errors;
        EXPECT_TRUE(contentsOf(out) == whole) << moment << " %";
        expectSound(out);
    }
    EXPECT_GT(killed, 0);
}

TEST_F(TerrainInterruption, fullDeviceIsSaidAndResumes) {
    const fs::path out = city / "full";
    const auto whole = contentsOf(city / "whole");
    for (const std::uint64_t bytes : {3'000U, 40'000U, 100'000U}) {
        const Ended full = runBuild(city / "city.json", out, {.fileBytes = bytes});
        EXPECT_EQ(full.code, 1) << bytes << full.errors;
        const bool isSaid = full.errors.find("cannot write") != std::string::npos ||
                            full.errors.find("cannot be written") != std::string::npos;
        EXPECT_TRUE(isSaid) << bytes << full.errors;
        // Whole or absent; a worker that was stopped with the others may leave a part, which the
        // next build removes.
        for (const auto& [name, text] : contentsOf(out)) {
            if (name.starts_with("terrain/") && !name.ends_with(".part")) {
                EXPECT_TRUE(whole.contains(name) && whole.at(name) == text) << name;
            }
        }
    }
    const Ended again = runBuild(city / "city.json", out);
    ASSERT_EQ(again.code, 0) << again.errors;
    EXPECT_TRUE(contentsOf(out) == whole);
}

} // namespace
} // namespace pipeline::job
