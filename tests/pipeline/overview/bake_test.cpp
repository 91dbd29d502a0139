#include "pipeline/overview/bake.h"

#include "scenes.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace pipeline::overview {
namespace {

using tiles3d::image::Raster;
using tiles3d::mesh::TriangleMesh;

constexpr double kReach = 2.0;
constexpr float kJpegless = 1.5F;   // rounding of means: nothing is encoded here
constexpr float kSharpened = 60.0F; // where colours meet: far from any other colour of the scene

Charts chartsOf(const TriangleMesh& mesh, double texelMetres = 1.0) {
    auto charts = chart(mesh, {.planTexelMetres = texelMetres, .sideTexelMetres = texelMetres});
    EXPECT_TRUE(charts);
    return *std::move(charts);
}

/// Colour at a point of a chart.
glm::vec3 at(const Raster& raster, const Chart& chart, const glm::vec3& position) {
    const glm::vec2 texel = chart.toTexels(position);
    return colourAt(raster,
                    chart.x + static_cast<int>(std::floor(texel.x)),
                    chart.y + static_cast<int>(std::floor(texel.y)));
}

void expectNear(const glm::vec3& colour, const glm::vec3& expected, float most = kJpegless) {
    EXPECT_LE(glm::distance(colour, expected), most)
        << colour.x << " " << colour.y << " " << colour.z;
}

/// A sheet of 40 m by 40 m at a height, in one colour.
TriangleMesh sheet(float height) {
    TriangleMesh mesh;
    addQuad(mesh, {0, 0, height}, {40, 0, height}, {40, 40, height}, {0, 40, height});
    return mesh;
}

TEST(Bake, roofsWallsAndGroundKeepTheirColours) {
    const TriangleMesh mesh = meshOf(house());
    const Charts charts = chartsOf(mesh);
    const Raster raster = bake(mesh, charts, surfaceOf(house()), kReach);
    ASSERT_EQ(static_cast<int>(raster.width), charts.width);
    ASSERT_EQ(static_cast<int>(raster.height), charts.height);
    const Chart& plan = charts.charts.front();
    for (float i = 0.5F; i < 80.0F; i += 1.0F) {
        for (float k = 0.5F; k < 80.0F; k += 1.0F) {
            const bool isRoof = i > 30 && i < 50 && k > 30 && k < 50;
            expectNear(
                at(raster, plan, {i, k, isRoof ? 15 : 0}), isRoof ? kRed : kGreen, kSharpened);
        }
    }
    ASSERT_EQ(charts.charts.size(), 5U);
    for (std::size_t c = 1; c < charts.charts.size(); ++c) {
        const Chart& wall = charts.charts[c];
        for (int y = 0; y < wall.height; ++y) {
            for (int x = 0; x < wall.width; ++x) { // gutters too
                expectNear(colourAt(raster, wall.x + x, wall.y + y), kBlue);
            }
        }
    }
}

TEST(Bake, blackRoundTheSourcesChartsNeverShows) {
    const TriangleMesh mesh = meshOf(house());
    for (const double texel : {0.4, 1.0, 3.0}) {
        const Raster raster = bake(mesh, chartsOf(mesh, texel), surfaceOf(house()), kReach);
        EXPECT_GE(darkest(raster), 100.0F) << texel;
    }
}

TEST(Bake, theNearestSurfaceWins) {
    const TriangleMesh mesh = welded(sheet(10.0F));
    Surface surface;
    surface.parts.push_back({.mesh = sheet(11.5F), .texture = paddedTexture(kRed)});
    surface.parts.push_back({.mesh = sheet(9.5F), .texture = paddedTexture(kGreen)});
    surface.parts.push_back({.mesh = sheet(8.9F), .texture = paddedTexture(kBlue)});
    const Charts charts = chartsOf(mesh);
    expectNear(at(bake(mesh, charts, surface, kReach), charts.charts[0], {20, 20, 10}), kGreen);
}

TEST(Bake, whatLiesBeyondTheReachIsNotTaken) {
    const TriangleMesh mesh = welded(sheet(10.0F));
    Surface surface;
    surface.parts.push_back({.mesh = sheet(7.9F), .texture = paddedTexture(kRed)});
    const Charts charts = chartsOf(mesh);
    expectNear(at(bake(mesh, charts, surface, 2.2), charts.charts[0], {20, 20, 10}), kRed);
    expectNear(at(bake(mesh, charts, surface, 2.0), charts.charts[0], {20, 20, 10}),
               glm::vec3(128.0F)); // nothing at all: grey
}

TEST(Bake, whatFacesAwayIsNotTaken) {
    const TriangleMesh mesh = welded(sheet(10.0F));
    TriangleMesh ceiling = sheet(10.1F);
    std::swap(ceiling.indices[1], ceiling.indices[2]);
    std::swap(ceiling.indices[4], ceiling.indices[5]);
    Surface surface;
    surface.parts.push_back({.mesh = ceiling, .texture = paddedTexture(kRed)});
    surface.parts.push_back({.mesh = sheet(9.0F), .texture = paddedTexture(kGreen)});
    const Charts charts = chartsOf(mesh);
    expectNear(at(bake(mesh, charts, surface, kReach), charts.charts[0], {20, 20, 10}), kGreen);
}

TEST(Bake, aSurfaceWithoutTextureHasItsColour) {
    const TriangleMesh mesh = welded(sheet(0.0F));
    Surface surface;
    surface.parts.push_back({.mesh = sheet(0.0F), .colour = kGreen / 255.0F});
    surface.parts.front().mesh.uvs.clear();
    const Charts charts = chartsOf(mesh);
    expectNear(at(bake(mesh, charts, surface, kReach), charts.charts[0], {20, 20, 0}), kGreen);
}

TEST(Bake, texelsAreMeansAndNotSinglePicks) {
    // A chequerboard of texels of 0.5 m under texels of 1 m: grey all over, not black nor white.
    constexpr std::uint32_t kSide = 80;
    Raster board{.width = kSide, .height = kSide};
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        const bool isWhite = (i % kSide + i / kSide) % 2 == 0;
        board.pixels.insert(
            board.pixels.end(), 3, std::byte{isWhite ? std::uint8_t{255} : std::uint8_t{1}});
    }
    TriangleMesh mesh = sheet(0.0F);
    mesh.uvs = {{0, 1}, {1, 1}, {1, 0}, {0, 0}};
    Surface surface{.metresPerTexel = 0.5};
    surface.parts.push_back({.mesh = mesh, .texture = board});
    const TriangleMesh charted = welded(mesh);
    const Charts charts = chartsOf(charted);
    const Raster raster = bake(charted, charts, surface, kReach);
    for (float i = 2.5F; i < 38.0F; i += 1.0F) {
        expectNear(at(raster, charts.charts[0], {i, 20.5F, 0}), glm::vec3(128.0F), 30.0F);
    }
}

