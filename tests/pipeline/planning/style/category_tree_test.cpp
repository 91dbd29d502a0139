#include "pipeline/planning/style/category_tree.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

LayerInfo in(const std::string& category, std::size_t features) {
    LayerInfo layer;
    layer.category = category;
    layer.features = features;
    return layer;
}

TEST(CategoryTree, layersLieInTheirCategoryAndCountInAllAbove) {
    const std::vector<LayerInfo> layers{in("control/ecological-red-line", 5),
                                        in("", 1),
                                        in("control", 2),
                                        in("Control/Ecological-Red-Line/", 10)};
    const CategoryNode root = categoryTree(layers, *Legend::builtIn());
    EXPECT_EQ(root.layers, std::vector<std::uint32_t>{1});
    EXPECT_EQ(root.layersBelow, 4U);
    EXPECT_EQ(root.featuresBelow, 18U);
    ASSERT_EQ(root.children.size(), 1U);
    const CategoryNode& control = root.children[0];
    EXPECT_EQ(control.path, "control");
    EXPECT_EQ(control.name, "管控边界");
    EXPECT_EQ(control.layers, std::vector<std::uint32_t>{2});
    ASSERT_EQ(control.children.size(), 1U);
    EXPECT_EQ(control.children[0].path, "control/ecological-red-line");
    EXPECT_EQ(control.children[0].name, "生态保护红线");
    EXPECT_EQ(control.children[0].nameEnglish, "Ecological protection red line");
    EXPECT_EQ(control.children[0].layers, (std::vector<std::uint32_t>{0, 3}));
    EXPECT_EQ(control.children[0].featuresBelow, 15U);
}

TEST(CategoryTree, theLegendsOrderThenThePaths) {
    const std::vector<LayerInfo> layers{
        in("甲", 0), in("b", 0), in("planning", 0), in("control", 0)};
    const CategoryNode root = categoryTree(layers, *Legend::builtIn());
    std::vector<std::string> paths;
    for (const CategoryNode& child : root.children) {
        paths.push_back(child.path);
    }
    EXPECT_EQ(paths, (std::vector<std::string>{"control", "planning", "b", "甲"}));
    EXPECT_EQ(root.children[3].name, "甲");
}

TEST(CategoryTree, emptyAndDeepPaths) {
    EXPECT_TRUE(categoryTree({}, *Legend::builtIn()).children.empty());
    std::string deep;
    for (int i = 0; i < 100000; ++i) {
        deep += "a/";
    }
    const CategoryNode root =
        categoryTree(std::vector{in(deep, 1), in("//", 1)}, *Legend::builtIn());
    EXPECT_EQ(root.layers, std::vector<std::uint32_t>{1});
    EXPECT_EQ(root.children.size(), 1U);
}

} // namespace
} // namespace pipeline::planning::style
