#pragma once

#include "pipeline/sources/osgb_runtime.h"

#include <osgDB/ReaderWriter>

namespace pipeline::sources {

/// For the reader only: OSG's own .osgb reader; null if it is not installed.
struct OsgbRuntimeAccess {
    static osgDB::ReaderWriter* reader(const OsgbRuntime& runtime);
};

} // namespace pipeline::sources
