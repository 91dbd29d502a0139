#pragma once

#include "pipeline/sample/scenery.h"

namespace pipeline::sample {

/// Appends the trees of a cell, its streets included, leaving out those that would stand in one of
/// `scenery.volumes`.
void addTrees(const StreetPlan& plan, const Cell& cell, Scenery& scenery);

/// Appends parked and moving cars on the cell's south and west streets.
void addTraffic(const StreetPlan& plan, const Cell& cell, Scenery& scenery);

/// Appends woods on hills, palms on the promenade, umbrellas and boats, for a window.
void addWilds(const StreetPlan& plan, const Window& window, Scenery& scenery);

} // namespace pipeline::sample
