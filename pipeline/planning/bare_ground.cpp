#include "pipeline/planning/bare_ground.h"

#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <utility>

namespace pipeline::planning {

namespace {

/// A row or a column.
struct Run {
    std::size_t first = 0;
    std::size_t stride = 1;
    std::size_t count = 0;
};

/// Each value becomes the extreme within `reach` places on both sides; `isBeyond(a, b)` says that a
/// is more extreme than b. NaNs are passed over.
/// Source: Lemire, "Streaming maximum-minimum filter" (2006).
template <typename IsBeyond>
void slideInPlace(std::vector<float>& values,
                  const Run& run,
                  std::size_t reach,
                  const IsBeyond& isBeyond) {
    std::vector<float> out(run.count, std::numeric_limits<float>::quiet_NaN());
    std::deque<std::size_t> places; // of values none of which hides one before it
    const auto at = [&](std::size_t i) { return values[run.first + i * run.stride]; };
    for (std::size_t i = 0; i < run.count + reach; ++i) {
        if (i < run.count && !std::isnan(at(i))) {
            while (!places.empty() && !isBeyond(at(places.back()), at(i))) {
                places.pop_back();
            }
            places.push_back(i);
        }
        if (i < reach) {
            continue;
        }
        const std::size_t middle = i - reach;
        while (!places.empty() && places.front() + reach < middle) {
            places.pop_front();
        }
        out[middle] = places.empty() ? out[middle] : at(places.front());
    }
    for (std::size_t i = 0; i < run.count; ++i) {
        values[run.first + i * run.stride] = out[i];
    }
}

template <typename IsBeyond>
void slideInPlace(HeightCells& cells, const IsBeyond& isBeyond) {
    const auto reach = static_cast<std::size_t>(kGroundReachMetres / cells.cellMetres);
    const std::size_t rows = cells.heights.size() / cells.columns;
    for (std::size_t row = 0; row < rows; ++row) {
        slideInPlace(cells.heights, {row * cells.columns, 1, cells.columns}, reach, isBeyond);
    }
    for (std::size_t column = 0; column < cells.columns; ++column) {
        slideInPlace(cells.heights, {column, cells.columns, rows}, reach, isBeyond);
    }
}

} // namespace

std::vector<float> bareGround(const HeightCells& surface) {
    HeightCells opened = surface;
    slideInPlace(opened, std::less<>());
    slideInPlace(opened, std::greater<>());
    return std::move(opened.heights);
}

} // namespace pipeline::planning
