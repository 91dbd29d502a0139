#include "pipeline/terrain/globe_levels.h"

#include "pipeline/terrain/quantized_mesh.h"
#include "pipeline/terrain/surface_normal.h"
#include "pipeline/terrain/tile.h"
#include "tiles3d/base/file.h"

#include <algorithm>
#include <cmath>

namespace pipeline::terrain {

using tiles3d::base::ok;
using tiles3d::base::Status;
using tiles3d::geo::Angle;

namespace {

/// Posts a side: as dense as the root's at the last of these levels; under one step of level 0, 1.4
/// degrees, the Earth's curvature is 480 m.
constexpr int kIntervals = 128;

Extent extentOf(const TmsTile& tile) {
    const double side = std::ldexp(180.0, -tile.level);
    const double west = -180.0 + tile.x * side;
    const double south = -90.0 + tile.y * side;
    return {.west = west, .south = south, .east = west + side, .north = south + side};
}

/// The root's height at a place, 0 where it has none.
float heightAt(const Lattice& land, const Extent& root, double lon, double lat) {
    const double column = (lon - root.west) / (root.east - root.west) * land.intervals;
    const double row = (lat - root.south) / (root.north - root.south) * land.intervals;
    const bool isInside = land.intervals > 0 && column >= 0.0 && row >= 0.0 &&
                          column <= land.intervals && row <= land.intervals;
    const float height = isInside ? land.heights[land.at(static_cast<int>(std::lround(column)),
                                                         static_cast<int>(std::lround(row)))]
                                  : 0.0F;
    return std::isnan(height) ? 0.0F : height;
}

PostGrid landOf(const Extent& tile, const Lattice& rootLand, const Extent& root) {
    PostGrid land{.intervals = kIntervals};
    const double step = (tile.east - tile.west) / kIntervals;
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = -1; column <= kIntervals + 1; ++column) {
            land.heights.push_back(
                heightAt(rootLand, root, tile.west + column * step, tile.south + row * step));
        }
    }
    land.fixed.assign(land.heights.size(), 1); // each post is a vertex: the globe is round
    return land;
}

TileSurface surfaceOf(const TmsTile& tile, const Lattice& rootLand, const Extent& root) {
    const Extent extent = extentOf(tile);
    const PostGrid land = landOf(extent, rootLand, root);
    const Tin tin = triangulate(land, 0.0);
    const PostNormals normals(land, extent);
    TileSurface surface{.rectangle = {.west = Angle::degrees(extent.west),
                                      .south = Angle::degrees(extent.south),
                                      .east = Angle::degrees(extent.east),
                                      .north = Angle::degrees(extent.north)},
                        .indices = tin.indices};
    for (const glm::ivec2& post : tin.posts) {
        surface.vertices.push_back({.uv = glm::dvec2(post) / static_cast<double>(kIntervals),
                                    .heightMetres = static_cast<double>(land.at(post.x, post.y)),
                                    .normal = normals.at(post)});
    }
    return surface;
}

} // namespace

std::set<TmsTile> globeLevels(const CellGrid& grid) {
    std::set<TmsTile> tiles{{.level = 0, .x = 0, .y = 0}, {.level = 0, .x = 1, .y = 0}};
    constexpr std::uint32_t kLast = (1U << kAlignedDepth) - 1;
    for (unsigned above = 1; above <= static_cast<unsigned>(grid.alignedLevel); ++above) {
        for (std::uint32_t x = grid.alignedX >> above; x <= (grid.alignedX + kLast) >> above; ++x) {
            for (std::uint32_t y = grid.alignedY >> above; y <= (grid.alignedY + kLast) >> above;
                 ++y) {
                tiles.insert({.level = grid.alignedLevel - static_cast<int>(above),
                              .x = static_cast<int>(x),
                              .y = static_cast<int>(y)});
            }
        }
    }
    return tiles;
}

Status writeGlobeLevels(const CellGrid& grid,
                        const Lattice& rootLand,
                        const std::filesystem::path& folder) {
    const Extent root = extentOf(grid, {});
    for (const TmsTile& tile : globeLevels(grid)) {
        const auto mesh = toQuantizedMesh(surfaceOf(tile, rootLand, root));
        if (!mesh) {
            return mesh.error();
        }
        const std::filesystem::path file = folder / quantizedMeshPath(tile);
        Status written = tiles3d::base::makeFolder(file.parent_path());
        written = written ? tiles3d::base::writeFile(file, *mesh) : written;
        if (!written) {
            return written;
        }
    }
    return ok();
}

} // namespace pipeline::terrain
