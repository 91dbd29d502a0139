#pragma once

#include "pipeline/oblique/coverage.h"
#include "pipeline/scan/city_project.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::oblique {

/// Convert: GLBs and a tileset are written. Survey: everything is read and counted, nothing
/// written.
enum class Purpose { Convert, Survey };

/// A block as the top of its delivery leads to it (see convertTop()).
struct BlockLink {
    std::filesystem::path root;    ///< As PagedLODs name it. Nothing in its folder is opened.
    std::filesystem::path tileset; ///< Relative to the top's output; empty: it has no tiles.
    tiles3d::tileset::Box boxEcef;
    double geometricErrorMetres = 0.0; ///< Of its root.
    bool isSuperseded = false;         ///< It has no tiles because newer blocks show all of it.
};

/// All that one block's conversion depends on, besides its input files and its place on the Earth.
struct BlockTask {
    std::string name;              ///< For messages and the ledger.
    std::string folder;            ///< Children outside it are refused. Paths as in scan::Block.
    std::string root;              ///< May be missing.
    glm::dvec3 origin{0.0};        ///< SRSOrigin, source coordinates.
    bool isOriginExplicit = false; ///< The user stated it: coordinates near zero are meant.
    std::filesystem::path output;  ///< The block's folder; replaced whole.
    scan::OutputOptions codecs;
    Purpose purpose = Purpose::Convert;
    std::vector<BlockLink> links; ///< Of a top: all blocks of the delivery. Empty for a block.
    /// What blocks of newer vintages show, and this one therefore does not; null for nothing.
    /// Outlives the conversion.
    const CoveredArea* newer = nullptr;
    bool wantsCoverage = false; ///< Of blocks that older ones may lie below.
};

/// How an input ended other than as converted. The first three have their parent's geometry in
/// their place.
enum class LossKind { Missing, Unreadable, Empty, Cycle, Orphan, Geometry, Image };

struct Loss {
    LossKind kind = LossKind::Missing;
    std::string file; ///< Relative to the block's folder, UTF-8.
    std::string reason;
};

/// Totals of the tiles of one level of detail.
struct LevelTotals {
    std::uint64_t files = 0; ///< Source files whose nodes start at this level.
    std::uint64_t tiles = 0; ///< With content.
    std::uint64_t triangles = 0;
    std::uint64_t texels = 0;
    std::uint64_t sourceBytes = 0;
    std::uint64_t imageBytes = 0;      ///< Textures as the source has them.
    std::uint64_t contentBytes = 0;    ///< GLB files; 0 in a survey.
    double metresPerPixel = 0.0;       ///< Largest handover, from the ranges; 0 if none is known.
    double geometricErrorMetres = 0.0; ///< Largest.

    void add(const LevelTotals& other);
};

/// What comes back from converting a block; small whatever the block's size.
struct BlockResult {
    bool hasTiles = false;             ///< False if nothing of the block could be converted.
    tiles3d::tileset::Box boxEcef;     ///< Contains every vertex.
    double geometricErrorMetres = 0.0; ///< Of the block's root.
    /// That its root is good for: its handover; for a leaf half of that by which the delivery came
    /// to it, or twice its texels.
    double metresPerPixel = 0.0;
    glm::dvec3 centreDegrees{0.0};     ///< Longitude, latitude, ellipsoidal height of the frame.
    std::map<int, LevelTotals> levels; ///< By level number of the file names; from 0 without.
    std::uint64_t tiles = 0;           ///< With content.
    std::uint64_t contents = 0;
    std::uint64_t chainTiles = 0; ///< Read, but left out in favour of the pyramid: scan::Chains.
    std::uint64_t degenerateTriangles = 0;
    std::uint64_t supersededTriangles = 0; ///< Of all levels: newer blocks show their place.
    std::uint64_t convertedFiles = 0;      ///< Those of which a newer block leaves nothing, too.
    std::uint64_t inputFiles = 0;          ///< Found in the folder.
    double fitResidualMetres = 0.0;  ///< Largest distance of the polynomial placement from PROJ.
    double positionStepMetres = 0.0; ///< Largest quantisation step used; 0 for plain.
    std::vector<Loss> losses;
    std::map<std::string, std::uint64_t> irregularities; ///< What was unusual but kept: files each.
    /// Of a top: which of task.links have tiles and are not in its tree; all if it has no tiles.
    std::vector<std::size_t> unlinked;
    CellRange cells; ///< That task.newer can matter in; the superseded triangles' included.
    std::optional<Coverage> coverage; ///< What the block shows, if task.wantsCoverage.

    /// It would have tiles if there were no newer blocks.
    bool isSuperseded() const { return !hasTiles && supersededTriangles > 0; }
};

tiles3d::base::Json toJson(const BlockResult& result);
/// Lenient: what is missing keeps its default; the text comes from toJson().
BlockResult blockResultFrom(const tiles3d::base::Json& json);

/// "missing", "unreadable", ...
std::string toWord(LossKind kind);

/// For results of other units, whose losses the ledger lists alike.
tiles3d::base::Json lossesJson(const std::vector<Loss>& losses);
std::vector<Loss> lossesFrom(const tiles3d::base::Json& json);
tiles3d::base::Json boxJson(const tiles3d::tileset::Box& box);
tiles3d::tileset::Box boxFrom(const tiles3d::base::Json& json);

} // namespace pipeline::oblique
