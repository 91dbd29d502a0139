#include "pipeline/emit/emit_terrain.h"

#include "pipeline/terrain/globe_levels.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <algorithm>
#include <map>
#include <utility>

namespace pipeline::emit {

using terrain::Cell;
using terrain::TileRecord;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;

namespace {

constexpr const char* kFolder = "terrain";
constexpr const char* kSubtreesUri = "subtrees/{level}/{x}/{y}.subtree";
constexpr const char* kContentUri = "{level}/{x}/{y}.glb";

struct Heights {
    double minimumMetres = 1e300;
    double maximumMetres = -1e300;

    void include(const Heights& other) {
        minimumMetres = std::min(minimumMetres, other.minimumMetres);
        maximumMetres = std::max(maximumMetres, other.maximumMetres);
    }
};

class Emission {
public:
    Emission(const TerrainTiles& terrain, const fs::path& out)
        : grid_(terrain.grid), frame_(terrain.frame), out_(out), errors_(geometricErrors(terrain)) {
        for (const auto& [cell, error] : errors_) {
            heights_[cell] = {};
        }
        for (const TileRecord& tile : terrain.tiles) {
            withContent_.insert(tile.cell);
            heights_[tile.cell] = {tile.minimumHeightMetres, tile.maximumHeightMetres};
            files_.insert(kFolder / terrain::contentPath(tile.cell));
            depth_ = std::max(depth_, tile.cell.depth);
        }
        // Deeper cells come later: each adds to its parent once it is whole itself.
        for (auto tile = heights_.rbegin(); tile != heights_.rend(); ++tile) {
            if (tile->first.depth > 0) {
                heights_.at(tile->first.parent()).include(tile->second);
            }
        }
    }

    Result<EmittedTerrain> run(const scan::OutputOptions& options,
                               const terrain::Lattice& rootLand) {
        ts::Tileset tileset;
        tileset.root = options.terrainTiling == scan::TerrainTiling::Implicit
                           ? implicitRoot(tileset)
                           : tileOf({}, fs::path());
        tileset.root.transform = frame_.toEcefMatrix();
        tileset.geometricErrorMetres = 2.0 * tileset.root.geometricErrorMetres;
        write(tileset, "tileset.json");
        if (options.quantizedMesh) {
            writeGlobe(rootLand);
        }
        if (!failure_) {
            return failure_.error();
        }
        return EmittedTerrain{
            .tileset = {.file = fs::path(kFolder) / "tileset.json",
                        .boxEcef = ts::boxAround(std::get<ts::Region>(volumeOf({}))),
                        .geometricErrorMetres = tileset.root.geometricErrorMetres,
                        .schema = tileset.schema},
            .files = std::move(files_)};
    }

private:
    ts::BoundingVolume volumeOf(const Cell& cell) const {
        const Heights& heights = heights_.at(cell);
        return grid_.regionOf(cell, heights.minimumMetres, heights.maximumMetres);
    }

    ts::Tile implicitRoot(ts::Tileset& tileset) {
        ts::ImplicitTiling tiling{.subtreeLevels = kSubtreeLevels,
                                  .availableLevels = depth_ + 1,
                                  .subtreesUri = kSubtreesUri};
        std::vector<ts::ImplicitTile> tiles;
        for (const auto& [cell, heights] : heights_) {
            tiles.push_back({.at = {.level = cell.depth, .x = cell.x, .y = cell.y},
                             .minimumHeightMetres = heights.minimumMetres,
                             .maximumHeightMetres = heights.maximumMetres,
                             .geometricErrorMetres = errors_.at(cell),
                             .hasContent = withContent_.contains(cell)});
        }
        const auto subtrees = ts::subtreesOf(tiling, std::move(tiles));
        if (!subtrees) {
            failure_ = subtrees.error();
            return {};
        }
        for (const ts::SubtreeFile& subtree : *subtrees) {
            writeFile(ts::fillTemplate(kSubtreesUri, subtree.root), subtree.bytes);
        }
        tileset.schema = ts::subtreeSchema();
        ts::Tile root;
        root.boundingVolume = volumeOf({});
        root.geometricErrorMetres = errors_.at({});
        root.contents.push_back({.uri = kContentUri});
        root.implicitTiling = std::move(tiling);
        return root;
    }

    std::vector<Cell> childrenOf(const Cell& cell) const {
        std::vector<Cell> children;
        for (const std::uint32_t north : {0U, 1U}) {
            for (const std::uint32_t east : {0U, 1U}) {
                if (heights_.contains(cell.child(east, north))) {
                    children.push_back(cell.child(east, north));
                }
            }
        }
        return children;
    }

