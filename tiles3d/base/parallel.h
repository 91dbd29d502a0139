#pragma once

#include <cstddef>
#include <functional>

namespace tiles3d::base {

/// Runs work(i) once for every i in [0, count), largest jobs best first, on up to `threads`
/// threads, the caller's included. Returns when all are done. An exception from `work` stops the
/// rest and is thrown again here. Results belong at their own index; the order of runs is not
/// promised. REQUIRES: threads >= 1.
void parallelFor(std::size_t count,
                 std::size_t threads,
                 const std::function<void(std::size_t)>& work);

/// The steps of pipelined(); each gets the number of one of its slots.
struct PipelineSteps {
    std::function<bool(std::size_t)> read;  ///< One at a time; false: there is nothing more.
    std::function<void(std::size_t)> work;  ///< Any number at a time.
    std::function<void(std::size_t)> write; ///< One at a time, in the order of the reads.
};

/// Reads, works and writes piece by piece, each piece in a slot of [0, slots) that is free again
/// once it is written: so memory is bounded, however slow a step is. On up to `threads` threads,
/// the caller's included. An exception from a step stops the rest and is thrown again here.
/// REQUIRES: slots >= 1 and threads >= 1.
void pipelined(std::size_t slots, std::size_t threads, const PipelineSteps& steps);

} // namespace tiles3d::base
