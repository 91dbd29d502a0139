#include "tests/support/level_mixture.h"

#include "tiles3d/tileset/bounding_volume.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace tests {

namespace select = tiles3d::select;

Tiles settledCut(const TilesetFolder& city,
                 const std::vector<select::ViewState>& views,
                 double maxErrorPixels) {
    const std::vector<select::ContentState> ready(city.tree().nodes().size(),
                                                  select::ContentState::Ready);
    return select::select(city.tree(), views, ready, {.maxScreenSpaceErrorPixels = maxErrorPixels})
        .render;
}

Tiles raggedCut(const TilesetFolder& city,
                const select::ViewState& view,
                double maxErrorPixels,
                std::mt19937& random) {
    const double pixelsPerRadian =
        view.viewportHeightPixels / (2.0 * std::tan(view.verticalFovRadians / 2.0));
    std::uniform_real_distribution<double> halvings(-1.0, 1.0);
    const auto refines = [&](const select::Node& node) {
        const double distance =
            std::max(1.0, tiles3d::tileset::distanceTo(node.volumeEcef, view.positionEcef));
        const double error = node.geometricErrorMetres * pixelsPerRadian / distance;
        return error * std::exp2(halvings(random)) >= maxErrorPixels;
    };
    Tiles cut;
    const std::function<void(std::size_t)> descend = [&](std::size_t tile) {
        const Tiles finer = city.takingOver(tile);
        if (finer.empty() || (!city.node(tile).alwaysRefines && !refines(city.node(tile)))) {
            cut.push_back(tile);
            return;
        }
        std::ranges::for_each(finer, descend);
    };
    descend(0);
    return cut;
}

} // namespace tests
