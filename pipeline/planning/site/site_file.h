#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::planning::site {

/// The land that is asked about, as one valid area in a plane CRS.
struct Site {
    std::string name;
    Geometry area;                    ///< Polygons only, valid, without overlaps.
    std::vector<std::string> remarks; ///< What was repaired or left out.
};

/// A site of what somebody drew: overlapping polygons count once, rings that cross themselves are
/// repaired with a remark, a closed line counts as a polygon. Fails if no area is left.
tiles3d::base::Result<Site> siteFrom(std::string name, const Geometry& drawn);

/// The site in a vector file, of all polygons of all its layers together.
/// `fallbackCrs`: of a file that does not say its CRS. Fails as readVectors() and siteFrom() do,
/// naming the file. Needs a GdalRuntime.
tiles3d::base::Result<Site> readSite(const std::filesystem::path& file,
                                     const std::string& planeCrs,
                                     const std::string& fallbackCrs = "");

} // namespace pipeline::planning::site
