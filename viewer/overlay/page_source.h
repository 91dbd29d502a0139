#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/base/result.h"
#include "viewer/overlay/page.h"
#include "viewer/overlay/page_builder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace viewer::overlay {

/// A layer as pages take it in.
struct DrapedLayer {
    std::uint32_t layer = 0;       ///< Of the store; ascending.
    std::uint32_t version = 0;     ///< Another one: pages made of it are out of date.
    std::uint32_t firstSymbol = 0; ///< Row of the style's first class; `other` comes last.
    std::shared_ptr<const pipeline::planning::style::LayerStyle> style;
    std::shared_ptr<const std::vector<std::int64_t>> filter; ///< Ids shown, ascending; null: all.
};

/// What is drawn on top of all layers, without a store behind it.
struct Sketch {
    std::vector<PageFeature> features;   ///< Of kSketchLayer.
    pipeline::planning::PlaneBox extent; ///< With what the lines' widths reach.
};

/// Stands in a feature's reference for a layer of the store.
inline constexpr std::uint32_t kSketchLayer = 0xFFFFFFFFU;

/// All that is shown at a time.
struct DrapedLayers {
    std::vector<DrapedLayer> layers;
    std::shared_ptr<const Sketch> sketch; ///< Or null.
};

/// True if a page made of `made` is what one of `wanted` would be: the same layers in the same
/// versions, as far as they reach there.
bool isCurrent(const PageKey& page,
               const DrapedLayers& made,
               const DrapedLayers& wanted,
               const pipeline::planning::LayerStore& store);

struct MadePage {
    Page page;
    std::shared_ptr<const DrapedLayers> made;
    std::vector<std::string> problems; ///< Layers that could not be read, named.
};

/// Reads what lies there and builds the page. Of more than 4,096 features only the largest are
/// drawn one by one; smaller surfaces count as shares of cells by their boxes, lines and bare
/// outlines of that size are left out. A layer that cannot be read is a problem and is not drawn.
/// Several at once in as many threads.
MadePage makePage(const PageKey& key,
                  const std::shared_ptr<const DrapedLayers>& layers,
                  const pipeline::planning::LayerStore& store);

} // namespace viewer::overlay
