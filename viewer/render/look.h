#pragma once

#include "tiles3d/geo/enu_frame.h"
#include "viewer/scene/frame_graph.h"

#include <chrono>
#include <optional>

namespace viewer::render {

/// What a person chooses of the light and the air.
struct LookOptions {
    std::optional<std::chrono::sys_seconds> date; ///< None: the light of no special hour.
    bool hasShadows = false;                      ///< Of the sun of `date`; none without.
    bool hasHaze = true;
};

/// For scene::FrameGraph::setLook(): the sun of that moment over the scene's origin.
scene::FrameLook lookOf(const LookOptions& options, const tiles3d::geo::EnuFrame& scene);

} // namespace viewer::render
