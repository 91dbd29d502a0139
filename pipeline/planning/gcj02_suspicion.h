#pragma once

#include "pipeline/planning/geopackage_database.h"
#include "pipeline/planning/import_layers.h"

#include <glm/vec2.hpp>

#include <array>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning {

using Segment = std::array<glm::dvec2, 2>;

/// Whether `points` of one outline fit the `reference` outline where `shift` takes them, and not
/// where they are: of all shifts up to 800 m, on a grid of 100 m, one within 150 m of `shift` fits
/// best, and stands out. Outlines share pieces only (a district's border and a coast), so the fit
/// is the number of points near the reference, each weighing exp(-(d / 80 m)^2), and has to
/// reach 20. Plane metres.
bool fitsWhenShifted(std::span<const glm::dvec2> points,
                     const std::vector<Segment>& reference,
                     const glm::dvec2& shift);

/// One sentence per table that seems to carry GCJ-02's offset: tables of at most 500 areas or lines
/// over 5 km and more are compared with each other, at most the 24 of the fewest features.
std::vector<std::string> suspectGcj02(const Database& database, const ImportOptions& options);

} // namespace pipeline::planning
