#include "pipeline/terrain/triangulate.h"

#include <glm/common.hpp>
#include <glm/vec4.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <utility>

namespace pipeline::terrain {
namespace {

constexpr float kHole = std::numeric_limits<float>::quiet_NaN();
constexpr double kRounding = 1e-9;

using Land = std::function<double(int column, int row)>;

PostGrid gridOf(int intervals, const Land& land) {
    PostGrid grid{.intervals = intervals};
    for (int row = -1; row <= intervals + 1; ++row) {
        for (int column = -1; column <= intervals + 1; ++column) {
            grid.heights.push_back(static_cast<float>(land(column, row)));
        }
    }
    return grid;
}

/// Hills of several sizes and some noise.
Land randomLand(unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::vector<glm::dvec4> waves;
    for (int i = 0; i < 12; ++i) {
        const double length = 4.0 * std::pow(1.5, i);
        const double heading = 6.3 * uniform(random);
        waves.push_back({std::cos(heading) * 6.3 / length,
                         std::sin(heading) * 6.3 / length,
                         6.3 * uniform(random),
                         0.1 * length});
    }
    return [=](int column, int row) {
        double height = 100.0;
        for (const glm::dvec4& wave : waves) {
            height += wave.w * std::sin(wave.x * column + wave.y * row + wave.z);
        }
        return height;
    };
}

/// Holes where noise of that grain is high; another seed of the hash gives others.
Land withHoles(const Land& land, unsigned seed, int grain, double share) {
    return [=](int column, int row) {
        std::seed_seq sequence{static_cast<unsigned>(column + 1000) / static_cast<unsigned>(grain),
                               static_cast<unsigned>(row + 1000) / static_cast<unsigned>(grain),
                               seed};
        std::mt19937 random(sequence);
        return static_cast<double>(random()) < share * 4294967296.0 ? static_cast<double>(kHole)
                                                                    : land(column, row);
    };
}

std::int64_t twiceArea(const glm::ivec2& a, const glm::ivec2& b, const glm::ivec2& c) {
    return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{b.y - a.y} * (c.x - a.x);
}

bool isHole(const PostGrid& grid, const glm::ivec2& post) {
    return std::isnan(grid.at(post.x, post.y));
}

/// Twice the area of what a surface should cover.
std::int64_t twiceLand(const PostGrid& grid) {
    std::int64_t land = 0;
    for (int row = 0; row < grid.intervals; ++row) {
        for (int column = 0; column < grid.intervals; ++column) {
            int holes = 0;
            for (const glm::ivec2 corner : {glm::ivec2(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
                holes += isHole(grid, glm::ivec2(column, row) + corner) ? 1 : 0;
            }
            land += holes == 0 ? 2 : holes == 1 ? 1 : 0;
        }
    }
    return land;
}

/// The largest error of a triangle over its posts, by testing each of its box; none is a hole.
double worstError(const PostGrid& grid, const std::array<glm::ivec2, 3>& corners) {
    const auto& [a, b, c] = corners;
    const glm::ivec2 low = glm::min(a, glm::min(b, c));
    const glm::ivec2 size = glm::max(a, glm::max(b, c)) - low + 1;
    double worst = 0.0;
    for (int i = 0; i < size.x * size.y; ++i) {
        const glm::ivec2 post = low + glm::ivec2(i % size.x, i / size.x);
        const std::int64_t wa = twiceArea(b, c, post);
        const std::int64_t wb = twiceArea(c, a, post);
        const std::int64_t wc = twiceArea(a, b, post);
        if (wa < 0 || wb < 0 || wc < 0) {
            continue;
        }
        EXPECT_FALSE(isHole(grid, post)) << post.x << ", " << post.y;
        const double surface = (static_cast<double>(wa) * grid.at(a.x, a.y) +
                                static_cast<double>(wb) * grid.at(b.x, b.y) +
                                static_cast<double>(wc) * grid.at(c.x, c.y)) /
                               static_cast<double>(twiceArea(a, b, c));
        worst = std::max(worst, std::abs(surface - grid.at(post.x, post.y)));
    }
    return worst;
}

/// What every Tin is: triangles with an area, each over land alone, no two over one place, together
/// as large as the land; errors as it says.
void expectSound(const Tin& tin, const PostGrid& grid, double toleranceMetres) {
    std::int64_t area = 0;
    double worst = 0.0;
    std::set<std::uint32_t> used;
    std::set<std::pair<std::uint32_t, std::uint32_t>> edges;
    for (std::size_t i = 0; i < tin.indices.size(); i += 3) {
        std::array<glm::ivec2, 3> corners;
        for (std::size_t corner = 0; corner < 3; ++corner) {
            const std::uint32_t index = tin.indices[i + corner];
            corners[corner] = tin.posts[index];
            used.insert(index);
            // Directed edges that stand once and the right area in sum: nothing overlaps.
            EXPECT_TRUE(edges.emplace(index, tin.indices[i + (corner + 1) % 3]).second);
        }
        const std::int64_t twice = twiceArea(corners[0], corners[1], corners[2]);
        EXPECT_GT(twice, 0);
        area += twice;
        worst = std::max(worst, worstError(grid, corners));
    }
    EXPECT_EQ(area, twiceLand(grid));
    EXPECT_EQ(used.size(), tin.posts.size());
    EXPECT_NEAR(worst, tin.errorMetres, kRounding);
    EXPECT_LE(tin.errorMetres, std::max(toleranceMetres, 1e-6));
}

/// Rows of the vertices on the column.
std::set<int> verticesOnColumn(const Tin& tin, int column) {
    std::set<int> rows;
    for (const glm::ivec2& post : tin.posts) {
        if (post.x == column) {
            rows.insert(post.y);
        }
    }
    return rows;
}

TEST(Triangulate, flatLandIsTwoTriangles) {
    for (const int intervals : {1, 2, 256}) {
        const PostGrid grid = gridOf(intervals, [](int, int) { return 8848.86; });
        const Tin tin = triangulate(grid, 0.0);
        EXPECT_EQ(tin.posts.size(), 4U);
        EXPECT_EQ(tin.indices.size(), 6U);
        EXPECT_EQ(tin.errorMetres, 0.0);
        expectSound(tin, grid, 0.0);
    }
}

TEST(Triangulate, aPlaneIsTwoTriangles) {
    const PostGrid grid = gridOf(100, [](int column, int row) { return 0.25 * column - 3 * row; });
    EXPECT_EQ(triangulate(grid, 0.0).posts.size(), 4U);
}

TEST(Triangulate, aConeKeepsItsTop) {
    const auto cone = [](int column, int row) { return -std::hypot(column - 40, row - 31); };
    const PostGrid grid = gridOf(64, cone);
    const Tin tin = triangulate(grid, 0.25);
    expectSound(tin, grid, 0.25);
    EXPECT_NE(std::find(tin.posts.begin(), tin.posts.end(), glm::ivec2(40, 31)), tin.posts.end());
    EXPECT_LT(tin.posts.size(), 150U);
}

TEST(Triangulate, randomLandIsWithinTheTolerance) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(seed);
        const PostGrid grid = gridOf(64, randomLand(seed));
        std::size_t finer = grid.heights.size();
        for (const double tolerance : {0.0, 0.1, 1.0, 10.0}) {
            const Tin tin = triangulate(grid, tolerance);
            expectSound(tin, grid, tolerance);
            EXPECT_LT(tin.posts.size(), finer);
            finer = tin.posts.size();
        }
    }
}

TEST(Triangulate, theSameInputGivesTheSameTin) {
    const PostGrid grid = gridOf(64, withHoles(randomLand(3), 3, 5, 0.1));
    const Tin first = triangulate(grid, 0.5);
    const Tin second = triangulate(grid, 0.5);
    EXPECT_EQ(first.posts, second.posts);
    EXPECT_EQ(first.indices, second.indices);
}

TEST(Triangulate, fixedPostsAreVertices) {
    PostGrid grid = gridOf(32, [](int, int) { return 1.0; });
    grid.fixed.resize(grid.heights.size());
    const std::vector<glm::ivec2> wanted = {{0, 7}, {32, 1}, {9, 32}, {16, 16}, {16, 17}, {5, 30}};
    for (const glm::ivec2& post : wanted) {
        grid.fixed[grid.indexOf(post.x, post.y)] = 1;
    }
    grid.fixed[grid.indexOf(-1, 3)] = 1; // the apron's mean nothing
    const Tin tin = triangulate(grid, 1.0);
    expectSound(tin, grid, 1.0);
    EXPECT_EQ(tin.posts.size(), 4 + wanted.size());
    for (const glm::ivec2& post : wanted) {
        EXPECT_NE(std::find(tin.posts.begin(), tin.posts.end(), post), tin.posts.end());
    }
}

/// Posts of the column with no hole around: they hang on both sides' land.
std::set<int> firmRows(const PostGrid& grid, int column, const std::set<int>& rows) {
    std::set<int> firm;
    for (const int row : rows) {
        bool isFirm = true;
        for (int i = 0; i < 9; ++i) {
            isFirm = isFirm && !isHole(grid, {column - 1 + i % 3, row - 1 + i / 3});
        }
        if (isFirm) {
            firm.insert(row);
        }
    }
    return firm;
}

void expectSameBorder(const Land& land, unsigned seed) {
    constexpr int kSide = 32;
    const auto gridFrom = [&](int west) {
        PostGrid grid = gridOf(kSide, [&](int c, int r) { return land(west + c, r); });
        grid.fixed.resize(grid.heights.size());
        for (int row = 0; row <= kSide; row += static_cast<int>(seed % 7) + 3) {
            grid.fixed[grid.indexOf(kSide - west, row)] = 1;
        }
        return grid;
    };
    const PostGrid westGrid = gridFrom(0);
    const PostGrid eastGrid = gridFrom(kSide);
    const Tin west = triangulate(westGrid, 0.7);
    const Tin east = triangulate(eastGrid, 0.7);
    expectSound(west, westGrid, 0.7);
    expectSound(east, eastGrid, 0.7);
    // Beside a hole a post may have land on one side alone: there they may differ.
    EXPECT_EQ(firmRows(westGrid, kSide, verticesOnColumn(west, kSide)),
              firmRows(eastGrid, 0, verticesOnColumn(east, 0)));
}

TEST(Triangulate, neighboursHaveTheSameBorder) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        expectSameBorder(
            withHoles(
                randomLand(seed), seed, 1 + static_cast<int>(seed % 3), seed % 4 == 0 ? 0.0 : 0.03),
            seed);
    }
}

