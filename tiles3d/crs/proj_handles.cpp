#include "tiles3d/crs/proj_handles.h"

#include <proj_experimental.h>

#include <numbers>

namespace tiles3d::crs {

Context makeContext() {
    Context context(proj_context_create());
    proj_context_set_enable_network(context.get(), 0);
    proj_log_level(context.get(), PJ_LOG_NONE);
    return context;
}

std::string lastError(PJ_CONTEXT* context) {
    const int code = proj_context_errno(context);
    const char* text = code != 0 ? proj_context_errno_string(context, code) : nullptr;
    return text != nullptr ? text : "no reason given";
}

Pj toOwnDegrees(PJ_CONTEXT* context, const PJ* crs) {
    constexpr double kRadiansPerDegree = std::numbers::pi / 180.0;
    const Pj geographic(proj_crs_get_geodetic_crs(context, crs));
    const Pj degrees(
        geographic ? proj_crs_alter_cs_angular_unit(
                         context, geographic.get(), "degree", kRadiansPerDegree, "EPSG", "9122")
                   : nullptr);
    const Pj operation(
        degrees ? proj_create_crs_to_crs_from_pj(context, crs, degrees.get(), nullptr, nullptr)
                : nullptr);
    return operation ? Pj(proj_normalize_for_visualization(context, operation.get())) : nullptr;
}

} // namespace tiles3d::crs
