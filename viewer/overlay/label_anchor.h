#pragma once

#include "pipeline/planning/vector_layer.h"

#include <glm/vec2.hpp>

#include <vector>

namespace viewer::overlay {

/// Where a feature's label may stand.
struct LabelAnchor {
    std::vector<glm::dvec2> spots; ///< The best first; others for when that one is hidden.
    /// How much of the feature is there for a label to stand on, metres: twice the distance from
    /// the outline, or the length of the line; 0 for a point.
    double roomMetres = 0.0;
};

/// For polygons a point well inside the largest one, the farthest from all its edges, to 2 % of its
/// size; and four half-way to the edges. For lines the middle of the longest one, and points at 30
/// and 70 % of it. For points the first. A ring of more than 4,000 vertices is judged by that many
/// of them. REQUIRES: the geometry is not empty.
LabelAnchor labelAnchor(const pipeline::planning::Geometry& geometry);

struct Pole {
    glm::dvec2 point{0.0};
    double distanceMetres = 0.0; ///< From the edges; 0 if no point inside was found.
};

/// The point of a polygon farthest from its edges, within `precisionMetres` of the best distance;
/// at most 2,000 squares are looked at, so that spirals end.
/// Source: Garcia-Castellanos and Lombardo, "Poles of inaccessibility" (2007), by the quadtree
/// search that Agafonkin described (2016).
Pole poleOfInaccessibility(const pipeline::planning::Polygon& polygon, double precisionMetres);

} // namespace viewer::overlay
