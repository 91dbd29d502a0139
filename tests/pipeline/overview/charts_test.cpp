#include "pipeline/overview/charts.h"

#include "scenes.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace pipeline::overview {
namespace {

using tiles3d::mesh::TriangleMesh;

constexpr ChartOptions kMetre{.planTexelMetres = 1.0, .sideTexelMetres = 1.0};

const glm::vec3& corner(const TriangleMesh& mesh, std::uint32_t triangle, std::size_t i) {
    return mesh.positions[mesh.indices[3 * std::size_t{triangle} + i]];
}

glm::vec3 directionOf(const TriangleMesh& mesh, std::uint32_t triangle) {
    return glm::normalize(glm::cross(corner(mesh, triangle, 1) - corner(mesh, triangle, 0),
                                     corner(mesh, triangle, 2) - corner(mesh, triangle, 0)));
}

void expectEachTriangleOnce(const TriangleMesh& mesh, const Charts& charts) {
    std::vector<int> seen(mesh.indices.size() / 3);
    for (const Chart& chart : charts.charts) {
        for (const std::uint32_t triangle : chart.triangles) {
            ++seen[triangle];
        }
    }
    EXPECT_TRUE(std::ranges::all_of(seen, [](int count) { return count == 1; }));
}

void expectApart(const Charts& charts) {
    for (std::size_t i = 0; i < charts.charts.size(); ++i) {
        const Chart& a = charts.charts[i];
        EXPECT_GE(a.x, 0);
        EXPECT_GE(a.y, 0);
        EXPECT_LE(a.x + a.width, charts.width);
        EXPECT_LE(a.y + a.height, charts.height);
        for (std::size_t k = 0; k < i; ++k) {
            const Chart& b = charts.charts[k];
            EXPECT_TRUE(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
                        b.y + b.height <= a.y);
        }
    }
}

/// Every corner lies inside its chart, a gutter away from the rim.
void expectGutters(const TriangleMesh& mesh, const Charts& charts) {
    constexpr float kRounding = 1e-3F;
    for (const Chart& chart : charts.charts) {
        for (const std::uint32_t triangle : chart.triangles) {
            for (std::size_t i = 0; i < 3; ++i) {
                const glm::vec2 at = chart.toTexels(corner(mesh, triangle, i));
                EXPECT_GE(std::min(at.x, at.y), float{kGutterTexels} - kRounding);
                EXPECT_LE(at.x, static_cast<float>(chart.width - kGutterTexels) + kRounding);
                EXPECT_LE(at.y, static_cast<float>(chart.height - kGutterTexels) + kRounding);
            }
        }
    }
}

void expectFrames(const Charts& charts) {
    for (const Chart& chart : charts.charts) {
        EXPECT_LT(glm::distance(glm::cross(chart.right, chart.up), chart.normal), 1e-5F);
        EXPECT_NEAR(glm::length(chart.right), 1.0F, 1e-5F);
    }
}

/// No texel of a chart but the plan is wanted by two parts of the surface.
void expectNoOverlapWithin(const TriangleMesh& mesh, const Charts& charts) {
    for (std::size_t i = 1; i < charts.charts.size(); ++i) {
        const Chart& chart = charts.charts[i];
        std::map<std::pair<int, int>, glm::vec2> depths; // lowest, highest
        for (const std::uint32_t triangle : chart.triangles) {
            const glm::vec3 depth(glm::dot(corner(mesh, triangle, 0), chart.normal),
                                  glm::dot(corner(mesh, triangle, 1), chart.normal),
                                  glm::dot(corner(mesh, triangle, 2), chart.normal));
            tiles3d::mesh::rasterise(
                chart.toTexels(corner(mesh, triangle, 0)),
                chart.toTexels(corner(mesh, triangle, 1)),
                chart.toTexels(corner(mesh, triangle, 2)),
                {chart.width, chart.height},
                [&](int x, int y, const glm::vec3& weights) {
                    const float own = glm::dot(weights, depth);
                    const auto found = depths.try_emplace({x, y}, own, own).first;
                    found->second.x = std::min(found->second.x, own);
                    found->second.y = std::max(found->second.y, own);
                });
        }
        for (const auto& [texel, range] : depths) {
            EXPECT_LE(range.y - range.x, 2.0F * chart.texelMetres)
                << "chart " << i << " at " << texel.first << ", " << texel.second;
        }
    }
}

void expectSound(const TriangleMesh& mesh, const Charts& charts) {
    expectEachTriangleOnce(mesh, charts);
    expectApart(charts);
    expectGutters(mesh, charts);
    expectFrames(charts);
    expectNoOverlapWithin(mesh, charts);
}

/// A ramp of `turns` windings, 6 m of pitch, between 10 m and 20 m of its axis.
TriangleMesh helix(int turns) {
    constexpr int kSteps = 24;
    TriangleMesh mesh;
    const auto at = [&](int step, float radius) {
        const float angle = 2.0F * 3.14159265F * static_cast<float>(step) / kSteps;
        return glm::vec3(radius * std::cos(angle),
                         radius * std::sin(angle),
                         6.0F * static_cast<float>(step) / kSteps);
    };
    for (int step = 0; step < turns * kSteps; ++step) {
        addQuad(mesh, at(step, 10.0F), at(step, 20.0F), at(step + 1, 20.0F), at(step + 1, 10.0F));
    }
    return welded(std::move(mesh));
}

TEST(Chart, groundAndRoofMakeThePlanAndEachWallAChart) {
    const TriangleMesh mesh = meshOf(house());
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts) << charts.error().message;
    expectSound(mesh, *charts);
    ASSERT_EQ(charts->charts.size(), 5U);
    const Chart& plan = charts->charts.front();
    EXPECT_EQ(plan.normal, glm::vec3(0, 0, 1));
    EXPECT_EQ(plan.triangles.size(), 18U);
    EXPECT_EQ(plan.width, 80 + 2 * kGutterTexels + 1);
    for (std::size_t i = 1; i < charts->charts.size(); ++i) {
        const Chart& wall = charts->charts[i];
        EXPECT_EQ(wall.triangles.size(), 2U);
        EXPECT_FLOAT_EQ(wall.normal.z, 0.0F);
        EXPECT_FLOAT_EQ(wall.up.z, 1.0F);
        EXPECT_GT(glm::dot(wall.normal, directionOf(mesh, wall.triangles.front())), 0.999F);
        EXPECT_EQ(wall.width, 20 + 2 * kGutterTexels + 1);
        EXPECT_EQ(wall.height, 15 + 2 * kGutterTexels + 1);
    }
}

