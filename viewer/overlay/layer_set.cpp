#include "viewer/overlay/layer_set.h"

#include "tiles3d/crs/source_crs.h"
#include "tiles3d/crs/transform.h"
#include "viewer/overlay/drape_pass.h"
#include "viewer/overlay/ground_watch.h"
#include "viewer/overlay/label_set.h"
#include "viewer/overlay/layer_remarks.h"
#include "viewer/overlay/page_cache.h"
#include "viewer/overlay/page_loader.h"
#include "viewer/overlay/plane_fit.h"
#include "viewer/overlay/symbol_table.h"
#include "viewer/overlay/wanted_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <thread>
#include <utility>

namespace viewer::overlay {

namespace base = tiles3d::base;
using pipeline::planning::FeatureRef;
using pipeline::planning::LayerStore;
using pipeline::planning::PlaneBox;
using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::StyleClass;
using pipeline::planning::style::Symbol;
using pipeline::planning::style::Unit;

namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t kMostSketchSymbols = 64;

/// How a symbol is indexed; the rest of it is a matter of the symbol table.
bool isIndexedAlike(const Symbol& a, const Symbol& b) {
    const auto metres = [](const Symbol& s) {
        return s.lineUnit == Unit::Metres ? s.lineWidth : 0.0F;
    };
    return (a.fill == FillKind::Solid) == (b.fill == FillKind::Solid) &&
           (a.dash > 0.0F) == (b.dash > 0.0F) && metres(a) == metres(b);
}

/// True if pages that were made with one style show the other.
bool isIndexedAlike(const LayerStyle& a, const LayerStyle& b) {
    const auto isSame = [](const auto& one, const auto& other) {
        return one.values == other.values && one.prefixes == other.prefixes &&
               one.from == other.from && one.to == other.to &&
               isIndexedAlike(one.symbol, other.symbol);
    };
    return a.classField == b.classField && a.spareField == b.spareField && a.mode == b.mode &&
           a.baseField == b.baseField && a.topField == b.topField &&
           isIndexedAlike(a.other, b.other) && std::ranges::equal(a.classes, b.classes, isSame);
}

float reachOf(const Symbol& symbol) {
    const float line = symbol.lineUnit == Unit::Pixels ? symbol.lineWidth : 0.0F;
    return line / 2.0F + symbol.casingPixels;
}

struct Layer {
    std::shared_ptr<const LayerStyle> style;
    bool isVisible = false;
    bool wasRemarked = false;
    float opacity = 1.0F;
    std::shared_ptr<const Ids> filter; // null: all
    std::uint32_t version = 0;
    std::uint32_t firstSymbol = 0;
};

} // namespace

struct LayerSet::State {
    State(std::shared_ptr<const LayerStore> shared, const LayerSetOptions& setOptions, PlaneFit fit)
        : store(std::move(shared)), options(setOptions), plane(fit),
          city({glm::dvec2(fit.terms[0]), glm::dvec2(fit.terms[0])}), pages(options.memoryBytes),
          pass(glm::dvec2(fit.terms[0]), options.pixelScale), ground(fit),
          labels(store, options.scene, options.pixelScale),
          loader(store, std::max(1U, std::thread::hardware_concurrency() / 2)) {
        city = city.grownBy(options.halfExtentMetres);
    }

    std::shared_ptr<const LayerStore> store;
    LayerSetOptions options;
    PlaneFit plane;
    PlaneBox city; // on the plane
    std::vector<Layer> layers;
    std::vector<FeatureRef> selected; // ascending
    std::optional<FeatureRef> hovered;
    std::vector<std::string> messages;
    std::set<std::string> saidBefore;

    std::shared_ptr<const Sketch> sketch; // null: none
    LayerStyle sketchStyle;               // a class per part
    std::uint32_t sketchSymbols = 0;      // first of kMostSketchSymbols rows

