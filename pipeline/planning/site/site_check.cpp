#include "pipeline/planning/site/site_check.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/height_check.h"
#include "pipeline/planning/site/layer_overlap.h"
#include "pipeline/planning/site/nearest_feature.h"
#include "pipeline/planning/site/plane_geodesy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

/// Fills in true sizes. In one place, after the cutting, because PROJ's operations are not shared.
class Measurer {
public:
    Measurer(const PlaneGeodesy& geodesy, const Site& site)
        : geodesy_(geodesy), siteSquareMetres_(squareMetresOf(site.area)) {}

    Status measure(const Geometry& part, Amount& amount) const {
        amount.planeSquareMetres = squareMetresOf(part);
        amount.siteShare = amount.planeSquareMetres / siteSquareMetres_;
        amount.points = part.points.size();
        const Result<double> area = geodesy_.squareMetres(part);
        const Result<double> length = geodesy_.lineMetres(part);
        if (!area || !length) {
            return area ? length.error() : area.error();
        }
        amount.squareMetres = *area;
        amount.lineMetres = *length;
        return ok();
    }

    Status measure(LayerFinding& finding) const {
        for (auto* features : {&finding.features, &finding.slivers}) {
            for (FeatureOverlap& feature : *features) {
                if (Status done = measure(feature.part, feature.amount); !done) {
                    return done;
                }
            }
        }
        if (Status done = measure(finding.coveredPart, finding.covered); !done) {
            return done;
        }
        return measure(finding.conflict, finding.conflictAmount);
    }

private:
    const PlaneGeodesy& geodesy_;
    double siteSquareMetres_;
};

Result<CategoryTotal> totalOf(const std::string& category,
                              const std::vector<const LayerFinding*>& layers,
                              const Measurer& measurer) {
    CategoryTotal total{.category = category, .layers = layers.size()};
    std::vector<Geometry> parts;
    Geometry whole;
    for (const LayerFinding* layer : layers) {
        total.features += layer->features.size();
        total.verdict = std::max(total.verdict, layer->verdict);
        parts.push_back(layer->coveredPart);
        std::ranges::copy(layer->coveredPart.lines, std::back_inserter(whole.lines));
        std::ranges::copy(layer->coveredPart.points, std::back_inserter(whole.points));
    }
    Result<Geometry> united = unionOf(parts);
    if (!united) {
        return united.error();
    }
    whole.polygons = std::move(united->polygons);
    if (Status done = measurer.measure(whole, total.covered); !done) {
        return done.error();
    }
    return total;
}

Result<std::vector<CategoryTotal>> totalsOf(const std::vector<LayerFinding>& layers,
                                            const Measurer& measurer) {
    std::map<std::string, std::vector<const LayerFinding*>> byCategory;
    for (const LayerFinding& layer : layers) {
        byCategory[layer.info.category].push_back(&layer);
    }
    std::vector<CategoryTotal> totals;
    for (const auto& [category, members] : byCategory) {
        Result<CategoryTotal> total = totalOf(category, members, measurer);
        if (!total) {
            return tiles3d::base::within("category " + category, total.error());
        }
        totals.push_back(*std::move(total));
    }
    return totals;
}

std::string describe(const PlaneBox& box) {
    return fmt::format(
        "{:.0f} {:.0f} to {:.0f} {:.0f}", box.low.x, box.low.y, box.high.x, box.high.y);
}

/// A site beyond all layers would pass every rule but those that it must lie inside of.
Status checkPlace(const LayerStore& store, const Site& site) {
    PlaneBox extent;
    for (const LayerInfo& layer : store.layers()) {
        if (!layer.extent.isEmpty()) {
            extent.add(layer.extent.low);
            extent.add(layer.extent.high);
        }
    }
    const PlaneBox box = boundsOf(site.area);
    if (extent.isEmpty() || !extent.overlaps(box)) {
        return Error{fmt::format("the site ({}) lies outside of all layers ({}, {}): is its CRS "
                                 "right?",
                                 describe(box),
                                 extent.isEmpty() ? "empty" : describe(extent),
                                 store.planeCrs().substr(0, 40))};
    }
    return ok();
}

