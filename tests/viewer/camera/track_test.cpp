#include "viewer/camera/track.h"

#include <gtest/gtest.h>

#include <random>

namespace {

using viewer::camera::Track;

TEST(Track, passesItsKnotsAndHoldsItsEnds) {
    const Track track({{1.0, 5.0, {}}, {2.0, 7.0, {}}, {4.0, 6.0, {}}});
    EXPECT_EQ(track.at(-3.0), 5.0);
    EXPECT_EQ(track.at(1.0), 5.0);
    EXPECT_EQ(track.at(2.0), 7.0);
    EXPECT_EQ(track.at(4.0), 6.0);
    EXPECT_EQ(track.at(99.0), 6.0);
    EXPECT_EQ(Track({{0.0, 3.0, {}}}).at(1.0), 3.0);
}

TEST(Track, evenKnotsGiveAnEvenRate) {
    const Track track({{0.0, 0.0, {}}, {1.0, 2.0, {}}, {4.0, 8.0, {}}, {5.0, 10.0, {}}});
    EXPECT_NEAR(track.at(2.0), 4.0, 1e-12);
    EXPECT_NEAR(track.at(3.5), 7.0, 1e-12);
}

TEST(Track, aGivenSlopeIsKept) {
    const Track track({{0.0, 0.0, 0.0}, {2.0, 2.0, 2.0}, {3.0, 4.0, 2.0}});
    EXPECT_NEAR(track.at(1.0), 0.5, 1e-12); // even acceleration: t^2 / 2
    EXPECT_NEAR(track.at(2.5), 3.0, 1e-12);
}

TEST(Track, neverRunsPastItsKnotsAndIsSmooth) {
    constexpr unsigned kSeed = 20260;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> step(0.05, 3.0);
    std::uniform_real_distribution<double> value(-10.0, 10.0);
    std::vector<Track::Knot> knots;
    double seconds = 0.0;
    for (int i = 0; i < 50; ++i) {
        knots.push_back({seconds, value(random), {}});
        seconds += step(random);
    }
    const Track track(knots);
    for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
        const auto [low, high] = std::minmax(knots[i].value, knots[i + 1].value);
        const double span = knots[i + 1].seconds - knots[i].seconds;
        for (double part = 0.0; part <= 1.0; part += 0.01) {
            const double at = track.at(knots[i].seconds + part * span);
            ASSERT_GE(at, low - 1e-9);
            ASSERT_LE(at, high + 1e-9);
        }
        constexpr double kMoment = 1e-6;
        const double t = knots[i + 1].seconds;
        const double before = (track.at(t) - track.at(t - kMoment)) / kMoment;
        const double after = (track.at(t + kMoment) - track.at(t)) / kMoment;
        ASSERT_NEAR(before, after, 0.05);
    }
}

} // namespace
