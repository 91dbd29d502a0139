#include "pipeline/terrain/mosaic.h"

#include <glm/common.hpp>
#include <glm/vector_relational.hpp>

#include <algorithm>
#include <cmath>

namespace pipeline::terrain {

using scan::DemSource;
using scan::GeoExtent;
using sources::RasterReader;
using sources::RasterWindow;
using tiles3d::base::Result;

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
constexpr double kMargin = 2.0; // pixels: one for the interpolation, one for the map's bend

GeoExtent unionOf(const GeoExtent& a, const GeoExtent& b) {
    return {std::min(a.westDegrees, b.westDegrees),
            std::min(a.southDegrees, b.southDegrees),
            std::max(a.eastDegrees, b.eastDegrees),
            std::max(a.northDegrees, b.northDegrees)};
}

/// The place of `dem` in the pixels of `first`; nothing if their grids are not the same.
std::optional<Member> memberBeside(const DemSource& first, const DemSource& dem) {
    constexpr double kSlack = 0.01; // of a pixel
    const auto& a = first.raster.geoTransform;
    const auto& b = dem.raster.geoTransform;
    const double side = std::max(dem.raster.width, dem.raster.height);
    const double pixel = std::sqrt(std::abs(a[1] * a[5] - a[2] * a[4]));
    for (const std::size_t term : {1U, 2U, 4U, 5U}) {
        if (std::abs(a[term] - b[term]) * side > kSlack * pixel) {
            return std::nullopt;
        }
    }
    const glm::dvec2 at = toPixels(a).at(b[0], b[3]);
    const glm::dvec2 whole = glm::round(at);
    constexpr double kFarthest = 1e9;
    if (glm::any(glm::greaterThan(glm::abs(at - whole), glm::dvec2(kSlack))) ||
        glm::any(glm::greaterThan(glm::abs(whole), glm::dvec2(kFarthest))) ||
        !isSame(first.crs, dem.crs) || !isSame(first.heights, dem.heights)) {
        return std::nullopt;
    }
    return Member{&dem, static_cast<std::int64_t>(whole.x), static_cast<std::int64_t>(whole.y)};
}

void add(Mosaic& mosaic, const Member& member) {
    const glm::dvec2 low(static_cast<double>(member.column), static_cast<double>(member.row));
    const glm::dvec2 high = low + glm::dvec2(member.dem->raster.width, member.dem->raster.height);
    const bool isFirst = mosaic.members.empty();
    mosaic.box.low = isFirst ? low : glm::min(mosaic.box.low, low);
    mosaic.box.high = isFirst ? high : glm::max(mosaic.box.high, high);
    mosaic.extent = isFirst ? member.dem->extent : unionOf(mosaic.extent, member.dem->extent);
    mosaic.members.push_back(member);
}

/// A height of the file in metres; NaN for what no place on Earth has.
float metresOf(float value, double metresPerUnit) {
    constexpr double kLowest = -12000.0;
    constexpr double kHighest = 9500.0;
    const double metres = value * metresPerUnit;
    return metres >= kLowest && metres <= kHighest ? static_cast<float>(metres) : kNone;
}

PixelBox inMember(const PixelBox& box, const Member& member) {
    const glm::dvec2 offset(static_cast<double>(member.column), static_cast<double>(member.row));
    return {box.low - offset, box.high - offset};
}

/// Puts rows of a member's values, of which `window` tells the place, where the grid has none.
void fill(HeightGrid& grid,
          const Member& member,
          const RasterWindow& window,
          const std::vector<float>& values,
          bool keepsHoles) {
    const auto left = static_cast<std::size_t>(member.column + window.column -
                                               static_cast<std::int64_t>(grid.origin.x));
    const auto upper = static_cast<std::size_t>(member.row + window.row -
                                                static_cast<std::int64_t>(grid.origin.y));
    for (std::size_t row = 0; row < window.rows; ++row) {
        float* to =
            grid.metres.data() + (upper + row) * static_cast<std::size_t>(grid.columns) + left;
        const float* from = values.data() + row * window.columns;
        for (std::size_t column = 0; column < window.columns; ++column) {
            if (std::isnan(to[column])) {
                const float metres = metresOf(from[column], member.dem->metresPerUnit);
                to[column] = std::isnan(metres) && keepsHoles ? kHole : metres;
            }
        }
    }
}

/// Reads the window piece by piece, so that little is held twice.
Result<bool> fillFrom(const RasterReader& reader,
                      const Member& member,
                      const RasterWindow& window,
                      bool keepsHoles,
                      HeightGrid& grid) {
    constexpr std::uint32_t kPieceRows = 256; // a multiple of most blocks' rows
    const std::uint32_t last = window.row + window.rows;
    for (std::uint32_t row = window.row; row < last;) {
        const std::uint32_t end = std::min(last, (row / kPieceRows + 1) * kPieceRows);
        const RasterWindow piece{window.column, row, window.columns, end - row};
        const auto values = reader.readHeights(piece);
        if (!values) {
            return values.error();
        }
        fill(grid, member, piece, *values, keepsHoles);
        row = end;
    }
    return true;
}

PixelBox widened(const PixelBox& box) {
    return {glm::floor(box.low - kMargin), glm::ceil(box.high + kMargin)};
}

} // namespace

