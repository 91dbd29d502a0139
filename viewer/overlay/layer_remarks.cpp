#include "viewer/overlay/layer_remarks.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

namespace viewer::overlay {

using pipeline::planning::LayerInfo;
using pipeline::planning::PlaneBox;

std::vector<std::string> remarksOn(const LayerInfo& layer, const PlaneBox& city) {
    if (layer.features == 0 || layer.extent.isEmpty()) {
        return {fmt::format("layer {} is empty", layer.title)};
    }
    if (layer.extent.overlaps(city)) {
        return {};
    }
    constexpr double kKilometre = 1000.0;
    const glm::dvec2 middle = (city.low + city.high) / 2.0;
    const glm::dvec2 gap =
        glm::max(glm::max(layer.extent.low - middle, middle - layer.extent.high), glm::dvec2(0.0));
    return {fmt::format("layer {} lies off the city, {:.1f} km from its middle; is its CRS right "
                        "(meridian, zone prefix, swapped axes)?",
                        layer.title,
                        glm::length(gap) / kKilometre)};
}

} // namespace viewer::overlay