    SymbolTable symbols;
    PageCache pages;
    DrapePass pass;
    GroundWatch ground;
    bool isGroundNeeded = false;
    LabelSet labels;
    bool areLabelsChanged = true;
    std::shared_ptr<const DrapedLayers> draped = std::make_shared<DrapedLayers>();
    std::optional<DrapeView> view;
    std::size_t missing = 0;  // pages of the view
    double reachPixels = 0.0; // of the symbols that are shown
    bool areSymbolsChanged = true;
    bool isDrapedChanged = false;
    bool isLackKnown = false; // of the view, as it is
    PageLoader loader;        // last: its threads end first

    std::shared_ptr<const Sketch> sketchOf(const std::vector<SketchPart>& parts);
    std::uint32_t stateOf(const FeatureRef& ref) const;
    void applyStates(std::vector<FeatureRef> changed);
    void writeSymbols(const Layer& layer);
    void say(std::string message);
    void updateSymbols();
    void updateDraped();
    void updateLabels();
    bool takePages();
    void askForPages();
    PlaneBox extentOfDraped() const;
};

/// Parts beyond the rows that are kept for sketches share the last one.
std::shared_ptr<const Sketch> LayerSet::State::sketchOf(const std::vector<SketchPart>& parts) {
    auto made = std::make_shared<Sketch>();
    double reach = 0.0;
    for (const auto& [geometry, symbol] : parts) {
        const std::size_t place = std::min(sketchStyle.classes.size(), kMostSketchSymbols - 2);
        if (place == sketchStyle.classes.size()) {
            sketchStyle.classes.push_back({.symbol = symbol});
        }
        const double half = symbol.lineUnit == Unit::Metres ? 0.5 * double{symbol.lineWidth} : 0.0;
        reach = std::max(reach, half);
        for (const auto& polygon : geometry.polygons) {
            std::ranges::for_each(polygon.outer, [&](const auto& p) { made->extent.add(p); });
        }
        for (const auto& line : geometry.lines) {
            std::ranges::for_each(line, [&](const auto& p) { made->extent.add(p); });
        }
        made->features.push_back({.ref = {kSketchLayer, static_cast<std::int64_t>(place)},
                                  .geometry = geometry,
                                  .symbol = sketchSymbols + static_cast<std::uint32_t>(place),
                                  .isDashed = symbol.dash > 0.0F,
                                  .halfWidthMetres = half});
    }
    made->extent = made->extent.grownBy(reach);
    return made;
}

std::uint32_t LayerSet::State::stateOf(const FeatureRef& ref) const {
    if (ref.layer == kSketchLayer) {
        return kShownBit;
    }
    const auto& filter = layers[ref.layer].filter;
    const bool isShown = !filter || std::ranges::binary_search(*filter, ref.id);
    const bool isSelected = std::ranges::binary_search(selected, ref);
    return (isShown ? kShownBit : 0U) | (isSelected ? kSelectedBit : 0U) |
           (hovered == ref ? kHoveredBit : 0U);
}

void LayerSet::State::applyStates(std::vector<FeatureRef> changed) {
    std::ranges::sort(changed);
    pages.setStates([this](const FeatureRef& ref) { return stateOf(ref); }, &changed);
    areSymbolsChanged = true; // selected things reach farther
}

void LayerSet::State::writeSymbols(const Layer& layer) {
    symbols.set(layer.firstSymbol, *layer.style, layer.isVisible ? layer.opacity : 0.0F);
    areSymbolsChanged = true;
}

void LayerSet::State::say(std::string message) {
    if (saidBefore.insert(message).second) {
        messages.push_back(std::move(message));
    }
}

