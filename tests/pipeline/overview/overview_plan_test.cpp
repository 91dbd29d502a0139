#include "pipeline/overview/overview_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace pipeline::overview {
namespace {

constexpr Grid kGrid{.origin = {500'000.0, 2'700'000.0}, .pitchMetres = 100.0};

/// A block whose low corner is at column, row of its own size from the grid's origin.
Leaf leafAt(int column, int row, double sizeMetres = 100.0) {
    return {.name = std::to_string(column) + "_" + std::to_string(row),
            .geometricErrorMetres = 8.0,
            .metresPerPixel = 0.5,
            .plane = kGrid.origin + sizeMetres * glm::dvec2(column + 0.5, row + 0.5),
            .sizeMetres = 1.004 * sizeMetres};
}

std::vector<Leaf> blocks(int columns, int rows) {
    std::vector<Leaf> leaves;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            leaves.push_back(leafAt(column, row));
        }
    }
    return leaves;
}

/// What holds for any plan: one tree, children first, levels and scales that grow upwards.
void expectTree(const OverviewPlan& plan, const std::vector<Leaf>& leaves) {
    std::vector<int> leafParents(leaves.size());
    std::vector<int> nodeParents(plan.nodes.size());
    std::set<std::string> names;
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        const PlannedNode& node = plan.nodes[i];
        EXPECT_TRUE(names.insert(node.name()).second) << node.name();
        EXPECT_GT(node.leaves.size() + node.nodes.size(), 1U) << node.name();
        int highest = 0;
        for (const std::size_t leaf : node.leaves) {
            ++leafParents[leaf];
            EXPECT_GE(node.metresPerPixel, 2.0 * leaves[leaf].metresPerPixel);
        }
        for (const std::size_t child : node.nodes) {
            ASSERT_LT(child, i);
            ++nodeParents[child];
            highest = std::max(highest, plan.nodes[child].height);
            EXPECT_GE(node.metresPerPixel, 2.0 * plan.nodes[child].metresPerPixel);
            EXPECT_GT(node.level, plan.nodes[child].level);
        }
        EXPECT_EQ(node.height, highest + 1);
    }
    EXPECT_TRUE(std::ranges::all_of(leafParents, [](int count) { return count == 1; }));
    ASSERT_FALSE(nodeParents.empty());
    EXPECT_EQ(nodeParents.back(), 0);
    nodeParents.pop_back();
    EXPECT_TRUE(std::ranges::all_of(nodeParents, [](int count) { return count == 1; }));
}

TEST(PitchOf, isTheUsualSideToThreeDigits) {
    std::vector<Leaf> leaves = blocks(3, 3);
    leaves.push_back(leafAt(0, 0, 12.0)); // a sliver at the rim
    EXPECT_DOUBLE_EQ(pitchOf(leaves), 100.0);
    EXPECT_DOUBLE_EQ(pitchOf({leafAt(0, 0, 0.0)}), 0.01);
    EXPECT_NEAR(pitchOf({leafAt(0, 0, 312.0)}), 313.0, 1e-9);
}

TEST(PlanOverview, fourByFourIsTwoLevels) {
    const std::vector<Leaf> leaves = blocks(4, 4);
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    ASSERT_EQ(plan.nodes.size(), 5U);
    EXPECT_FALSE(plan.onlyLeaf);
    EXPECT_EQ(plan.nodes[0].name(), "1/0_0");
    EXPECT_EQ(plan.nodes[1].name(), "1/1_0");
    EXPECT_EQ(plan.nodes[0].leaves, (std::vector<std::size_t>{0, 1, 4, 5}));
    EXPECT_EQ(plan.nodes[4].name(), "2/0_0");
    EXPECT_DOUBLE_EQ(plan.nodes[0].metresPerPixel, 1.0);
    EXPECT_DOUBLE_EQ(plan.nodes[4].metresPerPixel, 2.0);
}

TEST(PlanOverview, oneBlockNeedsNoPyramid) {
    const OverviewPlan plan = planOverview({leafAt(3, -7)}, kGrid);
    EXPECT_TRUE(plan.nodes.empty());
    EXPECT_EQ(plan.onlyLeaf, 0U);
}

TEST(PlanOverview, aCellWithOneChildIsNoNode) {
    const std::vector<Leaf> leaves{leafAt(0, 0), leafAt(9, 3)};
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    ASSERT_EQ(plan.nodes.size(), 1U);
    EXPECT_EQ(plan.nodes[0].name(), "4/0_0");
    EXPECT_DOUBLE_EQ(plan.nodes[0].metresPerPixel, 1.0); // twice its children's, whatever its level
}

TEST(PlanOverview, largeBlocksEnterAtTheLevelOfTheirSize) {
    // 200 m at (1, 0) beside four blocks of 100 m; all below one cell of 400 m.
    std::vector<Leaf> leaves = blocks(2, 2);
    leaves.push_back(leafAt(1, 0, 200.0));
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    ASSERT_EQ(plan.nodes.size(), 2U);
    EXPECT_EQ(plan.nodes[0].leaves, (std::vector<std::size_t>{0, 1, 2, 3}));
    EXPECT_EQ(plan.nodes[1].level, 2);
    EXPECT_EQ(plan.nodes[1].leaves, (std::vector<std::size_t>{4}));
    EXPECT_EQ(plan.nodes[1].nodes, (std::vector<std::size_t>{0}));
}

