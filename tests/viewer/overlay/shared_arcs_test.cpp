#include "viewer/overlay/shared_arcs.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace viewer::overlay {
namespace {

using pipeline::planning::PlaneBox;

constexpr std::uint64_t kSeed = 20240611;
constexpr PlaneBox kFrame{{-1000.0, -1000.0}, {1000.0, 1000.0}};

/// A ragged line from south to north.
std::vector<glm::dvec2> border(int points) {
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> offset(-0.4, 0.4);
    std::vector<glm::dvec2> line;
    for (int i = 0; i <= points; ++i) {
        line.emplace_back(i % points == 0 ? 0.0 : offset(random), 100.0 * i / points);
    }
    return line;
}

std::vector<glm::dvec2> pointsOf(const Path& path) {
    std::vector<glm::dvec2> points;
    std::ranges::transform(path, std::back_inserter(points), &PathPoint::at);
    return points;
}

TEST(SharedArcs, neighboursKeepTheSamePointsOfTheirBorder) {
    const std::vector<glm::dvec2> line = border(60);
    std::vector<glm::dvec2> west{{-100.0, 100.0}, {-100.0, 0.0}};
    west.insert(west.end(), line.begin(), line.end());
    std::vector<glm::dvec2> east(line.rbegin(), line.rend());
    east.insert(east.end(), {{100.0, 0.0}, {100.0, 100.0}});
    std::ranges::rotate(east, east.begin() + 20); // begins within the border
    PathSet set{.rings = {pathOf(west), pathOf(east)}};
    simplifyInPlace(set, 0.5, kFrame);
    const auto onBorder = [](const Path& ring) {
        std::vector<glm::dvec2> points = pointsOf(ring);
        std::erase_if(points, [](const glm::dvec2& p) { return std::abs(p.x) > 50.0; });
        std::ranges::sort(points, {}, &glm::dvec2::y);
        return points;
    };
    EXPECT_EQ(onBorder(set.rings[0]), onBorder(set.rings[1]));
    EXPECT_LT(set.rings[0].size(), 40U);
    EXPECT_GE(set.rings[0].size(), 4U);
}

TEST(SharedArcs, pointsWhereBordersMeetStay) {
    PathSet set{.lines = {pathOf({{0.0, 0.0}, {50.0, 0.1}, {100.0, 0.0}}),
                          pathOf({{50.0, 0.1}, {50.0, 80.0}})}};
    simplifyInPlace(set, 1.0, kFrame);
    EXPECT_EQ(set.lines[0].size(), 3U);
}

TEST(SharedArcs, nothingLiesFartherThanTheTolerance) {
    const std::vector<glm::dvec2> line = border(200);
    PathSet set{.lines = {pathOf(line)}};
    simplifyInPlace(set, 0.2, kFrame);
    for (const glm::dvec2& point : line) {
        double nearest = 1e9;
        for (std::size_t i = 0; i + 1 < set.lines[0].size(); ++i) {
            const glm::dvec2 a = set.lines[0][i].at;
            const glm::dvec2 along = set.lines[0][i + 1].at - a;
            const double t =
                std::clamp(glm::dot(point - a, along) / glm::dot(along, along), 0.0, 1.0);
            nearest = std::min(nearest, glm::distance(point, a + along * t));
        }
        EXPECT_LE(nearest, 0.2 + 1e-9);
    }
}

TEST(SharedArcs, aRingTooSmallForTheToleranceIsEmpty) {
    PathSet set{.rings = {pathOf({{0.0, 0.0}, {0.1, 0.0}, {0.1, 0.1}})}};
    simplifyInPlace(set, 1.0, kFrame);
    EXPECT_TRUE(set.rings[0].empty());
}

} // namespace
} // namespace viewer::overlay
