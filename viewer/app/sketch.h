#pragma once

#include "pipeline/planning/vector_layer.h"
#include "viewer/overlay/layer_set.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace viewer::app {

/// Geometry to be drawn over all layers, in the store's plane; of its parts about 60 have symbols
/// of their own, so that what looks alike had better be one part.
using Sketch = std::vector<overlay::SketchPart>;

inline void append(pipeline::planning::Geometry& whole, const pipeline::planning::Geometry& part) {
    std::ranges::copy(part.polygons, std::back_inserter(whole.polygons));
    std::ranges::copy(part.lines, std::back_inserter(whole.lines));
    std::ranges::copy(part.points, std::back_inserter(whole.points));
}

} // namespace viewer::app
