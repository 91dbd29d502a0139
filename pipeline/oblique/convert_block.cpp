#include "pipeline/oblique/convert_block.h"

#include "pipeline/oblique/block_files.h"
#include "pipeline/oblique/block_links.h"
#include "pipeline/oblique/superseded.h"
#include "pipeline/oblique/tile_tree.h"
#include "tiles3d/base/file.h"
#include "tiles3d/tileset/tileset_io.h"

#include <cmath>
#include <system_error>

namespace pipeline::oblique {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// A forgotten SRSOrigin or false easting puts a city on the equator or into the Gulf of Guinea.
Status checkPlace(const BlockFrame& frame, const glm::dvec3& sourceCentre, const BlockTask& task) {
    constexpr double kNullIslandDegrees = 0.01;
    constexpr double kEquatorDegrees = 0.2;
    constexpr double kNearZeroMetres = 20000.0;
    const auto& place = frame.enu().origin();
    const double lon = std::abs(place.longitude.degrees());
    const double lat = std::abs(place.latitude.degrees());
    const bool isNearZero =
        std::abs(sourceCentre.x) < kNearZeroMetres && std::abs(sourceCentre.y) < kNearZeroMetres;
    const bool isNullIsland = lon < kNullIslandDegrees && lat < kNullIslandDegrees;
    const bool isUnplaced = !task.isOriginExplicit && isNearZero && lat < kEquatorDegrees;
    if (isNullIsland || isUnplaced) {
        return Error{"would stand at longitude " + std::to_string(place.longitude.degrees()) +
                     ", latitude " + std::to_string(place.latitude.degrees()) +
                     ": its coordinates (" + std::to_string(sourceCentre.x) + ", " +
                     std::to_string(sourceCentre.y) +
                     ") lack their origin. Give --origin E,N,H and, if need be, --srs"};
    }
    return ok();
}

/// Leftovers of files that turned out to be unusable as a whole.
void removeUnused(const fs::path& folder, const std::set<std::string>& used) {
    std::vector<fs::path> unused;
    std::error_code error;
    for (fs::recursive_directory_iterator entries(folder, error), end; !error && entries != end;
         entries.increment(error)) {
        const std::string name = entries->path().lexically_relative(folder).string();
        if (entries->is_regular_file(error) && !used.contains(name)) {
            unused.push_back(entries->path());
        }
    }
    for (const fs::path& file : unused) {
        fs::remove(file, error);
    }
}

void noteOrphans(const ConvertedFiles& converted, const BlockTask& task, BlockResult& result) {
    for (const std::string& name : ownFiles(task)) {
        ++result.inputFiles;
        if (converted.files.contains(name)) {
            continue;
        }
        result.losses.push_back({.kind = LossKind::Orphan,
                                 .file = toUtf8(name),
                                 .reason = "no PagedLOD of the block names it"});
    }
}

Status writeTileset(const TileTree& tree, const BlockFrame& frame, const fs::path& folder) {
    tiles3d::tileset::Tileset tileset;
    tileset.root = *tree.root;
    tileset.root.transform = frame.enu().toEcefMatrix();
    tileset.geometricErrorMetres = tree.root->geometricErrorMetres;
    const Result<std::string> json = tiles3d::tileset::toJson(tileset);
    if (!json) {
        return json.error();
    }
    return tiles3d::base::writeFile(folder / "tileset.json", std::string_view(*json));
}

void describePlace(const TileTree& tree, const BlockFrame& frame, BlockResult& result) {
    const auto& place = frame.enu().origin();
    result.centreDegrees = {
        place.longitude.degrees(), place.latitude.degrees(), place.heightMetres};
    result.fitResidualMetres = frame.residualMetres();
    result.boxEcef = std::get<tiles3d::tileset::Box>(tiles3d::tileset::transformed(
        tiles3d::tileset::boxAround(tree.limits), frame.enu().toEcefMatrix()));
}

void includePlaced(const std::vector<ConvertedNode>& nodes,
                   tiles3d::tileset::Limits& limits,
                   BlockResult& result) {
    for (const ConvertedNode& node : nodes) {
        limits.include(node.content.placed);
        result.supersededTriangles += node.content.supersededTriangles;
        includePlaced(node.children, limits, result);
    }
}

void noteSuperseded(const ConvertedFiles& converted, BlockResult& result) {
    tiles3d::tileset::Limits limits;
    for (const auto& [name, file] : converted.files) {
        includePlaced(file.nodes, limits, result);
    }
    if (converted.frame) {
        result.cells = PlanGrid(converted.frame->enu()).cellsOf(limits);
    }
}

Status noteCoverage(const TileTree& tree,
                    const BlockFrame& frame,
                    const fs::path& folder,
                    BlockResult& result) {
    Result<Coverage> coverage = coverageOf(*tree.root, frame.enu(), folder);
    if (!coverage) {
        return coverage.error();
    }
    result.coverage = *std::move(coverage);
    return ok();
}

/// Everything into `folder`, which is empty.
Result<BlockResult> convertInto(const fs::path& folder,
                                const BlockTask& task,
                                const sources::OsgbRuntime& runtime,
                                const tiles3d::crs::Transform& transform,
                                const engine::UnitContext& context) {
    Result<ConvertedFiles> converted = convertFiles(task, folder, runtime, transform, context);
    if (!converted) {
        return converted.error();
    }
    insertLinks(task, *converted);
    Result<TileTree> tree = assembleTree(*converted, task, folder);
    if (!tree) {
        return tree.error();
    }
    removeUnused(folder, tree->contentFiles);
    noteOrphans(*converted, task, tree->result);
    noteSuperseded(*converted, tree->result);
    if (task.wantsCoverage) {
        tree->result.coverage = Coverage{};
    }
    nameLinks(*tree);
    tree->result.unlinked = unlinked(task, *tree);
    if (tree->root) {
        Status done = checkPlace(*converted->frame, converted->sourceCentre, task);
        if (done) {
            describePlace(*tree, *converted->frame, tree->result);
            done = writeTileset(*tree, *converted->frame, folder);
        }
        if (done && task.wantsCoverage) {
            done = noteCoverage(*tree, *converted->frame, folder, tree->result);
        }
        if (!done) {
            return done.error();
        }
    }
    return std::move(tree->result);
}

} // namespace

