#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/proj_handles.h"
#include "tiles3d/crs/to_wgs84.h"

#include <optional>
#include <string>

namespace tiles3d::crs {

/// An open geoid grid of PROJ. Not for several threads.
class Geoid {
public:
    /// `grid`: a PROJ resource name or an absolute path.
    /// REQUIRES: `context` outlives the result.
    /// Fails if PROJ cannot open it, or its name holds what PROJ cannot be told: a comma, a quote,
    /// a control character, '@' in front.
    static base::Result<Geoid> open(PJ_CONTEXT* context, const std::string& grid);

    /// Metres from the ellipsoid up to the geoid, bilinear between the grid's posts; nothing
    /// outside the grid and where it has no data.
    std::optional<double> undulation(const Degrees& place) const;

private:
    explicit Geoid(Pj operation) : operation_(std::move(operation)) {}

    Pj operation_;
};

} // namespace tiles3d::crs
