#pragma once

#include "tiles3d/base/json.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiles3d::tileset {

/// How a tile's volume becomes its children's: a box is halved along its first two axes or all
/// three, a region in longitude and latitude, and for an octree in height (3D Tiles 1.1, 8.3).
enum class Subdivision { Quadtree, Octree };

/// A tile of an implicit tree: x runs east (or along a box's first axis), y north, z up. At a level
/// each is below 2^level; z is 0 in a quadtree.
struct TileCoordinates {
    int level = 0;
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    std::uint32_t z = 0;

    auto operator<=>(const TileCoordinates&) const = default;
};

/// What a tile says instead of listing its descendants (3D Tiles 1.1, 8). The tile that carries it
/// is the root of the subtree at `subtreeRoot`; its contents' URIs are templates, and both they and
/// the subtrees' are relative to the tileset.json.
struct ImplicitTiling {
    Subdivision subdivision = Subdivision::Quadtree;
    /// Levels in one subtree file. Best a divisor of availableLevels: else the deepest files, most
    /// of all, hold less than they could (9 levels by 4 take 65,793 files, by 3 take 4,161).
    int subtreeLevels = 1;
    int availableLevels = 1; ///< Levels of the whole tree.
    std::string subtreesUri; ///< Template: "subtrees/{level}/{x}/{y}.subtree".
    /// The tree's root in a tileset.json; expandSubtree() makes tiles that carry a deeper one.
    TileCoordinates subtreeRoot;
    /// The tileset's schema, which says what subtrees' metadata mean; null if there is none. Set by
    /// readTileset(); toJson() writes Tileset::schema instead.
    std::shared_ptr<const base::Json> schema;
};

/// Levels that a tree can have, so that coordinates fit into 32 bits.
inline constexpr int kMaxAvailableLevels = 32;

/// Levels that one subtree file can have: at most 350,000 tiles and roots of subtrees below it,
/// which a file of some bytes may declare.
constexpr int maxSubtreeLevels(Subdivision subdivision) {
    return subdivision == Subdivision::Quadtree ? 9 : 6;
}

/// Breaches of the limits above and of the specification's, one sentence each; empty if none.
std::vector<std::string> problemsOf(const ImplicitTiling& tiling);

/// The template with {level}, {x}, {y} and {z} replaced; anything else stays as it is.
std::string fillTemplate(std::string_view uriTemplate, const TileCoordinates& tile);

/// The file of the subtree that `tiling.subtreeRoot` names, relative to the tileset.json.
std::string subtreeUri(const ImplicitTiling& tiling);

/// 4 or 8.
constexpr std::uint64_t childrenPerTile(Subdivision subdivision) {
    return subdivision == Subdivision::Quadtree ? 4 : 8;
}

/// Tiles of one level of a whole tree: 1, 4, 16, ... or 1, 8, 64, ...
/// REQUIRES: 0 <= level <= 21.
std::uint64_t tilesOfLevel(Subdivision subdivision, int level);

/// Tiles of all levels above `level`: the place of a level's first bit in an availability
/// bitstream. REQUIRES: 0 <= level <= 21.
std::uint64_t tilesAbove(Subdivision subdivision, int level);

/// A tile's place among those of its level in Morton order: the bits of x, y (and z) interleaved, x
/// lowest (3D Tiles 1.1, 8.4). REQUIRES: the tile's level <= 21.
std::uint64_t mortonIndex(Subdivision subdivision, const TileCoordinates& tile);

/// The root of the subtree that holds the tile. REQUIRES: tiling without problems.
TileCoordinates subtreeRootOf(const ImplicitTiling& tiling, const TileCoordinates& tile);

/// The tile's coordinates within the tree that has `root` at its top.
/// REQUIRES: `root` is the tile or an ancestor of it.
TileCoordinates relativeTo(const TileCoordinates& root, const TileCoordinates& tile);

/// Child 0 to 3 (or 7) of a tile in Morton order: bit 0 east, bit 1 north, bit 2 up.
TileCoordinates childOf(const TileCoordinates& tile, std::uint32_t child);

} // namespace tiles3d::tileset
