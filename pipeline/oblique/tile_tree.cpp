#include "pipeline/oblique/tile_tree.h"

#include "pipeline/oblique/geometric_error.h"
#include "pipeline/oblique/remainder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pipeline::oblique {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::tileset::Limits;
using tiles3d::tileset::Tile;

namespace {

/// Far above any delivery (L1 to L25), and within what one tileset.json may nest.
constexpr int kMaxLevels = 48;

/// A tile with what its parent needs of it.
struct Branch {
    Tile tile;
    Limits limits;
    std::optional<double> wantedError; ///< By the ranges.
    double texelError = 0.0;           ///< 32 x metres per texel, for tiles without a range.
    double leafError = 0.0;            ///< That of its finest descendant with a texture.
};

/// "Tile_+000_+012_L19_0uuuu3" -> 19; nothing without such a part.
std::optional<int> levelInName(const std::string& file) {
    const std::size_t at = file.rfind("_L");
    int level = 0;
    if (at == std::string::npos ||
        std::from_chars(file.data() + at + 2, file.data() + file.size(), level).ptr ==
            file.data() + at + 2) {
        return std::nullopt;
    }
    constexpr int kHighest = 40;
    return level >= 0 && level <= kHighest ? std::optional(level) : std::nullopt;
}

class Assembly {
public:
    Assembly(const ConvertedFiles& converted,
             const BlockTask& task,
             const std::filesystem::path& outputFolder)
        : converted_(converted), task_(task), outputFolder_(outputFolder), baseLevel_(baseLevel()) {
    }

    Result<TileTree> run() {
        std::vector<Branch> tops;
        for (const std::string& root : converted_.roots) {
            std::vector<Branch> branches = fileBranches(root, 0);
            std::move(branches.begin(), branches.end(), std::back_inserter(tops));
        }
        noteUnreached();
        if (!outputFailure_.empty()) {
            return Error{outputFailure_};
        }
        if (!tops.empty()) {
            Branch root = tops.size() == 1 ? std::move(tops.front()) : joined(std::move(tops));
            finishErrors(root);
            tree_.limits = root.limits;
            tree_.result.hasTiles = true;
            int depth = 0;
            if (isConverting() && task_.codecs.chains == scan::Chains::Drop) {
                depth = dropChain(root.tile);
                dropThinLevels(root.tile);
            }
            describeRoot(root);
            countTiles(root.tile, depth);
            tree_.root = std::move(root.tile);
        }
        return std::move(tree_);
    }

private:
    // --- files and nodes -----------------------------------------------------------------------

    /// The level of a block's first file: one below the smallest that the names tell.
    int baseLevel() const {
        std::optional<int> smallest;
        for (const auto& [name, file] : converted_.files) {
            const std::optional<int> level = levelInName(name);
            smallest = level && (!smallest || *level < *smallest) ? level : smallest;
        }
        const bool isRootNamed =
            converted_.roots.size() == 1 && levelInName(converted_.roots.front()).has_value();
        return smallest ? *smallest - (isRootNamed ? 0 : 1) : 0;
    }

    LevelTotals& level(int depth) { return tree_.result.levels[baseLevel_ + depth]; }

    void lose(LossKind kind, const std::string& file, const std::string& reason) {
        tree_.result.losses.push_back({.kind = kind, .file = toUtf8(file), .reason = reason});
    }

    /// The tiles of a file, or none and a loss that says why.
    std::vector<Branch> fileBranches(const std::string& name, int depth) {
        const auto found = converted_.files.find(name);
        if (found == converted_.files.end()) { // nested deeper than anything that was read
            lose(LossKind::Missing, name, "it was not reached");
            return {};
        }
        if (!used_.insert(name).second) {
            lose(LossKind::Cycle,
                 name,
                 "named a second time: by its own descendant or another parent");
            return {};
        }
        const ConvertedFile& file = found->second;
        if (!file.failure.empty()) {
            lose(file.failureKind, name, file.failure);
            return {};
        }
        if (file.isSuperseded) {
            supersededFiles_.insert(name);
            return {};
        }
        if (file.link != nullptr) {
            return {linkBranch(*file.link)};
        }
        if (const std::string failure = nodeFailure(file.nodes); !failure.empty()) {
            lose(LossKind::Unreadable, name, failure);
            // A root has no parent to stand in for it: what is below it stays, without it.
            return depth == 0 ? nodeBranches(file.nodes, depth) : std::vector<Branch>{};
        }
        std::vector<Branch> branches = nodeBranches(file.nodes, depth);
        if (branches.empty() && isAnySuperseded(file.nodes)) {
            supersededFiles_.insert(name);
        } else if (branches.empty()) {
            lose(LossKind::Empty, name, "the file holds no triangle" + notesOf(file));
            return {};
        }
        noteFile(name, file, depth);
        return branches;
    }

