#pragma once

#include "tiles3d/gltf/model.h"

#include <cstdint>

namespace tiles3d::gltf {

/// A wavy sheet of `across` x `across` vertices over `metres`, textured with a small JPEG.
Model wavySheet(std::uint32_t across, float metres, const glm::dvec3& origin = glm::dvec3(0.0));

} // namespace tiles3d::gltf
