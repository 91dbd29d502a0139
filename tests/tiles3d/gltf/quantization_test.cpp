#include "tiles3d/gltf/quantization.h"

#include "models.h"

#include <glm/common.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace tiles3d::gltf {
namespace {

TEST(Quantization, stepIsThePowerOfTwoBelow) {
    EXPECT_EQ(gridStep(0.0125), 0.0078125);
    EXPECT_EQ(gridStep(0.25), 0.25);
    EXPECT_EQ(gridStep(3.0), 2.0);
}

TEST(Quantization, gridRunsThroughTheTileFramesZero) {
    for (const glm::dvec3& origin : {glm::dvec3(0.0), glm::dvec3(64.0, -192.0, 0.0)}) {
        const Model model = wavySheet(7, 33.3F, origin);
        const auto grid = positionGrid(model, 0.01);
        ASSERT_TRUE(grid);
        const glm::dvec3 line = (grid->first + yUp(model.origin)) / grid->step;
        EXPECT_EQ(line, glm::round(line));
        for (const glm::vec3& position : model.primitives[0].mesh.positions) {
            const glm::vec3 back = grid->positionOf(grid->indexOf(yUp(position)));
            EXPECT_LE(std::abs(back.x - position.x), grid->step / 2 + 1e-6);
        }
    }
}

TEST(Quantization, bitsHoldTheExtent) {
    EXPECT_EQ(bitsFor(1.0, 1.0), 1);
    EXPECT_EQ(bitsFor(255.0, 1.0), 8);
    EXPECT_EQ(bitsFor(256.0, 1.0), 9);
    EXPECT_EQ(bitsFor(1.0, 0.25 / 2048.0), 13 + 1);
}

TEST(Quantization, tooManyStepsGiveNoGrid) {
    EXPECT_FALSE(positionGrid(wavySheet(4, 1e6F), 1e-4));
    EXPECT_FALSE(positionGrid(Model{}, 0.01));
}

} // namespace
} // namespace tiles3d::gltf
