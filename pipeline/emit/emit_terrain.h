#pragma once

#include "pipeline/emit/emit.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/lattice.h"
#include "pipeline/terrain/tile.h"

#include <filesystem>
#include <map>
#include <set>
#include <vector>

namespace pipeline::emit {

/// All tiles of a city's terrain.
struct TerrainTiles {
    terrain::CellGrid grid;
    tiles3d::geo::EnuFrame frame; ///< That their contents lie in.
    std::vector<terrain::TileRecord> tiles;
    terrain::Lattice rootLand; ///< For quantized-mesh: the root's own posts; none: no land there.
};

struct EmittedTerrain {
    PlacedTileset tileset;                 ///< terrain/tileset.json
    std::set<std::filesystem::path> files; ///< All that was written, relative to OUT.
};

/// The geometric error of each tile and of those above it: 16 times what was measured, at least
/// that of its level (which halves from level to level, as implicit tiling has it), and more than
/// its children's.
std::map<terrain::Cell, double> geometricErrors(const TerrainTiles& terrain);

/// Levels of the quadtree in one subtree file, or in one JSON file.
inline constexpr int kSubtreeLevels = 5;

/// Writes OUT/terrain/tileset.json: an implicit quadtree (3D Tiles 1.1, 8) with its subtrees, each
/// tile with its geometric error and the heights that it and all below it reach; or the same tiles
/// explicitly, in files of kSubtreeLevels. Volumes are regions. And, if asked for,
/// quantized-mesh/layer.json with the levels above the terrain's own. Land may be too narrow for
/// the posts of the tiles above: these are listed without content. REQUIRES: at least one tile.
tiles3d::base::Result<EmittedTerrain> emitTerrain(const TerrainTiles& terrain,
                                                  const scan::OutputOptions& options,
                                                  const std::filesystem::path& out);

} // namespace pipeline::emit
