#include "tiles3d/tileset/implicit_tiling.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tiles3d::tileset {

namespace {

unsigned dimensions(Subdivision subdivision) {
    return subdivision == Subdivision::Quadtree ? 2 : 3;
}

bool hasVariable(std::string_view uriTemplate, std::string_view variable) {
    return uriTemplate.find(variable) != std::string_view::npos;
}

} // namespace

std::vector<std::string> problemsOf(const ImplicitTiling& tiling) {
    std::vector<std::string> problems;
    const int mostLevels = maxSubtreeLevels(tiling.subdivision);
    if (tiling.subtreeLevels < 1 || tiling.subtreeLevels > mostLevels) {
        problems.push_back(fmt::format("implicit tiling with {} levels a subtree, not 1 to {}",
                                       tiling.subtreeLevels,
                                       mostLevels));
    }
    if (tiling.availableLevels < 1 || tiling.availableLevels > kMaxAvailableLevels) {
        problems.push_back(fmt::format("implicit tiling with {} available levels, not 1 to {}",
                                       tiling.availableLevels,
                                       kMaxAvailableLevels));
    }
    const bool isOctree = tiling.subdivision == Subdivision::Octree;
    const bool namesAll = hasVariable(tiling.subtreesUri, "{level}") &&
                          hasVariable(tiling.subtreesUri, "{x}") &&
                          hasVariable(tiling.subtreesUri, "{y}") &&
                          (!isOctree || hasVariable(tiling.subtreesUri, "{z}"));
    if (!namesAll) {
        problems.push_back(
            fmt::format("the subtrees' URI template \"{}\" lacks one of {{level}}, {{x}}, {{y}}{}",
                        tiling.subtreesUri,
                        isOctree ? ", {z}" : ""));
    }
    return problems;
}

std::string fillTemplate(std::string_view uriTemplate, const TileCoordinates& tile) {
    const std::array<std::pair<std::string_view, std::string>, 4> variables{
        {{"{level}", fmt::to_string(tile.level)},
         {"{x}", fmt::to_string(tile.x)},
         {"{y}", fmt::to_string(tile.y)},
         {"{z}", fmt::to_string(tile.z)}}};
    std::string uri(uriTemplate);
    for (const auto& [variable, value] : variables) {
        for (std::size_t at = uri.find(variable); at != std::string::npos;
             at = uri.find(variable, at)) {
            uri.replace(at, variable.size(), value);
        }
    }
    return uri;
}

std::string subtreeUri(const ImplicitTiling& tiling) {
    return fillTemplate(tiling.subtreesUri, tiling.subtreeRoot);
}

std::uint64_t tilesOfLevel(Subdivision subdivision, int level) {
    return std::uint64_t{1} << (dimensions(subdivision) * static_cast<unsigned>(level));
}

std::uint64_t tilesAbove(Subdivision subdivision, int level) {
    return (tilesOfLevel(subdivision, level) - 1) / (childrenPerTile(subdivision) - 1);
}

std::uint64_t mortonIndex(Subdivision subdivision, const TileCoordinates& tile) {
    const unsigned count = dimensions(subdivision);
    const std::array<std::uint64_t, 3> axes{tile.x, tile.y, tile.z};
    std::uint64_t index = 0;
    for (unsigned bit = 0; bit < static_cast<unsigned>(tile.level); ++bit) {
        for (unsigned axis = 0; axis < count; ++axis) {
            index |= ((axes[axis] >> bit) & 1U) << (bit * count + axis);
        }
    }
    return index;
}

TileCoordinates subtreeRootOf(const ImplicitTiling& tiling, const TileCoordinates& tile) {
    const int below = tile.level % tiling.subtreeLevels;
    return {tile.level - below, tile.x >> below, tile.y >> below, tile.z >> below};
}

TileCoordinates relativeTo(const TileCoordinates& root, const TileCoordinates& tile) {
    const int below = tile.level - root.level;
    return {
        below, tile.x - (root.x << below), tile.y - (root.y << below), tile.z - (root.z << below)};
}

TileCoordinates childOf(const TileCoordinates& tile, std::uint32_t child) {
    return {tile.level + 1,
            2 * tile.x + (child & 1U),
            2 * tile.y + ((child >> 1U) & 1U),
            2 * tile.z + ((child >> 2U) & 1U)};
}

} // namespace tiles3d::tileset
