#include "viewer/stream/need_forecast.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace viewer::stream {

namespace {

namespace select = tiles3d::select;

/// Pilots turn by a half in about five seconds. Rates from 0.15 to 1 ordered a flight over a city
/// nearly alike.
constexpr double kTurnRadiansPerSecond = 0.6;
/// A camera at rest may start in any direction: the nearer, the sooner.
constexpr double kLeastMetresPerSecond = 1.0;
constexpr double kSmoothingSeconds = 1.0;

/// The nearest tile above that would be drawn instead: the node is needed where that one is too
/// coarse. What always refines says nothing: its error may be 0.
const select::Node* stopAbove(const std::vector<select::Node>& nodes, const select::Node& node) {
    for (std::int64_t at = node.parent; at >= 0; at = nodes[static_cast<std::size_t>(at)].parent) {
        const select::Node& above = nodes[static_cast<std::size_t>(at)];
        if (!above.alwaysRefines) {
            return &above;
        }
    }
    return nullptr;
}

} // namespace

void NeedForecast::beginFrame(const Outlook& outlook) {
    measureSpeed(outlook);
    views_ = {outlook.views.begin(), outlook.views.end()};
    nextViews_ = {outlook.nextViews.begin(), outlook.nextViews.end()};
    maxErrorPixels_ = outlook.maxScreenSpaceErrorPixels;
}

void NeedForecast::measureSpeed(const Outlook& outlook) {
    if (outlook.views.empty()) {
        return;
    }
    const glm::dvec3& eye = outlook.views.front().positionEcef;
    const double passed = outlook.nowSeconds - seconds_;
    if (seconds_ >= 0.0 && passed > 0.0) {
        const double weight = 1.0 - std::exp(-passed / kSmoothingSeconds);
        metresPerSecond_ += weight * (glm::distance(eye, eyeEcef_) / passed - metresPerSecond_);
    }
    eyeEcef_ = eye;
    seconds_ = outlook.nowSeconds;
}

double NeedForecast::secondsUntil(const select::SelectionTree& tree, std::size_t node) const {
    const select::Node& tile = tree.nodes()[node];
    const select::Node* above = stopAbove(tree.nodes(), tile);
    if (above == nullptr) {
        return 0.0;
    }
    for (std::size_t i = 0; i < nextViews_.size(); ++i) {
        if (nextViews_[i].screenSpaceErrorPixels(*above) >= maxErrorPixels_ &&
            nextViews_[i].overlapOf(tile.volumeEcef) != select::Overlap::Outside) {
            return static_cast<double>(i + 1);
        }
    }
    double soonest = std::numeric_limits<double>::infinity();
    for (const select::ViewFrustum& view : views_) {
        const double part = view.screenSpaceErrorPixels(*above) / maxErrorPixels_;
        const double metres = view.distanceTo(*above) * std::max(0.0, 1.0 - part);
        const double flight = metres / std::max(metresPerSecond_, kLeastMetresPerSecond);
        const double turn = view.angleOutside(tile.volumeEcef) / kTurnRadiansPerSecond;
        soonest = std::min(soonest, flight + turn);
    }
    // What the known way does not need comes after it.
    return static_cast<double>(nextViews_.size()) + soonest;
}

} // namespace viewer::stream
