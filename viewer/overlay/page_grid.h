#pragma once

#include "pipeline/planning/plane_box.h"

#include <glm/vec2.hpp>

#include <compare>
#include <cstdint>

namespace viewer::overlay {

/// Level `l` is for pictures of up to kFinestMetresPerPixel * 2^l metres per pixel, and from half
/// of that on: a cell is 16 to 32 pixels wide, a page 256 to 512, wherever it is seen from.
inline constexpr int kLevels = 12;
inline constexpr double kFinestMetresPerPixel = 0.125;
inline constexpr int kCellsAcross = 16; ///< Of a page.

/// One page of one level: east and north count pages from the plane's origin.
struct PageKey {
    int level = 0;
    std::int32_t east = 0;
    std::int32_t north = 0;

    auto operator<=>(const PageKey&) const = default;
};

/// The most metres per pixel that a level is for.
constexpr double mostMetresPerPixel(int level) {
    return kFinestMetresPerPixel * static_cast<double>(std::uint32_t{1} << level);
}

/// The least; 0 for the finest level.
constexpr double leastMetresPerPixel(int level) {
    return level == 0 ? 0.0 : mostMetresPerPixel(level - 1);
}

constexpr double cellMetres(int level) {
    return 16.0 * mostMetresPerPixel(level);
}

/// How far outside a cell what is in it still shows: lines have a width.
constexpr double padMetres(int level) {
    return 4.0 * mostMetresPerPixel(level);
}

/// How many times coarser pages are to be where lines are seen that far from their edges.
constexpr double levelScale(double reachPixels) {
    constexpr double kListedPixels = 3.75; // of the 4 of padMetres()
    return reachPixels > kListedPixels ? reachPixels / kListedPixels : 1.0;
}

constexpr double pageMetres(int level) {
    return cellMetres(level) * kCellsAcross;
}

inline pipeline::planning::PlaneBox boxOf(const PageKey& page) {
    const double side = pageMetres(page.level);
    const glm::dvec2 low = glm::dvec2(page.east, page.north) * side;
    return {low, low + side};
}

} // namespace viewer::overlay
