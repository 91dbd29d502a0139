#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/ellipsoid.h"

#include <glm/vec2.hpp>

#include <optional>
#include <string>

namespace viewer::tools {

/// One place in every way that people ask for.
struct Readout {
    tiles3d::geo::Cartographic place;        ///< WGS 84, ellipsoidal height.
    std::optional<glm::dvec2> plane;         ///< East, north in the plane CRS; none outside of it.
    std::optional<double> geoidHeightMetres; ///< Above the geoid; none without its grid.
};

/// Coordinates of places in a city's plane CRS and above the geoid. Keeps its PROJ operations, so
/// that it can answer for every move of a cursor. Not for several threads.
class PlaneReadout {
public:
    /// `planeCrs`: "EPSG:4548", WKT or a PROJ string, "" for none. `geoid`: a PROJ grid; where it
    /// cannot be opened there are no heights above the geoid, see geoidProblem().
    /// Fails if the CRS is unknown or cannot be tied to WGS 84.
    static tiles3d::base::Result<PlaneReadout> create(const std::string& planeCrs,
                                                      const std::string& geoid = "egm96_15.gtx");

    Readout at(const tiles3d::geo::Cartographic& place) const;

    /// Why there are no heights above the geoid; "" if there are.
    const std::string& geoidProblem() const { return geoidProblem_; }

private:
    std::optional<tiles3d::crs::Transform> plane_;
    std::optional<tiles3d::crs::Transform> geoid_;
    std::string geoidProblem_;
};

} // namespace viewer::tools
