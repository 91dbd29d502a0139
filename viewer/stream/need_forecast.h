#pragma once

#include "tiles3d/select/select.h"
#include "tiles3d/select/view_frustum.h"

#include <glm/vec3.hpp>

#include <cstddef>
#include <vector>

namespace viewer::stream {

/// What a frame sees, and what is known of the frames to come.
struct Outlook {
    std::vector<tiles3d::select::ViewState> views;
    /// Where the camera will be after 1 s, 2 s, and so on; empty if nobody knows.
    std::vector<tiles3d::select::ViewState> nextViews;
    double maxScreenSpaceErrorPixels = 16.0;
    double nowSeconds = 0.0;
};

/// How soon the views may need a tile that they do not need now. Where the camera's way is known,
/// when it comes to a place that needs the tile; otherwise by the time to fly there at the speed of
/// the last second and to turn there. An order of what to keep rather than a promise: the camera
/// may turn faster or never.
class NeedForecast {
public:
    void beginFrame(const Outlook& outlook);

    /// From now; 0 for what a view needs, and for tiles above which none may be drawn instead.
    double secondsUntil(const tiles3d::select::SelectionTree& tree, std::size_t node) const;

private:
    /// A place on the known way.
    struct Stop {
        tiles3d::select::ViewFrustum view;
        double marginRadians = 0.0; ///< Seen on the way to the stops before and after it.
    };

    void measureSpeed(const Outlook& outlook);
    void layOutWay(const Outlook& outlook);

    std::vector<tiles3d::select::ViewFrustum> views_;
    std::vector<Stop> way_; ///< Here, in 1 s, in 2 s and so on; empty if it is not known.
    double maxErrorPixels_ = 16.0;
    glm::dvec3 eyeEcef_{0.0};
    double seconds_ = -1.0; // of the last frame; negative before it
    double metresPerSecond_ = 0.0;
};

} // namespace viewer::stream