TEST(Bake, aPictureKeepsItsPlace) {
    constexpr std::uint32_t kSide = 40;
    Raster ramp{.width = kSide, .height = kSide};
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        ramp.pixels.push_back(static_cast<std::byte>(6 * (i % kSide)));
        ramp.pixels.push_back(static_cast<std::byte>(6 * (i / kSide)));
        ramp.pixels.push_back(std::byte{77});
    }
    TriangleMesh mesh = sheet(0.0F);
    mesh.uvs = {{0, 1}, {1, 1}, {1, 0}, {0, 0}}; // v down: north on top
    Surface surface{.metresPerTexel = 1.0};
    surface.parts.push_back({.mesh = mesh, .texture = ramp});
    const TriangleMesh charted = welded(mesh);
    const Charts charts = chartsOf(charted);
    const Raster raster = bake(charted, charts, surface, kReach);
    for (float i = 1.5F; i < 39.0F; i += 4.0F) {
        for (float k = 1.5F; k < 39.0F; k += 4.0F) {
            const glm::vec3 expected(6.0F * (i - 0.5F), 6.0F * (39.5F - k), 77.0F);
            expectNear(at(raster, charts.charts[0], {i, k, 0}), expected, 6.0F);
        }
    }
}

} // namespace
} // namespace pipeline::overview
