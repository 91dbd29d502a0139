#include "pipeline/terrain/cell_store.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::terrain {
namespace {

namespace fs = std::filesystem;

constexpr float kNoCeiling = std::numeric_limits<float>::infinity();
constexpr Cell kParent{.depth = 1, .x = 1, .y = 0};

/// Height of the land at a place, in cells of depth 2 from the root's south-west: a plane, so that
/// bilinear interpolation is exact.
float landAt(double east, double north) {
    return static_cast<float>(100.0 + 64.0 * east - 32.0 * north);
}

/// The plane over a cell, with one colour.
StoredCell storedCell(const Cell& cell, int intervals, std::byte colour = std::byte{90}) {
    StoredCell stored{.land = {.intervals = intervals}};
    const double side = std::exp2(2 - cell.depth);
    for (int row = 0; row <= intervals; ++row) {
        for (int column = 0; column <= intervals; ++column) {
            stored.land.heights.push_back(
                landAt((cell.x + static_cast<double>(column) / intervals) * side,
                       (cell.y + static_cast<double>(row) / intervals) * side));
        }
    }
    stored.picture = {.width = kTexels, .height = kTexels, .channels = 4};
    stored.picture.pixels.assign(std::size_t{4} * kTexels * kTexels, colour);
    return stored;
}

class Store : public testing::Test {
protected:
    void put(const Cell& cell, const StoredCell& stored) const {
        const auto status = storeCell(folder.path(), cell, stored);
        ASSERT_TRUE(status) << status.error().message;
    }

    /// The four cells below kParent, with 8 intervals each.
    void putFour() const {
        for (const std::uint32_t north : {0U, 1U}) {
            for (const std::uint32_t east : {0U, 1U}) {
                const Cell cell = kParent.child(east, north);
                put(cell, storedCell(cell, 8));
            }
        }
    }

    void plan(const Cell& cell, bool isBase = true) {
        terrainPlan.cells.push_back(
            {.cell = cell, .finestDepth = cell.depth, .demDepth = cell.depth, .isBase = isBase});
    }

    void planFour() {
        for (const std::uint32_t i : {0U, 1U, 2U, 3U}) {
            plan(kParent.child(i % 2, i / 2));
        }
    }

    CellStore::Joined joined(int apron) const {
        CellStore store(folder.path(), terrainPlan, kParent);
        auto result = store.join(apron);
        EXPECT_TRUE(result) << result.error().message;
        return result ? *std::move(result) : CellStore::Joined{};
    }

    job::TemporaryFolder folder;
    TerrainPlan terrainPlan;
};

/// What the plane has at a post of the joined lattice.
float expectedAt(const Lattice& land, int column, int row) {
    return landAt(2.0 * (kParent.x + static_cast<double>(column) / land.intervals),
                  2.0 * (kParent.y + static_cast<double>(row) / land.intervals));
}

TEST_F(Store, LandReadsBackAsItWas) {
    StoredCell stored = storedCell(kParent, 8);
    stored.deviationMetres = 0.75;
    stored.land.heights.at(3) = std::nanf("");
    stored.land.ceilings.assign(81, kNoCeiling);
    stored.land.covered.assign(81, 0);
    stored.land.ceilings.at(80) = 17.5F;
    stored.land.covered.at(80) = 1;
    put(kParent, stored);
    const auto read = readCell(folder.path(), kParent);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->land.intervals, 8);
    EXPECT_EQ(read->land.apron, 0);
    EXPECT_EQ(read->deviationMetres, 0.75);
    EXPECT_TRUE(std::isnan(read->land.heights.at(3)));
    EXPECT_EQ(read->land.heights.at(2), stored.land.heights.at(2));
    EXPECT_EQ(read->land.ceilings, stored.land.ceilings);
    EXPECT_EQ(read->land.covered, stored.land.covered);
    EXPECT_EQ(read->picture.width, std::uint32_t{kTexels});
    EXPECT_EQ(read->picture.channels, 4U);
    EXPECT_NEAR(std::to_integer<int>(read->picture.pixels.at(0)), 90, 2) << "a JPEG";
    EXPECT_EQ(read->picture.pixels.at(3), std::byte{255}) << "alpha is not kept";
}

TEST_F(Store, LandWithoutPhotogrammetryStaysWithout) {
    put(kParent, storedCell(kParent, 4));
    const auto read = readCell(folder.path(), kParent);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->land.ceilings.empty());
    EXPECT_TRUE(read->land.covered.empty());
}

TEST_F(Store, DamagedFilesAreNamed) {
    put(kParent, storedCell(kParent, 8));
    const fs::path file = storePath(folder.path(), kParent);
    const auto whole = tiles3d::base::readFile(file);
    ASSERT_TRUE(whole);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{10}, std::size_t{200}, std::size_t{700}}) {
        const tiles3d::base::ByteView part(whole->data(), size);
        ASSERT_TRUE(tiles3d::base::writeFile(file, part));
        const auto read = readCell(folder.path(), kParent);
        ASSERT_FALSE(read) << size;
        EXPECT_NE(read.error().message.find("1_1_0.land: damaged"), std::string::npos)
            << read.error().message;
    }
    EXPECT_FALSE(readCell(folder.path(), {.depth = 3})) << "there is none";
}

