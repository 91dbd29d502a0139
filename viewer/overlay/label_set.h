#pragma once

#include "viewer/overlay/label_layer.h"
#include "viewer/overlay/label_loader.h"

#include <map>
#include <optional>

namespace viewer::overlay {

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
    /// Heights are asked for again, a few per step(); labels keep theirs until then.
    void noteSurfaceChange();

    /// Takes in what was read, asks for what the view lacks, and asks `surface` about 24 times at
    /// most. True if the picture changes.
    bool step(const LabelView& view, const LabelSurface& surface);
    /// The next step() of the same view would change nothing.
    bool isSettled() const;

    osg::Node* node() const { return layer_.node(); }
    std::vector<std::string> takeMessages();
    std::size_t drawnLabels() const { return layer_.drawnLabels(); }
    std::size_t drawnPoints() const { return layer_.drawnPoints(); }

private:
    /// What is known of the place of a label.
    struct Stand {
        std::size_t spot = 0; // of the label's
        std::optional<double> heightMetres;
        unsigned heightAsked = 0; // surfaceVersion_ when it was asked for; 0: never
        bool isSeen = true;
        unsigned sightAsked = 0; // viewVersion_
    };

    void request(const LabelView& view);
    std::size_t askHeights(const LabelView& view, const LabelSurface& surface);
    void askSight(const LabelView& view, const LabelSurface& surface, std::size_t most);
    std::vector<StandingLabel> standing() const;
    glm::dvec3 pointAt(const tiles3d::geo::Cartographic& place, double heightMetres) const;
    std::size_t look(const MapLabel& label, Stand& stand, const LabelSurface& surface) const;

    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    tiles3d::geo::EnuFrame scene_;
    std::vector<std::string> messages_;
    LabelLoader loader_;
    LabelLayer layer_;
    std::vector<LabelledLayer> layers_;
    bool isStale_ = false; // the layers are others than those asked for
    std::vector<pipeline::planning::PlaneBox> askedAreas_;
    std::vector<MapLabel> labels_;
    std::map<pipeline::planning::FeatureRef, Stand> stands_;
    unsigned surfaceVersion_ = 1;
    unsigned viewVersion_ = 1; // of view or surface
    LabelView view_;
    std::size_t firstSight_ = 0;    // label to begin with, so that each has its turn
    std::size_t questionsLeft_ = 0; // of labels in the view
};

/// The boxes of scene east and north in which a view's labels are looked for, the nearest first:
/// what it sees of the ground within four distances, each four times the one before, the last one
/// up to 60 km.
std::vector<pipeline::planning::PlaneBox> labelAreas(const LabelView& view);

} // namespace viewer::overlay
