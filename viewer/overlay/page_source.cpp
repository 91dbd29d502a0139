#include "viewer/overlay/page_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace viewer::overlay {

using pipeline::planning::FeatureRef;
using pipeline::planning::LayerInfo;
using pipeline::planning::LayerStore;
using pipeline::planning::Parts;
using pipeline::planning::StoredFeature;
using pipeline::planning::Value;
using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::Symbol;
using pipeline::planning::style::Unit;

namespace {

/// Walls stand that far off the footprint of their building.
constexpr double kFootprintMetres = 0.5;

double halfWidthOf(const Symbol& symbol, const LayerStyle& style) {
    const double footprint = style.mode == DrapeMode::HeightRange ? kFootprintMetres : 0.0;
    const double line = symbol.lineUnit == Unit::Metres ? 0.5 * double{symbol.lineWidth} : 0.0;
    return std::max(footprint, line);
}

double reachOf(const LayerStyle& style) {
    double reach = halfWidthOf(style.other, style);
    for (const auto& one : style.classes) {
        reach = std::max(reach, halfWidthOf(one.symbol, style));
    }
    return reach;
}

bool needsValues(const LayerStyle& style) {
    return !style.classField.empty() || !style.spareField.empty() ||
           style.mode == DrapeMode::HeightRange;
}

std::optional<float> numberOf(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        return static_cast<float>(*whole);
    }
    const auto* real = std::get_if<double>(&value);
    return real != nullptr && !std::isnan(*real) ? std::optional(static_cast<float>(*real))
                                                 : std::nullopt;
}

/// Reads the features of one layer in portions and hands them to the builder.
class LayerReader {
public:
    LayerReader(const DrapedLayer& layer, const LayerInfo& info)
        : layer_(layer), info_(info), style_(*layer.style),
          base_(pipeline::planning::style::fieldNamed(info.fields, style_.baseField)),
          top_(pipeline::planning::style::fieldNamed(info.fields, style_.topField)) {}

    tiles3d::base::Status
    read(std::span<const FeatureRef> refs, const LayerStore& store, PageBuilder& builder) const {
        constexpr std::size_t kPortion = 4096;
        const Parts parts = needsValues(style_) ? Parts::All : Parts::Geometry;
        for (std::size_t i = 0; i < refs.size(); i += kPortion) {
            auto features = store.read(refs.subspan(i, std::min(kPortion, refs.size() - i)), parts);
            if (!features) {
                return features.error();
            }
            for (StoredFeature& feature : *features) {
                builder.add(drawn(feature));
            }
        }
        return tiles3d::base::ok();
    }

private:
    PageFeature drawn(StoredFeature& feature) const {
        const std::size_t place = feature.values.empty()
                                      ? style_.classes.size()
                                      : classOf(style_, info_.fields, feature.values);
        const Symbol& symbol = symbolAt(style_, place);
        PageFeature out{.ref = feature.ref,
                        .geometry = std::move(feature.geometry),
                        .symbol = layer_.firstSymbol + static_cast<std::uint32_t>(place),
                        .isHidden = layer_.filter &&
                                    !std::ranges::binary_search(*layer_.filter, feature.ref.id),
                        .isFilled = symbol.fill == FillKind::Solid,
                        .isDashed = symbol.dash > 0.0F,
                        .halfWidthMetres = halfWidthOf(symbol, style_)};
        if (style_.mode == DrapeMode::HeightRange && !feature.values.empty()) {
            const auto heightAt = [&](const std::optional<std::size_t>& field, float otherwise) {
                return field ? numberOf(feature.values[*field]).value_or(otherwise) : otherwise;
            };
            out.zMin = heightAt(base_, out.zMin);
            out.zMax = heightAt(top_, out.zMax);
        }
        return out;
    }

    const DrapedLayer& layer_;
    const LayerInfo& info_;
    const LayerStyle& style_;
    std::optional<std::size_t> base_;
    std::optional<std::size_t> top_;
};

double marginOf(const PageKey& page, const LayerStyle& style) {
    return padMetres(page.level) + reachOf(style);
}

bool meets(const PageKey& page, const DrapedLayer& layer, const LayerStore& store) {
    return store.layers()[layer.layer].extent.overlaps(
        boxOf(page).grownBy(marginOf(page, *layer.style)));
}

bool meets(const PageKey& page, const std::shared_ptr<const Sketch>& sketch) {
    return sketch && sketch->extent.overlaps(boxOf(page).grownBy(padMetres(page.level)));
}

} // namespace

bool isCurrent(const PageKey& page,
               const DrapedLayers& made,
               const DrapedLayers& wanted,
               const LayerStore& store) {
    const auto holds = [&](const DrapedLayers& all, const DrapedLayers& some) {
        return std::ranges::all_of(some.layers, [&](const DrapedLayer& layer) {
            const auto known = std::ranges::lower_bound(
                all.layers, layer.layer, std::ranges::less(), &DrapedLayer::layer);
            return (known != all.layers.end() && known->layer == layer.layer &&
                    known->version == layer.version) ||
                   !meets(page, layer, store);
        });
    };
    const bool hasSketch =
        made.sketch == wanted.sketch || (!meets(page, made.sketch) && !meets(page, wanted.sketch));
    return &made == &wanted || (hasSketch && holds(made, wanted) && holds(wanted, made));
}

MadePage makePage(const PageKey& key,
                  const std::shared_ptr<const DrapedLayers>& layers,
                  const LayerStore& store) {
    MadePage out{.made = layers};
    PageBuilder builder(key);
    for (const DrapedLayer& layer : layers->layers) {
        const std::array<std::uint32_t, 1> only{layer.layer};
        const std::vector<FeatureRef> refs =
            store.near(boxOf(key).grownBy(marginOf(key, *layer.style)), only);
        const LayerInfo& info = store.layers()[layer.layer];
        const auto read = LayerReader(layer, info).read(refs, store, builder);
        if (!read) {
            out.problems.push_back(
                fmt::format("layer {} is not drawn: {}", info.title, read.error().message));
        }
    }
    if (meets(key, layers->sketch)) {
        for (const PageFeature& feature : layers->sketch->features) {
            builder.add(feature);
        }
    }
    out.page = builder.finish();
    return out;
}

} // namespace viewer::overlay
