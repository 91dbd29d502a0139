#include "viewer/overlay/page_source.h"

#include "pipeline/planning/plane_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace viewer::overlay {

using pipeline::planning::BoxEntry;
using pipeline::planning::FeatureRef;
using pipeline::planning::Geometry;
using pipeline::planning::GeometryKind;
using pipeline::planning::LayerInfo;
using pipeline::planning::LayerStore;
using pipeline::planning::Parts;
using pipeline::planning::PlaneBox;
using pipeline::planning::Polygon;
using pipeline::planning::Ring;
using pipeline::planning::StoredFeature;
using pipeline::planning::Value;
using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::Symbol;
using pipeline::planning::style::Unit;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

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

/// What a page has of one layer, by boxes.
struct LayerPart {
    const DrapedLayer* layer = nullptr;
    std::vector<BoxEntry> boxes; // by id
};

float sideOf(const BoxEntry& entry) {
    return std::max(entry.box.east - entry.box.west, entry.box.north - entry.box.south);
}

/// Features no larger than that are too many to be drawn one by one. 0 where all can be: most
/// pages. Steps of a factor, so that a carpet of parcels is taken as a whole or not at all.
double leastSideOf(const std::vector<LayerPart>& parts, int level) {
    constexpr std::size_t kMostFeatures = 4096; // of a page: 16 a cell
    std::vector<float> sides;
    for (const LayerPart& part : parts) {
        std::ranges::transform(part.boxes, std::back_inserter(sides), sideOf);
    }
    if (sides.size() <= kMostFeatures) {
        return 0.0;
    }
    const auto last = sides.begin() + kMostFeatures;
    std::ranges::nth_element(sides, last, std::ranges::greater());
    const double pixel = mostMetresPerPixel(level);
    const double halfOctaves = std::ceil(2.0 * std::log2(std::max(double{*last} / pixel, 1.0)));
    return pixel * std::exp2(halfOctaves / 2.0);
}

bool canFill(const LayerStyle& style) {
    return style.other.fill == FillKind::Solid ||
           std::ranges::any_of(style.classes,
                               [](const auto& one) { return one.symbol.fill == FillKind::Solid; });
}

double squareMetresOf(const BoxEntry& entry) {
    return double{entry.box.east - entry.box.west} * double{entry.box.north - entry.box.south};
}

double squareMetresOf(const Geometry& geometry) {
    double area = 0.0; // holes wind the other way
    for (const Polygon& polygon : geometry.polygons) {
        area += pipeline::planning::signedArea(polygon.outer);
        for (const Ring& hole : polygon.holes) {
            area += pipeline::planning::signedArea(hole);
        }
    }
    return area;
}

std::vector<FeatureRef> refsOf(std::uint32_t layer, std::span<const BoxEntry> boxes) {
    std::vector<FeatureRef> refs;
    std::ranges::transform(boxes, std::back_inserter(refs), [layer](const BoxEntry& entry) {
        return FeatureRef{layer, entry.id};
    });
    return refs;
}

/// Reads the features of one layer in portions and hands them to the builder.
class LayerReader {
public:
    LayerReader(const DrapedLayer& layer, const LayerInfo& info)
        : layer_(layer), info_(info), style_(*layer.style),
          base_(pipeline::planning::style::fieldNamed(info.fields, style_.baseField)),
          top_(pipeline::planning::style::fieldNamed(info.fields, style_.topField)) {}

    Status
    read(std::span<const FeatureRef> refs, const LayerStore& store, PageBuilder& builder) const {
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
        return ok();
    }

