#include "pipeline/planning/site/find_sites.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/ground_slope.h"
#include "pipeline/planning/site/layer_overlap.h"
#include "pipeline/planning/site/nearest_feature.h"
#include "pipeline/planning/site/plane_geodesy.h"
#include "pipeline/planning/style/legend_names.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <compare>
#include <functional>
#include <span>
#include <utility>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr std::size_t kBatch = 256; ///< Parcels in memory at a time.

/// The test that a parcel falls at.
enum class Fall { None, Area, Distance, Forbidden, Slope, Broken };

struct Tried {
    Fall fall = Fall::None;
    FoundSite site;
};

/// Layers whose rule can exclude a site by where it lies.
std::vector<std::uint32_t>
excludingLayers(const LayerStore& store, const SiteRules& rules, std::uint32_t parcels) {
    std::vector<std::uint32_t> layers;
    for (std::uint32_t layer = 0; layer < store.layers().size(); ++layer) {
        const RuleKind kind = ruleFor(rules, store.layers()[layer]).kind;
        if (layer != parcels && kind != RuleKind::Inform && kind != RuleKind::HeightLimit) {
            layers.push_back(layer);
        }
    }
    return layers;
}

/// All that trying a parcel needs; const use from any number of threads.
struct Trial {
    const LayerStore& store;
    const SiteWish& wish;
    const SiteRules& rules;
    const FindOptions& options;
    std::vector<NearestSearch> searches;
    std::vector<std::uint32_t> excluding;
};

Result<Trial> prepare(const LayerStore& store,
                      const SiteWish& wish,
                      const SiteRules& rules,
                      const FindOptions& options) {
    Trial trial{.store = store,
                .wish = wish,
                .rules = rules,
                .options = options,
                .excluding = excludingLayers(store, rules, wish.parcels)};
    for (const DistanceTarget& target : wish.distances) {
        Result<NearestSearch> search = NearestSearch::create(store, target);
        if (!search) {
            return search.error();
        }
        trial.searches.push_back(*std::move(search));
    }
    if (!std::isinf(wish.mostSlopeDegrees) && options.city.empty()) {
        return Error{"a slope needs a city's folder with tileset.json, not a GeoPackage alone"};
    }
    return trial;
}

/// Tries parcels on one thread, cheap tests first.
class Trier {
public:
    Trier(const Trial& trial, const PlaneGeodesy& geodesy) : trial_(trial), geodesy_(geodesy) {}

    Result<Tried> tryOut(StoredFeature parcel) const {
        Tried tried;
        FoundSite& found = tried.site;
        found.ref = parcel.ref;
        found.name = nameOfFeature(trial_.store.layers()[parcel.ref.layer], parcel);
        const Result<Site> site = siteFrom(found.name, {.polygons = parcel.geometry.polygons});
        if (!site) {
            tried.fall = Fall::Broken;
            return tried;
        }
        found.values = std::move(parcel.values);
        found.area = site->area;
        using Test = Result<bool> (Trier::*)(const Site&, FoundSite&) const;
        constexpr std::pair<Test, Fall> kTests[]{{&Trier::hasSize, Fall::Area},
                                                 {&Trier::liesWell, Fall::Distance},
                                                 {&Trier::isAllowed, Fall::Forbidden},
                                                 {&Trier::isLevel, Fall::Slope}};
        for (const auto& [test, fall] : kTests) {
            const Result<bool> passed = (this->*test)(*site, found);
            if (!passed) {
                return tiles3d::base::within("parcel " + found.name, passed.error());
            }
            if (!*passed) {
                tried.fall = fall;
                return tried;
            }
        }
        return tried;
    }

private:
    Result<bool> hasSize(const Site& site, FoundSite& found) const {
        const Result<double> squareMetres = geodesy_.squareMetres(site.area);
        if (!squareMetres) {
            return squareMetres.error();
        }
        found.squareMetres = *squareMetres;
        found.planeSquareMetres = squareMetresOf(site.area);
        return found.squareMetres >= trial_.wish.leastSquareMetres &&
               found.squareMetres <= trial_.wish.mostSquareMetres;
    }

    Result<bool> liesWell(const Site& site, FoundSite& found) const {
        for (const NearestSearch& search : trial_.searches) {
            Result<NearestFeature> nearest = search.from(site.area, geodesy_);
            if (!nearest) {
                return nearest.error();
            }
            if (nearest->verdict == Verdict::Conflict) {
                return false;
            }
            found.distances.push_back(*std::move(nearest));
        }
        return true;
    }

    Result<bool> isAllowed(const Site& site, FoundSite& /*found*/) const {
        if (trial_.excluding.empty()) {
            return true;
        }
        const auto findings =
            overlapLayers(trial_.store, site, trial_.rules, {.layers = trial_.excluding});
        if (!findings) {
            return findings.error();
        }
        return std::ranges::none_of(*findings, [](const LayerFinding& finding) {
            return finding.verdict == Verdict::Conflict;
        });
    }

    Result<bool> isLevel(const Site& site, FoundSite& found) const {
        if (std::isinf(trial_.wish.mostSlopeDegrees)) {
            return true;
        }
        const Result<std::optional<double>> slope =
            meanSlopeDegrees(trial_.options.city, trial_.store.planeCrs(), site.area);
        if (!slope) {
            return slope.error();
        }
        found.slopeDegrees = *slope;
        return *slope && **slope <= trial_.wish.mostSlopeDegrees;
    }

