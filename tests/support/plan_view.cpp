#include "tests/support/plan_view.h"

#include "tests/support/silhouette.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace tests {

namespace camera = viewer::camera;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kSidePixels = 2048;
constexpr double kEyeMetres = 100e3;
constexpr double kBorderMetres = 5.0; ///< Not covered, so that nothing is cut off.

/// Covered pixels whose row holds nothing else within `reach`; beyond its ends nothing is covered.
std::vector<std::uint8_t> shrunkRow(std::span<const std::uint8_t> row, std::size_t reach) {
    std::vector<std::uint8_t> shrunk(row.size());
    std::size_t covered = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        covered = row[i] == 0 ? 0 : covered + 1;
        if (covered > 2 * reach) {
            shrunk[i - reach] = 1;
        }
    }
    return shrunk;
}

/// Shrinks along rows and turns the square over its diagonal.
std::vector<std::uint8_t>
shrunkAndTurned(std::span<const std::uint8_t> square, std::size_t side, std::size_t reach) {
    std::vector<std::uint8_t> turned(square.size());
    for (std::size_t y = 0; y < side; ++y) {
        const auto row = shrunkRow(square.subspan(y * side, side), reach);
        for (std::size_t x = 0; x < side; ++x) {
            turned[x * side + y] = row[x];
        }
    }
    return turned;
}

} // namespace

Result<PlanView>
PlanView::of(TilePainter& painter, const tiles3d::geo::EnuFrame& scene, const Tiles& tiles) {
    const auto limits = painter.limitsOf(tiles);
    if (!limits) {
        return limits.error();
    }
    const glm::dvec2 middle((limits->minimum + limits->maximum) / 2.0);
    const glm::dvec2 size(limits->maximum - limits->minimum);
    const double half = std::max(size.x, size.y) / 2.0 + kBorderMetres;
    const Shot above{
        .pose = camera::poseOf({.eye = {middle.x, middle.y, limits->minimum.z + kEyeMetres},
                                .direction = {0.0, 0.0, -1.0},
                                .up = {0.0, 1.0, 0.0}},
                               scene),
        .lens = {.verticalFovRadians = 2.0 * std::atan(half / kEyeMetres),
                 .widthPixels = kSidePixels,
                 .heightPixels = kSidePixels}};
    const auto picture = painter.draw(tiles, above);
    if (!picture) {
        return picture.error();
    }
    PlanView view;
    view.low_ = middle - half;
    view.metresPerPixel_ = 2.0 * half / kSidePixels;
    view.side_ = kSidePixels;
    view.isCovered_.resize(kSidePixels * kSidePixels);
    for (std::size_t i = 0; i < view.isCovered_.size(); ++i) {
        view.isCovered_[i] = isBackground(*picture, i) ? 0 : 1;
    }
    return view;
}

bool PlanView::covers(const glm::dvec2& place) const {
    const glm::dvec2 uv(uvOf({place, 0.0}));
    if (uv.x < 0.0 || uv.x >= 1.0 || uv.y < 0.0 || uv.y >= 1.0) {
        return false;
    }
    const auto side = static_cast<double>(side_);
    return isCovered_[static_cast<std::size_t>(uv.y * side) * side_ +
                      static_cast<std::size_t>(uv.x * side)] != 0;
}

PlanView PlanView::withoutRim(double metres) const {
    const auto reach = static_cast<std::size_t>(std::ceil(metres / metresPerPixel_));
    PlanView smaller = *this;
    smaller.isCovered_ = shrunkAndTurned(shrunkAndTurned(isCovered_, side_, reach), side_, reach);
    return smaller;
}

tiles3d::image::Raster PlanView::picture(const Colour& covered, const Colour& elsewhere) const {
    const auto side = static_cast<std::uint32_t>(side_);
    tiles3d::image::Raster picture{.width = side, .height = side, .channels = 3};
    for (const std::uint8_t isCovered : isCovered_) {
        for (const std::uint8_t part : isCovered != 0 ? covered : elsewhere) {
            picture.pixels.push_back(static_cast<std::byte>(part));
        }
    }
    return picture;
}

glm::vec2 PlanView::uvOf(const glm::dvec3& place) const {
    const glm::dvec2 across =
        (glm::dvec2(place) - low_) / (static_cast<double>(side_) * metresPerPixel_);
    return {across.x, 1.0 - across.y};
}

} // namespace tests