Status measureSite(const PlaneGeodesy& geodesy, const Measurer& measurer, SiteReport& report) {
    if (Status done = measurer.measure(report.site.area, report.amount); !done) {
        return done;
    }
    const Result<double> perimeter = geodesy.perimeterMetres(report.site.area);
    if (!perimeter) {
        return perimeter.error();
    }
    report.perimeterMetres = *perimeter;
    for (LayerFinding& layer : report.layers) {
        if (Status done = measurer.measure(layer); !done) {
            return tiles3d::base::within(layer.info.table, done.error());
        }
    }
    return ok();
}

Status addDistances(const LayerStore& store,
                    const SiteRules& rules,
                    const PlaneGeodesy& geodesy,
                    SiteReport& report) {
    for (const DistanceTarget& target : rules.distances) {
        const Result<NearestSearch> search = NearestSearch::create(store, target);
        Result<NearestFeature> nearest = search ? search->from(report.site.area, geodesy)
                                                : Result<NearestFeature>(search.error());
        if (!nearest) {
            return nearest.error();
        }
        report.distances.push_back(*std::move(nearest));
    }
    return ok();
}

/// Before the layers are sorted, as it settles verdicts.
void checkHeights(const SurfaceGrid* surface, SiteReport& report) {
    for (LayerFinding& layer : report.layers) {
        if (layer.rule.kind != RuleKind::HeightLimit) {
            continue;
        }
        if (surface == nullptr) {
            layer.remarks.push_back(
                {"没有三维城市，未比对高度",
                 "heights were not compared: there is no city to compare with"});
        } else {
            checkHeights(*surface, layer);
        }
    }
    if (surface != nullptr) {
        std::ranges::copy(surface->remarks, std::back_inserter(report.remarks));
    }
}

Verdict worstOf(const SiteReport& report) {
    Verdict worst = Verdict::Pass;
    for (const LayerFinding& layer : report.layers) {
        worst = std::max(worst, layer.verdict);
    }
    for (const NearestFeature& distance : report.distances) {
        worst = std::max(worst, distance.verdict);
    }
    return worst == Verdict::Inform ? Verdict::Pass : worst;
}

} // namespace

std::string_view nameOf(Verdict verdict) {
    static constexpr std::array<std::string_view, 3> kNames{"pass", "inform", "conflict"};
    return kNames.at(static_cast<std::size_t>(verdict));
}

Result<SiteReport> checkSite(const LayerStore& store,
                             const Site& site,
                             const SiteRules& rules,
                             const CheckOptions& options) {
    if (Status placed = checkPlace(store, site); !placed) {
        return placed.error();
    }
    const Result<PlaneGeodesy> geodesy = PlaneGeodesy::create(store.planeCrs());
    if (!geodesy) {
        return geodesy.error();
    }
    SiteReport report{.site = site,
                      .planeCrs = store.planeCrs(),
                      .layersChecked = store.layers().size(),
                      .remarks = site.remarks};
    Result<std::vector<LayerFinding>> layers =
        overlapLayers(store, site, rules, {.threads = options.threads});
    if (!layers) {
        return layers.error();
    }
    report.layers = *std::move(layers);
    checkHeights(options.surface, report);
    std::ranges::stable_sort(report.layers, [](const LayerFinding& a, const LayerFinding& b) {
        return std::tie(b.verdict, a.info.category, a.info.title) <
               std::tie(a.verdict, b.info.category, b.info.title);
    });
    const Measurer measurer(*geodesy, site);
    if (Status done = measureSite(*geodesy, measurer, report); !done) {
        return done.error();
    }
    Result<std::vector<CategoryTotal>> totals = totalsOf(report.layers, measurer);
    if (!totals) {
        return totals.error();
    }
    report.categories = *std::move(totals);
    if (Status done = addDistances(store, rules, *geodesy, report); !done) {
        return done.error();
    }
    report.verdict = worstOf(report);
    return report;
}

} // namespace pipeline::planning::site
