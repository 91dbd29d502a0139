#include "pipeline/planning/surely_valid.h"

#include "pipeline/planning/geometry_ops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace pipeline::planning {
namespace {

Ring square(double x, double y, double size) {
    return {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
}

TEST(SurelyValid, plainShapes) {
    EXPECT_TRUE(isSurelyValid({{.outer = square(0, 0, 10)}}));
    EXPECT_TRUE(isSurelyValid({{.outer = square(0, 0, 10), .holes = {square(2, 2, 3)}}}));
    EXPECT_TRUE(isSurelyValid({{.outer = square(0, 0, 10)}, {.outer = square(20, 0, 10)}}));
    EXPECT_TRUE(isSurelyValid({{.outer = square(0, 0, 10), .holes = {square(2, 2, 6)}},
                               {.outer = square(3, 3, 2)}})); // an island in a lake
    EXPECT_TRUE(isSurelyValid({}));
}

TEST(SurelyValid, doubtfulShapes) {
    EXPECT_FALSE(isSurelyValid({{.outer = {{0, 0}, {10, 10}, {10, 0}, {0, 10}}}})); // bow tie
    EXPECT_FALSE(isSurelyValid({{.outer = {{0, 0}, {10, 0}, {5, 0}, {5, 5}}}}));    // spike
    EXPECT_FALSE(isSurelyValid({{.outer = square(0, 0, 10), .holes = {square(20, 2, 3)}}}));
    EXPECT_FALSE(
        isSurelyValid({{.outer = square(0, 0, 10), .holes = {square(1, 1, 8), square(2, 2, 3)}}}));
    EXPECT_FALSE(isSurelyValid({{.outer = square(0, 0, 10)}, {.outer = square(2, 2, 3)}}));
    EXPECT_FALSE(isSurelyValid({{.outer = square(0, 0, 10)}, {.outer = square(10, 0, 3)}}));
}

TEST(SurelyValid, neverSaysSoOfWhatGeosRefuses) {
    constexpr unsigned kSeed = 7;
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> radius(0.3, 1.0);
    std::uniform_int_distribution<int> corners(3, 60);
    std::uniform_real_distribution<double> wobble(-0.05, 0.05);
    int valid = 0;
    int sure = 0;
    for (int i = 0; i < 3000; ++i) {
        Ring ring;
        const int n = corners(random);
        for (int k = 0; k < n; ++k) {
            const double angle = 2.0 * std::numbers::pi * (k / double(n) + wobble(random));
            ring.push_back(radius(random) * glm::dvec2(std::cos(angle), std::sin(angle)) +
                           glm::dvec2(600'000, 2'700'000));
        }
        const std::vector<Polygon> polygons{{.outer = ring}};
        const bool isValid = bool(checkValid({.polygons = polygons}));
        const bool isSure = isSurelyValid(polygons);
        EXPECT_TRUE(isValid || !isSure) << "seed " << kSeed << ", ring " << i;
        valid += isValid ? 1 : 0;
        sure += isSure ? 1 : 0;
    }
    EXPECT_GT(valid, 100);
    EXPECT_GT(sure, valid * 9 / 10); // of use: few valid ones are left to GEOS
}

TEST(SurelyValid, aRingOfAMillionPointsIsQuick) {
    Ring ring;
    constexpr int kPoints = 1'000'000;
    for (int k = 0; k < kPoints; ++k) {
        const double angle = 2.0 * std::numbers::pi * k / kPoints;
        ring.push_back((1000.0 + std::sin(angle * 5000.0)) *
                       glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    EXPECT_TRUE(isSurelyValid({{.outer = ring}}));
}

} // namespace
} // namespace pipeline::planning
