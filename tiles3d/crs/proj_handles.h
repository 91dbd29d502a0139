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

} // namespace tiles3d::crs
