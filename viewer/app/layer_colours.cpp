#include "viewer/app/layer_colours.h"

#include "viewer/overlay/legend.h"

#include <algorithm>

namespace viewer::app {

namespace {

QColor colourOf(const overlay::DrapeStyle& style) {
    const bool hasFill = style.fill != overlay::FillKind::None;
    const glm::vec3& colour = hasFill ? style.fillColour : style.lineColour;
    return QColor::fromRgbF(colour.r, colour.g, colour.b);
}

} // namespace

std::vector<QColor>
coloursOf(const overlay::LayerSet& layers, std::size_t layer, std::size_t most) {
    constexpr std::size_t kLookedAt = 1000;
    std::vector<QColor> colours;
    const auto legend = overlay::Legend::builtIn();
    const pipeline::planning::VectorLayer& source = layers.layers()[layer];
    const std::size_t count = legend ? std::min(source.features.size(), kLookedAt) : 0;
    for (std::size_t i = 0; i < count && colours.size() < most; ++i) {
        const QColor colour = colourOf(legend->styleOf(source, source.features[i], layer));
        if (std::ranges::find(colours, colour) == colours.end()) {
            colours.push_back(colour);
        }
    }
    return colours;
}

} // namespace viewer::app
