#pragma once

#include "viewer/stream/loader.h"

#include <cstddef>

namespace viewer::stream {

/// For SessionOptions::makeLoader: no threads. Each takeResults(), so each frame, completes up to
/// that many of the waiting requests in the caller's thread; what a session selects and asks for
/// is then the same on every machine and in every run.
LoaderFactory lockstep(std::size_t loadsPerFrame);

} // namespace viewer::stream
