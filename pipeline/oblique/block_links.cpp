#include "pipeline/oblique/block_links.h"

#include "pipeline/scan/osgb_files.h"
#include "tiles3d/base/uri.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace pipeline::oblique {

namespace {

namespace fs = std::filesystem;
using LinksByName = std::map<std::string, const BlockLink*>;

/// "Data/Tile_1/Tile_1.osgb" -> "Tile_1/Tile_1.osgb".
std::string lastTwo(const fs::path& path) {
    return (path.parent_path().filename() / path.filename()).string();
}

LinksByName byRoot(const BlockTask& task) {
    LinksByName links;
    for (const BlockLink& link : task.links) {
        links[link.root.lexically_relative(task.folder).string()] = &link;
    }
    return links;
}

/// Without the endings that several blocks share.
LinksByName byEnding(const BlockTask& task) {
    LinksByName links;
    for (const BlockLink& link : task.links) {
        const auto [at, isNew] = links.try_emplace(lastTwo(link.root), &link);
        at->second = isNew ? &link : nullptr;
    }
    std::erase_if(links, [](const auto& entry) { return entry.second == nullptr; });
    return links;
}

bool isMissing(const ConvertedFile& file) {
    return !file.failure.empty() && file.failureKind == LossKind::Missing;
}

void linkTo(const BlockLink& link, ConvertedFile& file, std::set<const BlockLink*>& used) {
    file.failureKind = LossKind::Missing;
    if (link.isSuperseded) {
        file.failure.clear();
        file.isSuperseded = true;
    } else if (link.tileset.empty()) {
        file.failure = "it is the root of a block without tiles";
    } else if (!used.insert(&link).second) {
        file.failureKind = LossKind::Cycle;
        file.failure = "a block's root, named a second time by another path";
    } else {
        file.failure.clear();
        file.link = &link;
    }
}

/// Every other leaf has content of its own.
void nameBelow(tiles3d::tileset::Tile& tile, std::vector<const BlockLink*>::iterator& next) {
    if (tile.isLeaf() && tile.contents.empty()) {
        tile.contents.push_back({.uri = tiles3d::base::encodeUriPath((*next)->tileset)});
        ++next;
    }
    for (tiles3d::tileset::Tile& child : tile.children) {
        nameBelow(child, next);
    }
}

} // namespace

std::set<std::string> linkedFolders(const BlockTask& task) {
    std::set<std::string> folders;
    for (const BlockLink& link : task.links) {
        folders.insert(link.root.parent_path().lexically_relative(task.folder).string());
    }
    return folders;
}

bool isInAny(const std::set<std::string>& folders, const std::string& file) {
    if (folders.empty()) {
        return false;
    }
    for (fs::path folder = fs::path(file).parent_path(); !folder.empty();
         folder = folder.parent_path()) {
        if (folders.contains(folder.string())) {
            return true;
        }
    }
    return false;
}

std::vector<std::string> ownFiles(const BlockTask& task) {
    const std::set<std::string> linked = linkedFolders(task);
    std::vector<std::string> names;
    std::error_code error;
    const fs::path start =
        linked.empty() ? fs::path(task.folder) : fs::path(task.root).parent_path();
    for (fs::recursive_directory_iterator entries(start, error), end; !error && entries != end;
         entries.increment(error)) {
        const std::string name = entries->path().lexically_relative(task.folder).string();
        if (linked.contains(name)) {
            entries.disable_recursion_pending();
        } else if (scan::isOsgb(entries->path())) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

void insertLinks(const BlockTask& task, ConvertedFiles& converted) {
    if (task.links.empty()) {
        return;
    }
    std::set<const BlockLink*> used;
    const LinksByName roots = byRoot(task);
    for (auto& [name, file] : converted.files) {
        if (const auto root = roots.find(name); root != roots.end()) {
            linkTo(*root->second, file, used);
        }
    }
    const LinksByName endings = byEnding(task);
    for (auto& [name, file] : converted.files) {
        const auto ending = endings.find(lastTwo(name));
        if (isMissing(file) && ending != endings.end()) {
            linkTo(*ending->second, file, used);
        }
    }
    if (!converted.frame) { // nothing that could stand above the blocks: no tree, nothing is lost
        std::erase_if(converted.files,
                      [](const auto& entry) { return entry.second.link != nullptr; });
    }
}

void nameLinks(TileTree& tree) {
    if (tree.root) {
        auto next = tree.links.begin();
        nameBelow(*tree.root, next);
    }
}

std::vector<std::size_t> unlinked(const BlockTask& task, const TileTree& tree) {
    const std::set<const BlockLink*> used(tree.links.begin(), tree.links.end());
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < task.links.size(); ++i) {
        if (!task.links[i].tileset.empty() && !used.contains(&task.links[i])) {
            numbers.push_back(i);
        }
    }
    return numbers;
}

} // namespace pipeline::oblique
