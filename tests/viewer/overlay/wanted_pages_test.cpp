#include "viewer/overlay/wanted_pages.h"

#include <glm/ext/matrix_clip_space.hpp>
#include <glm/ext/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace viewer::overlay {
namespace {

/// A plane that is the scene's own ground.
PlaneExpansion groundPlane() {
    PlaneExpansion plane;
    plane.terms[0] = {1.0, 0.0, 0.0};
    plane.terms[1] = {0.0, 1.0, 0.0};
    plane.terms[2] = {0.0, 0.0, 1.0};
    return plane;
}

constexpr double kFov = 1.0471975511965976;

DrapeView viewFrom(const glm::dvec3& eye, const glm::dvec3& target) {
    const glm::dmat4 toEye = glm::lookAt(eye, target, glm::dvec3(0.0, 1.0, 0.1));
    return {.clipFromScene = glm::perspective(kFov, 16.0 / 9.0, 0.5, 1e6) * toEye,
            .eye = eye,
            .metresPerPixelAtOne = 2.0 * std::tan(kFov / 2.0) / 720.0,
            .lowMetres = -5.0,
            .highMetres = 80.0};
}

constexpr pipeline::planning::PlaneBox kEverywhere{{-1e6, -1e6}, {1e6, 1e6}};

bool has(const std::vector<PageKey>& pages, int level, const glm::dvec2& place) {
    const glm::dvec2 page = glm::floor(place / pageMetres(level));
    return std::ranges::count(pages,
                              PageKey{level,
                                      static_cast<std::int32_t>(page.x),
                                      static_cast<std::int32_t>(page.y)}) == 1;
}

TEST(WantedPages, straightDownOnlyTheLevelsOfGroundAndRoofs) {
    const DrapeView view = viewFrom({100.0, 200.0, 400.0}, {100.0, 200.0, 0.0});
    const auto pages = wantedPages(view, groundPlane(), kEverywhere);
    const int ground = levelFor(400.0 * view.metresPerPixelAtOne);
    EXPECT_TRUE(has(pages, ground, {100.0, 200.0}));
    EXPECT_TRUE(has(pages, ground, {380.0, 390.0})); // a corner of the picture
    EXPECT_FALSE(has(pages, ground, {2000.0, 200.0}));
    EXPECT_FALSE(has(pages, 0, {100.0, 200.0}));
}

TEST(WantedPages, towardsTheHorizonSlantedGroundHasItsOwnLevels) {
    const DrapeView view = viewFrom({0.0, 0.0, 150.0}, {0.0, 2000.0, 0.0});
    const auto pages = wantedPages(view, groundPlane(), kEverywhere);
    const double distance = 2000.0;
    const double facing = distance * view.metresPerPixelAtOne;
    EXPECT_TRUE(has(pages, levelFor(facing), {0.0, distance}));
    EXPECT_TRUE(has(pages, levelFor(facing * distance / 150.0), {0.0, distance}));
    EXPECT_FALSE(has(pages, levelFor(facing), {0.0, -3000.0}));
    EXPECT_LT(pages.size(), 600U);
}

TEST(WantedPages, aWholeCityTakesFewPages) {
    const auto pages =
        wantedPages(viewFrom({0.0, 0.0, 35000.0}, {0.0, 0.0, 0.0}), groundPlane(), kEverywhere);
    EXPECT_LT(pages.size(), 60U);
    EXPECT_FALSE(pages.empty());
}

TEST(WantedPages, nothingBeyondTheLayers) {
    const pipeline::planning::PlaneBox far{{90000.0, 90000.0}, {91000.0, 91000.0}};
    EXPECT_TRUE(
        wantedPages(viewFrom({0.0, 0.0, 400.0}, {0.0, 0.0, 0.0}), groundPlane(), far).empty());
}

} // namespace
} // namespace viewer::overlay
