#include "pipeline/sources/raster_collar.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sources {

using tiles3d::image::Raster;

namespace {

/// Cells of a component of black ones, and how many of them lie on the picture's edge.
struct Region {
    std::vector<std::size_t> cells;
    std::size_t onEdge = 0;
};

/// Black cells connected by their sides to `start`; they are marked as seen.
Region floodFrom(std::size_t start, const CollarMask& grid, std::vector<std::uint8_t>& black) {
    Region region;
    region.cells.push_back(start);
    black[start] = 0;
    const auto visit = [&](std::size_t cell) {
        if (black[cell] != 0) {
            black[cell] = 0;
            region.cells.push_back(cell);
        }
    };
    for (std::size_t next = 0; next < region.cells.size(); ++next) {
        const std::size_t cell = region.cells[next];
        const std::size_t column = cell % grid.columns;
        const std::size_t row = cell / grid.columns;
        const bool isLeft = column == 0;
        const bool isRight = column + 1 == grid.columns;
        const bool isUpper = row == 0;
        const bool isLower = row + 1 == grid.rows;
        region.onEdge += isLeft || isRight || isUpper || isLower ? 1 : 0;
        if (!isLeft) {
            visit(cell - 1);
        }
        if (!isRight) {
            visit(cell + 1);
        }
        if (!isUpper) {
            visit(cell - grid.columns);
        }
        if (!isLower) {
            visit(cell + grid.columns);
        }
    }
    return region;
}

std::vector<std::size_t> edgeCells(const CollarMask& grid) {
    std::vector<std::size_t> cells;
    const std::size_t columns = grid.columns;
    for (std::size_t column = 0; column < columns; ++column) {
        cells.push_back(column);
        cells.push_back((grid.rows - 1) * columns + column);
    }
    for (std::size_t row = 0; row < grid.rows; ++row) {
        cells.push_back(row * columns);
        cells.push_back(row * columns + columns - 1);
    }
    return cells;
}

/// Marks what lies within `reach` pixels of a marked one, across, down or both.
std::vector<std::uint8_t>
grown(const std::vector<std::uint8_t>& marks, std::size_t columns, std::size_t reach) {
    std::vector<std::uint8_t> result(marks.size(), 0);
    const std::size_t rows = marks.size() / columns;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (marks[i] == 0) {
            continue;
        }
        const std::size_t column = i % columns;
        const std::size_t row = i / columns;
        const std::size_t left = column - std::min(column, reach);
        const std::size_t right = std::min(column + reach, columns - 1);
        for (std::size_t y = row - std::min(row, reach); y <= std::min(row + reach, rows - 1);
             ++y) {
            std::fill_n(result.begin() + static_cast<std::ptrdiff_t>(y * columns + left),
                        right - left + 1,
                        std::uint8_t{1});
        }
    }
    return result;
}

} // namespace

bool CollarMask::isNear(double column, double row) const {
    if (column < 0.0 || row < 0.0) {
        return false;
    }
    const auto x = static_cast<std::uint32_t>(column / cellColumns);
    const auto y = static_cast<std::uint32_t>(row / cellRows);
    if (x >= columns || y >= rows) {
        return false;
    }
    for (std::uint32_t nextY = y - std::min(y, 1U); nextY <= std::min(y + 1, rows - 1); ++nextY) {
        for (std::uint32_t nextX = x - std::min(x, 1U); nextX <= std::min(x + 1, columns - 1);
             ++nextX) {
            if (cells[std::size_t{nextY} * columns + nextX] != 0) {
                return true;
            }
        }
    }
    return false;
}

bool CollarMask::touches(const RasterWindow& window) const {
    const double right = window.column + window.columns;
    const double lower = window.row + window.rows;
    for (double row = window.row; row < lower + cellRows; row += cellRows) {
        for (double column = window.column; column < right + cellColumns; column += cellColumns) {
            if (isNear(std::min(column, right - 1.0), std::min(row, lower - 1.0))) {
                return true;
            }
        }
    }
    return false;
}

bool isNearBlack(const Raster& picture, std::size_t index, int limit) {
    const std::byte* pixel = picture.pixels.data() + index * picture.channels;
    return std::to_integer<int>(pixel[0]) <= limit && std::to_integer<int>(pixel[1]) <= limit &&
           std::to_integer<int>(pixel[2]) <= limit;
}

CollarMask findCollar(const Raster& picture, std::uint32_t width, std::uint32_t height) {
    constexpr int kBlackOnAverage = 8; // noise averages out; a shadow is lighter
    constexpr std::size_t kLeastShare = 100;
    CollarMask mask;
    mask.columns = picture.width;
    mask.rows = picture.height;
    mask.cellColumns = static_cast<double>(width) / picture.width;
    mask.cellRows = static_cast<double>(height) / picture.height;
    const std::size_t count = std::size_t{mask.columns} * mask.rows;
    mask.cells.assign(count, 0);
    std::vector<std::uint8_t> black(count);
    for (std::size_t cell = 0; cell < count; ++cell) {
        black[cell] = isNearBlack(picture, cell, kBlackOnAverage) ? 1 : 0;
    }
    const std::size_t leastOnEdge =
        std::max<std::size_t>(1, (std::size_t{mask.columns} + mask.rows) / kLeastShare);
    for (const std::size_t start : edgeCells(mask)) {
        if (black[start] == 0) {
            continue;
        }
        const Region region = floodFrom(start, mask, black);
        for (const std::size_t cell : region.cells) {
            mask.cells[cell] = region.onEdge >= leastOnEdge ? 1 : 0;
        }
    }
    return mask;
}

void hideCollarInPlace(Raster& picture, const CollarMask& mask, const RasterWindow& window) {
    constexpr std::size_t kRing = 2;
    const double columnStep = static_cast<double>(window.columns) / picture.width;
    const double rowStep = static_cast<double>(window.rows) / picture.height;
    std::vector<std::uint8_t> collar(std::size_t{picture.width} * picture.height, 0);
    for (std::uint32_t row = 0; row < picture.height; ++row) {
        for (std::uint32_t column = 0; column < picture.width; ++column) {
            const std::size_t i = std::size_t{row} * picture.width + column;
            const bool isCollar =
                isNearBlack(picture, i) && mask.isNear(window.column + (column + 0.5) * columnStep,
                                                       window.row + (row + 0.5) * rowStep);
            collar[i] = isCollar ? 1 : 0;
        }
    }
    const std::vector<std::uint8_t> hidden = grown(collar, picture.width, kRing);
    for (std::size_t i = 0; i < hidden.size(); ++i) {
        if (hidden[i] != 0) {
            picture.pixels[i * picture.channels + 3] = std::byte{};
        }
    }
}

} // namespace pipeline::sources
