#pragma once

#include "tiles3d/geo/enu_frame.h"

#include <chrono>
#include <optional>

namespace viewer::scene {
struct FrameLook;
} // namespace viewer::scene

namespace viewer::render {

/// By what light a city is seen.
struct ViewLight {
    std::optional<std::chrono::sys_seconds> moment; ///< None: the light of no particular hour.
    bool hasShadows = false;
    bool hasHaze = true;

    bool operator==(const ViewLight&) const = default;
};

/// What the frame graph is told for it; the sun is that of the scene's origin.
scene::FrameLook frameLook(const ViewLight& light, const tiles3d::geo::EnuFrame& scene);

} // namespace viewer::render
