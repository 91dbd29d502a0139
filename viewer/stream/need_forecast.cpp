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

double angleBetween(const glm::dvec3& a, const glm::dvec3& b) {
    return std::acos(std::clamp(glm::dot(a, b), -1.0, 1.0));
}

} // namespace

void NeedForecast::beginFrame(const Outlook& outlook) {
    measureSpeed(outlook);
    views_ = {outlook.views.begin(), outlook.views.end()};
    layOutWay(outlook);
    maxErrorPixels_ = outlook.maxScreenSpaceErrorPixels;
}

/// A camera that turns back within a second sees much that lies in neither of its stops' pictures.
void NeedForecast::layOutWay(const Outlook& outlook) {
    way_.clear();
    if (outlook.views.empty() || outlook.nextViews.empty()) {
        return;
    }
    std::vector<select::ViewState> stops{outlook.views.front()};
    stops.insert(stops.end(), outlook.nextViews.begin(), outlook.nextViews.end());
    double turnBefore = 0.0;
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const bool isLast = i + 1 == stops.size();
        const double turnAfter =
            isLast ? 0.0 : angleBetween(stops[i].direction, stops[i + 1].direction);
        way_.push_back({.view = select::ViewFrustum(stops[i]),
                        .marginRadians = std::max(turnBefore, turnAfter) / 2.0});
        turnBefore = turnAfter;
    }
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
    for (std::size_t i = 0; i < way_.size(); ++i) {
        if (way_[i].view.screenSpaceErrorPixels(*above) >= maxErrorPixels_ &&
            way_[i].view.angleOutside(tile.volumeEcef) <= way_[i].marginRadians) {
            return static_cast<double>(i);
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
    return way_.empty() ? soonest : static_cast<double>(way_.size() - 1) + soonest;
}

} // namespace viewer::stream
