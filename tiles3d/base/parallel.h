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

} // namespace tiles3d::base
