#include "viewer/tools/box_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace viewer::tools {
namespace {

TEST(BoxTree, agreesWithBruteForce) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> spread(-1000.0, 1000.0);
    std::uniform_real_distribution<double> size(0.0, 80.0);
    for (const int count : {0, 1, 15, 16, 17, 257, 5000}) {
        std::vector<PlaneBox> boxes;
        for (int i = 0; i < count; ++i) {
            const glm::dvec2 low{spread(random), spread(random)};
            boxes.push_back({low, low + glm::dvec2(size(random), size(random))});
        }
        const BoxTree tree(boxes);
        for (int i = 0; i < 50; ++i) {
            const glm::dvec2 low{spread(random), spread(random)};
            const PlaneBox query{low, low + size(random)};
            std::vector<std::size_t> expected;
            for (std::size_t b = 0; b < boxes.size(); ++b) {
                if (boxes[b].meets(query)) {
                    expected.push_back(b);
                }
            }
            ASSERT_EQ(tree.meeting(query), expected) << count;
        }
    }
}

TEST(BoxTree, bordersMeetAndNaNsDoNot) {
    const double nan = std::nan("");
    const BoxTree tree({{{0, 0}, {1, 1}}, {{nan, nan}, {nan, nan}}, {{1, 1}, {2, 2}}});
    EXPECT_EQ(tree.meeting({{1, 1}, {1, 1}}), (std::vector<std::size_t>{0, 2}));
    EXPECT_TRUE(tree.meeting({{nan, nan}, {nan, nan}}).empty());
}

} // namespace
} // namespace viewer::tools
