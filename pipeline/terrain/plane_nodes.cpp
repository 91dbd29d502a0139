#include "pipeline/terrain/plane_nodes.h"

#include "tiles3d/crs/transform.h"

#include <glm/common.hpp>

#include <cmath>
#include <limits>

namespace pipeline::terrain {

using tiles3d::base::Result;
using tiles3d::geo::Angle;

namespace {

constexpr double kMetresPerDegree = 111320.0;

/// The first and the one behind the last of `count` posts from `start` on that lie in [low, high].
std::pair<int, int> within(double low, double high, double start, double step, int count) {
    constexpr double kSlack = 1e-9; // of a step: a post on the edge is in
    const double first = std::ceil((low - start) / step - kSlack);
    const double last = std::floor((high - start) / step + kSlack);
    return {static_cast<int>(std::clamp(first, 0.0, double(count))),
            static_cast<int>(std::clamp(last + 1.0, 0.0, double(count)))};
}

int nodeStep(const GeoLattice& lattice) {
    constexpr double kNodeMetres = 250.0;
    constexpr int kMostPieces = 256;
    const double fine = std::floor(kNodeMetres / (lattice.stepDegrees * kMetresPerDegree));
    const int most = std::max(lattice.columns, lattice.rows);
    const int capped = (most + kMostPieces - 2) / kMostPieces; // pieces of most - 1 steps
    return std::max({1, capped, static_cast<int>(std::min(fine, double(most)))});
}

} // namespace

PostRange postsIn(const scan::GeoExtent& extent, const GeoLattice& lattice) {
    const auto [firstColumn, lastColumn] = within(extent.westDegrees,
                                                  extent.eastDegrees,
                                                  lattice.westDegrees,
                                                  lattice.stepDegrees,
                                                  lattice.columns);
    const auto [firstRow, lastRow] = within(extent.southDegrees,
                                            extent.northDegrees,
                                            lattice.southDegrees,
                                            lattice.stepDegrees,
                                            lattice.rows);
    return {firstColumn, lastColumn, firstRow, lastRow};
}

ToPixels ToPixels::countedFrom(const glm::dvec2& origin, const glm::dvec2& size) const {
    ToPixels result = *this;
    result.column[0] -= origin.x;
    result.row[0] -= origin.y;
    for (std::size_t term = 0; term < column.size(); ++term) {
        result.column[term] /= size.x;
        result.row[term] /= size.y;
    }
    return result;
}

ToPixels toPixels(const std::array<double, 6>& t) {
    const double determinant = t[1] * t[5] - t[2] * t[4];
    ToPixels result;
    result.column = {0.0, t[5] / determinant, -t[2] / determinant};
    result.row = {0.0, -t[4] / determinant, t[1] / determinant};
    const glm::dvec2 origin = result.at(t[0], t[3]);
    result.column[0] = -origin.x;
    result.row[0] = -origin.y;
    return result;
}

void PlaneNodes::fillLine(int postRow,
                          const ToPixels& pixels,
                          std::vector<glm::dvec3>& line) const {
    const int node = std::min(postRow / step, rows - 2);
    const double share = double(postRow - node * step) / std::min(step, lastRow - node * step);
    const auto count = static_cast<std::size_t>(columns);
    const glm::dvec3* lower = nodes.data() + static_cast<std::size_t>(node) * count;
    const glm::dvec3* upper = lower + count;
    line.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const glm::dvec3 place = lower[i] + share * (upper[i] - lower[i]);
        line[i] = glm::dvec3(pixels.at(place.x, place.y), place.z);
    }
}

Result<PlaneNodes> planeNodes(const GeoLattice& lattice,
                              const tiles3d::crs::SourceCrs& crs,
                              const tiles3d::crs::HeightDatum& heights) {
    const auto transform = tiles3d::crs::Transform::create(crs, heights);
    if (!transform) {
        return transform.error();
    }
    PlaneNodes result;
    result.step = nodeStep(lattice);
    result.lastColumn = std::max(1, lattice.columns - 1);
    result.lastRow = std::max(1, lattice.rows - 1);
    result.columns = (result.lastColumn - 1) / result.step + 2;
    result.rows = (result.lastRow - 1) / result.step + 2;
    result.nodes.reserve(static_cast<std::size_t>(result.columns) *
                         static_cast<std::size_t>(result.rows));
    for (int row = 0; row < result.rows; ++row) {
        for (int column = 0; column < result.columns; ++column) {
            const auto place = transform->fromCartographic(
                {Angle::degrees(lattice.westDegrees +
                                std::min(column * result.step, result.lastColumn) *
                                    lattice.stepDegrees),
                 Angle::degrees(lattice.southDegrees +
                                std::min(row * result.step, result.lastRow) * lattice.stepDegrees),
                 0.0});
            constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
            result.nodes.push_back(place ? glm::dvec3(place->x, place->y, -place->z)
                                         : glm::dvec3(kNone));
        }
    }
    return result;
}

std::optional<PixelBox>
pixelsUnder(const PlaneNodes& nodes, const PostRange& range, const ToPixels& pixels) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    PixelBox box{glm::dvec2(kInfinity), glm::dvec2(-kInfinity)};
    const auto add = [&box](int, int, const glm::dvec3& place) {
        if (std::isfinite(place.x) && std::isfinite(place.y)) {
            box.low = glm::min(box.low, glm::dvec2(place));
            box.high = glm::max(box.high, glm::dvec2(place));
        }
    };
    // The map bends so little that its limits lie on the range's rim, or within the callers' margin
    for (const int row : {range.firstRow, range.lastRow - 1}) {
        forEachPost(nodes, {range.firstColumn, range.lastColumn, row, row + 1}, pixels, add);
    }
    for (const int column : {range.firstColumn, range.lastColumn - 1}) {
        forEachPost(nodes, {column, column + 1, range.firstRow, range.lastRow}, pixels, add);
    }
    return box.low.x <= box.high.x ? std::optional(box) : std::nullopt;
}

} // namespace pipeline::terrain
