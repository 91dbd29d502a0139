#include "pipeline/planning/site/nearest_feature.h"

#include "pipeline/planning/site/layer_overlap.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/vector_relational.hpp>

#include <algorithm>

namespace pipeline::planning::site {

using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::within;

namespace {

constexpr double kFirstReachMetres = 250.0;

Verdict verdictOf(const DistanceTarget& target, const std::optional<double>& metres) {
    const DistanceTarget free;
    if (target.atLeastMetres == free.atLeastMetres && target.atMostMetres == free.atMostMetres) {
        return Verdict::Inform;
    }
    const bool isFine = metres ? *metres >= target.atLeastMetres && *metres <= target.atMostMetres
                               : target.atMostMetres == free.atMostMetres;
    return isFine ? Verdict::Pass : Verdict::Conflict;
}

bool covers(const PlaneBox& box, const PlaneBox& other) {
    return glm::all(glm::lessThanEqual(box.low, other.low)) &&
           glm::all(glm::greaterThanEqual(box.high, other.high));
}

} // namespace

Result<NearestSearch> NearestSearch::create(const LayerStore& store, const DistanceTarget& target) {
    NearestSearch search(store, target);
    for (std::uint32_t layer = 0; layer < store.layers().size(); ++layer) {
        const LayerInfo& info = store.layers()[layer];
        if (!fits(target.layers, info) || info.extent.isEmpty()) {
            continue;
        }
        if (const Status added = search.addLayer(layer); !added) {
            return within(fmt::format("distance \"{}\", layer {}", target.title, info.table),
                          added.error());
        }
    }
    return search;
}

Status NearestSearch::addLayer(std::uint32_t layer) {
    if (!target_.where.empty()) {
        Result<std::vector<std::int64_t>> ids = store_->rows(layer, {.where = target_.where});
        if (!ids) {
            return ids.error();
        }
        std::ranges::sort(*ids);
        ids_.emplace(layer, *std::move(ids));
    }
    layers_.push_back(layer);
    extent_.add(store_->layers()[layer].extent.low);
    extent_.add(store_->layers()[layer].extent.high);
    return ok();
}

bool NearestSearch::holds(const FeatureRef& ref) const {
    const auto found = ids_.find(ref.layer);
    return found == ids_.end() || std::ranges::binary_search(found->second, ref.id);
}

NearestSearch::Search NearestSearch::nearestIn(const PlaneBox& box, const Geometry& area) const {
    std::vector<FeatureRef> candidates = store_->near(box, layers_);
    std::erase_if(candidates, [&](const FeatureRef& ref) { return !holds(ref); });
    const Result<std::vector<StoredFeature>> features = store_->read(candidates);
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
            const LayerInfo& info = store_->layers()[feature.ref.layer];
            nearest = Found{feature.ref, nameOfFeature(info, feature), *way};
        }
    }
    return nearest;
}

NearestSearch::Search NearestSearch::searchOutwards(const Geometry& area) const {
    const PlaneBox own = boundsOf(area);
    double reach = kFirstReachMetres;
    while (true) {
        const PlaneBox box = own.grownBy(reach);
        Search found = nearestIn(box, area);
        // A feature beyond the box is farther than `reach`.
        if (!found || covers(box, extent_) || (*found && (*found)->way.metres <= reach)) {
            return found;
        }
        reach = *found ? (*found)->way.metres : 2.0 * reach;
    }
}

Result<NearestFeature> NearestSearch::from(const Geometry& area,
                                           const PlaneGeodesy& geodesy) const {
    NearestFeature nearest{.target = target_, .verdict = verdictOf(target_, std::nullopt)};
    if (layers_.empty()) {
        return nearest;
    }
    const Search found = searchOutwards(area);
    if (!found) {
        return within("distance \"" + target_.title + "\"", found.error());
    }
    if (!*found) {
        return nearest;
    }
    const Found& hit = **found;
    const Result<double> metres = geodesy.metresBetween(hit.way.from, hit.way.to);
    if (!metres) {
        return metres.error();
    }
    nearest.ref = hit.ref;
    nearest.name = hit.name;
    nearest.layerTitle = store_->layers()[hit.ref.layer].title;
    nearest.metres = *metres;
    nearest.from = hit.way.from;
    nearest.to = hit.way.to;
    nearest.verdict = verdictOf(target_, nearest.metres);
    return nearest;
}

} // namespace pipeline::planning::site