    /// Takes in surfaces that are too small, or too many, to be drawn one by one: from their boxes,
    /// their geometries unread. Lines and bare outlines of that size are left out.
    Status readShares(std::span<const BoxEntry> boxes,
                      const LayerStore& store,
                      PageBuilder& builder) const {
        if (info_.kind != GeometryKind::Polygon || !canFill(style_) || boxes.empty()) {
            return ok();
        }
        const auto fullness = fullnessOf(boxes, store);
        if (!fullness) {
            return fullness.error();
        }
        if (!needsValues(style_)) {
            for (const BoxEntry& entry : boxes) {
                addShare(entry, style_.classes.size(), *fullness, builder);
            }
            return ok();
        }
        for (std::size_t i = 0; i < boxes.size(); i += kPortion) {
            auto entry = boxes.begin() + static_cast<std::ptrdiff_t>(i);
            const auto portion = boxes.subspan(i, std::min(kPortion, boxes.size() - i));
            const auto features = store.read(refsOf(layer_.layer, portion), Parts::Attributes);
            if (!features) {
                return features.error();
            }
            for (const StoredFeature& feature : *features) { // those that are gone are left out
                entry = std::ranges::lower_bound(
                    entry, boxes.end(), feature.ref.id, std::ranges::less(), &BoxEntry::id);
                addShare(*entry, classOf(style_, info_.fields, feature.values), *fullness, builder);
            }
        }
        return ok();
    }

private:
    static constexpr std::size_t kPortion = 4096;

    /// How much of their boxes surfaces fill, by a sample of them.
    Result<double> fullnessOf(std::span<const BoxEntry> boxes, const LayerStore& store) const {
        constexpr std::size_t kSample = 64;
        std::vector<BoxEntry> sample;
        double boxMetres = 0.0;
        for (std::size_t i = 0; i < std::min(kSample, boxes.size()); ++i) {
            sample.push_back(boxes[i * boxes.size() / std::min(kSample, boxes.size())]);
            boxMetres += squareMetresOf(sample.back());
        }
        const auto features = store.read(refsOf(layer_.layer, sample), Parts::Geometry);
        if (!features) {
            return features.error();
        }
        double metres = 0.0;
        for (const StoredFeature& feature : *features) {
            metres += squareMetresOf(feature.geometry);
        }
        return boxMetres > 0.0 ? metres / boxMetres : 0.0;
    }

    bool isHidden(std::int64_t id) const {
        return layer_.filter && !std::ranges::binary_search(*layer_.filter, id);
    }

    void addShare(const BoxEntry& entry,
                  std::size_t place,
                  double fullness,
                  PageBuilder& builder) const {
        if (symbolAt(style_, place).fill == FillKind::Solid && !isHidden(entry.id)) {
            const glm::dvec2 middle(0.5 * (double{entry.box.west} + double{entry.box.east}),
                                    0.5 * (double{entry.box.south} + double{entry.box.north}));
            builder.addShare(layer_.firstSymbol + static_cast<std::uint32_t>(place),
                             middle,
                             fullness * squareMetresOf(entry));
        }
    }

    PageFeature drawn(StoredFeature& feature) const {
        const std::size_t place = feature.values.empty()
                                      ? style_.classes.size()
                                      : classOf(style_, info_.fields, feature.values);
        const Symbol& symbol = symbolAt(style_, place);
        PageFeature out{.ref = feature.ref,
                        .geometry = std::move(feature.geometry),
                        .symbol = layer_.firstSymbol + static_cast<std::uint32_t>(place),
                        .isHidden = isHidden(feature.ref.id),
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
    std::vector<LayerPart> parts;
    for (const DrapedLayer& layer : layers->layers) {
        const PlaneBox box = boxOf(key).grownBy(marginOf(key, *layer.style));
        parts.push_back({&layer, store.boxesNear(box, layer.layer)});
    }
    const double leastSide = leastSideOf(parts, key.level);
    for (LayerPart& part : parts) {
        const LayerInfo& info = store.layers()[part.layer->layer];
        const LayerReader reader(*part.layer, info);
        const auto small =
            std::ranges::stable_partition(part.boxes, [leastSide](const BoxEntry& entry) {
                return leastSide == 0.0 || double{sideOf(entry)} > leastSide;
            });
        const std::span large(part.boxes.begin(), small.begin());
        Status read = reader.read(refsOf(part.layer->layer, large), store, builder);
        read = read ? reader.readShares(small, store, builder) : read;
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
