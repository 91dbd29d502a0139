#include "viewer/stream/detail_feedback.h"

#include <gtest/gtest.h>

#include <cmath>

namespace viewer::stream {
namespace {

constexpr std::uint64_t kCap = 1000;
constexpr double kFrameSeconds = 1.0 / 30.0;

/// A view that needs `finestBytes` at factor 1 and less by its square: bytes go with the area.
struct View {
    double finestBytes = 0.0;

    std::uint64_t neededAt(double factor) const {
        return static_cast<std::uint64_t>(finestBytes / (factor * factor));
    }
};

struct Rounds {
    DetailFeedback feedback;
    double seconds = 0.0;

    void frames(int count, const View& view, bool isResting = true) {
        for (int i = 0; i < count; ++i) {
            seconds += kFrameSeconds;
            feedback.update({view.neededAt(feedback.factor()), kCap, seconds, isResting});
        }
    }
};

TEST(DetailFeedback, leavesAloneWhatFits) {
    Rounds rounds;
    rounds.frames(100, {900.0});
    EXPECT_EQ(rounds.feedback.factor(), 1.0);
    EXPECT_TRUE(rounds.feedback.isSteady());
}

TEST(DetailFeedback, capConverges) {
    Rounds rounds;
    const View view{5000.0};
    rounds.frames(1, view);
    EXPECT_DOUBLE_EQ(rounds.feedback.factor(), 1.02);
    EXPECT_FALSE(rounds.feedback.isSteady());
    rounds.frames(100, view);
    const double factor = rounds.feedback.factor();
    EXPECT_NEAR(factor, std::sqrt(5.0), 0.02 * std::sqrt(5.0));
    EXPECT_TRUE(rounds.feedback.isSteady());
    rounds.frames(3000, view);
    EXPECT_EQ(rounds.feedback.factor(), factor);
}

TEST(DetailFeedback, comesBackAfterTheCalm) {
    Rounds rounds;
    rounds.frames(200, {5000.0});
    const double coarse = rounds.feedback.factor();
    rounds.frames(1, {100.0}, false);
    rounds.frames(1, {100.0});
    EXPECT_FALSE(rounds.feedback.isSteady()) << "it will come back";
    rounds.frames(static_cast<int>(12.0 / kFrameSeconds), {100.0});
    EXPECT_LT(rounds.feedback.factor(), coarse);
    rounds.frames(200, {100.0});
    EXPECT_EQ(rounds.feedback.factor(), 1.0);
    EXPECT_TRUE(rounds.feedback.isSteady());
}

TEST(DetailFeedback, restingViewsDoNotSwing) {
    // Bytes jump between 60 % and 120 % of the cap: no factor lands between.
    const auto neededAt = [](double factor) { return std::uint64_t{factor < 1.5 ? 1200U : 600U}; };
    DetailFeedback feedback;
    int rises = 0;
    for (int frame = 0; frame < 30 * 600; ++frame) {
        const double before = feedback.factor();
        feedback.update({neededAt(before), kCap, frame * kFrameSeconds, true});
        rises += feedback.factor() > before && frame > 30 * 300 ? 1 : 0;
    }
    EXPECT_EQ(rises, 0) << "after five minutes";
    EXPECT_NEAR(feedback.factor(), 1.5, 0.05);
}

TEST(DetailFeedback, hasALimit) {
    Rounds rounds;
    rounds.frames(200, {1e9});
    EXPECT_EQ(rounds.feedback.factor(), 8.0);
    EXPECT_TRUE(rounds.feedback.isAtLimit());
    EXPECT_TRUE(rounds.feedback.isSteady());
}

} // namespace
} // namespace viewer::stream
