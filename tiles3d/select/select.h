#pragma once

#include "tiles3d/tileset/tileset.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

namespace tiles3d::select {

/// One camera. Directions are unit vectors in ECEF.
struct ViewState {
    glm::dvec3 positionEcef{0.0};
    glm::dvec3 direction{0.0, 0.0, -1.0};
    glm::dvec3 up{0.0, 1.0, 0.0};
    double verticalFovRadians = 1.0471975511965976;
    double viewportWidthPixels = 1280.0;
    double viewportHeightPixels = 720.0;
};

struct Options {
    double maxScreenSpaceErrorPixels = 16.0;
};

/// A tile of a flattened tree: parents before children, the children of one tile in a row.
/// External tilesets hang below the tile that names them (see SelectionTree::attach).
struct Node {
    tileset::BoundingVolume volumeEcef;
    double geometricErrorMetres = 0.0; ///< Already scaled by the tile's transform.
    tileset::Refine refine = tileset::Refine::Replace;
    glm::dmat4 toEcef{1.0};         ///< Tile frame -> ECEF.
    std::vector<std::string> contentUris; ///< Resolved, renderable content only.
    std::string externalUri;        ///< Resolved; empty if none. Its root becomes a child.
    bool externalAttached = false;
    std::int64_t parent = -1;
    std::vector<std::size_t> children;
};

/// The tree that selection walks; grows as external tilesets arrive. A value without I/O.
class SelectionTree {
public:
    /// A tree with the tiles of the root tileset; `baseUri` resolves relative URIs.
    SelectionTree(const tileset::Tileset& root, const std::string& baseUri);

    /// Hangs the tileset that `node` names below it.
    /// REQUIRES: nodes()[node].externalUri is not empty and not attached yet.
    void attach(std::size_t node, const tileset::Tileset& external);

    const std::vector<Node>& nodes() const { return nodes_; }

private:
    std::vector<Node> nodes_;
};

/// What the caller has of a node's content.
enum class ContentState : std::uint8_t { Unloaded, Ready, Failed };

struct Selection {
    std::vector<std::size_t> render; ///< Nodes to draw now, in tree order; all Ready.
    std::vector<std::size_t> load;   ///< Nodes whose content or external tileset is wanted, most urgent first.
    std::size_t visited = 0;
    std::size_t culled = 0;
    /// Every tile the views need at the wanted error is in `render`.
    bool isComplete = false;
};

/// Which tiles to draw and which to load for these views. Pure: same arguments, same answer.
/// A tile is refined while its screen-space error (geometric error * viewport height /
/// (2 * distance * tan(fovy / 2)), the largest over the views) is above the limit. REPLACE: children
/// take over when every visible one is Ready (or Failed, or stands for such); until then the
/// parent stays and no hole opens. ADD: a tile stays with its children. Tiles without content and
/// nodes with an external tileset always refine.
/// `state` has one entry per node of the tree.
/// Source: 3D Tiles 1.1, 7.3 and 7.4; the rules' names in tests/tiles3d/select.
Selection select(const SelectionTree& tree,
                 const std::vector<ViewState>& views,
                 const std::vector<ContentState>& state,
                 const Options& options = {});

} // namespace tiles3d::select
