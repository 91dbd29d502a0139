#pragma once

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/plane_geodesy.h"
#include "pipeline/planning/site/site_finding.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pipeline::planning::site {

/// Searches for the feature of a target's layers that is nearest to an area, among those that meet
/// its condition. Const use is safe from any number of threads.
class NearestSearch {
public:
    /// Fails on a condition that a layer's fields do not answer, naming target and layer.
    /// REQUIRES: `store` outlives the result.
    static tiles3d::base::Result<NearestSearch> create(const LayerStore& store,
                                                       const DistanceTarget& target);

    /// Looks in boxes of growing size around the area and reads only what lies in them.
    tiles3d::base::Result<NearestFeature> from(const Geometry& area,
                                               const PlaneGeodesy& geodesy) const;

private:
    NearestSearch(const LayerStore& store, DistanceTarget target)
        : store_(&store), target_(std::move(target)) {}

    struct Found {
        FeatureRef ref;
        std::string name;
        ShortestWay way;
    };
    using Search = tiles3d::base::Result<std::optional<Found>>;

    tiles3d::base::Status addLayer(std::uint32_t layer);
    bool holds(const FeatureRef& ref) const;
    Search nearestIn(const PlaneBox& box, const Geometry& area) const;
    Search searchOutwards(const Geometry& area) const;

    const LayerStore* store_;
    DistanceTarget target_;
    std::vector<std::uint32_t> layers_;
    PlaneBox extent_;
    /// Sorted ids of each layer's features that meet the condition; no entry: all do.
    std::unordered_map<std::uint32_t, std::vector<std::int64_t>> ids_;
};

} // namespace pipeline::planning::site
