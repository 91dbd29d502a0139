#include "pipeline/terrain/lattice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pipeline::terrain {
namespace {

constexpr float kNone = std::numeric_limits<float>::infinity();

/// Heights by a function of the post.
template <typename Height>
Lattice latticeOf(int intervals, int apron, const Height& height) {
    Lattice lattice{.intervals = intervals, .apron = apron};
    lattice.heights.resize(static_cast<std::size_t>(lattice.side()) *
                           static_cast<std::size_t>(lattice.side()));
    for (int row = -apron; row <= intervals + apron; ++row) {
        for (int column = -apron; column <= intervals + apron; ++column) {
            lattice.heights[lattice.at(column, row)] = height(column, row);
        }
    }
    return lattice;
}

/// Photogrammetry at `ceiling` metres over all posts whose column is at least `first`.
void coverFrom(Lattice& lattice, int first, float ceiling) {
    lattice.covered.assign(lattice.heights.size(), 0);
    lattice.ceilings.assign(lattice.heights.size(), kNone);
    for (int row = -lattice.apron; row <= lattice.intervals + lattice.apron; ++row) {
        for (int column = -lattice.apron; column <= lattice.intervals + lattice.apron; ++column) {
            lattice.covered[lattice.at(column, row)] = column >= first ? 1 : 0;
            lattice.ceilings[lattice.at(column, row)] = column >= first - 1 ? ceiling : kNone;
        }
    }
}

TEST(Lattice, HalvedIsEverySecondPostAndTheLowestCeiling) {
    Lattice lattice = latticeOf(8, 4, [](int x, int y) { return static_cast<float>(10 * x + y); });
    coverFrom(lattice, 3, 50.0F);
    lattice.ceilings[lattice.at(5, 5)] = 7.0F;
    const Lattice half = halved(lattice);
    EXPECT_EQ(half.intervals, 4);
    EXPECT_EQ(half.apron, 2);
    EXPECT_EQ(half.heights[half.at(-2, 3)], -34.0F);
    EXPECT_EQ(half.heights[half.at(1, 4)], 28.0F);
    EXPECT_EQ(half.covered[half.at(1, 0)], 0);
    EXPECT_EQ(half.covered[half.at(2, 0)], 1);
    EXPECT_EQ(half.ceilings[half.at(3, 3)], 7.0F) << "the post beside";
    EXPECT_EQ(half.ceilings[half.at(0, 0)], kNone);
    EXPECT_EQ(half.ceilings[half.at(1, 0)], 50.0F);
}

TEST(Lattice, DeviationOfHalfIsWhatBilinearInterpolationLoses) {
    const Lattice plane =
        latticeOf(8, 0, [](int x, int y) { return static_cast<float>(2 * x - 3 * y); });
    EXPECT_EQ(deviationOfHalf(plane, 0, 0, 8), 0.0);
    Lattice spike = plane;
    spike.heights[spike.at(3, 4)] += 5.0F;
    EXPECT_EQ(deviationOfHalf(spike, 0, 0, 8), 5.0);
    EXPECT_EQ(deviationOfHalf(spike, 4, 0, 4), 0.0);
    Lattice hole = spike;
    hole.heights[hole.at(3, 4)] = std::nanf("");
    EXPECT_EQ(deviationOfHalf(hole, 0, 0, 8), 0.0);
}

TEST(Lattice, DeviationBetweenPostsFindsBendsThatNoPostShows) {
    const Lattice plane =
        latticeOf(8, 1, [](int x, int y) { return static_cast<float>(2 * x - 3 * y); });
    EXPECT_EQ(deviationBetweenPosts(plane, 0, 0, 8), 0.0);
    // Flat, then rising by 6 a post: the bend is halfway between two posts, 1.5 below their chord.
    const Lattice kink = latticeOf(
        8, 1, [](int x, int) { return 6.0F * std::max(0.0F, static_cast<float>(x) - 3.5F); });
    EXPECT_EQ(deviationBetweenPosts(kink, 0, 0, 8), 1.5);
    EXPECT_EQ(deviationBetweenPosts(kink, 4, 0, 4), 0.75) << "the next interval sees half of it";
    EXPECT_EQ(deviationBetweenPosts(kink, 6, 0, 2), 0.0);
    Lattice hole = kink;
    for (int row = -1; row <= 9; ++row) {
        hole.heights[hole.at(4, row)] = std::nanf("");
    }
    EXPECT_EQ(deviationBetweenPosts(hole, 0, 0, 8), 0.0);
}

TEST(Lattice, LandGoesOnBehindRoofsAtTheRimThatHaveNoFloor) {
    Lattice lattice = latticeOf(16, 8, [](int, int) { return 20.0F; });
    coverFrom(lattice, 6, 20.0F);
    for (const int column : {8, 14}) { // at the rim, and well inside
        lattice.covered[lattice.at(column, 4)] = kRoof;
        lattice.ceilings[lattice.at(column, 4)] = 32.0F;
    }
    const PostGrid land = meshedLand(lattice, {.bandPosts = 3, .marginMetres = 0.5});
    EXPECT_EQ(land.at(8, 4), 20.0F);
    EXPECT_EQ(land.at(11, 4), 19.5F) << "a street in the band behind the roof";
    EXPECT_TRUE(std::isnan(land.at(12, 4))) << "beyond it";
    EXPECT_TRUE(std::isnan(land.at(11, 8))) << "beside it";
    EXPECT_TRUE(std::isnan(land.at(14, 4))) << "nobody looks under it";
}

TEST(Lattice, LandGoesOnLoweredBelowPhotogrammetryAndIsCutAwayInside) {
    Lattice lattice = latticeOf(16, 8, [](int, int) { return 20.0F; });
    coverFrom(lattice, 5, 19.0F);
    const PostGrid land = meshedLand(lattice, {.bandPosts = 3, .marginMetres = 0.5});
    EXPECT_EQ(land.at(3, 4), 20.0F) << "outside";
    EXPECT_EQ(land.at(4, 4), 19.0F) << "beside the edge: not above it";
    EXPECT_EQ(land.at(5, 4), 18.5F) << "below, with the margin";
    EXPECT_EQ(land.at(7, 4), 18.5F);
    EXPECT_TRUE(std::isnan(land.at(8, 4))) << "three posts inside";
    const auto isFixed = [&](int column) {
        return land.fixed[static_cast<std::size_t>(5 * 19 + column + 1)] != 0;
    };
    EXPECT_FALSE(isFixed(3));
    EXPECT_TRUE(isFixed(4));
    EXPECT_TRUE(isFixed(5));
    EXPECT_FALSE(isFixed(6));
}

TEST(Lattice, LandBelowPhotogrammetryStaysAsItIs) {
    Lattice lattice = latticeOf(16, 8, [](int, int) { return 10.0F; });
    coverFrom(lattice, 5, 19.0F);
    const PostGrid land = meshedLand(lattice, {.bandPosts = 3, .marginMetres = 0.5});
    EXPECT_EQ(land.at(4, 4), 10.0F);
    EXPECT_EQ(land.at(6, 4), 10.0F);
    EXPECT_TRUE(std::isnan(land.at(8, 4)));
}

TEST(Lattice, ErrorsAreMeasuredOnPlainLandOnly) {
    Lattice lattice = latticeOf(16, 8, [](int, int) { return 20.0F; });
    coverFrom(lattice, 5, 19.0F);
    const PostGrid plain = plainLand(lattice);
    EXPECT_EQ(plain.at(3, 0), 20.0F);
    EXPECT_TRUE(std::isnan(plain.at(4, 0)));
}

TEST(Lattice, CutsAgreeWithTheWhole) {
    const Lattice lattice =
        latticeOf(16, 8, [](int x, int y) { return static_cast<float>(x * x + y); });
    const PostGrid whole = meshedLand(lattice, {});
    const PostGrid part = cut(whole, 8, 4, 8);
    EXPECT_EQ(part.at(-1, -1), whole.at(7, 3));
    EXPECT_EQ(part.at(9, 9), whole.at(17, 13));
    const Lattice corner = cut(lattice, 8, 8, 8, 6);
    EXPECT_EQ(corner.heights[corner.at(-6, 14)], lattice.heights[lattice.at(2, 22)]);
    EXPECT_TRUE(corner.hasLand());
}

} // namespace
} // namespace pipeline::terrain