    /// The block's tileset stands alone in ECEF, so its tile leaves this tree's frame again.
    Branch linkBranch(const BlockLink& link) {
        Branch branch;
        branch.tile.transform = converted_.frame->enu().fromEcefMatrix();
        branch.tile.boundingVolume = link.boxEcef;
        branch.limits = tiles3d::tileset::limitsOf(link.boxEcef, branch.tile.transform);
        branch.tile.geometricErrorMetres = link.geometricErrorMetres;
        tree_.links.push_back(&link);
        return branch;
    }

    std::vector<Branch> nodeBranches(const std::vector<ConvertedNode>& nodes, int depth) {
        std::vector<Branch> branches;
        for (const ConvertedNode& node : nodes) {
            if (std::optional<Branch> branch = nodeBranch(node, depth)) {
                branches.push_back(*std::move(branch));
            }
        }
        return branches;
    }

    bool isAnySuperseded(const std::vector<ConvertedNode>& nodes) const {
        return std::ranges::any_of(
            nodes, [this](const ConvertedNode& node) { return supersededNodes_.contains(&node); });
    }

    static std::string nodeFailure(const std::vector<ConvertedNode>& nodes) {
        for (const ConvertedNode& node : nodes) {
            if (!node.failure.empty()) {
                return node.failure;
            }
            if (std::string inner = nodeFailure(node.children); !inner.empty()) {
                return inner;
            }
        }
        return {};
    }

    static std::string notesOf(const ConvertedFile& file) {
        std::string notes;
        for (const std::string& what : file.irregularities) {
            notes += "; " + what;
        }
        return notes;
    }

    void noteFile(const std::string& name, const ConvertedFile& file, int depth) {
        ++tree_.result.convertedFiles;
        ++level(depth).files;
        level(depth).sourceBytes += file.bytes;
        for (const std::string& what : file.irregularities) {
            ++tree_.result.irregularities[what];
        }
        if (file.lostGeometries > 0) {
            lose(LossKind::Geometry,
                 name,
                 std::to_string(file.lostGeometries) + " geometries could not be used");
        }
        if (file.lostImages > 0) {
            lose(LossKind::Image,
                 name,
                 std::to_string(file.lostImages) + " textures are missing or unreadable");
        }
    }

    std::optional<Branch> nodeBranch(const ConvertedNode& node, int depth) {
        if (depth >= kMaxLevels) {
            lose(LossKind::Cycle,
                 node.contentFile,
                 "nested deeper than " + std::to_string(kMaxLevels) + " levels");
            return std::nullopt;
        }
        std::vector<Branch> children = nodeBranches(node.children, depth + 1);
        bool isAnyLost = !node.refusedChildren.empty();
        bool isAnyGone = isAnySuperseded(node.children);
        for (const std::string& child : node.refusedChildren) {
            lose(LossKind::Unreadable, child, "its name leads out of the block's folder");
        }
        for (const std::string& child : node.childFiles) {
            std::vector<Branch> found = fileBranches(child, depth + 1);
            const bool isGone = supersededFiles_.contains(child);
            isAnyGone = isAnyGone || isGone;
            isAnyLost = isAnyLost || (found.empty() && !isGone);
            std::move(found.begin(), found.end(), std::back_inserter(children));
        }
        const bool hasContent = !node.contentFile.empty();
        const bool isOwnGone = !hasContent && node.content.supersededTriangles > 0;
        if (children.empty() && (isOwnGone || (isAnyGone && !isAnyLost))) {
            supersededNodes_.insert(&node);
            return std::nullopt;
        }
        if (!hasContent && children.empty()) {
            return std::nullopt;
        }
        if (isConverting() && hasContent && isAnyLost && !children.empty()) {
            addRemainder(node, children);
        }
        return branchOf(node, std::move(children));
    }

    bool isConverting() const { return task_.purpose == Purpose::Convert; }

    Branch branchOf(const ConvertedNode& node, std::vector<Branch> children) {
        Branch branch;
        if (!node.contentFile.empty()) {
            branch.tile.contents.push_back({.uri = tiles3d::base::encodeUriPath(node.contentFile)});
            branch.limits = node.content.limits;
            contents_[branch.tile.contents.front().uri] = contentOf(node);
        }
        if (node.metresPerPixel) {
            branch.wantedError = kScreenSpaceErrorPixels * *node.metresPerPixel;
        }
        constexpr double kTexelsToError = 32.0;
        branch.texelError = kTexelsToError * node.content.metresPerTexel;
        branch.leafError = branch.texelError;
        adopt(branch, std::move(children));
        return branch;
    }

