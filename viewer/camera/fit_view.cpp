#include "viewer/camera/fit_view.h"

#include "tiles3d/tileset/bounding_volume.h"

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <variant>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

constexpr std::size_t kMaxVolumes = 2500; // of 8 corners each
/// A camera closer than this to what it shows would cut it with its near plane.
constexpr double kNearestMetres = 5.0;

void addBox(std::vector<glm::dvec3>& points, const glm::dvec3& centre, const glm::dmat3& halfAxes) {
    for (unsigned corner = 0; corner < 8; ++corner) {
        const glm::dvec3 sign{(corner & 1U) != 0 ? 1.0 : -1.0,
                              (corner & 2U) != 0 ? 1.0 : -1.0,
                              (corner & 4U) != 0 ? 1.0 : -1.0};
        points.push_back(centre + halfAxes * sign);
    }
}

/// Corners and edge middles, so that a region of many degrees still has its bulge inside.
void addRegion(std::vector<glm::dvec3>& points, const tileset::Region& region) {
    constexpr int kSteps = 3;
    for (int i = 0; i < kSteps; ++i) {
        for (int j = 0; j < kSteps; ++j) {
            const double east = i / (kSteps - 1.0);
            const double north = j / (kSteps - 1.0);
            geo::Cartographic at{.longitude = geo::Angle::radians(
                                     std::lerp(region.west.radians(), region.east.radians(), east)),
                                 .latitude = geo::Angle::radians(std::lerp(
                                     region.south.radians(), region.north.radians(), north)),
                                 .heightMetres = region.minimumHeightMetres};
            points.push_back(geo::toEcef(at).metres);
            at.heightMetres = region.maximumHeightMetres;
            points.push_back(geo::toEcef(at).metres);
        }
    }
}

void addVolume(std::vector<glm::dvec3>& points, const tileset::BoundingVolume& volume) {
    if (const auto* box = std::get_if<tileset::Box>(&volume)) {
        addBox(points, box->centre, box->halfAxes);
    } else if (const auto* region = std::get_if<tileset::Region>(&volume)) {
        addRegion(points, *region);
    } else {
        const auto& sphere = std::get<tileset::Sphere>(volume);
        addBox(points, sphere.centre, glm::dmat3(sphere.radiusMetres / std::sqrt(3.0)));
    }
}

/// A point in camera axes: right, up, and depth along the direction of view.
struct CameraPoint {
    double side = 0.0; // right or up
    double depth = 0.0;
};

/// The greatest depth of an eye that has all points between two opposite planes through it.
/// A point is inside if |side - eyeSide| <= t (depth - eyeDepth). So for all points
/// eyeSide - t eyeDepth >= max(side - t depth) = P and -eyeSide - t eyeDepth >= max(-side - t
/// depth) = N, which leaves eyeDepth <= -(P + N) / 2t.
double deepestEye(const std::vector<CameraPoint>& points, double tangent) {
    double positive = -std::numeric_limits<double>::infinity();
    double negative = positive;
    for (const CameraPoint& point : points) {
        positive = std::max(positive, point.side - tangent * point.depth);
        negative = std::max(negative, -point.side - tangent * point.depth);
    }
    return -(positive + negative) / (2.0 * tangent);
}

/// The eye's side from which the points reach as far to the one edge of the picture as to the
/// other. REQUIRES: eyeDepth less than every point's depth.
double centredEye(const std::vector<CameraPoint>& points, double eyeDepth) {
    const auto imbalance = [&](double eyeSide) {
        double least = std::numeric_limits<double>::infinity();
        double most = -least;
        for (const CameraPoint& point : points) {
            const double slope = (point.side - eyeSide) / (point.depth - eyeDepth);
            least = std::min(least, slope);
            most = std::max(most, slope);
        }
        return least + most; // falls as the eye moves to the positive side
    };
    const auto [low, high] = std::ranges::minmax(points, {}, &CameraPoint::side);
    double from = low.side;
    double to = high.side;
    constexpr int kHalvings = 50;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (from + to) / 2.0;
        (imbalance(middle) > 0.0 ? from : to) = middle;
    }
    return (from + to) / 2.0;
}

} // namespace

std::vector<glm::dvec3> outlineOf(const select::SelectionTree& tree) {
    const auto& nodes = tree.nodes();
    std::vector<std::size_t> level{0};
    while (true) {
        std::vector<std::size_t> next;
        for (const std::size_t node : level) {
            if (nodes[node].children.empty()) {
                next.push_back(node);
            } else {
                next.insert(next.end(), nodes[node].children.begin(), nodes[node].children.end());
            }
        }
        if (next == level || next.size() > kMaxVolumes) {
            break;
        }
        level = std::move(next);
    }
    std::vector<glm::dvec3> points;
    for (const std::size_t node : level) {
        addVolume(points, nodes[node].volumeEcef);
    }
    return points;
}

double halfExtentOf(const std::vector<glm::dvec3>& pointsEcef, const geo::EnuFrame& scene) {
    double extent = 0.0;
    for (const glm::dvec3& ecef : pointsEcef) {
        const glm::dvec3 point = scene.fromEcef({ecef}).metres;
        extent = std::max({extent, std::abs(point.x), std::abs(point.y)});
    }
    return extent;
}

double groundHeightOf(const std::vector<glm::dvec3>& pointsEcef) {
    if (pointsEcef.empty()) {
        return 0.0;
    }
    std::vector<double> heights;
    std::ranges::transform(pointsEcef, std::back_inserter(heights), [](const glm::dvec3& ecef) {
        return geo::toCartographic({ecef}).heightMetres;
    });
    const auto tenth = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 10);
    std::ranges::nth_element(heights, tenth);
    return *tenth;
}

CameraPose fitView(const std::vector<glm::dvec3>& pointsEcef,
                   const geo::EnuFrame& scene,
                   const Lens& lens,
                   const FitOptions& options) {
    const double heading = options.heading.radians();
    const double pitch = options.pitch.radians();
    const glm::dvec3 forward{std::sin(heading), std::cos(heading), 0.0};
    const glm::dvec3 direction{
        forward.x * std::cos(pitch), forward.y * std::cos(pitch), std::sin(pitch)};
    const glm::dvec3 right{forward.y, -forward.x, 0.0};
    const glm::dvec3 up = glm::cross(right, direction);

    const double tangentY = std::tan(lens.verticalFovRadians / 2.0) * (1.0 - 2.0 * options.margin);
    const double tangentX = tangentY * lens.aspect();
    std::vector<CameraPoint> horizontal;
    std::vector<CameraPoint> vertical;
    double nearestDepth = std::numeric_limits<double>::infinity();
    for (const glm::dvec3& ecef : pointsEcef) {
        const glm::dvec3 point = scene.fromEcef({ecef}).metres;
        const double depth = glm::dot(point, direction);
        horizontal.push_back({glm::dot(point, right), depth});
        vertical.push_back({glm::dot(point, up), depth});
        nearestDepth = std::min(nearestDepth, depth);
    }
    const double eyeDepth = std::min({deepestEye(horizontal, tangentX),
                                      deepestEye(vertical, tangentY),
                                      nearestDepth - kNearestMetres});
    const glm::dvec3 eye = right * centredEye(horizontal, eyeDepth) +
                           up * centredEye(vertical, eyeDepth) + direction * eyeDepth;
    return poseOf({.eye = eye, .direction = direction, .up = up}, scene);
}

} // namespace viewer::camera
