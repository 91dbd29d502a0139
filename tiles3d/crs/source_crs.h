#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/height_datum.h"
#include "tiles3d/geo/ellipsoid.h"

#include <glm/vec3.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tiles3d::crs {

/// A map projection (or geographic CRS), normalised for use as x = east (or longitude),
/// y = north (or latitude), whatever its authority says of axis order.
struct ProjectedCrs {
    std::string definition; ///< What PROJ is given: "EPSG:4548", WKT or a PROJ string.
};

/// Metres east, north, up of a point on the ellipsoid ("ENU:lat,lon").
struct LocalEnu {
    geo::Cartographic origin;
};

/// How a delivery's coordinates are to be read, and why we believe so.
struct SourceCrs {
    std::variant<ProjectedCrs, LocalEnu> horizontal;
    /// What the text itself says of heights (a compound CRS, an ENU frame = ellipsoidal);
    /// absent when it says nothing: then the user must.
    std::optional<HeightDatum> heights;
    /// One or two sentences for people: what was read, what was ignored ("the AUTHORITY code
    /// EPSG:4547 contradicts the parameters; the parameters are used").
    std::string understoodAs;
    std::vector<std::string> warnings;
};

/// Understands the SRS texts seen in deliveries: "EPSG:4548", compound "EPSG:4548+5773" (heights by
/// 5773 = EGM96; other vertical codes fail with the remedy: give the height datum), "ENU:lat,lon",
/// WKT 1, ESRI and WKT 2 (parameters are used, never the AUTHORITY code or name of the outermost
/// CRS), PROJ strings. White space, line breaks and a byte order mark are tolerated.
/// Fails, with the remedy, on an empty text, LOCAL_CS, "local", "Local Coordinates", an unknown
/// code, a geocentric CRS, a unit that PROJ does not know.
/// `heightsGivenElsewhere`: an explicit height datum exists, so unknown vertical codes only warn.
/// Thread-safe; makes its own PROJ context, network off.
base::Result<SourceCrs> understandSrs(std::string_view text, bool heightsGivenElsewhere = false);

/// "501027.524, 2488718.808,0" -> three numbers. Accepts spaces and ';' or white space between;
/// fails on anything that is not three finite numbers. An empty text is 0,0,0.
base::Result<glm::dvec3> parseOrigin(std::string_view text);

} // namespace tiles3d::crs