TEST(Triangulate, neighboursOfDifferentTolerancesHaveTheSameBorder) {
    constexpr int kSide = 64;
    constexpr TriangulateOptions kBorders{.borderToleranceMetres = 0.2};
    for (unsigned seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        const Land land = randomLand(seed);
        const PostGrid eastGrid = gridOf(kSide, [&](int c, int r) { return land(kSide + c, r); });
        const Tin west = triangulate(gridOf(kSide, land), 0.3, kBorders);
        const Tin east = triangulate(eastGrid, 1.5, kBorders);
        EXPECT_EQ(verticesOnColumn(west, kSide), verticesOnColumn(east, 0));
        expectSound(east, eastGrid, 1.5);
    }
}

TEST(Triangulate, allFourBordersAreRefinedAlike) {
    // Land that is the same on all four, whichever way it is turned at the diagonals.
    const auto land = [](int column, int row) {
        return 5.0 * std::sin(0.4 * column) * std::cos(0.4 * column) * std::cos(0.01 * row) +
               5.0 * std::sin(0.4 * row) * std::cos(0.4 * row) * std::cos(0.01 * column);
    };
    const Tin tin = triangulate(gridOf(50, land), 0.3);
    std::set<int> west;
    std::set<int> south;
    for (const glm::ivec2& post : tin.posts) {
        if (post.x == 0) {
            west.insert(post.y);
        }
        if (post.y == 0) {
            south.insert(post.x);
        }
    }
    EXPECT_GT(west.size(), 10U);
    EXPECT_EQ(west, south);
}

