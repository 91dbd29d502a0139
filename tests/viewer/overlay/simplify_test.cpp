#include "viewer/overlay/simplify.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace viewer::overlay {
namespace {

using Line = std::vector<glm::dvec2>;

constexpr std::uint64_t kSeed = 20240608;

double distanceTo(const Line& line, const glm::dvec2& p) {
    double best = 1e300;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const glm::dvec2 along = line[i + 1] - line[i];
        const double t =
            std::clamp(glm::dot(p - line[i], along) / glm::dot(along, along), 0.0, 1.0);
        best = std::min(best, glm::distance(p, line[i] + along * t));
    }
    return best;
}

Line wander(int points) {
    std::mt19937_64 random(kSeed);
    std::normal_distribution<double> step(0.0, 1.0);
    Line line{{0.0, 0.0}};
    for (int i = 1; i < points; ++i) {
        line.push_back(line.back() + glm::dvec2(1.0 + step(random), step(random)));
    }
    return line;
}

TEST(Simplify, staysWithinTheTolerance) {
    const Line line = wander(5000);
    for (const double tolerance : {0.5, 5.0, 50.0}) {
        const Line simple = simplifiedLine(line, tolerance);
        EXPECT_LT(simple.size(), line.size());
        EXPECT_EQ(simple.front(), line.front());
        EXPECT_EQ(simple.back(), line.back());
        for (const glm::dvec2& point : line) {
            ASSERT_LE(distanceTo(simple, point), tolerance + 1e-9);
        }
    }
}

TEST(Simplify, nothingToDo) {
    const Line line = wander(10);
    EXPECT_EQ(simplifiedLine(line, 0.0), line);
    EXPECT_EQ(simplifiedRing(line, 0.0), line);
    EXPECT_TRUE(simplifiedLine({}, 1.0).empty());
    EXPECT_TRUE(simplifiedRing({}, 1.0).empty());
    EXPECT_EQ(simplifiedLine({{1.0, 1.0}, {1.0, 1.0}}, 1.0).size(), 2U);
}

TEST(Simplify, aRingKeepsItsCornersOrVanishes) {
    Line ring;
    for (const auto& [from, to] : {std::pair{glm::dvec2(0, 0), glm::dvec2(8, 0)},
                                   {glm::dvec2(8, 0), glm::dvec2(8, 8)},
                                   {glm::dvec2(8, 8), glm::dvec2(0, 8)},
                                   {glm::dvec2(0, 8), glm::dvec2(0, 0)}}) {
        for (int i = 0; i < 10; ++i) {
            ring.push_back(from + (to - from) * (i / 10.0));
        }
    }
    EXPECT_EQ(simplifiedRing(ring, 0.1), (Line{{0, 0}, {8, 0}, {8, 8}, {0, 8}}));
    EXPECT_TRUE(simplifiedRing(ring, 20.0).empty());
}

TEST(Simplify, thirtyThousandPointsAreNoTrouble) {
    Line ring;
    for (int i = 0; i < 30000; ++i) {
        const double angle = 6.283185307179586 * i / 30000;
        ring.push_back(1000.0 * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    const Line simple = simplifiedRing(ring, 1.0);
    EXPECT_GT(simple.size(), 40U);
    EXPECT_LT(simple.size(), 200U);
}

} // namespace
} // namespace viewer::overlay
