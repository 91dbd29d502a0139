#include "pipeline/planning/site/nearest_feature.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/layer_overlap.h"

#include <fmt/format.h>
#include <glm/common.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::within;

namespace {

constexpr double kFirstReachMetres = 250.0;

/// The layers of a target, and which of their features count.
struct Targets {
    std::vector<std::uint32_t> layers;
    PlaneBox extent;
    /// Sorted ids of each layer's features that meet the condition; no entry: all do.
    std::unordered_map<std::uint32_t, std::vector<std::int64_t>> ids;

    bool holds(const FeatureRef& ref) const {
        const auto found = ids.find(ref.layer);
        return found == ids.end() || std::ranges::binary_search(found->second, ref.id);
    }
};

Result<Targets> targetsOf(const LayerStore& store, const DistanceTarget& target) {
    Targets targets;
    for (std::uint32_t layer = 0; layer < store.layers().size(); ++layer) {
        const LayerInfo& info = store.layers()[layer];
        if (!fits(target.layers, info) || info.extent.isEmpty()) {
            continue;
        }
        if (!target.where.empty()) {
            Result<std::vector<std::int64_t>> ids = store.rows(layer, {.where = target.where});
            if (!ids) {
                return within(fmt::format("distance \"{}\", layer {}", target.title, info.table),
                              ids.error());
            }
            std::ranges::sort(*ids);
            targets.ids.emplace(layer, *std::move(ids));
        }
        targets.layers.push_back(layer);
        targets.extent.add(info.extent.low);
        targets.extent.add(info.extent.high);
    }
    return targets;
}

struct Found {
    FeatureRef ref;
    std::string name;
    ShortestWay way;
};

/// The nearest of the features in a box; nothing if there is none.
Result<std::optional<Found>> nearestIn(const LayerStore& store,
                                       const Targets& targets,
                                       const Geometry& area,
                                       const PlaneBox& box) {
    std::vector<FeatureRef> candidates = store.near(box, targets.layers);
    std::erase_if(candidates, [&](const FeatureRef& ref) { return !targets.holds(ref); });
    const Result<std::vector<StoredFeature>> features = store.read(candidates);
    if (!features) {
        return features.error();
    }
    std::optional<Found> nearest;
    for (const StoredFeature& feature : *features) {
        if (feature.geometry.isEmpty()) {
            continue;
        }
        const Result<ShortestWay> way = shortestWay(area, feature.geometry);
        if (!way) {
            return way.error();
        }
        if (!nearest || way->metres < nearest->way.metres) {
            nearest =
                Found{feature.ref, nameOfFeature(store.layers()[feature.ref.layer], feature), *way};
        }
    }
    return nearest;
}

/// Larger boxes until the nearest is nearer than any that the box may have missed.
Result<std::optional<Found>>
searchOutwards(const LayerStore& store, const Targets& targets, const Geometry& area) {
    const PlaneBox own = boundsOf(area);
    double reach = kFirstReachMetres;
    while (true) {
        const PlaneBox box = own.grownBy(reach);
        Result<std::optional<Found>> found = nearestIn(store, targets, area, box);
        const bool isAll = glm::all(glm::lessThanEqual(box.low, targets.extent.low)) &&
                           glm::all(glm::greaterThanEqual(box.high, targets.extent.high));
        if (!found || isAll || (*found && (*found)->way.metres <= reach)) {
            return found;
        }
        reach = *found ? (*found)->way.metres : 2.0 * reach;
    }
}

Verdict verdictOf(const DistanceTarget& target, const std::optional<double>& metres) {
    const DistanceTarget free;
    if (target.atLeastMetres == free.atLeastMetres && target.atMostMetres == free.atMostMetres) {
        return Verdict::Inform;
    }
    const bool isFine = metres ? *metres >= target.atLeastMetres && *metres <= target.atMostMetres
                               : target.atMostMetres == free.atMostMetres;
    return isFine ? Verdict::Pass : Verdict::Conflict;
}

} // namespace

Result<NearestFeature> nearestFeature(const LayerStore& store,
                                      const Geometry& area,
                                      const DistanceTarget& target,
                                      const PlaneGeodesy& geodesy) {
    const Result<Targets> targets = targetsOf(store, target);
    if (!targets) {
        return targets.error();
    }
    NearestFeature nearest{.target = target};
    Result<std::optional<Found>> found = std::optional<Found>();
    if (!targets->layers.empty()) {
        found = searchOutwards(store, *targets, area);
    }
    if (!found) {
        return within("distance \"" + target.title + "\"", found.error());
    }
    if (!*found) {
        nearest.verdict = verdictOf(target, std::nullopt);
        return nearest;
    }
    const Found& hit = **found;
    const Result<double> metres = geodesy.metresBetween(hit.way.from, hit.way.to);
    if (!metres) {
        return metres.error();
    }
    nearest.ref = hit.ref;
    nearest.name = hit.name;
    nearest.layerTitle = store.layers()[hit.ref.layer].title;
    nearest.metres = *metres;
    nearest.from = hit.way.from;
    nearest.to = hit.way.to;
    nearest.verdict = verdictOf(target, nearest.metres);
    return nearest;
}

} // namespace pipeline::planning::site
