#pragma once

#include "pipeline/planning/vector_layer.h"

#include <ogrsf_frmts.h>

namespace pipeline::planning {

/// What an OGR geometry is made of, as it stands: rings without their repeated last point, in any
/// sense, valid or not. Curves are stroked, within 1 cm and 0.1 per mille of a circle's area,
/// collections flattened, heights and measures left out.
/// Rings below three points and lines below two are left out; `collapsed` counts them.
struct TakenGeometry {
    Geometry geometry;
    int collapsed = 0;
    bool hadHeights = false;
    bool hadCurves = false;
};

TakenGeometry takenFrom(const OGRGeometry& source);

} // namespace pipeline::planning
