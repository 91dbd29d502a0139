#pragma once

#include "pipeline/sample/street_plan.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

namespace pipeline::sample {

/// The colour of the ground inside a cell, between its streets: lawns, courts, paving, fields.
/// `city` is inside [cell.low, cell.high]. Albedo in [0, 1].
glm::vec3 yardColour(const Cell& cell, const glm::dvec2& city, std::uint64_t seed);

} // namespace pipeline::sample
