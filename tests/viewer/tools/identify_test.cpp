#include "viewer/tools/identify.h"

#include "viewer/tools/ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <random>

namespace viewer::tools {
namespace {

namespace planning = pipeline::planning;
using planning::Feature;
using planning::Ring;
using planning::VectorLayer;

std::shared_ptr<const VectorLayer> layerOf(std::vector<Feature> features) {
    return std::make_shared<const VectorLayer>(
        VectorLayer{.name = "层", .crs = "EPSG:4548", .features = std::move(features)});
}

Feature polygonFeature(std::vector<planning::Polygon> polygons) {
    return {.geometry = {.polygons = std::move(polygons)}};
}

Ring square(double x, double y, double size) {
    return {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
}

TEST(FeatureIndex, knowsHolesPartsAndIslandsInHoles) {
    const FeatureIndex index({layerOf({
        polygonFeature({{square(0, 0, 100), {square(20, 20, 60)}}, {square(40, 40, 20), {}}}),
        polygonFeature({{square(200, 0, 50), {}}, {square(0, 0, 100), {}}}),
    })});
    EXPECT_EQ(index.at({10, 10}, 0.0), (std::vector<FeatureHit>{{0, 0, 0.0}, {0, 1, 0.0}}));
    EXPECT_EQ(index.at({30, 30}, 0.0), (std::vector<FeatureHit>{{0, 1, 0.0}}));
    EXPECT_EQ(index.at({50, 50}, 0.0), (std::vector<FeatureHit>{{0, 0, 0.0}, {0, 1, 0.0}}));
    EXPECT_EQ(index.at({225, 25}, 0.0), (std::vector<FeatureHit>{{0, 1, 0.0}}));
    EXPECT_TRUE(index.at({150, 25}, 10.0).empty());
}

TEST(FeatureIndex, findsLinesAndPointsWithinTheTolerance) {
    const FeatureIndex index({
        layerOf({{.geometry = {.lines = {{{0, 0}, {100, 0}}, {{0, 3}, {100, 3}}}}}}),
        layerOf({{.geometry = {.points = {{50, 4}}}}}),
    });
    EXPECT_EQ(index.at({50, 2}, 2.5), (std::vector<FeatureHit>{{0, 0, 1.0}, {1, 0, 2.0}}));
    EXPECT_EQ(index.at({50, 2}, 1.5), (std::vector<FeatureHit>{{0, 0, 1.0}}));
    EXPECT_TRUE(index.at({50, 2}, 0.5).empty());
    EXPECT_TRUE(index.at({std::nan(""), 2}, 1.0).empty());
}

TEST(FeatureIndex, livesWithNothing) {
    EXPECT_TRUE(FeatureIndex({}).at({0, 0}, 1.0).empty());
    const FeatureIndex index({layerOf({{}, polygonFeature({{{}, {}}})})});
    EXPECT_TRUE(index.at({0, 0}, 1.0).empty());
}

Ring star(const glm::dvec2& centre, std::mt19937& random) {
    std::uniform_real_distribution<double> radius(5.0, 60.0);
    Ring ring;
    constexpr int kCorners = 9;
    for (int i = 0; i < kCorners; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / kCorners;
        ring.push_back(centre + radius(random) * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    return ring;
}

/// Inside by the winding of angles: slow, and nothing in common with the even-odd ray.
bool windsRound(const glm::dvec2& place, const Ring& ring) {
    double turn = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - place;
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - place;
        turn += std::atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
    }
    return std::abs(turn) > std::numbers::pi;
}

TEST(FeatureIndex, agreesWithBruteForce) {
    constexpr unsigned kSeed = 4548;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> spread(0.0, 2000.0);
    std::vector<Feature> features;
    features.reserve(2000);
    for (int i = 0; i < 2000; ++i) {
        features.push_back(polygonFeature(
            {{star({500000.0 + spread(random), 2.7e6 + spread(random)}, random), {}}}));
    }
    const auto layer = layerOf(features);
    const FeatureIndex index({layer});
    for (int i = 0; i < 500; ++i) {
        const glm::dvec2 place{500000.0 + spread(random), 2.7e6 + spread(random)};
        std::vector<FeatureHit> expected;
        for (std::size_t f = 0; f < features.size(); ++f) {
            if (windsRound(place, features[f].geometry.polygons[0].outer)) {
                expected.push_back({0, f, 0.0});
            }
        }
        ASSERT_EQ(index.at(place, 0.0), expected) << i;
    }
}

TEST(FeatureIndex, answersInMillisecondsAmong200000Features) {
    std::vector<Feature> features;
    features.reserve(200000);
    for (int i = 0; i < 200000; ++i) {
        const int row = i / 450;
        features.push_back(polygonFeature({{square(20.0 * (i % 450), 20.0 * row, 19.0), {}}}));
    }
    const FeatureIndex index({layerOf(std::move(features))});
    const auto start = std::chrono::steady_clock::now();
    std::size_t hits = 0;
    for (int i = 0; i < 1000; ++i) {
        hits += index.at({20.0 * (i % 400) + 5.0, 20.0 * (i % 300) + 5.0}, 2.0).size();
    }
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(hits, 1000U);
    EXPECT_LT(passed.count(), 1.0); // 1 ms each
}

} // namespace
} // namespace viewer::tools
