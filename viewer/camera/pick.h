#pragma once

#include "viewer/scene/ray.h"

#include <glm/vec3.hpp>

#include <functional>
#include <optional>

namespace viewer::camera {

/// The nearest point of the surface on a ray, scene frame. May take milliseconds.
using Pick = std::function<std::optional<glm::dvec3>(const scene::Ray&)>;

} // namespace viewer::camera
