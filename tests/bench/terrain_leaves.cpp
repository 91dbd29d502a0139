#include "tests/bench/terrain_leaves.h"

#include "tests/support/must.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace tests::bench {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using tiles3d::tileset::Region;
namespace base = tiles3d::base;
namespace fs = std::filesystem;

namespace {

constexpr int kBinsPerSide = 128;
constexpr double kPostsPerSide = 512.0; // of the densest mesh; coarser ones nest

Region rootRegion(const fs::path& city) {
    const std::string text = must(base::readTextFile(city / "terrain" / "tileset.json"));
    const auto read = must(tiles3d::tileset::readTileset(text));
    const auto* const region = std::get_if<Region>(&read.tileset.root.boundingVolume);
    if (region == nullptr) {
        throw std::runtime_error(city.string() + ": the terrain's root has no region");
    }
    return *region;
}

/// A share of the root: cell `index` of `cells`.
Angle along(Angle from, Angle to, double index, double cells) {
    return Angle::degrees(from.degrees() + (to.degrees() - from.degrees()) * index / cells);
}

Region cellRegion(const Region& root, int depth, std::uint32_t x, std::uint32_t y) {
    const double cells = std::ldexp(1.0, depth);
    return {.west = along(root.west, root.east, x, cells),
            .south = along(root.south, root.north, y, cells),
            .east = along(root.west, root.east, x + 1.0, cells),
            .north = along(root.south, root.north, y + 1.0, cells)};
}

glm::dvec2 acrossRegion(const Region& region, Angle longitude, Angle latitude) {
    return {(longitude.degrees() - region.west.degrees()) /
                (region.east.degrees() - region.west.degrees()),
            (latitude.degrees() - region.south.degrees()) /
                (region.north.degrees() - region.south.degrees())};
}

} // namespace

TerrainLeaves::TerrainLeaves(const fs::path& city) : root_(rootRegion(city)) {
    auto folder = must(TilesetFolder::open(city));
    must(folder.attachAll());
    for (std::size_t i = 0; i < folder.tree().nodes().size(); ++i) {
        const auto& node = folder.node(i);
        int depth = 0;
        unsigned x = 0;
        unsigned y = 0;
        if (node.contentUris.empty() || !folder.takingOver(i).empty() ||
            std::sscanf(node.contentUris.front().c_str(), "terrain/%d/%u/%u.glb", &depth, &x, &y) !=
                3) {
            continue;
        }
        byCell_[{depth, x, y}] = leaves_.size();
        deepest_ = std::max(deepest_, depth);
        leaves_.push_back({.file = city / node.contentUris.front(),
                           .region = cellRegion(root_, depth, x, y),
                           .geometricErrorMetres = node.geometricErrorMetres,
                           .toEcef = node.toEcef});
    }
}

