// Flights over a small city: what bench_viewer measures at length.

#include "tests/support/city_flight.h"

#include "tests/support/must.h"
#include "tests/viewer/render/lean_city.h"

#include <gtest/gtest.h>

#include <vector>

namespace tests {
namespace {

constexpr double kSeconds = 2.0;

class Flight : public LeanCity {
protected:
    static FlightOptions small() {
        return {.widthPixels = 320, .heightPixels = 180, .maxScreenSpaceErrorPixels = 8.0};
    }
};

TEST_F(Flight, hasNoHolesAndKeepsWithinItsMemory) {
    constexpr std::uint64_t kCap = std::uint64_t{64} << 20U;
    const auto city = must(viewer::render::OffscreenCity::open(
        {.tilesets = {folder().string()}, .session = {.cacheBytes = kCap}}));
    const auto path = spiralAndPasses(city->city(), kSeconds);
    FlightOptions options = small();
    std::vector<FlownFrame> frames;
    std::vector<Silhouette> silhouettes;
    options.onFrame = [&](const FlownFrame& frame, const tiles3d::image::Raster& picture) {
        frames.push_back(frame);
        silhouettes.emplace_back(picture);
    };
    ASSERT_TRUE(fly(*city, path, options));
    ASSERT_EQ(frames.size(), 60U);
    EXPECT_GT(frames.back().session.loadedContents, 5U);
    EXPECT_EQ(frames.back().session.failedLoads, 0U);
    EXPECT_EQ(frames.back().session.reloadedContents, 0U);
    EXPECT_LE(frames.back().session.peakBytes, kCap);
    EXPECT_GT(silhouettes.front().coveredPixels(), 1000U);
    for (std::size_t i = 0; i < frames.size(); i += 15) {
        const double seconds = static_cast<double>(i) / options.framesPerSecond;
        EXPECT_EQ(must(holePixels(*city, path.poseAt(seconds), options, silhouettes[i])), 0U) << i;
    }
}

} // namespace
} // namespace tests
