#include "pipeline/sample/scenery.h"

#include "pipeline/sample/buildings.h"
#include "pipeline/sample/greenery.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pipeline::sample {

namespace {

/// Cells whose streets or plots may reach the window, in a fixed order.
std::vector<Cell> cellsOf(const StreetPlan& plan, const Window& window) {
    const std::array<glm::dvec2, 4> corners = {{StreetPlan::toCity(window.low),
                                                StreetPlan::toCity({window.high.x, window.low.y}),
                                                StreetPlan::toCity({window.low.x, window.high.y}),
                                                StreetPlan::toCity(window.high)}};
    glm::dvec2 low = corners[0];
    glm::dvec2 high = corners[0];
    for (const glm::dvec2& corner : corners) {
        low = glm::dvec2(std::min(low.x, corner.x), std::min(low.y, corner.y));
        high = glm::dvec2(std::max(high.x, corner.x), std::max(high.y, corner.y));
    }
    // One more cell on every side: its trees and cars stand on streets that it shares.
    std::vector<Cell> cells;
    for (std::int64_t j = plan.streetBefore(low.y) - 1; j <= plan.streetBefore(high.y) + 1; ++j) {
        for (std::int64_t i = plan.avenueBefore(low.x) - 1; i <= plan.avenueBefore(high.x) + 1;
             ++i) {
            cells.push_back(plan.cell(i, j));
        }
    }
    return cells;
}

template <typename Thing, typename Radius>
void keepTouching(std::vector<Thing>& things, const Window& window, const Radius& radius) {
    std::erase_if(things,
                  [&](const Thing& thing) { return !window.touches(thing.centre, radius(thing)); });
}

} // namespace

Scenery gatherScenery(const StreetPlan& plan, const Window& window, Detail detail) {
    // Trees give way to buildings just outside the window too, or two windows would differ.
    const Window wide = window.grown(12.0);
    Scenery scenery;
    const std::vector<Cell> cells = cellsOf(plan, wide);
    for (const Cell& cell : cells) {
        addBuildings(plan, cell, scenery.volumes);
    }
    addLandmarks(plan, scenery.volumes);
    keepTouching(scenery.volumes, wide, planRadius);
    if (detail == Detail::Full) {
        for (const Cell& cell : cells) {
            addTrees(plan, cell, scenery);
            addTraffic(plan, cell, scenery);
        }
        addWilds(plan, window, scenery);
    }
    keepTouching(scenery.volumes, window, planRadius);
    keepTouching(scenery.trees, window, [](const Tree& tree) { return tree.radius; });
    keepTouching(scenery.props, window, [](const Prop& prop) { return prop.half.x + prop.half.y; });
    return scenery;
}

double planRadius(const Volume& volume) {
    return std::hypot(volume.half.x, volume.half.y);
}

glm::dvec2 toPlan(const Volume& volume, const glm::dvec2& world) {
    const glm::dvec2 offset = world - volume.centre;
    return {offset.x * volume.axis.x + offset.y * volume.axis.y,
            offset.y * volume.axis.x - offset.x * volume.axis.y};
}

double roofHeight(const Volume& volume, const glm::dvec2& plan) {
    if (volume.roof == RoofKind::Flat) {
        return volume.top;
    }
    const double inset =
        std::min(volume.half.x - std::abs(plan.x), volume.half.y - std::abs(plan.y));
    const double run = std::min(volume.half.x, volume.half.y);
    return volume.top + volume.ridge * std::clamp(inset / run, 0.0, 1.0);
}

} // namespace pipeline::sample
