#pragma once

#include "pipeline/engine/engine.h"

#include <set>

namespace pipeline::terrain {

/// Who is told which file is read, and which files are not to be opened.
struct SamplingContext {
    engine::IFileWatch* watch = nullptr; ///< May be null.
    std::set<engine::Quarantined> quarantined;
};

} // namespace pipeline::terrain