void LayerSet::State::updateSymbols() {
    constexpr float kSoft = 0.75F;
    constexpr float kSelectedReach = 2.5F;
    float reach = selected.empty() && !hovered ? 0.0F : kSelectedReach;
    DrapePass::Needs needs;
    const auto take = [&](const Symbol& symbol) {
        reach = std::max(reach, reachOf(symbol));
        needs.dashes = needs.dashes || symbol.dash > 0.0F;
        needs.hatches = needs.hatches || symbol.fill == FillKind::Hatch;
        needs.casings = needs.casings || symbol.casingPixels > 0.0F;
        needs.metres = needs.metres || symbol.lineUnit == Unit::Metres;
    };
    for (const Layer& layer : layers) {
        if (!layer.isVisible) {
            continue;
        }
        const LayerStyle& style = *layer.style;
        take(style.other);
        std::ranges::for_each(style.classes, take, &StyleClass::symbol);
        needs.ground = needs.ground || style.mode == DrapeMode::NearGround;
        needs.heights = needs.heights || style.mode == DrapeMode::HeightRange;
        needs.slopes = needs.slopes || style.mode == DrapeMode::Upward;
        needs.scaleRanges = needs.scaleRanges || style.leastMetresPerPixel > 0.0 ||
                            std::isfinite(style.mostMetresPerPixel);
    }
    std::ranges::for_each(sketchStyle.classes, take, &StyleClass::symbol);
    isGroundNeeded = needs.ground;
    pass.setNeeds(needs);
    reachPixels = static_cast<double>(reach + kSoft);
    pass.setReachPixels(reach + kSoft);
    pass.setSymbols(symbols.rows());
}

void LayerSet::State::updateDraped() {
    auto now = std::make_shared<DrapedLayers>();
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
        const Layer& layer = layers[i];
        if (layer.isVisible) {
            now->layers.push_back({.layer = i,
                                   .version = layer.version,
                                   .firstSymbol = layer.firstSymbol,
                                   .style = layer.style,
                                   .filter = layer.filter});
        }
    }
    now->sketch = sketch;
    draped = std::move(now);
}

void LayerSet::State::updateLabels() {
    std::vector<LabelledLayer> shown;
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
        if (layers[i].isVisible && layers[i].opacity > 0.0F) {
            shown.push_back({i, layers[i].style, layers[i].filter});
        }
    }
    labels.setLayers(shown);
}

/// Some, so that a frame never waits for them.
bool LayerSet::State::takePages() {
    constexpr std::size_t kBytesPerFrame = std::size_t{4} << 20U;
    std::vector<MadePage> made = loader.take(kBytesPerFrame);
    for (MadePage& one : made) {
        std::ranges::for_each(one.problems, [this](std::string& text) { say(std::move(text)); });
        for (std::size_t i = 0; i < one.page.features.size(); ++i) {
            std::uint32_t& word = one.page.texels[Page::kSlotTexels + i][0];
            word = (word & kSymbolMask) | stateOf(one.page.features[i]);
        }
        if (!pages.put(std::move(one.page), std::move(one.made))) {
            say(fmt::format("the layers of this view take more than {} MB; it is shown coarser",
                            options.memoryBytes >> 20U));
        }
    }
    return !made.empty();
}

PlaneBox LayerSet::State::extentOfDraped() const {
    PlaneBox extent = sketch ? sketch->extent : PlaneBox();
    for (const DrapedLayer& layer : draped->layers) {
        const PlaneBox& own = store->layers()[layer.layer].extent;
        if (!own.isEmpty()) {
            extent.add(own.low);
            extent.add(own.high);
        }
    }
    return extent;
}

void LayerSet::State::askForPages() {
    pages.nextFrame();
    std::vector<PageKey> lacking;
    for (const PageKey& key : wantedPages(*view, plane.expandedAt(view->eye), extentOfDraped())) {
        const auto made = pages.touch(key);
        if (!made || !isCurrent(key, *made, *draped, *store)) {
            lacking.push_back(key);
        }
    }
    missing = lacking.size();
    loader.ask(lacking, draped);
    isLackKnown = true;
}

