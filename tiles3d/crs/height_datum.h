#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tiles3d::crs {

/// Heights are above the ellipsoid already.
struct EllipsoidalHeights {};

/// Heights are above a geoid or quasi-geoid model: h = H + N(lon, lat) from a PROJ grid.
struct GeoidGrid {
    std::string grid; ///< A PROJ resource name ("egm96_15.gtx") or an absolute file path.
};

/// h = H + metres everywhere: for small areas, or a city whose grid is not to hand.
struct ConstantOffset {
    double metres = 0.0;
};

using HeightDatum = std::variant<EllipsoidalHeights, GeoidGrid, ConstantOffset>;

/// Reads "ellipsoidal", "egm96", a number of metres ("10.16") or the path of a grid file (relative
/// to `folder`). Opens a grid once to see that PROJ reads it. Fails, naming what is accepted, on
/// anything else or a grid that is not there.
base::Result<HeightDatum> parseHeightDatum(std::string_view text,
                                           const std::filesystem::path& folder);

/// The same in words for reports: "ellipsoidal", "egm96_15.gtx", "constant +10.16 m".
std::string describe(const HeightDatum& datum);

} // namespace tiles3d::crs
