#include "viewer/app/layer_lookup.h"

#include "viewer/app/translate.h"
#include "viewer/tools/quantity_text.h"

#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;
namespace crs = tiles3d::crs;

/// They live as long as their set.
tools::Layers sharedLayers(const std::shared_ptr<overlay::LayerSet>& set) {
    tools::Layers layers;
    for (const pipeline::planning::VectorLayer& layer : set->layers()) {
        layers.emplace_back(set, &layer);
    }
    return layers;
}

} // namespace

base::Result<std::shared_ptr<LayerLookup>>
LayerLookup::create(std::shared_ptr<overlay::LayerSet> layers) {
    const auto understood = crs::understandSrs(layers->plane(), true);
    if (!understood) {
        return understood.error();
    }
    auto plane = crs::Transform::create(*understood, crs::EllipsoidalHeights{});
    if (!plane) {
        return plane.error();
    }
    return std::shared_ptr<LayerLookup>(new LayerLookup(std::move(layers), *std::move(plane)));
}

LayerLookup::LayerLookup(std::shared_ptr<overlay::LayerSet> layers, crs::Transform plane)
    : layers_(std::move(layers)), index_(sharedLayers(layers_)), plane_(std::move(plane)) {}

std::vector<AttributeSection> LayerLookup::at(const tiles3d::geo::Cartographic& place,
                                              double toleranceMetres) const {
    std::vector<AttributeSection> sections;
    const auto point = plane_.fromCartographic(place);
    if (!point) {
        return sections; // beyond the plane there are no layers
    }
    auto hits = index_.at(glm::dvec2(*point), toleranceMetres);
    std::ranges::reverse(hits);
    for (const tools::FeatureHit& hit : hits) {
        if (layers_->opacity(hit.layer) > 0.0F) {
            sections.push_back(describe(hit));
        }
    }
    return sections;
}

AttributeSection LayerLookup::describe(const tools::FeatureHit& hit) const {
    const pipeline::planning::VectorLayer& layer = layers_->layers()[hit.layer];
    const pipeline::planning::Feature& feature = layer.features[hit.feature];
    AttributeSection section{.title = QString::fromStdString(layer.name)};
    if (const auto size = tools::sizeOf(feature.geometry, plane_)) {
        if (size->geodesicSquareMetres > 0.0) {
            section.rows.emplace_back(
                tr("Area"), QString::fromStdString(tools::areaText(size->geodesicSquareMetres)));
        }
        if (size->geodesicMetres > 0.0) {
            section.rows.emplace_back(
                tr("Length"), QString::fromStdString(tools::lengthText(size->geodesicMetres)));
        }
    }
    for (std::size_t i = 0; i < layer.fields.size() && i < feature.values.size(); ++i) {
        section.rows.emplace_back(
            QString::fromStdString(layer.fields[i].name),
            QString::fromStdString(pipeline::planning::toText(feature.values[i])));
    }
    return section;
}

} // namespace viewer::app