base::Result<std::shared_ptr<LayerSet>> LayerSet::create(std::shared_ptr<const LayerStore> store,
                                                         std::vector<LayerStyle> styles,
                                                         const LayerSetOptions& options) {
    const auto crs = tiles3d::crs::understandSrs(store->planeCrs(), true);
    if (!crs) {
        return crs.error();
    }
    const auto transform =
        tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    const auto fit = fitPlane(*transform, options.scene, options.halfExtentMetres);
    if (!fit) {
        return fit.error();
    }
    auto state = std::make_unique<State>(std::move(store), options, *fit);
    for (LayerStyle& style : styles) {
        Layer layer{.style = std::make_shared<LayerStyle>(std::move(style))};
        layer.firstSymbol = state->symbols.add(*layer.style);
        state->writeSymbols(layer);
        state->layers.push_back(std::move(layer));
    }
    LayerStyle room;
    room.classes.resize(kMostSketchSymbols - 1);
    state->sketchSymbols = state->symbols.add(room);
    return std::shared_ptr<LayerSet>(new LayerSet(std::move(state)));
}

LayerSet::LayerSet(std::unique_ptr<State> state) : state_(std::move(state)) {}

LayerSet::~LayerSet() = default;

const LayerStore& LayerSet::store() const {
    return *state_->store;
}

const std::shared_ptr<const LayerStore>& LayerSet::sharedStore() const {
    return state_->store;
}

std::size_t LayerSet::count() const {
    return state_->layers.size();
}

void LayerSet::setVisible(std::size_t layer, bool isVisible) {
    Layer& own = state_->layers[layer];
    if (own.isVisible == isVisible) {
        return;
    }
    own.isVisible = isVisible;
    state_->areLabelsChanged = true;
    state_->writeSymbols(own);
    state_->isDrapedChanged = true;
    if (isVisible && !std::exchange(own.wasRemarked, true)) {
        for (std::string& remark : remarksOn(state_->store->layers()[layer], state_->city)) {
            state_->say(std::move(remark));
        }
    }
}

bool LayerSet::isVisible(std::size_t layer) const {
    return state_->layers[layer].isVisible;
}

void LayerSet::setOpacity(std::size_t layer, float opacity) {
    state_->layers[layer].opacity = std::clamp(opacity, 0.0F, 1.0F);
    state_->areLabelsChanged = true;
    state_->writeSymbols(state_->layers[layer]);
}

float LayerSet::opacity(std::size_t layer) const {
    return state_->layers[layer].opacity;
}

void LayerSet::setStyle(std::size_t layer, LayerStyle style) {
    Layer& own = state_->layers[layer];
    const auto before = std::exchange(own.style, std::make_shared<LayerStyle>(std::move(style)));
    state_->areLabelsChanged = true;
    if (!isIndexedAlike(*before, *own.style)) {
        // Pages of before keep their rows as they are until they are built anew.
        own.firstSymbol = state_->symbols.add(*own.style);
        ++own.version;
        state_->isDrapedChanged = true;
    }
    state_->writeSymbols(own);
}

const LayerStyle& LayerSet::style(std::size_t layer) const {
    return *state_->layers[layer].style;
}

void LayerSet::setFilter(std::size_t layer, std::optional<Ids> shownIds) {
    Layer& own = state_->layers[layer];
    own.filter = shownIds ? std::make_shared<Ids>(*std::move(shownIds)) : nullptr;
    state_->areLabelsChanged = true;
    ++own.version; // small surfaces are counted without those that are not shown
    state_->isDrapedChanged = true;
    state_->pages.setStates([this](const FeatureRef& ref) { return state_->stateOf(ref); });
}

void LayerSet::setSelected(std::vector<FeatureRef> features) {
    std::ranges::sort(features);
    std::vector<FeatureRef> changed;
    std::ranges::set_symmetric_difference(features, state_->selected, std::back_inserter(changed));
    state_->selected = std::move(features);
    state_->applyStates(std::move(changed));
}