Result<BlockResult> convertBlock(const BlockTask& task,
                                 const sources::OsgbRuntime& runtime,
                                 const tiles3d::crs::Transform& transform,
                                 const engine::UnitContext& context) {
    fs::path part = task.output;
    part += ".part";
    std::error_code error;
    fs::remove_all(part, error);
    if (Status made = tiles3d::base::makeFolder(part); !made) {
        return made.error();
    }
    Result<BlockResult> result = convertInto(part, task, runtime, transform, context);
    if (!result) {
        fs::remove_all(part, error);
        return result;
    }
    fs::remove_all(task.output, error);
    if (!result->hasTiles) {
        fs::remove_all(part, error);
        return result;
    }
    fs::rename(part, task.output, error);
    if (error) {
        return Error{toUtf8(task.output) +
                     ": cannot put the finished block in place: " + error.message()};
    }
    return result;
}

Result<BlockResult> surveyBlock(const BlockTask& task,
                                const sources::OsgbRuntime& runtime,
                                const tiles3d::crs::Transform& transform,
                                const engine::UnitContext& context) {
    BlockTask survey = task;
    survey.purpose = Purpose::Survey;
    const Result<ConvertedFiles> read = convertFiles(survey, {}, runtime, transform, context);
    if (!read) {
        return read.error();
    }
    Result<TileTree> tree = assembleTree(*read, survey, {});
    if (!tree) {
        return tree.error();
    }
    noteOrphans(*read, survey, tree->result);
    if (tree->root) {
        describePlace(*tree, *read->frame, tree->result);
    }
    return std::move(tree->result);
}

} // namespace pipeline::oblique
