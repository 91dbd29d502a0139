#pragma once

#include "pipeline/sample/scenery.h"

#include <vector>

namespace pipeline::sample {

/// Appends the buildings of one cell of the street plan, in a fixed order.
void addBuildings(const StreetPlan& plan, const Cell& cell, std::vector<Volume>& volumes);

/// Appends the things that stand at hand-chosen places: the pagoda on the home hill, the pier.
void addLandmarks(const StreetPlan& plan, std::vector<Volume>& volumes);

} // namespace pipeline::sample
