#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/plane_nodes.h"
#include "pipeline/terrain/source_files.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace pipeline::terrain {

/// Marks a value that has none although its file is the first that covers the place.
inline constexpr float kHole = std::numeric_limits<float>::infinity();

/// A DEM in a mosaic.
struct Member {
    const scan::DemSource* dem = nullptr;
    std::int64_t column = 0; ///< Of its upper left pixel, in those of the mosaic's first member.
    std::int64_t row = 0;
};

/// DEMs of one CRS, height datum and grid of pixels, neighbours in priority: one surface.
struct Mosaic {
    std::vector<Member> members; ///< By priority.
    scan::GeoExtent extent;
    PixelBox box; ///< In pixels of the first member.
};

/// All DEMs, in as few mosaics as their order allows.
std::vector<Mosaic> mosaicsOf(const std::vector<scan::DemSource>& dems);

/// Heights of a rectangle of a mosaic: metres, NaN where nothing is, kHole.
struct HeightGrid {
    glm::dvec2 origin{0.0}; ///< Its upper left corner, in pixels of the mosaic.
    glm::dvec2 size{1.0};   ///< Pixels per value.
    int columns = 0;
    int rows = 0;
    std::vector<float> metres; ///< Row-major from the upper left.

    /// Bilinear between the centres of values; where some of the four around have none, between the
    /// others; none where the value that the place lies in has none. Place: from the origin, in
    /// values. What the value there says (NaN, kHole) if there is none; NaN outside.
    float at(double column, double row) const {
        const double left = std::floor(column - 0.5);
        const double upper = std::floor(row - 0.5);
        if (left >= 0.0 && upper >= 0.0 && left < columns - 1 && upper < rows - 1) {
            const float* first =
                metres.data() +
                static_cast<std::size_t>(upper) * static_cast<std::size_t>(columns) +
                static_cast<std::size_t>(left);
            const float* second = first + columns;
            const double x = column - 0.5 - left;
            const double y = row - 0.5 - upper;
            const double above = first[0] + x * (double{first[1]} - first[0]);
            const double below = second[0] + x * (double{second[1]} - second[0]);
            const double value = above + y * (below - above);
            if (std::isfinite(value)) {
                return static_cast<float>(value);
            }
        }
        return atEdge(column, row);
    }

private:
    float atEdge(double column, double row) const;
};

struct MosaicReading {
    PixelBox box; ///< What is needed, in pixels of the mosaic.
    bool keepsHoles = false;
    std::uint64_t maxValues = std::uint64_t{32} << 20U;
};

/// How many values a reading takes.
std::uint64_t valuesIn(const PixelBox& box);

/// The heights in a box, the first member's that has one: exactly its pixels.
/// REQUIRES: valuesIn(box) <= maxValues.
HeightGrid readMosaic(const Mosaic& mosaic, const MosaicReading& reading, SourceFiles& files);

/// The heights of one member in a box, reduced so that they are at most maxValues. Empty if it has
/// no pixel there or cannot be read.
HeightGrid readReduced(const Member& member, const MosaicReading& reading, SourceFiles& files);

} // namespace pipeline::terrain
