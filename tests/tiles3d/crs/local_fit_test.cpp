#include "tiles3d/crs/transform.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace tiles3d::crs {
namespace {

Transform transformOf(const std::string& srs, const HeightDatum& heights) {
    const auto crs = understandSrs(srs);
    EXPECT_TRUE(crs) << crs.error().message;
    auto transform = Transform::create(*crs, heights);
    EXPECT_TRUE(transform) << transform.error().message;
    return *std::move(transform);
}

struct Place {
    double lon = 0.0;
    double lat = 0.0;
    glm::dvec3 halfExtent{0.0};
};

/// Source units, with the frame in a corner of the box: not where the fit has its centre.
SourceBox boxAround(const Transform& transform, const Place& place) {
    const auto centre = transform.fromCartographic(
        {geo::Angle::degrees(place.lon), geo::Angle::degrees(place.lat), 30.0});
    EXPECT_TRUE(centre);
    return {*centre - place.halfExtent, *centre + place.halfExtent};
}

/// The largest distance from PROJ at random points of the box.
double worstOf(const LocalFit& fit,
               const Transform& transform,
               const geo::EnuFrame& frame,
               const SourceBox& box) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    double worst = 0.0;
    for (int i = 0; i < 500; ++i) {
        const glm::dvec3 share(unit(random), unit(random), unit(random));
        const glm::dvec3 point = box.minimum + share * (box.maximum - box.minimum);
        const auto ecef = transform.toEcef(point);
        EXPECT_TRUE(ecef);
        worst = std::max(worst, glm::distance(fit.toEnu(point), frame.fromEcef(*ecef).metres));
    }
    return worst;
}

geo::EnuFrame frameAt(const Transform& transform, const glm::dvec3& point) {
    const auto origin = transform.toCartographic(point);
    EXPECT_TRUE(origin);
    return geo::EnuFrame(*origin);
}

TEST(LocalFit, ResidualsAreSmallAndHonest) {
    const Transform transform = transformOf("EPSG:4548", EllipsoidalHeights{});
    for (const double half : {50.0, 150.0, 500.0, 1000.0, 5000.0, 20000.0}) {
        const SourceBox box = boxAround(transform, {118.1, 24.5, {half, half, 100.0}});
        const geo::EnuFrame frame = frameAt(transform, box.minimum);
        const auto fit = fitLocal(transform, frame, box);
        ASSERT_TRUE(fit) << fit.error().message;
        EXPECT_LT(fit->residualMetres, 1e-4) << half;
        EXPECT_LE(worstOf(*fit, transform, frame, box), fit->residualMetres * 1.5 + 1e-6) << half;
    }
}

TEST(LocalFit, AKinkOfTheGeoidGridIsMeasured) {
    const Transform transform = transformOf("EPSG:4548", GeoidGrid{"egm96_15.gtx"});
    const std::uint64_t seed = 99;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> unit(-1.0, 1.0);
    for (int i = 0; i < 30; ++i) {
        const double half = 100.0 * (i + 1.0);
        // Round a post of the grid, so that its lines run through the box anywhere.
        const double room = half / 111320.0;
        const SourceBox box = boxAround(
            transform,
            {118.25 + room * unit(random), 24.5 + room * unit(random), {half, half, 50.0}});
        const geo::EnuFrame frame = frameAt(transform, box.maximum);
        const auto fit = fitLocal(transform, frame, box);
        ASSERT_TRUE(fit) << fit.error().message;
        EXPECT_LE(worstOf(*fit, transform, frame, box), fit->residualMetres * 1.5 + 1e-6) << half;
        EXPECT_LT(fit->residualMetres, half * 5e-6) << half;
    }
}

TEST(LocalFit, FlatAndEmptyBoxesDegreesAndLocalFrames) {
    for (const char* const srs : {"EPSG:4548", "EPSG:4527", "EPSG:4490", "ENU:24.5,118.1"}) {
        const Transform transform = transformOf(srs, EllipsoidalHeights{});
        const bool isDegrees = std::string(srs) == "EPSG:4490";
        const double half = isDegrees ? 0.005 : 500.0;
        for (const glm::dvec3& extent : {glm::dvec3(half, half, 0.0),
                                         glm::dvec3(half, 0.0, 20.0),
                                         glm::dvec3(0.0),
                                         glm::dvec3(half, half, 20.0)}) {
            const SourceBox box = boxAround(transform, {118.1, 24.5, extent});
            const geo::EnuFrame frame = frameAt(transform, box.minimum);
            const auto fit = fitLocal(transform, frame, box);
            ASSERT_TRUE(fit) << srs << ": " << fit.error().message;
            EXPECT_LT(fit->residualMetres, 1e-4) << srs;
            EXPECT_LE(worstOf(*fit, transform, frame, box), fit->residualMetres * 1.5 + 1e-6)
                << srs;
            const glm::dvec3 beside = box.maximum + glm::dvec3(isDegrees ? 1e-8 : 1e-3);
            EXPECT_LT(glm::distance(fit->toEnu(beside), fit->toEnu(box.maximum)), 3e-3) << srs;
        }
    }
}

TEST(LocalFit, TooWideOrOutsideFails) {
    const Transform transform = transformOf("EPSG:4548", EllipsoidalHeights{});
    const SourceBox wide = boxAround(transform, {118.1, 24.5, {400000.0, 400000.0, 100.0}});
    const geo::EnuFrame frame = frameAt(transform, (wide.minimum + wide.maximum) / 2.0);
    const auto fit = fitLocal(transform, frame, wide);
    ASSERT_FALSE(fit);
    EXPECT_NE(fit.error().message.find("limit"), std::string::npos);
    EXPECT_FALSE(fitLocal(transform, frame, {glm::dvec3(1e9), glm::dvec3(1e9 + 1.0)}));
}

TEST(LocalFit, TheSameBoxIsTheSameBits) {
    const Transform a = transformOf("EPSG:4548+5773", GeoidGrid{"egm96_15.gtx"});
    const Transform b = transformOf("EPSG:4548+5773", GeoidGrid{"egm96_15.gtx"});
    const SourceBox box = boxAround(a, {118.1, 24.4, {300.0, 300.0, 50.0}});
    const geo::EnuFrame frame = frameAt(a, box.minimum);
    const auto first = fitLocal(a, frame, box);
    const auto second = fitLocal(b, frame, box);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->terms, second->terms);
    EXPECT_EQ(first->residualMetres, second->residualMetres);
}

} // namespace
} // namespace tiles3d::crs