TEST(Chart, planAndSidesHaveTexelsOfTheirOwn) {
    const TriangleMesh mesh = meshOf(house());
    const auto charts = chart(mesh, {.planTexelMetres = 0.5, .sideTexelMetres = 1.25});
    ASSERT_TRUE(charts);
    expectSound(mesh, *charts);
    EXPECT_FLOAT_EQ(charts->charts[0].texelMetres, 0.5F);
    EXPECT_FLOAT_EQ(charts->charts[1].texelMetres, 1.25F);
}

TEST(Chart, thePlanHasNoSeams) {
    // Where the mesh hangs together and is seen from above, so do its texels.
    const TriangleMesh mesh = meshOf(house());
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts);
    const Chart& plan = charts->charts.front();
    EXPECT_EQ(plan.toTexels({0, 80, 0}), glm::vec2(kGutterTexels));
    EXPECT_EQ(plan.toTexels({30, 40, 15}) - plan.toTexels({30, 50, 0}), glm::vec2(0, 10));
}

TEST(Chart, whatIsCoveredIsNotInThePlan) {
    TriangleMesh mesh;
    addQuad(mesh, {0, 0, 0}, {40, 0, 0}, {40, 40, 0}, {0, 40, 0});
    addQuad(mesh, {0, 0, 9}, {40, 0, 9}, {40, 40, 9}, {0, 40, 9});
    mesh = welded(std::move(mesh));
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts);
    expectSound(mesh, *charts);
    ASSERT_EQ(charts->charts.size(), 2U);
    EXPECT_EQ(charts->charts[0].triangles, (std::vector<std::uint32_t>{2, 3}));
    EXPECT_EQ(charts->charts[1].triangles, (std::vector<std::uint32_t>{0, 1}));
}

