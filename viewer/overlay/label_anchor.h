#pragma once

#include "pipeline/planning/vector_layer.h"

#include <glm/vec2.hpp>

namespace viewer::overlay {

/// Where a feature's label stands.
struct LabelAnchor {
    glm::dvec2 point{0.0};
    /// How much of the feature is there for a label to stand on, metres: twice the distance from
    /// the outline, or the length of the line; 0 for a point.
    double roomMetres = 0.0;
};

/// For polygons a point well inside the largest one: the farthest from all its edges, to 2 % of its
/// size. For lines the middle of the longest one, for points the first. A ring of more than 4,000
/// vertices is judged by that many of them. REQUIRES: the geometry is not empty.
LabelAnchor labelAnchor(const pipeline::planning::Geometry& geometry);

/// The point of a polygon farthest from its edges, within `precisionMetres` of the best distance;
/// at most 2,000 squares are looked at, so that spirals end.
/// Source: Garcia-Castellanos and Lombardo, "Poles of inaccessibility" (2007), by the quadtree
/// search that Agafonkin described (2016).
LabelAnchor poleOfInaccessibility(const pipeline::planning::Polygon& polygon,
                                  double precisionMetres);

} // namespace viewer::overlay
