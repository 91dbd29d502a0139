#include "pipeline/planning/style/category_tree.h"

#include "pipeline/planning/style/legend_names.h"

#include <algorithm>
#include <tuple>

namespace pipeline::planning::style {

namespace {

CategoryNode& childOf(CategoryNode& parent, const std::string& part, const Legend& legend) {
    const std::string path = parent.path.empty() ? part : parent.path + "/" + part;
    const auto found = std::ranges::find_if(
        parent.children, [&](const CategoryNode& child) { return isSameName(child.path, path); });
    if (found != parent.children.end()) {
        return *found;
    }
    const CategoryName title = legend.categoryName(part);
    CategoryNode child;
    child.path = path;
    child.name = title.name;
    child.nameEnglish = title.nameEnglish;
    parent.children.push_back(std::move(child));
    return parent.children.back();
}

void count(CategoryNode& node, const LayerInfo& layer) {
    ++node.layersBelow;
    node.featuresBelow += layer.features;
}

void sortBelow(CategoryNode& node, const Legend& legend) {
    const auto rank = [&](const CategoryNode& child) {
        return std::tuple(legend.categoryName(categoryParts(child.path).back()).rank, child.path);
    };
    std::ranges::sort(node.children, {}, rank);
    for (CategoryNode& child : node.children) {
        sortBelow(child, legend);
    }
}

} // namespace

CategoryNode categoryTree(std::span<const LayerInfo> layers, const Legend& legend) {
    CategoryNode root;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        CategoryNode* node = &root;
        count(*node, layers[i]);
        for (const std::string& part : categoryParts(layers[i].category)) {
            node = &childOf(*node, part, legend);
            count(*node, layers[i]);
        }
        node->layers.push_back(static_cast<std::uint32_t>(i));
    }
    sortBelow(root, legend);
    return root;
}

} // namespace pipeline::planning::style
