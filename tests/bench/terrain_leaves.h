#pragma once

#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/model.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace tests::bench {

/// A tile of a built terrain that nothing refines.
struct Leaf {
    std::filesystem::path file;
    tiles3d::tileset::Region region; ///< Its cell, by halving the root's region; no heights.
    double geometricErrorMetres = 0.0;
    glm::dmat4 toEcef{1.0};
};

/// The finest tiles of a built terrain, as a client finds them: through the city's root and its
/// subtrees or tileset files, cells by the halving that implicit tiling prescribes.
class TerrainLeaves {
public:
    /// Throws std::runtime_error if the city has no terrain or cannot be read.
    explicit TerrainLeaves(const std::filesystem::path& city);

    /// By index; the deepest tile whose cell holds the place. Nothing where no tile has it.
    std::optional<std::size_t> at(tiles3d::geo::Angle longitude,
                                  tiles3d::geo::Angle latitude) const;
    const std::vector<Leaf>& all() const { return leaves_; }

private:
    using Key = std::tuple<int, std::uint32_t, std::uint32_t>; ///< Depth, x, y.

    tiles3d::tileset::Region root_;
    std::map<Key, std::size_t> byCell_;
    std::vector<Leaf> leaves_;
    int deepest_ = 0;
};

/// A place on a tile's surface.
struct SurfacePoint {
    double heightMetres = 0.0; ///< Ellipsoidal.
    glm::dvec2 uv{0.0};        ///< Into the tile's picture; origin top left.
};

/// The surface of a tile's content, without skirts.
class LeafSurface {
public:
    /// Decodes the file. Throws std::runtime_error if that fails.
    explicit LeafSurface(const Leaf& leaf);

    /// The uppermost triangle on the ellipsoid's normal through `ground`, whose own height is to be
    /// 0; nothing beside them.
    std::optional<SurfacePoint> at(const tiles3d::geo::Cartographic& ground) const;

    /// The file of the picture.
    const tiles3d::image::EncodedImage& picture() const { return model_.images.front(); }

    /// Vertices stand where posts are, at 1/512 of the cell: how far a vertex lies from the next of
    /// them horizontally, at most.
    double largestDisplacementMetres() const { return largestDisplacement_; }

private:
    using Corners = std::array<std::uint32_t, 3>;

    void measure(const tiles3d::geo::Cartographic& place);
    void addTriangle(const Corners& corners, const std::vector<glm::dvec2>& places);
    bool isSkirt(const Corners& corners) const;
    static glm::ivec2 binOf(const glm::dvec2& across);

    tiles3d::tileset::Region region_;
    tiles3d::gltf::Model model_;
    std::vector<glm::dvec3> positionsEcef_;
    std::vector<std::vector<Corners>> bins_; ///< Triangles by place, row by row.
    double largestDisplacement_ = 0.0;
};

} // namespace tests::bench
