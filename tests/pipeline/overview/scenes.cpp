#include "scenes.h"

#include "tiles3d/mesh/weld.h"

#include <algorithm>

namespace pipeline::overview {

using tiles3d::image::Raster;
using tiles3d::mesh::TriangleMesh;

namespace {

void append(TriangleMesh& mesh, const TriangleMesh& part) {
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    mesh.positions.insert(mesh.positions.end(), part.positions.begin(), part.positions.end());
    for (const std::uint32_t index : part.indices) {
        mesh.indices.push_back(first + index);
    }
}

} // namespace

void addQuad(TriangleMesh& mesh,
             const glm::vec3& a,
             const glm::vec3& b,
             const glm::vec3& c,
             const glm::vec3& d) {
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    mesh.positions.insert(mesh.positions.end(), {a, b, c, d});
    constexpr float kLow = 2.5F / 8.0F;
    constexpr float kHigh = 5.5F / 8.0F;
    mesh.uvs.insert(mesh.uvs.end(), {{kLow, kHigh}, {kHigh, kHigh}, {kHigh, kLow}, {kLow, kLow}});
    mesh.indices.insert(mesh.indices.end(),
                        {first, first + 1, first + 2, first, first + 2, first + 3});
}

Raster paddedTexture(const glm::vec3& colour) {
    constexpr int kSide = 8;
    Raster raster{.width = kSide, .height = kSide};
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const bool isMiddle = x >= 2 && x < 6 && y >= 2 && y < 6;
            for (int channel = 0; channel < 3; ++channel) {
                raster.pixels.push_back(static_cast<std::byte>(isMiddle ? colour[channel] : 0.0F));
            }
        }
    }
    return raster;
}

House house() {
    constexpr float kSide = 80.0F;
    constexpr float kLow = 30.0F;
    constexpr float kHigh = 50.0F;
    constexpr float kRoof = 15.0F;
    House result;
    const auto ground = [&](float west, float south, float east, float north) {
        addQuad(
            result.ground, {west, south, 0}, {east, south, 0}, {east, north, 0}, {west, north, 0});
    };
    ground(0, 0, kLow, kLow);
    ground(kLow, 0, kHigh, kLow);
    ground(kHigh, 0, kSide, kLow);
    ground(0, kLow, kLow, kHigh);
    ground(kHigh, kLow, kSide, kHigh);
    ground(0, kHigh, kLow, kSide);
    ground(kLow, kHigh, kHigh, kSide);
    ground(kHigh, kHigh, kSide, kSide);
    addQuad(result.roof,
            {kLow, kLow, kRoof},
            {kHigh, kLow, kRoof},
            {kHigh, kHigh, kRoof},
            {kLow, kHigh, kRoof});
    const auto wall = [&](const glm::vec2& from, const glm::vec2& to) {
        addQuad(result.walls, {from, 0.0F}, {to, 0.0F}, {to, kRoof}, {from, kRoof});
    };
    wall({kLow, kLow}, {kHigh, kLow});
    wall({kHigh, kLow}, {kHigh, kHigh});
    wall({kHigh, kHigh}, {kLow, kHigh});
    wall({kLow, kHigh}, {kLow, kLow});
    return result;
}

Surface surfaceOf(const House& house) {
    Surface surface;
    surface.parts.push_back({.mesh = house.ground, .texture = paddedTexture(kGreen)});
    surface.parts.push_back({.mesh = house.roof, .texture = paddedTexture(kRed)});
    surface.parts.push_back({.mesh = house.walls, .texture = paddedTexture(kBlue)});
    surface.metresPerTexel = 1.0;
    return surface;
}

TriangleMesh meshOf(const House& house) {
    TriangleMesh mesh;
    append(mesh, house.ground);
    append(mesh, house.roof);
    append(mesh, house.walls);
    return welded(std::move(mesh));
}

TriangleMesh welded(TriangleMesh mesh) {
    const tiles3d::mesh::Weld weld = tiles3d::mesh::weld(mesh.positions);
    for (std::uint32_t& index : mesh.indices) {
        index = weld.pointOf[index];
    }
    return {.positions = weld.points, .indices = std::move(mesh.indices)};
}

glm::vec3 colourAt(const Raster& raster, int x, int y) {
    const std::size_t at =
        (static_cast<std::size_t>(y) * raster.width + static_cast<std::size_t>(x)) * 3;
    return {std::to_integer<int>(raster.pixels[at]),
            std::to_integer<int>(raster.pixels[at + 1]),
            std::to_integer<int>(raster.pixels[at + 2])};
}

float darkest(const Raster& raster) {
    float result = 255.0F;
    for (int y = 0; y < static_cast<int>(raster.height); ++y) {
        for (int x = 0; x < static_cast<int>(raster.width); ++x) {
            const glm::vec3 colour = colourAt(raster, x, y);
            result = std::min(result, std::max({colour.x, colour.y, colour.z}));
        }
    }
    return result;
}

} // namespace pipeline::overview