std::optional<std::size_t> TerrainLeaves::at(Angle longitude, Angle latitude) const {
    const glm::dvec2 place = acrossRegion(root_, longitude, latitude);
    for (int depth = deepest_; depth >= 0; --depth) {
        const glm::dvec2 cell = glm::floor(place * std::ldexp(1.0, depth));
        const auto found = byCell_.find(
            {depth, static_cast<std::uint32_t>(cell.x), static_cast<std::uint32_t>(cell.y)});
        if (found != byCell_.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

LeafSurface::LeafSurface(const Leaf& leaf)
    : region_(leaf.region), model_(must(tiles3d::gltf::readGlb(must(base::readFile(leaf.file))))),
      bins_(std::size_t{kBinsPerSide} * kBinsPerSide) {
    const auto& mesh = model_.primitives.at(0).mesh;
    std::vector<glm::dvec2> places;
    for (const glm::vec3& position : mesh.positions) {
        const glm::dvec3 ecef = leaf.toEcef * glm::dvec4(model_.origin + glm::dvec3(position), 1.0);
        const Cartographic place = tiles3d::geo::toCartographic({ecef});
        positionsEcef_.push_back(ecef);
        places.push_back(acrossRegion(region_, place.longitude, place.latitude));
        measure(place);
    }
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        addTriangle({mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]}, places);
    }
}

void LeafSurface::measure(const Cartographic& place) {
    const glm::dvec2 across = acrossRegion(region_, place.longitude, place.latitude);
    const glm::dvec2 post = glm::round(across * kPostsPerSide) / kPostsPerSide;
    const Cartographic wanted{.longitude = along(region_.west, region_.east, post.x, 1.0),
                              .latitude = along(region_.south, region_.north, post.y, 1.0),
                              .heightMetres = place.heightMetres};
    largestDisplacement_ = std::max(
        largestDisplacement_,
        glm::distance(tiles3d::geo::toEcef(place).metres, tiles3d::geo::toEcef(wanted).metres));
}

/// Skirts hang straight down: two corners show the same place of the picture.
bool LeafSurface::isSkirt(const Corners& corners) const {
    const auto& uvs = model_.primitives.front().mesh.uvs;
    return uvs[corners[0]] == uvs[corners[1]] || uvs[corners[1]] == uvs[corners[2]] ||
           uvs[corners[2]] == uvs[corners[0]];
}

glm::ivec2 LeafSurface::binOf(const glm::dvec2& across) {
    return glm::clamp(glm::ivec2(glm::floor(across * static_cast<double>(kBinsPerSide))),
                      glm::ivec2(0),
                      glm::ivec2(kBinsPerSide - 1));
}

void LeafSurface::addTriangle(const Corners& corners, const std::vector<glm::dvec2>& places) {
    if (isSkirt(corners)) {
        return;
    }
    const glm::dvec2& a = places[corners[0]];
    const glm::dvec2& b = places[corners[1]];
    const glm::dvec2& c = places[corners[2]];
    const glm::ivec2 low = binOf(glm::min(a, glm::min(b, c)));
    const glm::ivec2 high = binOf(glm::max(a, glm::max(b, c)));
    for (int row = low.y; row <= high.y; ++row) {
        for (int column = low.x; column <= high.x; ++column) {
            bins_[static_cast<std::size_t>(row * kBinsPerSide + column)].push_back(corners);
        }
    }
}

/// Source: Möller, Trumbore, "Fast, minimum storage ray/triangle intersection" (1997).
std::optional<SurfacePoint> LeafSurface::at(const Cartographic& ground) const {
    const glm::ivec2 bin = binOf(acrossRegion(region_, ground.longitude, ground.latitude));
    const glm::dvec3 from = tiles3d::geo::toEcef(ground).metres;
    const glm::dvec3 up = tiles3d::geo::surfaceNormal(ground);
    const auto& uvs = model_.primitives.front().mesh.uvs;
    constexpr double kSlack = 1e-6; // of a triangle: no point falls between two
    std::optional<SurfacePoint> highest;
    for (const Corners& corners : bins_[static_cast<std::size_t>(bin.y * kBinsPerSide + bin.x)]) {
        const glm::dvec3& origin = positionsEcef_[corners[0]];
        const glm::dvec3 first = positionsEcef_[corners[1]] - origin;
        const glm::dvec3 second = positionsEcef_[corners[2]] - origin;
        const glm::dvec3 across = glm::cross(up, second);
        const double determinant = glm::dot(first, across);
        const glm::dvec3 offset = from - origin;
        const double u = glm::dot(offset, across) / determinant;
        const glm::dvec3 along = glm::cross(offset, first);
        const double v = glm::dot(up, along) / determinant;
        const double height = glm::dot(second, along) / determinant;
        if (u >= -kSlack && v >= -kSlack && u + v <= 1.0 + kSlack &&
            (!highest || height > highest->heightMetres)) {
            highest = {.heightMetres = height,
                       .uv = (1.0 - u - v) * glm::dvec2(uvs[corners[0]]) +
                             u * glm::dvec2(uvs[corners[1]]) + v * glm::dvec2(uvs[corners[2]])};
        }
    }
    return highest;
}

} // namespace tests::bench
