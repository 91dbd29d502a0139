#pragma once

namespace viewer::stream {

/// Gives the calling thread a smaller share of a busy machine: about a third of what a drawing
/// thread gets of the same core, all of an idle one. Does nothing where the system refuses.
void yieldToOtherThreads();

} // namespace viewer::stream
