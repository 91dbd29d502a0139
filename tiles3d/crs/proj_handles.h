#pragma once

#include <proj.h>

#include <memory>
#include <string>

namespace tiles3d::crs {

struct DestroyContext {
    void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct DestroyPj {
    void operator()(PJ* pj) const { proj_destroy(pj); }
};
using Context = std::unique_ptr<PJ_CONTEXT, DestroyContext>;
using Pj = std::unique_ptr<PJ, DestroyPj>;

/// A context of its own: network off, quiet.
Context makeContext();

/// What PROJ last complained of, in words.
std::string lastError(PJ_CONTEXT* context);

/// From the coordinates of a projected or geographic CRS, in the order of maps and in its units, to
/// longitude and latitude of its own datum in degrees, whatever the unit of its geographic CRS
/// (gradians, radians). Null if PROJ has no such operation.
Pj toOwnDegrees(PJ_CONTEXT* context, const PJ* crs);

} // namespace tiles3d::crs
