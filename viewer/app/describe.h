#pragma once

#include "viewer/app/attribute_panel.h"
#include "viewer/app/feature_probe.h"
#include "viewer/app/place_readout.h"
#include "viewer/app/planning_layers.h"
#include "viewer/render/viewport.h"

#include <optional>
#include <vector>

namespace viewer::app {

/// What is known of what a pixel shows but for its features: its coordinates, and the tile that
/// shows it. Nothing where a pixel shows the sky.
std::vector<AttributeSection> describePlace(const render::Viewport& viewport,
                                            const PlaceReadout& readout,
                                            const glm::dvec2& pixel);

/// What to ask for the features at a point of the scene. None without layers, and beyond their
/// plane.
std::optional<PlaceQuestion> questionAt(const glm::dvec3& point,
                                        const render::Viewport& viewport,
                                        const PlanningLayers& layers,
                                        AskedLayers asked);

/// The features of a place by category as the contents' tree has them; of shown layers those that
/// the city shows.
std::vector<AttributeSection> describeFeatures(const PlanningLayers& layers,
                                               AskedLayers asked,
                                               const std::vector<FoundFeature>& found);

/// Of them the one that a click there means, most likely: a point before a line before the smallest
/// surface.
std::optional<pipeline::planning::FeatureRef> likeliestOf(const PlanningLayers& layers,
                                                          AskedLayers asked,
                                                          const std::vector<FoundFeature>& found);

} // namespace viewer::app
