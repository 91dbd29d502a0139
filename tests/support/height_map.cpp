#include "tests/support/height_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace tests {

namespace camera = viewer::camera;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kSidePixels = 1024;
constexpr double kEyeMetres = 50e3;
constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

Shot shotOf(const MapExtent& extent, const tiles3d::geo::EnuFrame& scene, Seen seen) {
    const glm::dvec3 middle(extent.middle, extent.lowestMetres);
    const glm::dvec3 up(0.0, 0.0, seen == Seen::FromAbove ? 1.0 : -1.0);
    const auto poseAlong = [&](const glm::dvec3& direction) {
        return camera::poseOf(
            {.eye = middle - direction * kEyeMetres, .direction = -up, .up = {0.0, 1.0, 0.0}},
            scene);
    };
    // A pose's vertical is the Earth's below it, by metres another one than the scene's.
    const glm::dvec3 vertical = camera::axesInScene(poseAlong(-up), scene).direction;
    return {.pose = poseAlong(vertical),
            .lens = {.verticalFovRadians = 2.0 * std::atan(extent.sideMetres / 2.0 / kEyeMetres),
                     .widthPixels = kSidePixels,
                     .heightPixels = kSidePixels}};
}

/// Takes away what has nothing beside it in its row, or its end, within `reach`.
void shrinkRow(std::span<float> row, std::size_t reach) {
    std::vector<float> shrunk(row.size(), kNothing);
    std::size_t present = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        present = std::isnan(row[i]) ? 0 : present + 1;
        if (present > 2 * reach) {
            shrunk[i - reach] = row[i - reach];
        }
    }
    std::ranges::copy(shrunk, row.begin());
}

void transpose(std::vector<float>& square) {
    for (std::size_t y = 0; y < kSidePixels; ++y) {
        for (std::size_t x = 0; x < y; ++x) {
            std::swap(square[y * kSidePixels + x], square[x * kSidePixels + y]);
        }
    }
}

} // namespace

MapExtent mapExtent(const tiles3d::tileset::Limits& limits) {
    constexpr double kBorderMetres = 5.0;
    const glm::dvec3 size = limits.maximum - limits.minimum;
    return {.middle = glm::dvec2(limits.minimum + limits.maximum) / 2.0,
            .sideMetres = std::max(size.x, size.y) + 2.0 * kBorderMetres,
            .lowestMetres = limits.minimum.z};
}

Result<HeightMap> HeightMap::of(TilePainter& painter,
                                const tiles3d::geo::EnuFrame& scene,
                                const Tiles& tiles,
                                const MapExtent& extent,
                                Seen seen) {
    auto heights = painter.distances(tiles, shotOf(extent, scene, seen));
    if (!heights) {
        return heights.error();
    }
    HeightMap map(extent, *std::move(heights));
    for (float& height : map.heights_) { // so far a distance
        const double above = kEyeMetres - static_cast<double>(height);
        height = std::isinf(height)
                     ? kNothing
                     : static_cast<float>(extent.lowestMetres +
                                          (seen == Seen::FromAbove ? above : -above));
    }
    if (seen == Seen::FromBelow) { // with north up, east is on the left
        for (std::size_t y = 0; y < kSidePixels; ++y) {
            std::ranges::reverse(std::span(map.heights_).subspan(y * kSidePixels, kSidePixels));
        }
    }
    return map;
}

float HeightMap::at(const glm::dvec2& place) const {
    const glm::dvec2 across = (place - extent_.middle) / stepMetres();
    const double x = std::floor(across.x + kSidePixels / 2.0);
    const double y = std::floor(kSidePixels / 2.0 - across.y);
    if (std::min(x, y) < 0.0 || std::max(x, y) >= kSidePixels) {
        return kNothing;
    }
    return heights_[static_cast<std::size_t>(y) * kSidePixels + static_cast<std::size_t>(x)];
}

HeightMap HeightMap::withoutRim(double metres) const {
    const auto reach = static_cast<std::size_t>(std::ceil(metres / stepMetres()));
    HeightMap smaller = *this;
    for (int axis = 0; axis < 2; ++axis) {
        for (std::size_t y = 0; y < kSidePixels; ++y) {
            shrinkRow(std::span(smaller.heights_).subspan(y * kSidePixels, kSidePixels), reach);
        }
        transpose(smaller.heights_);
    }
    return smaller;
}

double HeightMap::stepMetres() const {
    return extent_.sideMetres / kSidePixels;
}

} // namespace tests
