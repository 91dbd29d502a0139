#include "viewer/overlay/drape_index.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace viewer::overlay {
namespace {

using pipeline::planning::Geometry;
using pipeline::planning::Polygon;
using pipeline::planning::Ring;

constexpr std::uint64_t kSeed = 20240607;

bool isInsideRing(const Ring& ring, const glm::dvec2& p) {
    bool inside = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2& a = ring[i];
        const glm::dvec2& b = ring[(i + 1) % ring.size()];
        if ((a.y <= p.y) != (b.y <= p.y) && a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y) < p.x) {
            inside = !inside;
        }
    }
    return inside;
}

/// Brute force over every edge, in double.
bool isInside(const Geometry& geometry, const glm::dvec2& p) {
    bool inside = false;
    for (const Polygon& polygon : geometry.polygons) {
        inside ^= isInsideRing(polygon.outer, p);
        for (const Ring& hole : polygon.holes) {
            inside ^= isInsideRing(hole, p);
        }
    }
    return inside;
}

double distanceToRing(const Ring& ring, const glm::dvec2& p) {
    double best = 1e300;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i];
        const glm::dvec2 along = ring[(i + 1) % ring.size()] - a;
        const double t =
            std::clamp(glm::dot(p - a, along) / std::max(glm::dot(along, along), 1e-300), 0.0, 1.0);
        best = std::min(best, glm::distance(p, a + along * t));
    }
    return best;
}

