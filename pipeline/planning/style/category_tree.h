#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/legend.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning::style {

/// One category with what is below it.
struct CategoryNode {
    std::string path;        ///< "control/ecological-red-line"; "" at the root.
    std::string name;        ///< Its last part in Chinese if the legend knows it, else as written.
    std::string nameEnglish; ///< The same in English.
    std::vector<CategoryNode> children;
    std::vector<std::uint32_t> layers; ///< Places of the layers of just this category, ascending.
    std::size_t layersBelow = 0;       ///< Of it and all below.
    std::size_t featuresBelow = 0;
};

/// The categories of `layers` as a tree: its root holds the layers that have none. Siblings stand
/// in the legend's order, then those that it does not know by their paths. Parts that differ only
/// in the case of Latin letters are one category.
CategoryNode categoryTree(std::span<const LayerInfo> layers, const Legend& legend);

} // namespace pipeline::planning::style
