#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <cstddef>
#include <filesystem>
#include <set>
#include <vector>

namespace pipeline::emit {

/// A tileset on disk that stands alone in ECEF, such as a block's.
struct PlacedTileset {
    std::filesystem::path file; ///< Relative to the city's folder.
    tiles3d::tileset::Box boxEcef;
    double geometricErrorMetres = 0.0; ///< Of its root.
    tiles3d::base::Json schema;        ///< Of its metadata; null without.
};

/// A node above the blocks.
struct PlacedNode {
    std::filesystem::path content;   ///< Its GLB in the city frame, relative to the city's folder.
    tiles3d::tileset::Limits limits; ///< Of its own content, city frame.
    double geometricErrorMetres = 0.0;
    std::vector<std::size_t> parts; ///< Children that are blocks, by index.
    std::vector<std::size_t> nodes; ///< Children that are nodes, all of smaller index.
};

struct City {
    tiles3d::geo::EnuFrame frame;
    std::vector<PlacedTileset> parts;
    std::vector<PlacedNode> nodes;     ///< The root is the last; none without a pyramid.
    std::vector<PlacedTileset> others; ///< Beside the pyramid: terrain, models.
};

/// Most tiles in tileset.json, some 250 bytes each, 500 where one points at a block: a city's upper
/// levels in one request.
inline constexpr std::size_t kMostTilesInFirstFile = 500;

/// Most tiles in a file below it: two levels of a quadtree, so that a view loads what it needs.
inline constexpr std::size_t kMostTilesInFile = 64;

/// Writes OUT/tileset.json with whole levels from the root down as long as they fit, and what lies
/// below the last of them likewise as files beside the content of the node above (CONTENT.json).
/// Every file stays below 500 kB (but for a node with a thousand children); the first paint needs
/// tileset.json and the root's content.
/// The tileset's own error is at least its diagonal: a client shows the city from any distance at
/// which it covers more than some pixels. Boxes are rounded outward to a centimetre.
/// Returns the files written, relative to OUT. Nothing to write is an error: an empty city is a
/// mistake. Without nodes all parts hang from one root without content, in one file. Others hang
/// from the city's root beside the pyramid's; that root has no content then, and is refined from
/// any distance. The classes of all schemas stand in the city's own, where clients look for them.
/// REQUIRES: no nodes, or a root node that everything hangs from.
tiles3d::base::Result<std::set<std::filesystem::path>>
emitTileset(const City& city, const std::filesystem::path& out);

} // namespace pipeline::emit
