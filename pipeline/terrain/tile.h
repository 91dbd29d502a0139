#pragma once

#include "pipeline/scan/city_project.h"
#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/layer_json.h"
#include "pipeline/terrain/triangulate.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/image/image.h"

#include <cstdint>
#include <filesystem>

namespace pipeline::terrain {

/// What all tiles of a city's terrain have in common.
struct TileStyle {
    CellGrid grid;
    tiles3d::geo::EnuFrame frame; ///< Of the city; positions are stored in it.
    std::filesystem::path folder; ///< OUT/terrain; those of the tiles are made as needed.
    scan::OutputOptions codecs;
    bool writesQuantizedMesh = false;
};

/// A tile that was written.
struct TileRecord {
    Cell cell;
    double minimumHeightMetres = 0.0; ///< Ellipsoidal, of all its vertices, skirts included.
    double maximumHeightMetres = 0.0;
    double errorMetres = 0.0;    ///< The land lies nowhere farther above or below its surface.
    std::uint64_t vertices = 0;  ///< Without skirts.
    std::uint64_t triangles = 0; ///< With skirts.
    std::uint64_t texels = 0;
    std::uint64_t bytes = 0;
};

/// One number after the other, as ledgers keep it.
tiles3d::base::Json toJson(const TileRecord& record);
TileRecord tileRecordFrom(const tiles3d::base::Json& json);

/// The surface of a cell.
struct CellSurface {
    Cell cell;
    PostGrid land;
    Tin tin;                        ///< Of `land`, not empty.
    tiles3d::image::Raster picture; ///< The cell from edge to edge, row 0 in the north.
};

/// Positions of the tile's mesh are multiples of this power of two of the city frame's axes, in
/// every tile of the level alike: at most 1/128 of a pixel, and of a metre where pixels are below
/// 128 m, so that vertices stand within 1 cm of their places.
double positionStep(const CellGrid& grid, int depth);

/// How far skirts hang down below a tile's border: more than neighbours of its own and the next
/// coarser level can differ.
double skirtMetres(const CellGrid& grid, int depth);

/// Writes FOLDER/DEPTH/X/Y.glb: one primitive, the surface with skirts along the cell's border
/// (where the land ends inside the cell there are none), and one picture; and, if wanted,
/// FOLDER/quantized-mesh/LEVEL/X/Y.terrain, the same surface without picture and skirts; not of the
/// root, which is no cell of the globe's tiling. `errorMetres` is not set. Fails on a failed
/// output.
tiles3d::base::Result<TileRecord> writeTile(const CellSurface& surface, const TileStyle& style);

/// Names relative to the terrain's folder.
std::filesystem::path contentPath(const Cell& cell);
std::filesystem::path quantizedMeshPath(const TmsTile& tile);

/// The cell in the globe's tiling. REQUIRES: below the root, which is none.
TmsTile tmsTileOf(const CellGrid& grid, const Cell& cell);

} // namespace pipeline::terrain
