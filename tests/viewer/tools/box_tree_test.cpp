#include "viewer/tools/box_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace viewer::tools {
namespace {

std::vector<PlaneBox> randomBoxes(std::size_t count, double size, std::mt19937& random) {
    std::uniform_real_distribution<double> spread(-1000.0, 1000.0);
    std::uniform_real_distribution<double> length(0.0, size);
    std::vector<PlaneBox> boxes(count);
    for (PlaneBox& box : boxes) {
        box.lowest = {spread(random), spread(random)};
        box.highest = box.lowest + glm::dvec2(length(random), length(random));
    }
    return boxes;
}

std::vector<std::size_t> meetingOneByOne(const std::vector<PlaneBox>& boxes,
                                         const PlaneBox& query) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].meets(query)) {
            found.push_back(i);
        }
    }
    return found;
}

TEST(BoxTree, agreesWithBruteForce) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 257U, 5000U}) {
        const std::vector<PlaneBox> boxes = randomBoxes(count, 80.0, random);
        const BoxTree tree(boxes);
        for (const PlaneBox& query : randomBoxes(50, 80.0, random)) {
            ASSERT_EQ(tree.meeting(query), meetingOneByOne(boxes, query)) << count;
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
