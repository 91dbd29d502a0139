#include "viewer/overlay/label_source.h"

#include "tiles3d/crs/source_crs.h"
#include "viewer/overlay/label_anchor.h"

#include <algorithm>
#include <array>
#include <set>

namespace viewer::overlay {

namespace geo = tiles3d::geo;
using pipeline::planning::FeatureRef;
using pipeline::planning::GeometryKind;
using pipeline::planning::LayerInfo;
using pipeline::planning::LayerStore;
using pipeline::planning::Parts;
using pipeline::planning::PlaneBox;
using pipeline::planning::StoredFeature;
using tiles3d::base::Result;

namespace {

constexpr std::size_t kMostPerArea = 1500;
constexpr std::size_t kMostKnown = 20000;
constexpr std::size_t kMostPerReading = 250; // a broken feature costs the others of its reading

/// Spreads ids evenly (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
std::uint64_t spread(const FeatureRef& feature) {
    std::uint64_t z =
        static_cast<std::uint64_t>(feature.id) + 0x9E3779B97F4A7C15U * (feature.layer + 1U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

bool isShown(const FeatureRef& feature, const LabelledLayer& layer) {
    return !layer.filter || std::ranges::binary_search(*layer.filter, feature.id);
}

/// The features of least spread(), which are the same ones in any box that holds them.
void chooseFew(std::vector<FeatureRef>& features) {
    if (features.size() > kMostPerArea) {
        std::ranges::nth_element(features, features.begin() + kMostPerArea, {}, spread);
        features.resize(kMostPerArea);
    }
}

} // namespace

bool isLabelled(const LayerInfo& layer, const pipeline::planning::style::LayerStyle& style) {
    return layer.kind == GeometryKind::Point ||
           pipeline::planning::style::fieldNamed(layer.fields, style.labelField).has_value();
}

Result<LabelSource> LabelSource::create(std::shared_ptr<const LayerStore> store,
                                        const geo::EnuFrame& scene) {
    const auto crs = tiles3d::crs::understandSrs(store->planeCrs(), true);
    if (!crs) {
        return crs.error();
    }
    auto plane = tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!plane) {
        return plane.error();
    }
    return LabelSource(std::move(store), *std::move(plane), scene);
}

PlaneBox LabelSource::planeBox(const PlaneBox& area) const {
    const glm::dvec2 middle = (area.low + area.high) / 2.0;
    const std::array<double, 3> easts{area.low.x, middle.x, area.high.x};
    const std::array<double, 3> norths{area.low.y, middle.y, area.high.y};
    PlaneBox box;
    for (const double east : easts) {
        for (const double north : norths) {
            const geo::Ecef place = scene_.toEcef({{east, north, 0.0}});
            if (const auto point = plane_.fromCartographic(geo::toCartographic(place))) {
                box.add(glm::dvec2(*point));
            }
        }
    }
    return box;
}

std::vector<MapLabel> LabelSource::read(const LabelRequest& request,
                                        std::vector<std::string>& messages) {
    std::map<std::uint32_t, LabelledLayer> layers;
    std::vector<std::uint32_t> numbers;
    for (const LabelledLayer& layer : request.layers) {
        layers.emplace(layer.layer, layer);
        numbers.push_back(layer.layer);
    }
    std::erase_if(known_, [&](const auto& known) {
        const auto layer = layers.find(known.first.layer);
        return layer == layers.end() || layer->second.style != known.second.style;
    });
    std::set<FeatureRef> wanted;
    for (const PlaneBox& area : request.areas) {
        const PlaneBox box = planeBox(area);
        if (box.isEmpty() || numbers.empty()) {
            continue;
        }
        std::vector<FeatureRef> features = store_->near(box, numbers);
        std::erase_if(features, [&](const FeatureRef& feature) {
            return !isShown(feature, layers.at(feature.layer));
        });
        chooseFew(features);
        wanted.insert(features.begin(), features.end());
    }
    if (known_.size() > kMostKnown) {
        std::erase_if(known_, [&](const auto& known) { return !wanted.contains(known.first); });
    }
    std::vector<FeatureRef> missing;
    std::ranges::copy_if(wanted, std::back_inserter(missing), [&](const FeatureRef& feature) {
        return !known_.contains(feature);
    });
    readMissing(missing, layers, messages);
    std::vector<MapLabel> labels;
    for (const FeatureRef& feature : wanted) {
        if (const auto known = known_.find(feature); known != known_.end()) {
            labels.push_back(known->second);
        }
    }
    return labels;
}

void LabelSource::readMissing(const std::vector<FeatureRef>& features,
                              const std::map<std::uint32_t, LabelledLayer>& layers,
                              std::vector<std::string>& messages) {
    for (std::size_t first = 0; first < features.size(); first += kMostPerReading) {
        const std::size_t count = std::min(kMostPerReading, features.size() - first);
        const auto read = store_->read(std::span(features).subspan(first, count), Parts::All);
        if (!read) {
            messages.push_back("labels: " + read.error().message);
            continue;
        }
        for (const StoredFeature& feature : *read) {
            keep(feature, layers.at(feature.ref.layer));
        }
    }
}

void LabelSource::keep(const StoredFeature& feature, const LabelledLayer& layer) {
    if (feature.geometry.isEmpty()) {
        return;
    }
    const LayerInfo& info = store_->layers()[layer.layer];
    const LabelAnchor anchor = labelAnchor(feature.geometry);
    const auto field = pipeline::planning::style::fieldNamed(info.fields, layer.style->labelField);
    MapLabel label;
    label.feature = feature.ref;
    label.roomMetres = anchor.roomMetres;
    label.kind = !feature.geometry.polygons.empty() ? GeometryKind::Polygon
                 : !feature.geometry.lines.empty()  ? GeometryKind::Line
                                                    : GeometryKind::Point;
    label.text = field && *field < feature.values.size()
                     ? pipeline::planning::toText(feature.values[*field])
                     : "";
    label.symbol = symbolAt(*layer.style, classOf(*layer.style, info.fields, feature.values));
    label.style = layer.style;
    for (const glm::dvec2& spot : anchor.spots) {
        if (const auto place = plane_.toCartographic({spot, 0.0})) {
            label.spots.push_back(*place);
        }
    }
    if (!label.spots.empty() && (!label.text.empty() || label.kind == GeometryKind::Point)) {
        known_.insert_or_assign(feature.ref, std::move(label));
    }
}

} // namespace viewer::overlay