TEST(PlanOverview, blocksOfUnknownDetailAreTakenBySize) {
    std::vector<Leaf> leaves{leafAt(0, 0), leafAt(1, 0)};
    leaves[0].metresPerPixel = leaves[1].metresPerPixel = 0.0;
    EXPECT_DOUBLE_EQ(planOverview(leaves, kGrid).nodes.back().metresPerPixel,
                     2.0 * leaves[0].sizeMetres / kUnknownPixels);
    leaves[1].metresPerPixel = 3.0;
    EXPECT_DOUBLE_EQ(planOverview(leaves, kGrid).nodes.back().metresPerPixel, 6.0);
    leaves[0].sizeMetres = leaves[1].sizeMetres = leaves[1].metresPerPixel = 0.0;
    EXPECT_GT(planOverview(leaves, kGrid).nodes.back().metresPerPixel, 0.0);
}

TEST(PlanOverview, aNodeHasNoMorePixelsThanATextureTakes) {
    std::vector<Leaf> leaves = blocks(4, 4);
    for (Leaf& leaf : leaves) {
        leaf.metresPerPixel = 0.01;
    }
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    EXPECT_NEAR(plan.nodes.front().metresPerPixel, 200.4 / kMostPixels, 1e-9);
    EXPECT_NEAR(plan.nodes.back().metresPerPixel, 2.0 * 200.4 / kMostPixels, 1e-9);
}

TEST(PlanOverview, blocksOverOneAnotherShareANode) {
    const std::vector<Leaf> leaves{leafAt(5, 5), leafAt(5, 5)};
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    ASSERT_EQ(plan.nodes.size(), 1U);
    EXPECT_EQ(plan.nodes[0].name(), "0/5_5");
}

TEST(PlanOverview, blocksOnAllSidesOfTheOriginMakeOneTree) {
    std::vector<Leaf> leaves;
    for (int row = -3; row < 3; ++row) {
        for (int column = -2; column < 4; ++column) {
            leaves.push_back(leafAt(column, row));
        }
    }
    const OverviewPlan plan = planOverview(leaves, kGrid);
    expectTree(plan, leaves);
    EXPECT_TRUE(std::ranges::any_of(
        plan.nodes, [](const PlannedNode& node) { return node.name() == "1/-1_-1"; }));
    EXPECT_LE(plan.nodes.back().metresPerPixel, 4.0); // whatever the root's level
}

TEST(PlanOverview, anyBlocksMakeOneTree) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        std::uniform_int_distribution<int> place(-20, 20);
        std::uniform_int_distribution<int> size(0, 3);
        std::vector<Leaf> leaves;
        for (int i = 0; i < 100; ++i) {
            const int column = place(random);
            const int row = place(random);
            leaves.push_back(leafAt(column, row, 50.0 * (1 << size(random))));
        }
        expectTree(planOverview(leaves, kGrid), leaves);
    }
}

TEST(PlanOverview, aBlockThatGoesLeavesAllOtherCellsWhereTheyAre) {
    std::vector<Leaf> leaves = blocks(9, 7);
    std::map<std::string, std::set<std::string>> before;
    const auto childrenOf = [&](const OverviewPlan& plan, const PlannedNode& node) {
        std::set<std::string> names;
        for (const std::size_t leaf : node.leaves) {
            names.insert(leaves[leaf].name);
        }
        for (const std::size_t child : node.nodes) {
            names.insert(plan.nodes[child].name());
        }
        return names;
    };
    const OverviewPlan whole = planOverview(leaves, kGrid);
    for (const PlannedNode& node : whole.nodes) {
        before[node.name()] = childrenOf(whole, node);
    }
    leaves.erase(leaves.begin() + 38); // "2_4", of node "1/1_2"
    const OverviewPlan less = planOverview(leaves, kGrid);
    EXPECT_EQ(less.nodes.size(), whole.nodes.size());
    for (const PlannedNode& node : less.nodes) {
        if (node.name() == "1/1_2") {
            EXPECT_EQ(childrenOf(less, node), (std::set<std::string>{"3_4", "2_5", "3_5"}));
        } else {
            EXPECT_EQ(childrenOf(less, node), before[node.name()]) << node.name();
        }
    }
}

TEST(PlanOverview, theOrderOfTheBlocksChangesNoCell) {
    std::vector<Leaf> leaves = blocks(6, 6);
    const OverviewPlan one = planOverview(leaves, kGrid);
    std::ranges::reverse(leaves);
    const OverviewPlan two = planOverview(leaves, kGrid);
    ASSERT_EQ(one.nodes.size(), two.nodes.size());
    for (std::size_t i = 0; i < one.nodes.size(); ++i) {
        EXPECT_EQ(one.nodes[i].name(), two.nodes[i].name());
        EXPECT_EQ(one.nodes[i].nodes, two.nodes[i].nodes);
    }
}

TEST(PlanOverview, aCityOfSeventyThousandBlocks) {
    const std::vector<Leaf> leaves = blocks(265, 265);
    const OverviewPlan plan = planOverview(leaves, kGrid);
    EXPECT_EQ(plan.nodes.back().height, 9);
    EXPECT_LT(plan.nodes.size(), leaves.size() * 35 / 100); // a third in the limit, rims apart
    EXPECT_TRUE(std::ranges::all_of(plan.nodes, [](const PlannedNode& node) {
        return node.leaves.size() + node.nodes.size() <= 4;
    }));
}

} // namespace
} // namespace pipeline::overview