float HeightGrid::atEdge(double column, double row) const {
    constexpr double kOnEdge = 1e-6; // a place on the last pixel's far edge is in it
    const double ownColumn = column >= columns ? column - kOnEdge : column;
    const double ownRow = row >= rows ? row - kOnEdge : row;
    if (!(ownColumn >= -kOnEdge && ownRow >= -kOnEdge && ownColumn < columns && ownRow < rows)) {
        return kNone;
    }
    const auto valueAt = [this](double x, double y) {
        const bool isInside = x >= 0.0 && y >= 0.0 && x < columns && y < rows;
        return isInside ? metres[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
                                 static_cast<std::size_t>(x)]
                        : kNone;
    };
    const float own =
        valueAt(std::max(0.0, std::floor(ownColumn)), std::max(0.0, std::floor(ownRow)));
    if (!std::isfinite(own)) {
        return own;
    }
    const double left = std::floor(column - 0.5);
    const double upper = std::floor(row - 0.5);
    double sum = 0.0;
    double weights = 0.0;
    for (const double x : {left, left + 1.0}) {
        for (const double y : {upper, upper + 1.0}) {
            const float value = valueAt(x, y);
            const double weight =
                (1.0 - std::abs(column - 0.5 - x)) * (1.0 - std::abs(row - 0.5 - y));
            if (std::isfinite(value)) {
                sum += weight * value;
                weights += weight;
            }
        }
    }
    return weights > 0.0 ? static_cast<float>(sum / weights) : own;
}

std::vector<Mosaic> mosaicsOf(const std::vector<DemSource>& dems) {
    std::vector<Mosaic> mosaics;
    for (const DemSource& dem : dems) {
        const auto member =
            mosaics.empty() ? std::nullopt : memberBeside(*mosaics.back().members.front().dem, dem);
        if (!member) {
            mosaics.emplace_back();
        }
        add(mosaics.back(), member.value_or(Member{&dem, 0, 0}));
    }
    return mosaics;
}

std::uint64_t valuesIn(const PixelBox& box) {
    const glm::dvec2 sides = widened(box).high - widened(box).low;
    constexpr double kMost = 1e18;
    return static_cast<std::uint64_t>(std::min(kMost, sides.x * sides.y));
}

HeightGrid readMosaic(const Mosaic& mosaic, const MosaicReading& reading, SourceFiles& files) {
    const PixelBox needed{glm::max(widened(reading.box).low, mosaic.box.low),
                          glm::min(widened(reading.box).high, mosaic.box.high)};
    HeightGrid grid;
    if (needed.low.x >= needed.high.x || needed.low.y >= needed.high.y) {
        return grid;
    }
    grid.origin = needed.low;
    grid.columns = static_cast<int>(needed.high.x - needed.low.x);
    grid.rows = static_cast<int>(needed.high.y - needed.low.y);
    grid.metres.assign(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows),
                       kNone);
    for (const Member& member : mosaic.members) {
        const auto window = windowIn(inMember(needed, member), 0.0, member.dem->raster);
        if (window) {
            files.with(member.dem->raster, [&](const RasterReader& reader) {
                return fillFrom(reader, member, *window, reading.keepsHoles, grid);
            });
        }
    }
    return grid;
}

HeightGrid readReduced(const Member& member, const MosaicReading& reading, SourceFiles& files) {
    HeightGrid grid;
    const auto window = windowIn(inMember(reading.box, member), kMargin, member.dem->raster);
    if (!window) {
        return grid;
    }
    const glm::dvec2 sides(window->columns, window->rows);
    const double most = static_cast<double>(reading.maxValues);
    const double share = std::min(1.0, std::sqrt(most / (sides.x * sides.y)));
    const auto columns = static_cast<std::uint32_t>(std::max(1.0, sides.x * share));
    const auto rows = static_cast<std::uint32_t>(std::max(1.0, sides.y * share));
    const auto read = files.with(member.dem->raster, [&](const RasterReader& reader) {
        return reader.readHeights(*window, columns, rows);
    });
    if (!read) {
        return grid;
    }
    grid.origin = {static_cast<double>(member.column + window->column),
                   static_cast<double>(member.row + window->row)};
    grid.size = sides / glm::dvec2(columns, rows);
    grid.columns = static_cast<int>(columns);
    grid.rows = static_cast<int>(rows);
    grid.metres.reserve(read->size());
    for (const float value : *read) {
        const float metres = metresOf(value, member.dem->metresPerUnit);
        grid.metres.push_back(std::isnan(metres) && reading.keepsHoles ? kHole : metres);
    }
    return grid;
}

} // namespace pipeline::terrain