    const Trial& trial_;
    const PlaneGeodesy& geodesy_;
};

void count(const Tried& tried, SiteCounts& counts) {
    switch (tried.fall) {
    case Fall::None:
        return;
    case Fall::Area:
        ++counts.wrongArea;
        return;
    case Fall::Distance:
        ++counts.wrongDistance;
        return;
    case Fall::Forbidden:
        ++counts.forbidden;
        return;
    case Fall::Slope:
        ++counts.tooSteep;
        return;
    case Fall::Broken:
        ++counts.broken;
        return;
    }
}

/// One batch, each parcel's answer at its own place; a thread's parcels share its PROJ.
Status tryBatch(const Trial& trial,
                const std::vector<PlaneGeodesy>& geodesies,
                std::span<const FeatureRef> refs,
                FoundSites& found) {
    Result<std::vector<StoredFeature>> parcels = trial.store.read(refs);
    if (!parcels) {
        return parcels.error();
    }
    std::vector<std::optional<Result<Tried>>> tried(parcels->size());
    const std::size_t workers = geodesies.size();
    tiles3d::base::parallelFor(workers, workers, [&](std::size_t worker) {
        const Trier trier(trial, geodesies[worker]);
        for (std::size_t i = worker; i < tried.size(); i += workers) {
            tried[i] = trier.tryOut(std::move((*parcels)[i]));
        }
    });
    for (std::optional<Result<Tried>>& result : tried) {
        if (!*result) {
            return result->error();
        }
        count(**result, found.counts);
        if ((*result)->fall == Fall::None) {
            found.sites.push_back(std::move((*result)->site));
        }
    }
    return ok();
}

/// Numbers by size, texts by letters, nothing last.
std::partial_ordering compare(const Value& a, const Value& b) {
    const auto number = [](const Value& value) -> std::optional<double> {
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            return static_cast<double>(*integer);
        }
        const auto* real = std::get_if<double>(&value);
        return real != nullptr ? std::optional(*real) : std::nullopt;
    };
    const std::optional<double> x = number(a);
    const std::optional<double> y = number(b);
    if (x || y) {
        return x <=> y;
    }
    return toText(a) <=> toText(b);
}

Status rank(FoundSites& found, const std::string& rankBy) {
    if (rankBy.empty()) {
        std::ranges::stable_sort(found.sites, std::greater<>(), &FoundSite::squareMetres);
        return ok();
    }
    const auto field = std::ranges::find_if(found.parcels.fields, [&](const Field& candidate) {
        return style::isSameName(candidate.name, rankBy) || candidate.alias == rankBy;
    });
    if (field == found.parcels.fields.end()) {
        return Error{
            fmt::format("layer {} has no field {} to rank by", found.parcels.table, rankBy)};
    }
    const auto place = static_cast<std::size_t>(field - found.parcels.fields.begin());
    std::ranges::stable_sort(found.sites, [&](const FoundSite& a, const FoundSite& b) {
        return std::is_gt(compare(a.values[place], b.values[place]));
    });
    return ok();
}

Result<std::vector<PlaneGeodesy>> geodesiesFor(const std::string& planeCrs, std::size_t threads) {
    std::vector<PlaneGeodesy> geodesies;
    for (std::size_t i = 0; i < threads; ++i) {
        Result<PlaneGeodesy> geodesy = PlaneGeodesy::create(planeCrs);
        if (!geodesy) {
            return geodesy.error();
        }
        geodesies.push_back(*std::move(geodesy));
    }
    return geodesies;
}

} // namespace

Result<FoundSites> findSites(const LayerStore& store,
                             const SiteWish& wish,
                             const SiteRules& rules,
                             const FindOptions& options) {
    FoundSites found{.planeCrs = store.planeCrs(), .parcels = store.layers()[wish.parcels]};
    if (Status ranked = rank(found, wish.rankBy); !ranked) { // before hours of work
        return ranked.error();
    }
    const Result<Trial> trial = prepare(store, wish, rules, options);
    if (!trial) {
        return trial.error();
    }
    const auto ids = store.rows(wish.parcels, {.where = wish.where});
    if (!ids) {
        return ids.error();
    }
    const auto geodesies = geodesiesFor(store.planeCrs(), options.threads);
    if (!geodesies) {
        return geodesies.error();
    }
    found.counts.considered = ids->size();
    std::vector<FeatureRef> batch;
    for (std::size_t first = 0; first < ids->size(); first += kBatch) {
        if (options.onProgress) {
            options.onProgress(first, ids->size());
        }
        batch.clear();
        for (std::size_t i = first; i < std::min(ids->size(), first + kBatch); ++i) {
            batch.push_back({wish.parcels, (*ids)[i]});
        }
        if (Status done = tryBatch(*trial, *geodesies, batch, found); !done) {
            return done.error();
        }
    }
    if (Status ranked = rank(found, wish.rankBy); !ranked) {
        return ranked.error();
    }
    return found;
}

} // namespace pipeline::planning::site
