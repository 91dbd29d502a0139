#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "tiles3d/tileset/implicit_tiling.h"
#include "tiles3d/tileset/tileset.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tiles3d::tileset {

/// A tile to be written into a subtree.
struct ImplicitTile {
    TileCoordinates at;
    double minimumHeightMetres = 0.0; ///< Ellipsoidal; of the tile and all that lies below it.
    double maximumHeightMetres = 0.0;
    double geometricErrorMetres = 0.0;
    bool hasContent = true;
};

/// A whole file, to be written to fillTemplate(tiling.subtreesUri, root).
struct SubtreeFile {
    TileCoordinates root;
    base::Bytes bytes;
};

/// The subtree files of a tree in which every tile has its parent; in any order.
/// Sorted by root; same tiles, same bytes. What all tiles of a file have or none has is written as
/// a constant. A tile's numbers become metadata of the class that subtreeSchema() describes: the
/// tileset.json must hold that schema.
/// Fails on a tiling with problemsOf(), on a tile out of its level's range or below the available
/// levels, one that comes twice or without its parent, heights or an error not finite or out of
/// order, and on no tiles at all. Source: 3D Tiles 1.1, 8.
base::Result<std::vector<SubtreeFile>> subtreesOf(const ImplicitTiling& tiling,
                                                  std::vector<ImplicitTile> tiles);

/// For Tileset::schema: the class "tile" with the semantics TILE_MINIMUM_HEIGHT,
/// TILE_MAXIMUM_HEIGHT and TILE_GEOMETRIC_ERROR. Other classes may stand beside it. CesiumJS
/// (1.140) looks only into the schema of the first tileset.json that it opens: one that names this
/// tileset has to state it too.
base::Json subtreeSchema();

/// One bit for each of many, or one for all.
class Availability {
public:
    Availability() = default; ///< Of none.
    static Availability constant(bool isAvailable);
    /// Bit i is bit i % 8, from the lowest, of byte i / 8 (3D Tiles 1.1, 8.4.1).
    static Availability bitstream(base::Bytes bits);

    /// REQUIRES: the bitstream has that many bits.
    bool operator[](std::uint64_t index) const {
        return bits_.empty()
                   ? constant_
                   : ((std::to_integer<unsigned>(bits_[index / 8]) >> (index % 8)) & 1U) != 0;
    }

private:
    bool constant_ = false;
    base::Bytes bits_;
};

/// Numbers of the metadata of a subtree's tiles, a row for each available tile in the order of the
/// bits; empty where the file has none.
struct TileMetadata {
    std::vector<double> minimumHeights;  ///< TILE_MINIMUM_HEIGHT
    std::vector<double> maximumHeights;  ///< TILE_MAXIMUM_HEIGHT
    std::vector<double> geometricErrors; ///< TILE_GEOMETRIC_ERROR, metres
    std::vector<double> boxes;           ///< TILE_BOUNDING_BOX, 12 a row
    std::vector<double> regions;         ///< TILE_BOUNDING_REGION, 6 a row
    std::vector<double> spheres;         ///< TILE_BOUNDING_SPHERE, 4 a row
};

/// One subtree file, checked for size: every bit and row that a subtree of its tiling has is there.
struct Subtree {
    Availability tiles;                 ///< Level by level, in Morton order within a level.
    std::vector<Availability> contents; ///< For each of the implicit tile's contents, as `tiles`.
    Availability childSubtrees;         ///< Of the level below the last, in Morton order.
    TileMetadata metadata;
    /// Breaches of 3D Tiles 1.1 that were read over, one sentence each: content or a child subtree
    /// without its tile, a tile without its parent, metadata that cannot be read. Only the first
    /// hundred.
    std::vector<std::string> problems;
};

/// Bytes of a buffer outside of the subtree file; its URI is relative to that file.
using ReadBuffer = std::function<base::Result<base::Bytes>(const std::string& uri)>;

/// Reads a subtree file of that tiling, binary or JSON. Metadata are understood through
/// `tiling.schema`: FLOAT32 and FLOAT64 as they stand; other types, offset, scale and noData are a
/// problem and not used. Metadata of contents and of the subtree, and semantics other than those
/// above, are not read.
/// Bounded: fails on truncated or inconsistent bytes, buffers and views of a wrong size, and on
/// a buffer that `readBuffer` does not give; without one, on any outside the file.
/// REQUIRES: tiling without problemsOf(). Source: 3D Tiles 1.1, 8.4 and 8.5.
base::Result<Subtree>
readSubtree(base::ByteView bytes, const ImplicitTiling& tiling, const ReadBuffer& readBuffer = {});

/// The tiles of a subtree as an ordinary tree, in the frame of `implicitTile`, which it replaces
/// (with a transform of 1): volumes and errors halved level by level or as the metadata say, URIs
/// filled in. Where a subtree hangs below its last level, a tile stands that carries
/// implicitTiling, for the next expandSubtree(); to a client it is like a tile that does nothing
/// but point at a tileset file, whose name is subtreeUri() of it. Tiles below
/// `availableLevels` and tiles without their parent are left out.
/// Heights change regions only. A root that is not available becomes a tile with nothing in it.
/// REQUIRES: implicitTile.implicitTiling, of which the subtree was read.
Tile expandSubtree(const Tile& implicitTile, const Subtree& subtree);

} // namespace tiles3d::tileset
