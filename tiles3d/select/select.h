#pragma once

#include "tiles3d/tileset/tileset.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiles3d::select {

/// One camera. Directions are unit vectors in ECEF.
struct ViewState {
    glm::dvec3 positionEcef{0.0};
    glm::dvec3 direction{0.0, 0.0, -1.0};
    glm::dvec3 up{0.0, 1.0, 0.0};
    double verticalFovRadians = 1.0471975511965976;
    double viewportWidthPixels = 1280.0;
    double viewportHeightPixels = 720.0;

    bool operator==(const ViewState&) const = default;
};

struct Options {
    double maxScreenSpaceErrorPixels = 16.0;
    /// What a turn of the camera falls back to is a need, too: the steps (see select()). Off: they
    /// load only while nothing covers a view, and a turn may show background for a while.
    bool forbidHoles = true;
    bool preloadAncestors = true; ///< Every refined tile, so that a place falls back one level.
    bool preloadSiblings = true;  ///< Tiles just outside the views, where a turn will need them.
    std::vector<ViewState> prefetchViews; ///< Where the camera will be soon: needs are preloads.
};

/// What a node needs to read its subtree of implicit tiles (tileset::expandSubtree).
struct ImplicitSubtree {
    tileset::Tile tile;  ///< With implicitTiling.
    std::string baseUri; ///< Of the tileset.json: what the tiles' URIs are relative to.
};

/// A tile of a flattened tree; parents have smaller indices than their children.
/// External tilesets hang below the tile that names them (see SelectionTree::attach). A tile that
/// names one beside other contents becomes an additive node with one child per external tileset.
/// A subtree of implicit tiles is one more external tileset, its file another kind of file.
struct Node {
    tileset::BoundingVolume volumeEcef; ///< A box or a sphere; a region is boxed once, here.
    std::optional<tileset::BoundingVolume> viewerRequestVolumeEcef;
    double geometricErrorMetres = 0.0; ///< Scaled by the largest scale of the tile's transform.
    tileset::Refine refine = tileset::Refine::Replace;
    glm::dmat4 toEcef{1.0};               ///< Tile frame -> ECEF.
    std::vector<std::string> contentUris; ///< Resolved, renderable content only.
    mesh::UpAxis gltfUpAxis =
        mesh::UpAxis::Y;     ///< Of the contents, as their tileset file states it.
    std::string externalUri; ///< Resolved; empty if none, then it is the node's only content.
    std::shared_ptr<const ImplicitSubtree> subtree; ///< Set if externalUri is a subtree file.
    bool externalAttached = false;
    /// Nothing is gained by stopping here: no renderable content, or an error as large as that of
    /// the nearest ancestor where stopping is possible.
    bool alwaysRefines = false;
    std::size_t depth = 0; ///< Ancestors above it, those in other tileset files included.
    std::int64_t parent = -1;
    std::vector<std::size_t> children;
};

/// Deepest tile of a tree over all its files; what lies deeper is left out with a warning.
inline constexpr std::size_t kMaxTreeDepth = 512;

/// The tree that selection walks; grows as external tilesets arrive. A value without I/O.
class SelectionTree {
public:
    /// A tree with the tiles of the root tileset; `baseUri` resolves relative URIs.
    SelectionTree(const tileset::Tileset& root, const std::string& baseUri);

    /// Hangs the tileset that `node` names below it; for a subtree, one whose root is what
    /// tileset::expandSubtree() made of nodes()[node].subtree->tile.
    /// REQUIRES: nodes()[node].externalUri is not empty and not attached yet.
    void attach(std::size_t node, const tileset::Tileset& external);

    const std::vector<Node>& nodes() const { return nodes_; }

    /// What was left out, one sentence each: an external tileset that contains itself, tiles below
    /// kMaxTreeDepth.
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    struct File {
        std::string baseUri;
        mesh::UpAxis gltfUpAxis = mesh::UpAxis::Y;
    };

    void addTiles(const tileset::Tile& root, std::int64_t parent, const File& file);
    std::size_t addNode(Node node, std::int64_t parent);
    void addContents(std::size_t node, const tileset::Tile& tile, const std::string& baseUri);
    void setExternal(std::size_t node, std::string uri);
    bool refinesAlways(std::size_t node) const;