TEST(Chart, windingsOverOneAnotherAreChartsOfTheirOwn) {
    const TriangleMesh mesh = helix(4);
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts);
    expectSound(mesh, *charts);
    EXPECT_GE(charts->charts.size(), 4U);
    EXPECT_LE(charts->charts.size(), 12U);
}

TEST(Chart, whatFacesDownHasAChartToo) {
    TriangleMesh mesh;
    addQuad(mesh, {0, 0, 5}, {0, 40, 5}, {40, 40, 5}, {40, 0, 5});
    mesh = welded(std::move(mesh));
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts);
    expectSound(mesh, *charts);
    ASSERT_EQ(charts->charts.size(), 2U);
    EXPECT_TRUE(charts->charts[0].triangles.empty());
    EXPECT_EQ(charts->charts[1].normal, glm::vec3(0, 0, -1));
}

TEST(Chart, aFewTexelsJoinThePlan) {
    TriangleMesh mesh;
    addQuad(mesh, {0, 0, 0}, {40, 0, 0}, {40, 40, 0}, {0, 40, 0});
    addQuad(mesh, {10, 10, 0}, {13, 10, 0}, {13, 10, 3}, {10, 10, 3}); // 9 texels
    mesh = welded(std::move(mesh));
    const auto charts = chart(mesh, kMetre);
    ASSERT_TRUE(charts);
    expectEachTriangleOnce(mesh, *charts);
    EXPECT_EQ(charts->charts.size(), 1U);
}

TEST(Chart, anySurfaceIsChartedWhole) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        std::uniform_real_distribution<float> place(0.0F, 60.0F);
        TriangleMesh mesh;
        for (int i = 0; i < 40; ++i) {
            const float x = place(random);
            const float y = place(random);
            mesh.positions.emplace_back(x, y, place(random));
        }
        std::uniform_int_distribution<std::uint32_t> pick(0, 39);
        for (int i = 0; i < 3 * 60; ++i) {
            mesh.indices.push_back(pick(random));
        }
        tiles3d::mesh::dropDegenerateTrianglesInPlace(mesh);
        const auto charts = chart(mesh, kMetre);
        ASSERT_TRUE(charts) << charts.error().message;
        expectSound(mesh, *charts);
    }
}

TEST(Chart, sameSurfaceSameCharts) {
    const TriangleMesh mesh = helix(3);
    const auto one = chart(mesh, kMetre);
    const auto two = chart(mesh, kMetre);
    ASSERT_TRUE(one && two);
    ASSERT_EQ(one->charts.size(), two->charts.size());
    for (std::size_t i = 0; i < one->charts.size(); ++i) {
        EXPECT_EQ(one->charts[i].triangles, two->charts[i].triangles);
        EXPECT_EQ(one->charts[i].x, two->charts[i].x);
        EXPECT_EQ(one->charts[i].y, two->charts[i].y);
    }
}

TEST(Chart, tooLargeIsAnErrorAndNotHalfAPicture) {
    const auto charts = chart(meshOf(house()), {.planTexelMetres = 0.005, .sideTexelMetres = 1.0});
    ASSERT_FALSE(charts);
    EXPECT_NE(charts.error().message.find("8192"), std::string::npos) << charts.error().message;
}

} // namespace
} // namespace pipeline::overview
