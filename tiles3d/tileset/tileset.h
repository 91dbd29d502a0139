#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/mesh/up_axis.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "tiles3d/tileset/implicit_tiling.h"

#include <glm/mat4x4.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tiles3d::tileset {

enum class Refine { Replace, Add };

struct Content {
    std::string uri; ///< As in the JSON: relative, percent-encoded.
    std::optional<BoundingVolume> boundingVolume;
};

/// One tile as in tileset.json (3D Tiles 1.1, 7).
struct Tile {
    BoundingVolume boundingVolume;
    std::optional<BoundingVolume> viewerRequestVolume;
    double geometricErrorMetres = 0.0;
    Refine refine = Refine::Replace; ///< The reader resolves inheritance, so it is always set.
    glm::dmat4 transform{1.0};       ///< Tile frame -> parent's frame.
    std::vector<Content> contents;   ///< None, one (`content`), or several (`contents`, 1.1).
    std::vector<Tile> children;
    /// Then the contents' URIs are templates, and subtree files stand for the children and for
    /// what the tile itself holds: see expandSubtree().
    std::optional<ImplicitTiling> implicitTiling;
    base::Json extras; ///< null when absent

    bool isLeaf() const { return children.empty() && !implicitTiling; }
};

struct Asset {
    std::string version = "1.1";
    std::string tilesetVersion; ///< Left out when empty.
};

struct Tileset {
    Asset asset;
    /// Of the glTF contents: "gltfUpAxis" of the drafts before 1.0; read, but never written.
    mesh::UpAxis gltfUpAxis = mesh::UpAxis::Y;
    double geometricErrorMetres = 0.0;
    Tile root;
    base::Json schema;   ///< 3D Metadata: the classes that `metadata` refers to; null when absent
    base::Json metadata; ///< Of the tileset as a whole: class and properties; null when absent
    std::vector<std::string> extensionsUsed;
    std::vector<std::string> extensionsRequired;
    base::Json extras; ///< null when absent
};

/// True if the URI names another tileset (its path ends in .json), not renderable content.
bool isExternalTileset(const std::string& uri);

} // namespace tiles3d::tileset
