#include "viewer/scene/triangle_tree.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace {

using viewer::scene::Ray;
using viewer::scene::TriangleTree;
using viewer::stream::MeshPart;

constexpr unsigned kSeed = 20260726;
constexpr double kNone = std::numeric_limits<double>::infinity();

/// Small triangles strewn over a cube of 200 m.
MeshPart strewn(std::size_t triangles) {
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<float> place(-100.0F, 100.0F);
    std::uniform_real_distribution<float> side(-4.0F, 4.0F);
    MeshPart part;
    for (std::size_t i = 0; i < triangles; ++i) {
        const glm::vec3 corner(place(random), place(random), place(random));
        for (int k = 0; k < 3; ++k) {
            part.longIndices.push_back(static_cast<std::uint32_t>(part.positions.size()));
            part.positions.push_back(corner + glm::vec3(side(random), side(random), side(random)));
        }
    }
    return part;
}

/// The nearest of all triangles, each in a tree of its own.
double byEachTriangle(const MeshPart& part, const Ray& ray) {
    double nearest = kNone;
    for (std::size_t i = 0; i < part.longIndices.size(); i += 3) {
        MeshPart one;
        one.positions = {part.positions[i], part.positions[i + 1], part.positions[i + 2]};
        one.shortIndices = {0, 1, 2};
        nearest = TriangleTree(one).nearestHit(one, ray, nearest);
    }
    return nearest;
}

TEST(TriangleTree, findsWhatLookingAtEachTriangleFinds) {
    const MeshPart part = strewn(3000);
    const TriangleTree tree(part);
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> place(-120.0, 120.0);
    int hits = 0;
    for (int i = 0; i < 100; ++i) {
        const glm::dvec3 origin(place(random), place(random), 150.0);
        const glm::dvec3 target(place(random), place(random), -150.0);
        const Ray ray{origin, target - origin};
        const double expected = byEachTriangle(part, ray);
        EXPECT_EQ(tree.nearestHit(part, ray, kNone), expected) << "ray " << i << ", seed " << kSeed;
        hits += expected < kNone ? 1 : 0;
    }
    EXPECT_GT(hits, 20);
    EXPECT_LE(tree.byteCount(), 3000U * 8U);
}

TEST(TriangleTree, keepsWhatIsNearer) {
    MeshPart part;
    part.positions = {{0, 0, 0}, {4, 0, 0}, {0, 4, 0}};
    part.shortIndices = {0, 1, 2};
    const TriangleTree tree(part);
    const Ray down{{1.0, 1.0, 10.0}, {0.0, 0.0, -1.0}};
    EXPECT_DOUBLE_EQ(tree.nearestHit(part, down, kNone), 10.0);
    EXPECT_DOUBLE_EQ(tree.nearestHit(part, down, 7.0), 7.0);
    EXPECT_DOUBLE_EQ(tree.nearestHit(part, {{0.0, 1.0, 10.0}, {0.0, 0.0, -1.0}}, kNone), 10.0)
        << "along the box's face";
    EXPECT_EQ(TriangleTree(MeshPart{}).nearestHit(MeshPart{}, down, kNone), kNone);
}

} // namespace