    std::string rootUri_;
    std::vector<Node> nodes_;
    std::vector<std::string> warnings_;
};

/// What the caller has of a node's content.
enum class ContentState : std::uint8_t { Unloaded, Ready, Failed };

/// Urgent: nothing covers a place, or what covers it takes away detail that was there before.
/// Normal: what the views need. Preload: what only later motion needs.
enum class Priority : std::uint8_t { Urgent, Normal, Preload };

/// A node whose content or external tileset is wanted.
struct Wish {
    std::size_t node = 0;
    Priority priority = Priority::Normal;

    bool operator==(const Wish&) const = default;
};

struct Selection {
    /// Nodes to draw now, ascending; all have content and are Ready.
    std::vector<std::size_t> render;
    /// What is missing, first to load first, no node twice. Within Normal: tileset files, then
    /// stand-ins, coarse before fine, then the wanted tiles, those in the middle of a view and near
    /// it first.
    std::vector<Wish> load;
    /// Ready and part of the wanted picture, but not drawn until their neighbours are there.
    std::vector<std::size_t> hold;
    /// Ready and of use soon: what preloads have brought.
    std::vector<std::size_t> spare;
    /// Nodes drawn, or stood in for, in place of finer tiles that were drawn before and are to be
    /// drawn again: what their places lack is Urgent.
    std::vector<std::size_t> restoring;
    std::size_t visited = 0;
    std::size_t culled = 0;
    std::size_t kicked = 0; ///< Listed, then not drawn since a neighbour is missing.
    /// Every tile the views need at the wanted error is in `render`.
    bool isComplete = false;
};

/// Views beyond this many are not looked at.
inline constexpr std::size_t kMaxViews = 64;

/// Which tiles to draw and which to load for these views. Pure: same arguments, same answer.
/// `previous` is the answer of the frame before, or empty.
/// A tile is refined while its screen-space error (geometric error * viewport height /
/// (2 * distance * tan(fovy / 2)), the largest over the views) reaches the limit.
/// REPLACE: children take over when every visible one is Ready (or Failed, or stands for such);
/// until then the nearest Ready ancestor stays and no hole opens. A tile that would do but is not
/// Ready is stood in for by its descendants if those cover it.
/// ADD: a tile stays with its children, each drawn as it arrives. Failed content is drawn as
/// nothing and blocks nobody; a failed tile with children is refined. A tile whose place would show
/// nothing, as all that is seen below it failed or is empty, stays. Nodes without renderable
/// content always refine.
///
/// What is loaded. A cold start does not load every ancestor, but steps, coarse ones first: the
/// topmost tiles with content (Urgent), and a tile for every 16 or more wanted tiles below it that
/// have no other step (Normal); then the wanted tiles (Normal). Steps are at most 7 % of all, and
/// with forbidHoles they stay needs, so a place that comes into view falls back to a tile that
/// stands for some dozens of tiles of the picture, never more than 16 times the branching of the
/// tree. When preloads have arrived, it falls back to its parent. Detail is never withheld for the
/// sake of a fallback. What a place lacks that keeps away finer tiles drawn in the frame before is
/// Urgent: its topmost missing tile, which repairs the picture.
///
/// `state` has one entry per node of the tree; that of a node without any content is not looked at.
/// For a node with several contents, Ready and Failed speak of all of them together; for one with
/// an external tileset, Failed means that it will not be attached.
/// A caller repeats: select, load what `load` says, mark it Ready or Failed, attach externals; for
/// resting views this ends with isComplete. No hole opens as long as tiles drawn, held or wanted
/// and their ancestors stay Ready.
/// Takes less than 0.5 us for a visited node and view.
/// Source: 3D Tiles 1.1, 7.3 and 7.4; the rules' names in tests/tiles3d/select.
Selection select(const SelectionTree& tree,
                 const std::vector<ViewState>& views,
                 const std::vector<ContentState>& state,
                 const Options& options = {},
                 const Selection& previous = {});

} // namespace tiles3d::select
