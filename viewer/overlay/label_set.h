#pragma once

#include "viewer/overlay/label_layer.h"
#include "viewer/overlay/label_loader.h"

#include <functional>
#include <map>
#include <optional>

namespace viewer::overlay {

/// Ellipsoidal height of the first surface below a position; none where there is no surface yet.
using SurfaceHeight = std::function<std::optional<double>(const tiles3d::geo::Cartographic&)>;

/// The labels and points of a store's layers in the view: which ones, how high they stand, and the
/// node that draws them. Reading goes on in the background. For the thread that draws.
class LabelSet {
public:
    /// Draws points alone, with a message, where the system has no font for labels.
    LabelSet(std::shared_ptr<const pipeline::planning::LayerStore> store,
             const tiles3d::geo::EnuFrame& scene,
             double pixelScale);

    /// Those that are shown; of them isLabelled() ones matter. From the next step() on.
    void setLayers(const std::vector<LabelledLayer>& layers);
    void setSurface(SurfaceHeight surface) { surface_ = std::move(surface); }
    /// Heights are asked for again, a few per step(); labels keep theirs until then.
    void noteSurfaceChange();

    /// Takes in what was read, asks for what the view lacks and for at most 40 heights. True if the
    /// picture changes.
    bool step(const LabelView& view);
    /// The next step() of the same view would change nothing.
    bool isSettled() const;

    osg::Node* node() const { return layer_.node(); }
    std::vector<std::string> takeMessages();
    std::size_t drawnLabels() const { return layer_.drawnLabels(); }
    std::size_t drawnPoints() const { return layer_.drawnPoints(); }

private:
    struct Height {
        std::optional<double> metres;
        unsigned asked = 0; // surfaceVersion_ when it was asked for; 0: never
    };

    void request(const LabelView& view);
    void askHeights(const LabelView& view);
    std::vector<StandingLabel> standing() const;
    glm::dvec3 pointOf(const MapLabel& label, double heightMetres) const;

    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    tiles3d::geo::EnuFrame scene_;
    std::vector<std::string> messages_;
    LabelLoader loader_;
    LabelLayer layer_;
    SurfaceHeight surface_;
    std::vector<LabelledLayer> layers_;
    bool isStale_ = false; // the layers are others than those asked for
    std::vector<pipeline::planning::PlaneBox> askedAreas_;
    std::vector<MapLabel> labels_;
    std::map<pipeline::planning::FeatureRef, Height> heights_;
    unsigned surfaceVersion_ = 1;
    std::size_t heightsLeft_ = 0; // labels in the view that wait for theirs
};

/// The boxes of scene east and north in which a view's labels are looked for, the nearest first:
/// what it sees of the ground within four distances, each four times the one before, the last one
/// up to 60 km.
std::vector<pipeline::planning::PlaneBox> labelAreas(const LabelView& view);

} // namespace viewer::overlay