    static void adopt(Branch& branch, std::vector<Branch> children) {
        for (Branch& child : children) {
            branch.limits.include(child.limits);
            branch.texelError = std::max(branch.texelError, 2.0 * child.texelError);
            branch.leafError = child.leafError > 0.0 ? child.leafError : branch.leafError;
            branch.tile.children.push_back(std::move(child.tile));
        }
        branch.tile.boundingVolume = tiles3d::tileset::boxAround(branch.limits);
        const double wanted = branch.wantedError.value_or(kUnknown);
        branch.tile.geometricErrorMetres = branch.tile.isLeaf() ? 0.0 : wanted;
        branch.tile.extras = branch.texelError; // until finishErrors() has the whole tree
    }

    /// Several tops: a tile without content above them.
    static Branch joined(std::vector<Branch> tops) {
        Branch root;
        for (const Branch& top : tops) {
            root.wantedError = std::max(root.wantedError.value_or(0.0),
                                        2.0 * std::max(top.tile.geometricErrorMetres, 0.0));
        }
        if (*root.wantedError <= 0.0) {
            root.wantedError.reset();
        }
        adopt(root, std::move(tops));
        return root;
    }

    void addRemainder(const ConvertedNode& node, std::vector<Branch>& children) {
        std::vector<Limits> covered;
        for (const Branch& child : children) {
            covered.push_back(child.limits);
        }
        const auto glb = tiles3d::base::readFile(outputFolder_ / node.contentFile);
        Result<Remainder> rest =
            glb ? remainder(*glb, covered, node.content.positionStepMetres, task_.codecs.geometry)
                : Result<Remainder>(glb.error());
        if (!rest) {
            outputFailure_ = rest.error().message;
            return;
        }
        if (rest->glb.empty()) {
            return;
        }
        std::filesystem::path name = node.contentFile;
        name.replace_extension(".rest.glb");
        const Status written = tiles3d::base::writeFile(outputFolder_ / name, rest->glb);
        if (!written) {
            outputFailure_ = written.error().message;
            return;
        }
        Branch branch;
        branch.tile.contents.push_back({.uri = tiles3d::base::encodeUriPath(name)});
        branch.limits = rest->limits;
        branch.tile.boundingVolume = tiles3d::tileset::boxAround(rest->limits);
        contents_[branch.tile.contents.front().uri] = {
            .file = name.string(),
            .totals = {.triangles = rest->triangles, .contentBytes = rest->glb.size()}};
        children.push_back(std::move(branch));
    }

    // --- geometric errors ----------------------------------------------------------------------

    static constexpr double kUnknown = -1.0;

    void finishErrors(Branch& root) {
        Tile& tile = root.tile;
        raiseAboveLinks(tile);
        if (tile.geometricErrorMetres == kUnknown) {
            tile.geometricErrorMetres = fromTexels(tile, HUGE_VAL);
        }
        fall(tile);
    }

    /// Errors below a link are fixed, so those above it give way. Returns the least error of `tile`
    /// that its links allow. A leaf has an error only if it is one.
    double raiseAboveLinks(Tile& tile) {
        if (tile.isLeaf()) {
            return tile.geometricErrorMetres;
        }
        double least = 0.0;
        for (Tile& child : tile.children) {
            least = std::max(least, 2.0 * raiseAboveLinks(child));
        }
        if (least > 0.0 && tile.geometricErrorMetres < least) {
            tile.geometricErrorMetres = std::max(least, tile.extras.numberOr(0.0));
            ++tree_.result.irregularities["range not coarser than its blocks': error raised"];
        }
        return least;
    }

    /// Twice the children's error at least, half the parent's at most.
    static double fromTexels(const Tile& tile, double parentError) {
        double children = 0.0;
        for (const Tile& child : tile.children) {
            children = std::max(children, child.geometricErrorMetres);
        }
        const double wanted = std::max(tile.extras.numberOr(0.0), 2.0 * children);
        const double atMost = parentError / 2.0;
        return wanted > 0.0 ? std::min(wanted, atMost) : (std::isfinite(atMost) ? atMost : 1.0);
    }

    /// Makes errors strictly falling from `tile` down and clears the helper numbers.
    void fall(Tile& tile) {
        tile.extras = tiles3d::base::Json();
        for (Tile& child : tile.children) {
            if (child.geometricErrorMetres == kUnknown) {
                child.geometricErrorMetres = fromTexels(child, tile.geometricErrorMetres);
                ++tree_.result
                      .irregularities["level without a usable range: error from its texels"];
            } else if (!child.isLeaf() && child.geometricErrorMetres >= tile.geometricErrorMetres) {
                child.geometricErrorMetres = tile.geometricErrorMetres / 2.0;
                ++tree_.result.irregularities["range not finer than its parent's: error halved"];
            }
            fall(child);
        }
    }

    // --- chains --------------------------------------------------------------------------------

