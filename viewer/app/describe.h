#pragma once

#include "viewer/app/attribute_panel.h"
#include "viewer/app/layer_lookup.h"
#include "viewer/app/place_readout.h"
#include "viewer/render/viewport.h"

#include <vector>

namespace viewer::app {

/// What is known of what a pixel shows: its coordinates, the tile that shows it, and the features
/// of the planning layers there, the topmost first. Nothing where a pixel shows the sky. `layers`
/// may be null.
std::vector<AttributeSection> describe(const render::Viewport& viewport,
                                       const PlaceReadout& readout,
                                       const LayerLookup* layers,
                                       const glm::dvec2& pixel);

} // namespace viewer::app
