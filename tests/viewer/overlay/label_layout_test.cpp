#include "viewer/overlay/label_layout.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace viewer::overlay {
namespace {

constexpr std::uint64_t kSeed = 20261126;
const glm::dvec2 kPicture(1280.0, 720.0);

LabelCandidate label(std::int64_t id, const glm::dvec2& anchor, int priority = 0) {
    return {.feature = {0, id},
            .anchorPixels = anchor,
            .sizePixels = {60.0, 16.0},
            .priority = priority};
}

std::vector<LabelCandidate> randomLabels(std::size_t count, double clearPixels) {
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> x(0.0, kPicture.x);
    std::uniform_real_distribution<double> y(0.0, kPicture.y);
    std::uniform_int_distribution<int> priority(0, 3);
    std::vector<LabelCandidate> labels;
    for (std::size_t i = 0; i < count; ++i) {
        labels.push_back(
            label(static_cast<std::int64_t>(i), {x(random), y(random)}, priority(random)));
        labels.back().clearPixels = clearPixels;
    }
    return labels;
}

bool overlap(const LabelCandidate& a,
             const glm::dvec2& lowA,
             const LabelCandidate& b,
             const glm::dvec2& lowB) {
    return lowA.x < lowB.x + b.sizePixels.x && lowB.x < lowA.x + a.sizePixels.x &&
           lowA.y < lowB.y + b.sizePixels.y && lowB.y < lowA.y + a.sizePixels.y;
}

std::set<std::int64_t> idsOf(const std::vector<LabelCandidate>& labels,
                             const std::vector<PlacedLabel>& placed) {
    std::set<std::int64_t> ids;
    for (const PlacedLabel& one : placed) {
        ids.insert(labels[one.candidate].feature.id);
    }
    return ids;
}

TEST(LabelLayout, noTwoOverlapAndAllAreInThePicture) {
    for (const double clear : {0.0, 6.0}) {
        const std::vector<LabelCandidate> labels = randomLabels(3000, clear);
        LabelLayout layout;
        const std::vector<PlacedLabel> placed = layout.place(labels, kPicture);
        EXPECT_GT(placed.size(), 150U);
        EXPECT_LE(placed.size(), 400U);
        for (std::size_t i = 0; i < placed.size(); ++i) {
            const LabelCandidate& one = labels[placed[i].candidate];
            EXPECT_GE(placed[i].lowerLeft.x, 0.0);
            EXPECT_LE(placed[i].lowerLeft.y + one.sizePixels.y, kPicture.y);
            for (std::size_t j = i + 1; j < placed.size(); ++j) {
                EXPECT_FALSE(overlap(
                    one, placed[i].lowerLeft, labels[placed[j].candidate], placed[j].lowerLeft))
                    << i << ' ' << j << " seed " << kSeed;
            }
        }
    }
}

TEST(LabelLayout, theSameCallsGiveTheSameLabels) {
    const std::vector<LabelCandidate> labels = randomLabels(1000, 4.0);
    LabelLayout one;
    LabelLayout other;
    EXPECT_EQ(one.place(labels, kPicture), other.place(labels, kPicture));
    EXPECT_EQ(one.place(labels, kPicture), other.place(labels, kPicture));
    std::vector<LabelCandidate> reversed(labels.rbegin(), labels.rend());
    LabelLayout third;
    EXPECT_EQ(idsOf(reversed, third.place(reversed, kPicture)),
              idsOf(labels, LabelLayout().place(labels, kPicture)));
}

TEST(LabelLayout, theHigherPriorityTakesThePlace) {
    LabelLayout layout;
    EXPECT_EQ(
        idsOf({label(1, {100, 100})}, layout.place(std::vector{label(1, {100, 100})}, kPicture)),
        std::set<std::int64_t>{1});
    const std::vector<LabelCandidate> both{label(1, {100, 100}, 0), label(2, {110, 100}, 1)};
    EXPECT_EQ(idsOf(both, layout.place(both, kPicture)), std::set<std::int64_t>{2});
}

TEST(LabelLayout, ofEqualPriorityTheOneThatIsThereStays) {
    LabelLayout layout;
    const std::vector<LabelCandidate> old{label(5, {100, 100})};
    layout.place(old, kPicture);
    const std::vector<LabelCandidate> both{label(1, {110, 100}), label(5, {100, 100})};
    EXPECT_EQ(idsOf(both, layout.place(both, kPicture)), std::set<std::int64_t>{5});
}

TEST(LabelLayout, newcomersKeepApartAndOldOnesMayComeClose) {
    LabelLayout layout;
    std::vector<LabelCandidate> pair{label(1, {100, 100}), label(2, {163, 100})}; // 3 pixels apart
    EXPECT_EQ(layout.place(pair, kPicture).size(), 1U);
    pair[1].anchorPixels.x = 166.0;
    EXPECT_EQ(layout.place(pair, kPicture).size(), 2U);
    pair[1].anchorPixels.x = 161.0;
    EXPECT_EQ(layout.place(pair, kPicture).size(), 2U);
}

TEST(LabelLayout, aSlowMoveChangesFewLabels) {
    std::vector<LabelCandidate> labels = randomLabels(800, 0.0);
    LabelLayout layout;
    std::set<std::int64_t> before = idsOf(labels, layout.place(labels, kPicture));
    std::size_t changes = 0;
    for (int frame = 0; frame < 60; ++frame) {
        for (LabelCandidate& one : labels) { // towards the middle, as when the camera rises
            one.anchorPixels += 0.001 * (kPicture / 2.0 - one.anchorPixels);
        }
        const std::set<std::int64_t> now = idsOf(labels, layout.place(labels, kPicture));
        for (const std::int64_t id : now) {
            changes += before.contains(id) ? 0U : 1U;
        }
        before = now;
    }
    EXPECT_LT(changes, 60U); // less than one newcomer a frame of about 250 labels
}

TEST(LabelLayout, aPointsLabelStandsBesideItAndDiscsStayFree) {
    LabelCandidate point = label(1, {100, 100});
    point.clearPixels = 8.0;
    const std::vector<LabelCandidate> labels{point};
    LabelLayout layout;
    const auto above = layout.place(labels, kPicture);
    ASSERT_EQ(above.size(), 1U);
    EXPECT_EQ(above[0].lowerLeft, glm::dvec2(70.0, 108.0));
    const std::vector<PixelDisc> discs{{{100.0, 115.0}, 5.0}, {{100.0, 100.0}, 6.0}};
    const auto beside = LabelLayout().place(labels, kPicture, discs);
    ASSERT_EQ(beside.size(), 1U);
    EXPECT_EQ(beside[0].lowerLeft, glm::dvec2(108.0, 92.0));
}

TEST(LabelLayout, labelsOfASeriesStandApart) {
    std::vector<LabelCandidate> labels{
        label(1, {100, 100}), label(2, {300, 100}), label(3, {400, 100})};
    for (LabelCandidate& one : labels) {
        one.series = 7;
    }
    EXPECT_EQ(idsOf(labels, LabelLayout().place(labels, kPicture)), (std::set<std::int64_t>{1, 3}));
}

TEST(LabelLayout, nothingAndTinyPictures) {
    EXPECT_TRUE(LabelLayout().place({}, kPicture).empty());
    EXPECT_TRUE(LabelLayout().place(std::vector{label(1, {5, 5})}, {10.0, 10.0}).empty());
}

} // namespace
} // namespace viewer::overlay
