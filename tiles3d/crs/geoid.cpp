#include "tiles3d/crs/geoid.h"

#include "tiles3d/base/file.h"
#include "tiles3d/geo/angle.h"

#include <algorithm>
#include <cmath>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

/// PROJ strings quote with '"', separate grids with ',' and end at '#'; '@' makes a grid optional,
/// which would turn a missing file into a shift of zero, and so does the name "null".
bool canBeTold(const std::string& grid) {
    const bool isPlain = std::ranges::none_of(grid, [](char c) {
        return c == '"' || c == ',' || c == '#' || (static_cast<unsigned char>(c) < 0x20U);
    });
    return isPlain && !grid.empty() && !grid.starts_with('@') && grid != "null";
}

} // namespace

Result<Geoid> Geoid::open(PJ_CONTEXT* context, const std::string& grid) {
    if (!canBeTold(grid)) {
        return Error{
            "geoid grid " + base::validUtf8(grid) +
            ": PROJ cannot be given a path with a comma, a quote, a '#' or a control character; "
            "rename it"};
    }
    // Made for taking heights down to the geoid: only +multiplier=1 adds the undulation.
    const std::string text = "+proj=vgridshift +grids=\"" + grid + "\" +multiplier=1";
    Pj operation(proj_create(context, text.c_str()));
    if (!operation) {
        return Error{"geoid grid " + base::validUtf8(grid) + " cannot be opened (" +
                     lastError(context) +
                     "). Give the path of a .gtx or GeoTIFF grid, or put it where PROJ looks "
                     "(PROJ_LIB, /usr/share/proj)"};
    }
    return Geoid(std::move(operation));
}

std::optional<double> Geoid::undulation(const Degrees& place) const {
    const double lon = geo::Angle::degrees(place.lon).radians();
    const double lat = geo::Angle::degrees(place.lat).radians();
    const double metres =
        proj_trans(operation_.get(), PJ_FWD, proj_coord(lon, lat, 0.0, 0.0)).lpz.z;
    return std::isfinite(metres) ? std::optional(metres) : std::nullopt;
}

} // namespace tiles3d::crs
