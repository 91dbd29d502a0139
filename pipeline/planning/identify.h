#pragma once

#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::planning {

struct IdentifyOptions {
    double toleranceMetres = 0.0;                     ///< For lines and points.
    std::optional<std::vector<std::uint32_t>> layers; ///< Those asked for; nullopt: all.
    Parts parts = Parts::All;                         ///< What to read of the features found.
};

/// A feature at a place.
struct IdentifiedFeature {
    StoredFeature feature;
    double distanceMetres = 0.0; ///< From the place to the line or point; 0 inside a polygon.
};

struct Identified {
    std::vector<IdentifiedFeature> features; ///< By category, then layer, then id.
    std::vector<std::string> warnings;       ///< Features that cannot be read, and why.
};

/// All that lies at `place` in the store's plane: polygons that hold it (even-odd; a border that
/// two polygons share belongs to one of them), lines and points within the tolerance. Layers
/// without a category come last. Time grows with the vertices of those features whose boxes hold
/// the place; only those found are decoded. What cannot be read, a file that is gone included, is a
/// warning.
tiles3d::base::Result<Identified>
identify(const LayerStore& store, const glm::dvec2& place, const IdentifyOptions& options = {});

} // namespace pipeline::planning
