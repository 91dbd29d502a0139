#pragma once

#include "pipeline/sample/scenery.h"
#include "pipeline/sample/sunlight.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <optional>

namespace pipeline::sample {

/// Albedo of a volume's roof seen from above, at a plan position inside it, in [0, 1].
glm::vec3 roofColour(const Volume& volume, const glm::dvec2& plan);

/// Outward unit normal of the roof at a plan position; the plan's frame, not the world's.
glm::dvec3 roofNormal(const Volume& volume, const glm::dvec2& plan);

/// What is seen from above of a tree at an offset from its trunk.
struct CrownSpot {
    glm::vec3 albedo{0.0F};
    glm::dvec3 normal{0.0, 0.0, 1.0};
};

/// Nothing where the crown lets the ground through.
std::optional<CrownSpot> crownAt(const Tree& tree, const glm::dvec2& offset);

/// Albedo of a prop from above at its plan position, each coordinate in [-1, 1]; nothing outside
/// its outline.
std::optional<glm::vec3> propColour(const Prop& prop, const glm::dvec2& plan);

} // namespace pipeline::sample
