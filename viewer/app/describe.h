#pragma once

#include "viewer/app/attribute_panel.h"
#include "viewer/app/place_readout.h"
#include "viewer/app/planning_layers.h"
#include "viewer/render/viewport.h"

#include <optional>
#include <string>
#include <vector>

namespace viewer::app {

/// What is known of a pixel.
struct Description {
    std::vector<AttributeSection> sections; ///< The place, the features there, the tile.
    std::vector<pipeline::planning::FeatureRef> features; ///< In the order of their sections.
    /// The one that a click there means, most likely: a point before a line before the smallest
    /// surface.
    std::optional<pipeline::planning::FeatureRef> likeliest;
    std::vector<std::string> warnings; ///< Features that cannot be read.
};

/// What is known of what a pixel shows: its coordinates, every feature of the layers asked for that
/// lies there, by category, and the tile that shows it. Nothing where a pixel shows the sky.
Description describe(const render::Viewport& viewport,
                     const PlaceReadout& readout,
                     const PlanningLayers& layers,
                     AskedLayers asked,
                     const glm::dvec2& pixel);

} // namespace viewer::app
