#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <optional>
#include <string>

namespace pipeline::planning::site {

/// The mean slope of a city's ground (see SurfaceGrid::ground) over an area, in degrees, from
/// differences over 10 m; nothing where less than half of the area has a ground. Fails as
/// readSurface() does.
tiles3d::base::Result<std::optional<double>> meanSlopeDegrees(const std::filesystem::path& city,
                                                              const std::string& planeCrs,
                                                              const Geometry& area);

} // namespace pipeline::planning::site
