#include "pipeline/planning/gcj02_suspicion.h"

#include "pipeline/planning/gcj02.h"
#include "pipeline/planning/vector_reader.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <random>

namespace pipeline::planning {
namespace {

using Points = std::vector<glm::dvec2>;

double uniform(std::mt19937_64& random, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
}

/// An island of some 10 km with bays of all sizes.
class Island {
public:
    explicit Island(std::mt19937_64& random) {
        for (std::size_t k = 0; k < kWaves; ++k) {
            sizes_[k] = uniform(random, 0.2, 1.0) * 2500.0 / (1.0 + double(k));
            phases_[k] = uniform(random, 0.0, 2.0 * std::numbers::pi);
        }
    }
    glm::dvec2 at(double angle) const {
        double radius = 10'000.0;
        for (std::size_t k = 0; k < kWaves; ++k) {
            radius += sizes_[k] * std::sin(double(k + 2) * angle + phases_[k]);
        }
        return radius * glm::dvec2(std::cos(angle), std::sin(angle));
    }

private:
    static constexpr std::size_t kWaves = 60;
    std::array<double, kWaves> sizes_{};
    std::array<double, kWaves> phases_{};
};

/// A third of the shore and a straight way back through the land, drawn by a hand that errs.
Points district(const Island& island, std::mt19937_64& random) {
    constexpr int kShore = 400;
    constexpr double kErrorMetres = 15.0;
    std::normal_distribution<double> error(0.0, kErrorMetres);
    const double from = uniform(random, 0.0, 2.0 * std::numbers::pi);
    Points points;
    for (int i = 0; i <= kShore; ++i) {
        points.push_back(island.at(from + 2.0 * std::numbers::pi / 3.0 * i / kShore));
    }
    const glm::dvec2 first = points.front();
    const glm::dvec2 last = points.back();
    for (int i = 1; i < 100; ++i) {
        points.push_back(last * (1.0 - i / 100.0));
        points.push_back(first * (i / 100.0));
    }
    for (glm::dvec2& point : points) {
        point += glm::dvec2(error(random), error(random));
    }
    return points;
}

SegmentGrid coastOf(const Island& island) {
    constexpr int kSteps = 2000;
    std::vector<Segment> coast;
    for (int i = 0; i < kSteps; ++i) {
        const auto at = [&](int k) { return island.at(2.0 * std::numbers::pi * k / kSteps); };
        coast.push_back({at(i), at(i + 1)});
    }
    return SegmentGrid(coast);
}

/// What GCJ-02 moves some place of China by, metres.
glm::dvec2 offsetSomewhere(std::mt19937_64& random) {
    constexpr double kMetresPerDegree = 111'000.0;
    const glm::dvec2 place(uniform(random, 100.0, 122.0), uniform(random, 20.0, 42.0));
    const double shrinks = std::cos(place.y * std::numbers::pi / 180.0);
    return (toGcj02(place) - place) * kMetresPerDegree * glm::dvec2(shrinks, 1.0);
}

Points moved(Points points, const glm::dvec2& by) {
    for (glm::dvec2& point : points) {
        point += by;
    }
    return points;
}

TEST(Gcj02Suspicion, findsTheOffsetOfMadeOutlinesAndNoOther) {
    constexpr std::uint64_t kSeed = 20261126;
    std::mt19937_64 random(kSeed);
    int found = 0;
    int falseAlarms = 0;
    for (int i = 0; i < 50; ++i) {
        const Island island(random);
        const SegmentGrid coast = coastOf(island);
        const Points drawn = district(island, random);
        const glm::dvec2 offset = offsetSomewhere(random);
        found += fitsWhenShifted(moved(drawn, offset), coast, -offset) ? 1 : 0;
        falseAlarms += fitsWhenShifted(drawn, coast, -offset) ? 1 : 0;
        const Points other = district(Island(random), random); // of another place
        falseAlarms += fitsWhenShifted(other, coast, -offset) ? 1 : 0;
    }
    RecordProperty("found", found);
    EXPECT_GE(found, 45) << "seed " << kSeed;
    EXPECT_EQ(falseAlarms, 0) << "seed " << kSeed;
}

TEST(Gcj02Suspicion, aCoastIsTheCoastItself) {
    const std::filesystem::path file =
        std::filesystem::path(CITY3D_DATA) / "planning" / "xiamen_coastline_osm.geojson";
    if (!std::filesystem::exists(file)) {
        GTEST_SKIP() << "no real data at " << file;
    }
    const GdalRuntime gdal;
    const auto read = readVectors(file, "EPSG:4548");
    ASSERT_TRUE(read) << read.error().message;
    std::vector<Segment> segments;
    Points points;
    for (const Feature& feature : read->layers.at(0).features) {
        for (const Polygon& polygon : feature.geometry.polygons) {
            for (std::size_t i = 1; i < polygon.outer.size(); ++i) {
                segments.push_back({polygon.outer[i - 1], polygon.outer[i]});
            }
        }
    }
    for (std::size_t i = 0; i < segments.size(); i += segments.size() / 3000 + 1) {
        points.push_back(segments[i][0]);
    }
    const SegmentGrid coast(segments);
    const glm::dvec2 offset(490.0, -310.0); // PLANNING.md, 7
    EXPECT_TRUE(fitsWhenShifted(moved(points, offset), coast, -offset));
    EXPECT_FALSE(fitsWhenShifted(points, coast, -offset));
}

} // namespace
} // namespace pipeline::planning