TEST(Triangulate, holesOfAllShapesStayHoles) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        for (const int grain : {1, 2, 7}) {
            for (const double share : {0.02, 0.2, 0.5, 0.9}) {
                SCOPED_TRACE(testing::Message() << seed << ' ' << grain << ' ' << share);
                const int intervals = 1 + static_cast<int>(seed * 5 % 24);
                const PostGrid grid =
                    gridOf(intervals, withHoles(randomLand(seed), seed, grain, share));
                expectSound(triangulate(grid, 0.5), grid, 0.5);
            }
        }
    }
}

TEST(Triangulate, everySmallPatternOfHoles) {
    // All 2^9 patterns of 3 x 3 posts in a square of 2 intervals.
    for (int pattern = 0; pattern < 512; ++pattern) {
        SCOPED_TRACE(pattern);
        const PostGrid grid = gridOf(2, [&](int column, int row) {
            const int c = std::clamp(column, 0, 2);
            const int r = std::clamp(row, 0, 2);
            return ((pattern >> (3 * r + c)) & 1) != 0 ? static_cast<double>(kHole) : c * r;
        });
        expectSound(triangulate(grid, 0.1), grid, 0.1);
    }
}

TEST(Triangulate, landWithoutASquareIsLost) {
    const auto only = [](const std::function<bool(int, int)>& isLand) {
        return triangulate(gridOf(16,
                                  [&](int column, int row) {
                                      return isLand(column, row) ? 1.0 : static_cast<double>(kHole);
                                  }),
                           0.0);
    };
    EXPECT_TRUE(only([](int, int) { return false; }).posts.empty());
    EXPECT_TRUE(only([](int c, int r) { return c == 7 && r == 8; }).posts.empty());
    EXPECT_TRUE(only([](int c, int) { return c == 3; }).posts.empty());
    EXPECT_TRUE(only([](int c, int r) { return (c + r) % 2 == 0; }).posts.empty());
    EXPECT_TRUE(only([](int c, int r) { return c % 16 == 0 && r % 16 == 0; }).posts.empty());
    EXPECT_EQ(only([](int c, int r) { return c < 2 && r < 2 && c + r < 2; }).posts.size(), 3U);
}

TEST(LargestDeviation, isThatOfTheFinerPosts) {
    const Land land = randomLand(9);
    const PostGrid finer = gridOf(64, land);
    const PostGrid own = gridOf(16, [&](int column, int row) { return land(4 * column, 4 * row); });
    const Tin exact = triangulate(own, 0.0);
    const Tin coarse = triangulate(own, 3.0);
    EXPECT_DOUBLE_EQ(largestDeviation(coarse, own, own), coarse.errorMetres);
    EXPECT_GE(largestDeviation(coarse, own, finer), coarse.errorMetres);
    EXPECT_GT(largestDeviation(exact, own, finer), 0.0);
    EXPECT_EQ(largestDeviation({}, own, finer), 0.0);
    PostGrid spike = gridOf(64, [](int, int) { return 5.0; });
    spike.heights[spike.indexOf(33, 0)] = 7.5F;
    const PostGrid flat = gridOf(16, [](int, int) { return 5.0; });
    EXPECT_EQ(largestDeviation(triangulate(flat, 0.0), flat, spike), 2.5);
}

} // namespace
} // namespace pipeline::terrain
