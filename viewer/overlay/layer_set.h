#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/overlay/drape_view.h"
#include "viewer/overlay/ground_grid.h"
#include "viewer/overlay/label_view.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace osg {
class Node;
} // namespace osg

namespace viewer::overlay {

struct LayerSetOptions {
    tiles3d::geo::EnuFrame scene;
    double halfExtentMetres = 5000.0; ///< Of the city round the scene's origin.
    double pixelScale = 1.0;          ///< Picture pixels per pixel that widths are told in.
    std::size_t memoryBytes = std::size_t{128} << 20U; ///< Of pages.
};

/// Geometry of its own with the symbol that draws it, in the store's plane coordinates.
using SketchPart = std::pair<pipeline::planning::Geometry, pipeline::planning::style::Symbol>;

/// The layers of a store as they are laid on a city. What a view needs is read and indexed page by
/// page in the background; until then the place shows what was there before, or the next coarser
/// page. Layers are drawn in the store's order, surfaces with a solid fill below all else.
/// All members are called from the thread that draws.
class LayerSet {
public:
    /// All layers hidden, one style per layer. Reads nothing but the store's catalogue. Fails where
    /// PROJ does, or if the store's plane does not reach the city.
    /// REQUIRES: styles.size() == store->layers().size().
    static tiles3d::base::Result<std::shared_ptr<LayerSet>>
    create(std::shared_ptr<const pipeline::planning::LayerStore> store,
           std::vector<pipeline::planning::style::LayerStyle> styles,
           const LayerSetOptions& options);

    LayerSet(const LayerSet&) = delete;
    LayerSet& operator=(const LayerSet&) = delete;
    ~LayerSet();

    const pipeline::planning::LayerStore& store() const;
    const std::shared_ptr<const pipeline::planning::LayerStore>& sharedStore() const;
    std::size_t count() const;

    // What is shown; each change holds from the next frame on. A layer that is shown for the first
    // time, or whose features fall into other classes than before, follows as its pages are built.
    // REQUIRES: layer < count().

    void setVisible(std::size_t layer, bool isVisible);
    bool isVisible(std::size_t layer) const;
    /// 1 as its style says, 0 hidden; values outside are clamped.
    void setOpacity(std::size_t layer, float opacity);
    float opacity(std::size_t layer) const;
    void setStyle(std::size_t layer, pipeline::planning::style::LayerStyle style);
    const pipeline::planning::style::LayerStyle& style(std::size_t layer) const;
    /// The ids that are shown, ascending; none: all.
    void setFilter(std::size_t layer, std::optional<std::vector<std::int64_t>> shownIds);

    /// Drawn in the colour of selected things, those of visible layers.
    void setSelected(std::vector<pipeline::planning::FeatureRef> features);
    void setHovered(std::optional<pipeline::planning::FeatureRef> feature);
    /// Drawn on top of all layers. In place of the sketch before.
    void setSketch(const std::vector<SketchPart>& sketch);

    // Frames. CityView calls these.

    /// Takes in what has been built, asks for what this view lacks. True if the next frame differs
    /// from the last for the layers' sake.
    bool step(const DrapeView& view);
    /// For layers that keep near the ground, before step(): finds out from `meshes`, what is shown,
    /// how high it lies. Until then, and farther than 2 km away, they are drawn on all surfaces.
    bool
    stepGround(const DrapeView& view, const std::function<Meshes()>& meshes, bool isSurfaceNew);
    /// The same for labels and points, which stand on `surface`. `isSurfaceNew`: it is another than
    /// in the step before.
    bool stepLabels(const LabelView& view, const LabelSurface& surface, bool isSurfaceNew);
    /// All that the last view needs is there.
    bool isSettled() const;
    /// For scene::FrameGraph::setDrapePass(); lives as long as this.
    osg::Node* pass() const;
    /// For scene::FrameGraph::setMarks(); likewise.
    osg::Node* marks() const;

    /// For people, each once: layers that cannot be read, that show nothing, or not all.
    std::vector<std::string> takeMessages();
    /// One line: pages, their memory, how well the plane fits.
    std::string summary() const;

private:
    struct State;
    explicit LayerSet(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The plane that layers are draped in when nothing else is asked for: a transverse Mercator at the
/// scene's origin, true to scale there. A PROJ string.
std::string localPlane(const tiles3d::geo::EnuFrame& scene);

} // namespace viewer::overlay
