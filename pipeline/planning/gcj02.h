#pragma once

#include <glm/vec2.hpp>

namespace pipeline::planning {

// GCJ-02 is the offset that web maps of China put on WGS 84: 300 to 700 m, smooth, and the same for
// all. There is no official text; these are the terms that everybody uses, which agree with the
// maps' own answers within about 1 m. Degrees, longitude first; meant for China only.

/// Where a place is shown by a map that uses GCJ-02.
glm::dvec2 toGcj02(const glm::dvec2& wgs84Degrees);

/// The place that is shown there: the inverse of toGcj02() by iteration, within 0.1 mm of it.
glm::dvec2 fromGcj02(const glm::dvec2& gcj02Degrees);

} // namespace pipeline::planning