TEST_F(Store, JoinsTheFourBelow) {
    planFour();
    putFour();
    const CellStore::Joined four = joined(0);
    EXPECT_EQ(four.land.intervals, 16);
    EXPECT_TRUE(four.land.ceilings.empty());
    for (int row = 0; row <= 16; ++row) {
        for (int column = 0; column <= 16; ++column) {
            ASSERT_EQ(four.land.heights[four.land.at(column, row)],
                      expectedAt(four.land, column, row))
                << column << ", " << row;
        }
    }
}

TEST_F(Store, TheFinestOfTheFourDecides) {
    planFour();
    putFour();
    StoredCell fine = storedCell(kParent.child(1, 1), 32);
    fine.deviationMetres = 0.5;
    put(kParent.child(1, 1), fine);
    const CellStore::Joined four = joined(0);
    EXPECT_EQ(four.land.intervals, 64);
    EXPECT_EQ(four.deviationMetres, 0.5);
    for (const int post : {0, 3, 32, 63, 64}) {
        EXPECT_EQ(four.land.heights[four.land.at(post, post)], expectedAt(four.land, post, post));
    }
}

TEST_F(Store, MissingCellsAreHoles) {
    planFour();
    put(kParent.child(0, 0), storedCell(kParent.child(0, 0), 8));
    const CellStore::Joined one = joined(2);
    EXPECT_EQ(one.land.heights[one.land.at(7, 7)], expectedAt(one.land, 7, 7));
    EXPECT_TRUE(std::isnan(one.land.heights[one.land.at(9, 7)]));
    EXPECT_TRUE(std::isnan(one.land.heights[one.land.at(-1, 0)])) << "no neighbour";
    CellStore store(folder.path(), terrainPlan, kParent.child(1, 1));
    EXPECT_FALSE(store.join(0)) << "none at all";
}

TEST_F(Store, TheApronIsTheNeighbours) {
    planFour();
    putFour();
    const Cell west{.depth = 2, .x = 1, .y = 0};
    plan(west);
    put(west, storedCell(west, 8));
    const CellStore::Joined four = joined(4);
    EXPECT_EQ(four.land.side(), 25);
    EXPECT_EQ(four.land.heights[four.land.at(-4, 3)], expectedAt(four.land, -4, 3));
    EXPECT_TRUE(std::isnan(four.land.heights[four.land.at(-4, 12)])) << "nothing there";
    EXPECT_TRUE(std::isnan(four.land.heights[four.land.at(3, -1)])) << "beyond the root";
}

TEST_F(Store, ACoarserNeighbourIsInterpolated) {
    planFour();
    putFour();
    const Cell west{.depth = 1, .x = 0, .y = 0}; // a base cell as large as the parent
    plan(west);
    put(west, storedCell(west, 4));
    const CellStore::Joined four = joined(3);
    for (const int row : {0, 1, 7, 16}) {
        for (const int column : {-3, -2, -1}) {
            EXPECT_EQ(four.land.heights[four.land.at(column, row)],
                      expectedAt(four.land, column, row))
                << column << ", " << row;
        }
    }
}

TEST_F(Store, PhotogrammetryComesAlong) {
    planFour();
    putFour();
    StoredCell covered = storedCell(kParent.child(0, 0), 8);
    covered.land.ceilings.assign(81, kNoCeiling);
    covered.land.covered.assign(81, 0);
    covered.land.ceilings.at(0) = 17.5F;
    covered.land.covered.at(0) = 1;
    put(kParent.child(0, 0), covered);
    const CellStore::Joined four = joined(0);
    EXPECT_EQ(four.land.ceilings.at(0), 17.5F);
    EXPECT_EQ(four.land.covered.at(0), 1);
    EXPECT_EQ(four.land.ceilings.at(1), kNoCeiling);
    EXPECT_EQ(four.land.covered.at(1), 0);
}

TEST_F(Store, PicturesStandAsTheirCellsDo) {
    planFour();
    for (const std::uint32_t i : {0U, 1U, 2U}) { // the north-eastern is missing
        const Cell cell = kParent.child(i % 2, i / 2);
        put(cell, storedCell(cell, 4, static_cast<std::byte>(50 + 50 * i)));
    }
    CellStore store(folder.path(), terrainPlan, kParent);
    const auto picture = store.joinPictures();
    ASSERT_TRUE(picture) << picture.error().message;
    ASSERT_EQ(picture->width, 2U * kTexels);
    const auto greyAt = [&](std::size_t column, std::size_t row) {
        return std::to_integer<int>(picture->pixels.at(4 * (row * picture->width + column)));
    };
    EXPECT_NEAR(greyAt(100, 900), 50, 2) << "south-west";
    EXPECT_NEAR(greyAt(900, 900), 100, 2) << "south-east";
    EXPECT_NEAR(greyAt(100, 100), 150, 2) << "north-west";
    EXPECT_EQ(greyAt(900, 100), 160) << "nothing: grey";
}

} // namespace
} // namespace pipeline::terrain