    /// The tile with all below it; `folder`, of the JSON that it stands in, is what URIs are
    /// relative to.
    ts::Tile tileOf(const Cell& cell, const fs::path& folder) {
        ts::Tile tile;
        tile.boundingVolume = volumeOf(cell);
        tile.geometricErrorMetres = errors_.at(cell);
        if (withContent_.contains(cell)) {
            tile.contents.push_back({.uri = uriFrom(folder, terrain::contentPath(cell))});
        }
        const std::vector<Cell> children = childrenOf(cell);
        const bool startsFile = (cell.depth + 1) % kSubtreeLevels == 0;
        for (const Cell& child : children) {
            tile.children.push_back(startsFile ? fileBelow(child, folder) : tileOf(child, folder));
        }
        return tile;
    }

    /// A tile that points at a file of its own with `cell` as its root.
    ts::Tile fileBelow(const Cell& cell, const fs::path& folder) {
        const fs::path file = cell.name() + ".json";
        ts::Tileset tileset;
        tileset.root = tileOf(cell, file.parent_path());
        tileset.geometricErrorMetres = tileset.root.geometricErrorMetres;
        write(tileset, file);
        ts::Tile pointer;
        pointer.boundingVolume = tileset.root.boundingVolume;
        pointer.geometricErrorMetres = tileset.root.geometricErrorMetres;
        pointer.contents.push_back({.uri = uriFrom(folder, file)});
        return pointer;
    }

    /// The set for web globes but for the tiles of the terrain's own cells, which are there.
    void writeGlobe(const terrain::Lattice& rootLand) {
        std::set<terrain::TmsTile> tiles = terrain::globeLevels(grid_);
        const Status written = terrain::writeGlobeLevels(grid_, rootLand, out_ / kFolder);
        failure_ = failure_ ? written : failure_;
        for (const Cell& cell : withContent_) {
            if (cell.depth >= terrain::kAlignedDepth) {
                tiles.insert(terrain::tmsTileOf(grid_, cell));
            }
        }
        for (const terrain::TmsTile& tile : tiles) {
            files_.insert(kFolder / terrain::quantizedMeshPath(tile));
        }
        const ts::Region root = grid_.regionOf({}, 0.0, 0.0);
        const std::string json =
            terrain::layerJson(
                tiles,
                {.west = root.west, .south = root.south, .east = root.east, .north = root.north},
                {.name = "terrain"})
                .dump();
        writeFile("quantized-mesh/layer.json", std::as_bytes(std::span<const char>(json)));
    }

    static std::string uriFrom(const fs::path& folder, const fs::path& file) {
        return tiles3d::base::encodeUriPath(folder.empty() ? file
                                                           : file.lexically_relative(folder));
    }

    void write(const ts::Tileset& tileset, const fs::path& file) {
        const Result<std::string> json = ts::toJson(tileset);
        if (!json) {
            failure_ = failure_ ? Status(json.error()) : failure_;
            return;
        }
        const std::span<const char> text(*json);
        writeFile(file, std::as_bytes(text));
    }

    void writeFile(const fs::path& file, tiles3d::base::ByteView bytes) {
        const fs::path own = kFolder / file;
        Status done = tiles3d::base::makeFolder((out_ / own).parent_path());
        done = done ? tiles3d::base::writeFile(out_ / own, bytes) : done;
        failure_ = failure_ ? done : failure_;
        files_.insert(own);
    }

    const terrain::CellGrid& grid_;
    const tiles3d::geo::EnuFrame& frame_;
    const fs::path& out_;
    std::map<Cell, double> errors_;
    int depth_ = 0;
    std::map<Cell, Heights> heights_; ///< Of each tile and all below it.
    std::set<Cell> withContent_;
    std::set<fs::path> files_;
    Status failure_ = ok();
};

} // namespace

std::map<Cell, double> geometricErrors(const TerrainTiles& terrain) {
    std::map<Cell, double> errors;
    for (const TileRecord& tile : terrain.tiles) {
        constexpr double kPixels = 16.0; // a client refines where an error is larger than that
        for (Cell cell = tile.cell; cell.depth >= 0; cell = cell.parent()) {
            errors.try_emplace(cell, terrain.grid.geometricErrorMetres(cell.depth));
        }
        errors[tile.cell] = std::max(errors[tile.cell], kPixels * tile.errorMetres);
    }
    for (auto tile = errors.rbegin(); tile != errors.rend(); ++tile) { // from the deepest
        if (tile->first.depth > 0) {
            constexpr double kMore = 1.001;
            double& above = errors.at(tile->first.parent());
            above = std::max(above, kMore * tile->second);
        }
    }
    return errors;
}

Result<EmittedTerrain>
emitTerrain(const TerrainTiles& terrain, const scan::OutputOptions& options, const fs::path& out) {
    return Emission(terrain, out).run(options, terrain.rootLand);
}

} // namespace pipeline::emit
