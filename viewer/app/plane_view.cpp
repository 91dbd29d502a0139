#include "viewer/app/plane_view.h"

#include "viewer/camera/fit_view.h"
#include "viewer/tools/surface_heights.h"

#include <algorithm>
#include <array>
#include <vector>

namespace viewer::app {

namespace {

namespace geo = tiles3d::geo;

constexpr double kLeastMetres = 60.0; // a point is seen with what is round it
constexpr double kMargin = 0.3;

/// Of the surface, where there is one; else of the scene's origin.
double heightAt(geo::Cartographic place, const render::Viewport& viewport) {
    constexpr double kAboveAll = 9000.0;
    const auto surface = tools::surfaceHeights(
        [&](const scene::Ray& ray) { return viewport.nearestHit(ray); }, viewport.sceneFrame());
    place.heightMetres = kAboveAll;
    return surface(place).value_or(viewport.sceneFrame().origin().heightMetres);
}

} // namespace

std::optional<camera::CameraPose> poseOver(const pipeline::planning::PlaneBox& box,
                                           const tiles3d::crs::Transform& plane,
                                           const render::Viewport& viewport) {
    const glm::dvec2 middle = (box.low + box.high) / 2.0;
    const auto centre = plane.toCartographic({middle, 0.0});
    if (!centre) {
        return std::nullopt;
    }
    const double height = heightAt(*centre, viewport);
    const glm::dvec2 half = glm::max((box.high - box.low) / 2.0, glm::dvec2(kLeastMetres / 2.0));
    std::vector<glm::dvec3> corners;
    for (const glm::dvec2& side : {glm::dvec2(-1, -1), {1, -1}, {1, 1}, {-1, 1}}) {
        auto corner = plane.toCartographic({middle + side * half, 0.0});
        if (!corner) {
            return std::nullopt;
        }
        corner->heightMetres = height;
        corners.push_back(geo::toEcef(*corner).metres);
    }
    constexpr double kSteepestDegrees = -80.0;
    constexpr double kFlattestDegrees = -40.0;
    const camera::CameraPose now = viewport.pose();
    return camera::fitView(corners,
                           viewport.sceneFrame(),
                           viewport.lens(),
                           {.heading = now.heading,
                            .pitch = geo::Angle::degrees(std::clamp(
                                now.pitch.degrees(), kSteepestDegrees, kFlattestDegrees)),
                            .margin = kMargin});
}

} // namespace viewer::app