Ring star(const glm::dvec2& centre, double radius, int points, std::mt19937_64& random) {
    std::uniform_real_distribution<double> share(0.3, 1.0);
    Ring ring;
    for (int i = 0; i < points; ++i) {
        const double angle = 6.283185307179586 * i / points;
        ring.push_back(centre +
                       radius * share(random) * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    return ring;
}

Geometry polygonOf(const Ring& outer, const std::vector<Ring>& holes = {}) {
    Geometry geometry;
    geometry.polygons.push_back({outer, holes});
    return geometry;
}

DrapeIndex indexOf(const Geometry& geometry) {
    DrapeStyle style;
    style.fill = FillKind::Solid;
    const auto index = buildDrapeIndex({{geometry, style}}, {{-1000.0, -1000.0}, {1000.0, 1000.0}});
    EXPECT_TRUE(index);
    return *index;
}

bool drapedInside(const DrapeIndex& index, std::size_t level, const glm::dvec2& p) {
    for (const DrapeHit& hit : lookUp(index, level, glm::vec2(p - index.anchor))) {
        if (hit.isInside) {
            return true;
        }
    }
    return false;
}

double distanceToEdges(const Geometry& geometry, const glm::dvec2& p) {
    double best = 1e300;
    for (const Polygon& polygon : geometry.polygons) {
        best = std::min(best, distanceToRing(polygon.outer, p));
        for (const Ring& hole : polygon.holes) {
            best = std::min(best, distanceToRing(hole, p));
        }
    }
    return best;
}

/// Share of random points, cell borders among them, where lookup and brute force agree. A point on
/// an edge itself is on both sides.
double agreement(const Geometry& geometry, std::size_t level) {
    const DrapeIndex index = indexOf(geometry);
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> place(-900.0, 900.0);
    constexpr int kPoints = 50'000;
    int equal = 0;
    for (int i = 0; i < kPoints; ++i) {
        glm::dvec2 p(place(random), place(random));
        if (i % 5 == 0) {
            p.x = std::round(p.x / 16.0) * 16.0; // on a border between cells
        }
        if (i % 7 == 0) {
            p.y = std::round(p.y / 16.0) * 16.0;
        }
        const bool isOnEdge = distanceToEdges(geometry, p) < 1e-4;
        equal += isOnEdge || drapedInside(index, level, p) == isInside(geometry, p) ? 1 : 0;
    }
    return static_cast<double>(equal) / kPoints;
}

TEST(DrapeIndex, agreesWithBruteForce) {
    std::mt19937_64 random(kSeed);
    const Ring outer = star({10.0, -20.0}, 800.0, 61, random);
    const Ring hole = star({40.0, 30.0}, 150.0, 17, random);
    for (const std::size_t level : {0U, 1U, 2U}) {
        EXPECT_GE(agreement(polygonOf(outer, {hole}), level), 0.9999) << "level " << level;
    }
}

TEST(DrapeIndex, agreesForManyPartsAndASelfTouchingRing) {
    std::mt19937_64 random(kSeed + 1);
    Geometry geometry;
    for (int i = 0; i < 5; ++i) {
        geometry.polygons.push_back({star({-600.0 + 300.0 * i, 100.0}, 120.0, 23, random), {}});
    }
    // A bow tie that touches itself in one point.
    geometry.polygons.push_back(
        {{{-100.0, -600.0}, {100.0, -400.0}, {100.0, -600.0}, {-100.0, -400.0}}, {}});
    EXPECT_GE(agreement(geometry, 0), 0.9999);
}

TEST(DrapeIndex, drapeBorderEdges) {
    // True edges lie exactly on borders of cells and pages.
    const Ring square{{-256.0, -256.0}, {256.0, -256.0}, {256.0, 256.0}, {-256.0, 256.0}};
    const Ring hole{{-16.0, -16.0}, {-16.0, 16.0}, {16.0, 16.0}, {16.0, -16.0}};
    EXPECT_GE(agreement(polygonOf(square, {hole}), 0), 0.9999);
    const DrapeIndex index = indexOf(polygonOf(square, {hole}));
    for (const double offset : {-0.01, 0.01}) {
        const bool isOut = offset < 0.0;
        EXPECT_EQ(drapedInside(index, 0, {-256.0 + offset, 3.0}), !isOut);
        EXPECT_EQ(drapedInside(index, 0, {3.0, -256.0 + offset}), !isOut);
        EXPECT_EQ(drapedInside(index, 0, {-16.0 + offset, 3.0}), isOut);
    }
    // The line is there on both sides of the border.
    for (const double offset : {-1.0, 1.0}) {
        const auto hits =
            lookUp(index, 0, glm::vec2(glm::dvec2(-256.0 + offset, 40.0) - index.anchor));
        ASSERT_EQ(hits.size(), 1U);
        ASSERT_TRUE(hits[0].distanceMetres);
        EXPECT_NEAR(*hits[0].distanceMetres, 1.0, 1e-4);
    }
}

TEST(DrapeIndex, distancesAreExactWithinThePad) {
    std::mt19937_64 random(kSeed + 2);
    const Ring ring = star({0.0, 0.0}, 700.0, 31, random);
    const DrapeIndex index = indexOf(polygonOf(ring));
    std::uniform_real_distribution<double> place(-800.0, 800.0);
    int compared = 0;
    for (int i = 0; i < 50'000; ++i) {
        const glm::dvec2 p(place(random), place(random));
        const double exact = distanceToRing(ring, p);
        if (exact > 4.0) { // the pad of the finest level
            continue;
        }
        const auto hits = lookUp(index, 0, glm::vec2(p - index.anchor));
        ASSERT_EQ(hits.size(), 1U);
        ASSERT_TRUE(hits[0].distanceMetres);
        EXPECT_NEAR(*hits[0].distanceMetres, exact, 1e-3);
        ++compared;
    }
    EXPECT_GT(compared, 100);
}

TEST(DrapeIndex, linesHaveDistancesAndNoInside) {
    Geometry geometry;
    geometry.lines.push_back({{-500.0, 10.0}, {500.0, 10.0}});
    const DrapeIndex index = indexOf(geometry);
    const auto hits = lookUp(index, 0, glm::vec2(glm::dvec2(123.0, 12.5) - index.anchor));
    ASSERT_EQ(hits.size(), 1U);
    EXPECT_FALSE(hits[0].isInside);
    EXPECT_NEAR(hits[0].distanceMetres.value_or(0.0F), 2.5, 1e-4);
    EXPECT_TRUE(lookUp(index, 0, glm::vec2(glm::dvec2(123.0, 200.0) - index.anchor)).empty());
}

TEST(DrapeIndex, laterFeaturesComeLast) {
    DrapeStyle first;
    DrapeStyle second;
    second.lineWidthPixels = 5.0F;
    const Ring square{{0.0, 0.0}, {8.0, 0.0}, {8.0, 8.0}, {0.0, 8.0}};
    const auto index = buildDrapeIndex({{polygonOf(square), first}, {polygonOf(square), second}},
                                       {{-100.0, -100.0}, {100.0, 100.0}});
    ASSERT_TRUE(index);
    const auto hits = lookUp(*index, 0, glm::vec2(glm::dvec2(4.0, 4.0) - index->anchor));
    ASSERT_EQ(hits.size(), 2U);
    EXPECT_EQ(hits[0].style, 0U);
    EXPECT_EQ(hits[1].style, 1U);
}

TEST(DrapeIndex, whatIsOutsideOfTheExtentIsCutOff) {
    const Ring wide{{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}};
    const DrapeIndex index = indexOf(polygonOf(wide));
    EXPECT_TRUE(drapedInside(index, 0, {0.0, 0.0}));
    EXPECT_TRUE(drapedInside(index, 2, {-900.0, 900.0}));
    EXPECT_TRUE(lookUp(index, 0, {-5.0F, 10.0F}).empty());
    EXPECT_TRUE(lookUp(index, 0, {1e7F, 10.0F}).empty());
}

TEST(DrapeIndex, tooMuchIsRefused) {
    const Ring wide{{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}};
    const auto index =
        buildDrapeIndex({{polygonOf(wide), {}}}, {{-1000.0, -1000.0}, {1000.0, 1000.0}}, 1000);
    ASSERT_FALSE(index);
    EXPECT_NE(index.error().message.find("show fewer"), std::string::npos);
}

} // namespace
} // namespace viewer::overlay
