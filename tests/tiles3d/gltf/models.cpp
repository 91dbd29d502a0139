#include "models.h"

#include "tiles3d/image/image.h"

#include <cmath>

namespace tiles3d::gltf {

Model wavySheet(std::uint32_t across, float metres, const glm::dvec3& origin) {
    Model model;
    model.origin = origin;
    image::Raster raster{.width = 64, .height = 32};
    for (std::size_t i = 0; i < std::size_t{64} * 32 * 3; ++i) {
        raster.pixels.push_back(static_cast<std::byte>(i * 7 % 256));
    }
    model.images.push_back(*image::encode(raster));
    model.materials.push_back({.image = 0});
    Primitive primitive;
    const float step = metres / static_cast<float>(across - 1);
    for (std::uint32_t j = 0; j < across; ++j) {
        for (std::uint32_t i = 0; i < across; ++i) {
            const glm::vec2 at(static_cast<float>(i), static_cast<float>(j));
            primitive.mesh.positions.emplace_back(
                at.x * step, at.y * step, 3.0F * std::sin(at.x * 0.3F) + at.y * 0.01F);
            primitive.mesh.uvs.push_back(at / static_cast<float>(across - 1));
        }
    }
    for (std::uint32_t j = 0; j + 1 < across; ++j) {
        for (std::uint32_t i = 0; i + 1 < across; ++i) {
            const std::uint32_t a = j * across + i;
            primitive.mesh.indices.insert(
                primitive.mesh.indices.end(),
                {a, a + 1, a + across, a + 1, a + across + 1, a + across});
        }
    }
    model.primitives.push_back(std::move(primitive));
    return model;
}

} // namespace tiles3d::gltf