void LayerSet::setHovered(std::optional<FeatureRef> feature) {
    if (state_->hovered == feature) {
        return;
    }
    std::vector<FeatureRef> changed;
    for (const auto& one : {std::exchange(state_->hovered, feature), feature}) {
        if (one) {
            changed.push_back(*one);
        }
    }
    state_->applyStates(std::move(changed));
}

void LayerSet::setSketch(const std::vector<SketchPart>& sketch) {
    State& state = *state_;
    state.sketchStyle = {};
    state.sketch = sketch.empty() ? nullptr : state.sketchOf(sketch);
    state.symbols.set(state.sketchSymbols, state.sketchStyle, 1.0F);
    state.areSymbolsChanged = true;
    state.isDrapedChanged = true;
}

bool LayerSet::step(const DrapeView& view) {
    State& state = *state_;
    if (state.view != view) {
        state.view = view;
        state.pass.setView(view, state.plane.expandedAt(view.eye));
        state.isLackKnown = false;
    }
    if (std::exchange(state.isDrapedChanged, false)) {
        state.updateDraped();
        state.isLackKnown = false;
    }
    if (state.takePages()) {
        state.isLackKnown = false;
    }
    const bool areSymbolsNew = std::exchange(state.areSymbolsChanged, false);
    if (areSymbolsNew) {
        state.updateSymbols();
        state.isLackKnown = false;
    }
    if (!state.isLackKnown) {
        state.askForPages();
    }
    const bool isNew = state.pages.hasChanges() || areSymbolsNew;
    state.pass.setPages(state.pages);
    return isNew;
}

bool LayerSet::stepGround(const DrapeView& view,
                          const std::function<Meshes()>& meshes,
                          bool isSurfaceNew) {
    State& state = *state_;
    if (isSurfaceNew) {
        state.ground.noteSurfaceChange();
    }
    if (!state.isGroundNeeded) {
        return false;
    }
    const glm::dvec2 eye(state.plane.toPlane(view.eye));
    const auto made = state.ground.step(groundAreaAround(eye, view.eye.z - view.lowMetres), meshes);
    if (made) {
        state.pass.setGround(*made);
        state.view.reset(); // it is told where the ground's corner is
    }
    return made.has_value();
}

bool LayerSet::stepLabels(const LabelView& view, const LabelSurface& surface, bool isSurfaceNew) {
    State& state = *state_;
    if (std::exchange(state.areLabelsChanged, false)) {
        state.updateLabels();
    }
    if (isSurfaceNew) {
        state.labels.noteSurfaceChange();
    }
    const bool isNew = state.labels.step(view, surface);
    for (std::string& message : state.labels.takeMessages()) {
        state.say(std::move(message));
    }
    return isNew;
}

bool LayerSet::isSettled() const {
    const bool isGroundSettled = !state_->isGroundNeeded || state_->ground.isSettled();
    return isGroundSettled && state_->labels.isSettled() && !state_->areLabelsChanged &&
           state_->isLackKnown && state_->missing == 0 && !state_->isDrapedChanged &&
           !state_->areSymbolsChanged;
}

osg::Node* LayerSet::pass() const {
    return state_->pass.node();
}

osg::Node* LayerSet::marks() const {
    return state_->labels.node();
}

std::vector<std::string> LayerSet::takeMessages() {
    return std::exchange(state_->messages, {});
}

std::string LayerSet::summary() const {
    constexpr double kMillimetres = 1000.0;
    return fmt::format("{} pages of layers, {:.1f} MB, plane within {:.2f} mm of PROJ",
                       state_->pages.count(),
                       static_cast<double>(state_->pages.usedBytes()) / 1e6,
                       state_->plane.residualMetres * kMillimetres);
}

std::string localPlane(const tiles3d::geo::EnuFrame& scene) {
    return fmt::format(
        "+proj=tmerc +lat_0={} +lon_0={} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +datum=WGS84 "
        "+units=m +no_defs +type=crs",
        scene.origin().latitude.degrees(),
        scene.origin().longitude.degrees());
}

} // namespace viewer::overlay
