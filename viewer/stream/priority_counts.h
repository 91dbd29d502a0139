#pragma once

#include "tiles3d/select/select.h"

#include <array>
#include <cstddef>

namespace viewer::stream {

/// Counts by tiles3d::select::Priority.
struct PriorityCounts {
    std::array<std::size_t, 3> counts{};

    std::size_t& operator[](tiles3d::select::Priority priority) {
        return counts[static_cast<std::size_t>(priority)];
    }
    std::size_t operator[](tiles3d::select::Priority priority) const {
        return counts[static_cast<std::size_t>(priority)];
    }
    std::size_t total() const { return counts[0] + counts[1] + counts[2]; }
    std::size_t needs() const { return counts[0] + counts[1]; }
};

} // namespace viewer::stream
