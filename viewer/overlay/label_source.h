#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace viewer::overlay {

/// A layer whose features are labelled, or drawn as points.
struct LabelledLayer {
    std::uint32_t layer = 0; ///< Of the store.
    std::shared_ptr<const pipeline::planning::style::LayerStyle> style;
    std::shared_ptr<const std::vector<std::int64_t>> filter; ///< Ids shown, ascending; null: all.

    bool operator==(const LabelledLayer&) const = default;
};

/// True if its features have labels, or are points, which are drawn by their labels' layer.
bool isLabelled(const pipeline::planning::LayerInfo& layer,
                const pipeline::planning::style::LayerStyle& style);

/// A feature's label, and its disc where the feature is a point.
struct MapLabel {
    pipeline::planning::FeatureRef feature;
    std::vector<tiles3d::geo::Cartographic> spots; ///< Of LabelAnchor, without heights; never none.
    double roomMetres = 0.0;                       ///< Likewise.
    pipeline::planning::GeometryKind kind = pipeline::planning::GeometryKind::Polygon;
    std::string text; ///< "": a disc alone.
    pipeline::planning::style::Symbol symbol;
    std::shared_ptr<const pipeline::planning::style::LayerStyle> style;
};

/// What to label where. `areas` are boxes of the scene's east and north, the nearest first.
struct LabelRequest {
    std::vector<LabelledLayer> layers;
    std::vector<pipeline::planning::PlaneBox> areas;
};

/// Reads labels of a store. For one thread.
class LabelSource {
public:
    /// Fails if the store's plane CRS cannot be understood.
    static tiles3d::base::Result<LabelSource>
    create(std::shared_ptr<const pipeline::planning::LayerStore> store,
           const tiles3d::geo::EnuFrame& scene);

    /// At most 1,500 features of each area; where there are more, a fixed choice spread over it, so
    /// that the same labels come when the view moves on. What was read before is kept (20,000
    /// features). Adds to `messages` the layers that cannot be read.
    std::vector<MapLabel> read(const LabelRequest& request, std::vector<std::string>& messages);

private:
    LabelSource(std::shared_ptr<const pipeline::planning::LayerStore> store,
                tiles3d::crs::Transform plane,
                const tiles3d::geo::EnuFrame& scene)
        : store_(std::move(store)), plane_(std::move(plane)), scene_(scene) {}

    pipeline::planning::PlaneBox planeBox(const pipeline::planning::PlaneBox& area) const;
    void readMissing(const std::vector<pipeline::planning::FeatureRef>& features,
                     const std::map<std::uint32_t, LabelledLayer>& layers,
                     std::vector<std::string>& messages);
    void keep(const pipeline::planning::StoredFeature& feature, const LabelledLayer& layer);

    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    tiles3d::crs::Transform plane_;
    tiles3d::geo::EnuFrame scene_;
    std::map<pipeline::planning::FeatureRef, MapLabel> known_;
};

} // namespace viewer::overlay
