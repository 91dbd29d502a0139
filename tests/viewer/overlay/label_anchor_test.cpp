#include "viewer/overlay/label_anchor.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace viewer::overlay {
namespace {

using pipeline::planning::Geometry;
using pipeline::planning::Polygon;
using pipeline::planning::Ring;

constexpr std::uint64_t kSeed = 20261127;

Geometry polygonOf(const Ring& outer, const std::vector<Ring>& holes = {}) {
    Geometry geometry;
    geometry.polygons.push_back({outer, holes});
    return geometry;
}

bool isInside(const Ring& ring, const glm::dvec2& p) {
    double turns = 0.0; // the angle that the ring makes about the point
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - p;
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - p;
        turns += std::atan2(a.x * b.y - a.y * b.x, glm::dot(a, b));
    }
    return std::abs(turns) > std::numbers::pi;
}

double clearance(const Ring& ring, const glm::dvec2& p) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i];
        const glm::dvec2 edge = ring[(i + 1) % ring.size()] - a;
        const double along = std::clamp(glm::dot(p - a, edge) / glm::dot(edge, edge), 0.0, 1.0);
        nearest = std::min(nearest, glm::distance(p, a + along * edge));
    }
    return nearest;
}

TEST(LabelAnchor, theMiddleOfASquare) {
    const Ring square{{600000, 2700000}, {600100, 2700000}, {600100, 2700100}, {600000, 2700100}};
    const LabelAnchor anchor = labelAnchor(polygonOf(square));
    EXPECT_NEAR(glm::distance(anchor.spots[0], glm::dvec2(600050, 2700050)), 0.0, 2.0);
    EXPECT_NEAR(anchor.roomMetres, 100.0, 4.0);
    EXPECT_EQ(anchor.spots.size(), 5U);
    for (const glm::dvec2& spot : anchor.spots) {
        EXPECT_TRUE(isInside(square, spot));
    }
}

TEST(LabelAnchor, holesAreAvoided) {
    const Ring outer{{0, 0}, {100, 0}, {100, 100}, {0, 100}};
    const Ring hole{{30, 30}, {30, 95}, {95, 95}, {95, 30}};
    const LabelAnchor anchor = labelAnchor(polygonOf(outer, {hole}));
    EXPECT_FALSE(isInside(hole, anchor.spots[0]));
    EXPECT_NEAR(anchor.spots[0].x, anchor.spots[0].y, 3.0); // the lower left corner of the frame
    EXPECT_LT(anchor.spots[0].x, 30.0);
}

TEST(LabelAnchor, theLargestPartCounts) {
    Geometry geometry = polygonOf({{0, 0}, {1, 0}, {1, 1}, {0, 1}});
    geometry.polygons.push_back({{{10, 0}, {20, 0}, {20, 10}, {10, 10}}, {}});
    EXPECT_GT(labelAnchor(geometry).spots[0].x, 10.0);
}

TEST(LabelAnchor, starsAgainstAFineGrid) {
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> radius(10.0, 100.0);
    for (int star = 0; star < 20; ++star) {
        Ring ring;
        constexpr int kCorners = 17;
        for (int i = 0; i < kCorners; ++i) {
            const double angle = 2.0 * std::numbers::pi * i / kCorners;
            ring.push_back(radius(random) * glm::dvec2(std::cos(angle), std::sin(angle)));
        }
        double best = 0.0;
        for (double x = -100.0; x <= 100.0; x += 1.0) {
            for (double y = -100.0; y <= 100.0; y += 1.0) {
                best = isInside(ring, {x, y}) ? std::max(best, clearance(ring, {x, y})) : best;
            }
        }
        const Pole pole = poleOfInaccessibility({ring, {}}, 0.5);
        EXPECT_TRUE(isInside(ring, pole.point)) << "seed " << kSeed << ' ' << star;
        EXPECT_NEAR(pole.distanceMetres, clearance(ring, pole.point), 1e-9);
        EXPECT_GE(pole.distanceMetres, best - 0.5);
    }
}

TEST(LabelAnchor, degenerateAndHugeRingsEnd) {
    EXPECT_EQ(labelAnchor(polygonOf({{0, 0}, {0, 0}, {0, 0}})).roomMetres, 0.0);
    EXPECT_EQ(labelAnchor(polygonOf({{0, 0}, {100, 0}, {50, 0}})).roomMetres, 0.0);
    EXPECT_GE(labelAnchor(polygonOf({{0, 0}, {1e6, 0}, {1e6, 1e-3}, {0, 1e-3}})).roomMetres, 0.0);
    Ring huge;
    constexpr int kMany = 1000000;
    for (int i = 0; i < kMany; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / kMany;
        huge.push_back(1000.0 * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    EXPECT_NEAR(labelAnchor(polygonOf(huge)).roomMetres, 2000.0, 80.0);
}

TEST(LabelAnchor, linesAndPoints) {
    Geometry road;
    road.lines = {{{0, 0}, {1, 0}}, {{0, 0}, {10, 0}, {10, 30}}};
    const LabelAnchor middle = labelAnchor(road);
    EXPECT_EQ(middle.spots[0], glm::dvec2(10.0, 10.0));
    EXPECT_EQ(middle.roomMetres, 40.0);
    Geometry point;
    point.points = {{3, 4}, {5, 6}};
    EXPECT_EQ(labelAnchor(point).spots, std::vector<glm::dvec2>{glm::dvec2(3.0, 4.0)});
    Geometry dot;
    dot.lines = {{{1, 1}, {1, 1}}};
    EXPECT_EQ(labelAnchor(dot).spots[0], glm::dvec2(1.0, 1.0));
}

} // namespace
} // namespace viewer::overlay
