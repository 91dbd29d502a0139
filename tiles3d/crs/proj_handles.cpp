#include "tiles3d/crs/proj_handles.h"

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

} // namespace tiles3d::crs
