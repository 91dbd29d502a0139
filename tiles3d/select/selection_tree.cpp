#include "tiles3d/base/uri.h"
#include "tiles3d/select/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <variant>

namespace tiles3d::select {

using tileset::BoundingVolume;
using tileset::Refine;

namespace {

/// Regions are boxed once, here: every frame would be too often.
BoundingVolume inEcef(const BoundingVolume& volume, const glm::dmat4& toEcef) {
    if (const auto* region = std::get_if<tileset::Region>(&volume)) {
        return tileset::boxAround(*region);
    }
    return tileset::transformed(volume, toEcef);
}

} // namespace

SelectionTree::SelectionTree(const tileset::Tileset& root, const std::string& baseUri)
    : rootUri_(baseUri) {
    addTiles(root.root, -1, {baseUri, root.gltfUpAxis});
}

void SelectionTree::attach(std::size_t node, const tileset::Tileset& external) {
    Node& named = nodes_[node];
    named.externalAttached = true;
    const File file = named.subtree ? File{named.subtree->baseUri, named.gltfUpAxis}
                                    : File{named.externalUri, external.gltfUpAxis};
    addTiles(external.root, static_cast<std::int64_t>(node), file);
}

/// Breadth first, so that the children of one tile are neighbours in memory.
void SelectionTree::addTiles(const tileset::Tile& root, std::int64_t parent, const File& file) {
    std::deque<std::pair<const tileset::Tile*, std::int64_t>> waiting{{&root, parent}};
    while (!waiting.empty()) {
        const auto [tile, above] = waiting.front();
        waiting.pop_front();
        const glm::dmat4 parentToEcef =
            above < 0 ? glm::dmat4(1.0) : nodes_[static_cast<std::size_t>(above)].toEcef;
        Node node;
        node.toEcef = parentToEcef * tile->transform;
        node.volumeEcef = inEcef(tile->boundingVolume, node.toEcef);
        if (tile->viewerRequestVolume) {
            node.viewerRequestVolumeEcef = inEcef(*tile->viewerRequestVolume, node.toEcef);
        }
        node.geometricErrorMetres = tile->geometricErrorMetres * tileset::largestScale(node.toEcef);
        node.refine = tile->refine;
        node.gltfUpAxis = file.gltfUpAxis;
        const std::size_t index = addNode(std::move(node), above);
        addContents(index, *tile, file.baseUri);
        if (nodes_[index].depth >= kMaxTreeDepth && !tile->children.empty()) {
            warnings_.push_back(fmt::format(
                "{}: what lies deeper than {} tiles is left out", file.baseUri, kMaxTreeDepth));
            continue;
        }
        for (const tileset::Tile& child : tile->children) {
            waiting.emplace_back(&child, static_cast<std::int64_t>(index));
        }
    }
}

std::size_t SelectionTree::addNode(Node node, std::int64_t parent) {
    const std::size_t index = nodes_.size();
    node.parent = parent;
    if (parent >= 0) {
        Node& above = nodes_[static_cast<std::size_t>(parent)];
        above.children.push_back(index);
        node.depth = above.depth + 1;
    }
    nodes_.push_back(std::move(node));
    return index;
}

void SelectionTree::addContents(std::size_t index,
                                const tileset::Tile& tile,
                                const std::string& baseUri) {
    if (tile.implicitTiling) {
        nodes_[index].alwaysRefines = true;
        nodes_[index].subtree =
            std::make_shared<const ImplicitSubtree>(ImplicitSubtree{tile, baseUri});
        setExternal(index, base::resolveUri(baseUri, subtreeUri(*tile.implicitTiling)));
        return;
    }
    std::vector<std::string> externals;
    for (const tileset::Content& content : tile.contents) {
        auto& uris =
            tileset::isExternalTileset(content.uri) ? externals : nodes_[index].contentUris;
        uris.push_back(base::resolveUri(baseUri, content.uri));
    }
    nodes_[index].alwaysRefines = refinesAlways(index);
    if (externals.size() == 1 && nodes_[index].contentUris.empty()) {
        setExternal(index, std::move(externals.front()));
        return;
    }
    for (std::string& uri : externals) {
        nodes_[index].refine = Refine::Add;
        nodes_[index].alwaysRefines = true;
        Node child;
        child.toEcef = nodes_[index].toEcef;
        child.volumeEcef = nodes_[index].volumeEcef;
        child.geometricErrorMetres = nodes_[index].geometricErrorMetres;
        child.alwaysRefines = true;
        setExternal(addNode(std::move(child), static_cast<std::int64_t>(index)), std::move(uri));
    }
}

bool SelectionTree::refinesAlways(std::size_t index) const {
    const Node& node = nodes_[index];
    if (node.contentUris.empty()) {
        return true;
    }
    for (auto at = node.parent; at >= 0; at = nodes_[static_cast<std::size_t>(at)].parent) {
        const Node& above = nodes_[static_cast<std::size_t>(at)];
        if (!above.alwaysRefines) {
            return node.geometricErrorMetres >= above.geometricErrorMetres;
        }
    }
    return false;
}

/// An external tileset that contains itself would grow for ever.
void SelectionTree::setExternal(std::size_t index, std::string uri) {
    bool isOwnAncestor = uri == rootUri_;
    for (auto at = nodes_[index].parent; at >= 0 && !isOwnAncestor;
         at = nodes_[static_cast<std::size_t>(at)].parent) {
        isOwnAncestor = nodes_[static_cast<std::size_t>(at)].externalUri == uri;
    }
    if (isOwnAncestor || nodes_[index].depth >= kMaxTreeDepth) {
        warnings_.push_back(fmt::format(
            "{}: left out, it {}", uri, isOwnAncestor ? "contains itself" : "lies too deep"));
        return;
    }
    nodes_[index].externalUri = std::move(uri);
}

} // namespace tiles3d::select