    /// True if `tile` has one child with content, and that shows the same area again.
    static bool isShownAgain(const Tile& tile) {
        if (tile.children.size() != 1 || tile.children.front().contents.empty()) {
            return false;
        }
        constexpr double kSameShare = 0.8;
        const auto areaOf = [](const Tile& of) {
            const auto& axes = std::get<tiles3d::tileset::Box>(of.boundingVolume).halfAxes;
            return axes[0].x * axes[1].y;
        };
        return areaOf(tile.children.front()) >= kSameShare * areaOf(tile);
    }

    static void replaceByChild(Tile& tile) {
        Tile child = std::move(tile.children.front());
        tile = std::move(child);
    }

    /// A delivery coarsens a block's root over the same area several times; the pyramid does so
    /// over four times the area each, with a quarter of the requests. Returns the levels dropped.
    int dropChain(Tile& root) {
        int dropped = 0;
        while (isShownAgain(root)) {
            handover_ = root.geometricErrorMetres;
            replaceByChild(root);
            ++dropped;
        }
        tree_.result.chainTiles += static_cast<std::uint64_t>(dropped);
        return dropped;
    }

    /// Below the root nothing stands in: only levels go whose next has less than twice the detail.
    void dropThinLevels(Tile& tile) {
        while (isShownAgain(tile) && tile.children.front().geometricErrorMetres > 0.0 &&
               tile.geometricErrorMetres < 2.0 * tile.children.front().geometricErrorMetres) {
            replaceByChild(tile);
            ++tree_.result.chainTiles;
        }
        for (Tile& child : tile.children) {
            dropThinLevels(child);
        }
    }

    /// What the pyramid above continues from.
    void describeRoot(const Branch& root) {
        tree_.result.geometricErrorMetres = root.tile.geometricErrorMetres;
        const double leaf = handover_ > 0.0 ? handover_ / 2.0 : root.leafError;
        tree_.result.metresPerPixel =
            (root.tile.isLeaf() ? leaf : root.tile.geometricErrorMetres) / kScreenSpaceErrorPixels;
    }

    // --- counting ------------------------------------------------------------------------------

    /// One content in use, as the totals see it.
    struct Content {
        std::string file;
        LevelTotals totals;
        std::uint64_t degenerateTriangles = 0;
        double positionStepMetres = 0.0;
    };

    static Content contentOf(const ConvertedNode& node) {
        return {.file = node.contentFile,
                .totals = {.triangles = node.content.triangles,
                           .texels = node.content.texels,
                           .imageBytes = node.content.imageBytes,
                           .contentBytes = node.contentBytes,
                           .metresPerPixel = node.metresPerPixel.value_or(0.0)},
                .degenerateTriangles = node.content.degenerateTriangles,
                .positionStepMetres = node.content.positionStepMetres};
    }

    void countContent(const Content& content, int depth) {
        BlockResult& result = tree_.result;
        ++result.contents;
        result.degenerateTriangles += content.degenerateTriangles;
        result.positionStepMetres = std::max(result.positionStepMetres, content.positionStepMetres);
        level(depth).add(content.totals);
        tree_.contentFiles.insert(content.file);
    }

    void countTiles(const Tile& tile, int depth) {
        const bool hasContent = !tile.contents.empty(); // not a link, nor a root over several tops
        tree_.result.tiles += hasContent ? 1U : 0U;
        LevelTotals& totals = level(depth);
        totals.tiles += hasContent ? 1U : 0U;
        totals.geometricErrorMetres =
            std::max(totals.geometricErrorMetres, tile.geometricErrorMetres);
        for (const tiles3d::tileset::Content& content : tile.contents) {
            countContent(contents_.at(content.uri), depth);
        }
        for (const Tile& child : tile.children) {
            countTiles(child, depth + 1);
        }
    }

    /// Files that were read for nothing: their parent is lost.
    void noteUnreached() {
        for (const auto& [name, file] : converted_.files) {
            if (used_.contains(name)) {
                continue;
            }
            lose(file.failure.empty() ? LossKind::Orphan : file.failureKind,
                 name,
                 file.failure.empty() ? "only reachable through a file that is lost"
                                      : file.failure);
        }
    }

    const ConvertedFiles& converted_;
    const BlockTask& task_;
    const std::filesystem::path& outputFolder_;
    int baseLevel_;
    std::set<std::string> used_;
    std::set<std::string> supersededFiles_;          ///< Those of which nothing is left.
    std::set<const ConvertedNode*> supersededNodes_; ///< Likewise.
    std::map<std::string, Content> contents_;        ///< By URI, whether the tree keeps it or not.
    TileTree tree_;
    double handover_ = 0.0; ///< Error at which the last level of a dropped chain gave way.
    std::string outputFailure_;
};

} // namespace

Result<TileTree> assembleTree(const ConvertedFiles& converted,
                              const BlockTask& task,
                              const std::filesystem::path& outputFolder) {
    return Assembly(converted, task, outputFolder).run();
}

} // namespace pipeline::oblique
