#include "pipeline/planning/site/layer_overlap.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/number_range.h"
#include "pipeline/planning/style/legend_names.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::within;

namespace {

/// The place of the first of `names` that the layer has; its number of fields if it has none.
template <typename Names>
std::size_t fieldPlace(const LayerInfo& layer, const Names& names) {
    for (const auto& name : names) {
        const auto found = std::ranges::find_if(layer.fields, [&](const Field& field) {
            return style::isSameName(field.name, name) || field.alias == name;
        });
        if (found != layer.fields.end()) {
            return static_cast<std::size_t>(found - layer.fields.begin());
        }
    }
    return layer.fields.size();
}

constexpr std::array<std::string_view, 4> kCodeFields{"YDYHFLDM", "YDXZDM", "DLBM", "DLDM"};
constexpr std::array<std::string_view, 3> kHeightFields{"JZXG", "JZGD", "height_limit"};

/// The field that a rule speaks of: its own, or the usual ones.
template <std::size_t N>
std::size_t ruleField(const LayerInfo& layer,
                      const SiteRule& rule,
                      const std::array<std::string_view, N>& usual) {
    return rule.field.empty() ? fieldPlace(layer, usual)
                              : fieldPlace(layer, std::array{std::string_view(rule.field)});
}

/// What the rule says of a feature whose part lies in the site.
class Judge {
public:
    Judge(const LayerInfo& layer, const SiteRule& rule, const SiteRules& rules)
        : rule_(rule), codes_(rule.codes.empty() ? rules.siteUse : rule.codes) {
        if (rule.kind == RuleKind::Match) {
            place_ = ruleField(layer, rule, kCodeFields);
        } else if (rule.kind == RuleKind::HeightLimit) {
            place_ = ruleField(layer, rule, kHeightFields);
        }
    }

    /// What keeps the rule from being applied to the layer at all.
    std::optional<Remark> obstacle(const LayerInfo& layer) const {
        const bool needsField =
            rule_.kind == RuleKind::Match || rule_.kind == RuleKind::HeightLimit;
        if (needsField && place_ >= layer.fields.size()) {
            return Remark{
                fmt::format("图层没有规则所需的字段 {}，规则未执行", rule_.field),
                fmt::format("no field {} for its rule, which was not applied", rule_.field)};
        }
        if (rule_.kind == RuleKind::Match && codes_.empty()) {
            return Remark{"未说明用地用途，只列出代码，未作比对",
                          "the site's use is not stated, so codes are listed, not compared"};
        }
        if (rule_.kind == RuleKind::RequireInside && layer.kind != GeometryKind::Polygon) {
            return Remark{"图层不是面，无法判断用地是否在范围内",
                          "the layer has no areas that a site could lie in"};
        }
        return std::nullopt;
    }

    void judge(FeatureOverlap& overlap) const {
        const std::string text =
            place_ < overlap.values.size() ? toText(overlap.values[place_]) : "";
        switch (rule_.kind) {
        case RuleKind::Forbid:
            overlap.verdict = Verdict::Conflict;
            break;
        case RuleKind::Match:
            overlap.remark = text;
            if (!codes_.empty() && place_ < overlap.values.size()) {
                overlap.verdict = isAmong(text, codes_) ? Verdict::Pass : Verdict::Conflict;
            }
            break;
        case RuleKind::HeightLimit:
            overlap.remark = text;
            if (place_ < overlap.values.size() && !text.empty()) {
                overlap.limit = rangeOf(overlap.values[place_]);
                overlap.remark += overlap.limit ? "" : " (no height that can be read)";
            }
            break;
        case RuleKind::RequireInside: // the site as a whole is judged
        case RuleKind::Inform:
            break;
        }
    }

private:
    const SiteRule& rule_;
    const std::vector<std::string>& codes_;
    std::size_t place_ = static_cast<std::size_t>(-1);
};

Amount planeAmount(const Geometry& part, double siteSquareMetres) {
    Amount amount;
    amount.planeSquareMetres = squareMetresOf(part);
    amount.siteShare = amount.planeSquareMetres / siteSquareMetres;
    amount.points = part.points.size();
    return amount;
}

/// Areas of other people's files may cross themselves, and an overlay of such is anything.
Result<Geometry> soundGeometry(Geometry geometry, std::size_t& repaired) {
    if (geometry.polygons.empty() || checkValid(geometry)) {
        return geometry;
    }
    ++repaired;
    return madeValid(geometry);
}

/// Overlaps too small to mean anything, and lines that only run along the site's border.
Result<bool> isSliver(const FeatureOverlap& overlap, const Site& site, const SiteRules& rules) {
    if (!overlap.part.polygons.empty()) {
        return overlap.amount.planeSquareMetres < rules.sliverSquareMetres;
    }
    if (overlap.part.lines.empty()) {
        return false;
    }
    const Result<bool> inside = runsInside(overlap.part, site.area);
    return inside ? Result<bool>(!*inside) : inside.error();
}

bool isWeightier(const FeatureOverlap& a, const FeatureOverlap& b) {
    return std::tuple(a.verdict, a.amount.planeSquareMetres, b.ref) >
           std::tuple(b.verdict, b.amount.planeSquareMetres, a.ref);
}

/// The polygons of at least `leastSquareMetres` of what breaks the rule.
Geometry withoutSlivers(const Geometry& geometry, double leastSquareMetres) {
    Geometry kept{.lines = geometry.lines, .points = geometry.points};
    std::ranges::copy_if(
        geometry.polygons, std::back_inserter(kept.polygons), [&](const Polygon& polygon) {
            return squareMetresOf({.polygons = {polygon}}) >= leastSquareMetres;
        });
    return kept;
}

/// The parts of all features, or of those in conflict, each place once.
Result<Geometry> together(const std::vector<FeatureOverlap>& features, bool onlyConflicts) {
    std::vector<Geometry> parts;
    Geometry rest;
    for (const FeatureOverlap& feature : features) {
        if (!onlyConflicts || feature.verdict == Verdict::Conflict) {
            parts.push_back({.polygons = feature.part.polygons});
            std::ranges::copy(feature.part.lines, std::back_inserter(rest.lines));
            std::ranges::copy(feature.part.points, std::back_inserter(rest.points));
        }
    }
    if (parts.size() == 1) {
        rest.polygons = std::move(parts.front().polygons);
        return rest;
    }
    Result<Geometry> whole = unionOf(parts);
    if (!whole) {
        return whole;
    }
    rest.polygons = std::move(whole->polygons);
    return rest;
}

} // namespace

std::string nameOfFeature(const LayerInfo& layer, const StoredFeature& feature) {
    constexpr std::array<std::string_view, 14> kNames{"XMMC",
                                                      "MC",
                                                      "名称",
                                                      "NAME",
                                                      "DKMC",
                                                      "XQMC",
                                                      "BHQMC",
                                                      "YDYHFLMC",
                                                      "DLMC",
                                                      "XZQMC",
                                                      "DKBH",
                                                      "地类名称",
                                                      "XMBH",
                                                      "BSM"};
    const std::size_t place = fieldPlace(layer, kNames);
    const std::string name = place < feature.values.size() ? toText(feature.values[place]) : "";
    return name.empty() ? fmt::format("#{}", feature.ref.id) : name;
}

namespace {

/// Cuts and judges the features of one layer, one after the other.
class LayerOverlap {
public:
    LayerOverlap(const LayerInfo& info, const Site& site, const SiteRules& rules)
        : site_(site), rules_(rules), siteSquareMetres_(squareMetresOf(site.area)) {
        finding_.info = info;
        finding_.rule = ruleFor(rules, info);
    }

    Status addAll(std::vector<StoredFeature> features) {
        const Judge judge(finding_.info, finding_.rule, rules_);
        for (StoredFeature& feature : features) {
            if (Status added = add(std::move(feature), judge); !added) {
                return added;
            }
        }
        if (std::optional<Remark> obstacle = judge.obstacle(finding_.info)) {
            finding_.remarks.push_back(*std::move(obstacle));
        }
        if (repaired_ > 0) {
            finding_.remarks.push_back(
                {fmt::format("{} 个要素自相交，检查时已修复", repaired_),
                 fmt::format("{} features cross themselves and were repaired for this check",
                             repaired_)});
        }
        return ok();
    }

    Result<LayerFinding> finish() && {
        std::ranges::sort(finding_.features, isWeightier);
        std::ranges::sort(finding_.slivers, isWeightier);
        for (const FeatureOverlap& feature : finding_.features) {
            finding_.verdict = std::max(finding_.verdict, feature.verdict);
        }
        const bool isMatched = finding_.rule.kind == RuleKind::Match && !finding_.features.empty();
        if (isMatched && std::ranges::all_of(finding_.features, [](const FeatureOverlap& f) {
                return f.verdict == Verdict::Pass;
            })) {
            finding_.verdict = Verdict::Pass;
        }
        const Result<Geometry> covered = together(finding_.features, false);
        if (!covered) {
            return covered.error();
        }
        finding_.covered = planeAmount(*covered, siteSquareMetres_);
        finding_.coveredPart = *covered;
        const bool requiresInside = finding_.rule.kind == RuleKind::RequireInside &&
                                    finding_.info.kind == GeometryKind::Polygon;
        const bool isAllConflict = std::ranges::all_of(finding_.features, [](const auto& feature) {
            return feature.verdict == Verdict::Conflict;
        });
        Result<Geometry> conflict = requiresInside  ? difference(site_.area, *covered)
                                    : isAllConflict ? covered
                                                    : together(finding_.features, true);
        if (!conflict) {
            return conflict.error();
        }
        if (requiresInside) {
            keepOutside(*conflict);
        } else {
            finding_.conflict = *std::move(conflict);
        }
        finding_.conflictAmount = planeAmount(finding_.conflict, siteSquareMetres_);
        return std::move(finding_);
    }

private:
    Status add(StoredFeature feature, const Judge& judge) {
        FeatureOverlap overlap{.ref = feature.ref, .name = nameOfFeature(finding_.info, feature)};
        const auto fail = [&](const Error& error) {
            return within(fmt::format("{}, {}", finding_.info.table, overlap.name), error);
        };
        const Result<Geometry> sound = soundGeometry(std::move(feature.geometry), repaired_);
        if (!sound) {
            return fail(sound.error());
        }
        Result<Geometry> part = intersection(*sound, site_.area);
        if (!part) {
            return fail(part.error());
        }
        if (part->isEmpty()) {
            return ok();
        }
        overlap.part = *std::move(part);
        overlap.values = std::move(feature.values);
        overlap.amount = planeAmount(overlap.part, siteSquareMetres_);
        const Result<bool> sliver = isSliver(overlap, site_, rules_);
        if (!sliver) {
            return fail(sliver.error());
        }
        if (*sliver) {
            finding_.slivers.push_back(std::move(overlap));
            return ok();
        }
        judge.judge(overlap);
        finding_.features.push_back(std::move(overlap));
        return ok();
    }

    void keepOutside(const Geometry& outside) {
        finding_.conflict = withoutSlivers(outside, rules_.sliverSquareMetres);
        const double dropped = squareMetresOf(outside) - squareMetresOf(finding_.conflict);
        if (const std::size_t slivers = outside.polygons.size() - finding_.conflict.polygons.size();
            slivers > 0) {
            finding_.remarks.push_back(
                {fmt::format("范围外有 {} 个碎片，共 {:.3f} m²，不计入冲突", slivers, dropped),
                 fmt::format(
                     "{} slivers outside, {:.3f} m² in all, are no conflict", slivers, dropped)});
        }
        finding_.verdict = finding_.conflict.isEmpty() ? Verdict::Pass : Verdict::Conflict;
    }

    const Site& site_;
    const SiteRules& rules_;
    double siteSquareMetres_;
    LayerFinding finding_;
    std::size_t repaired_ = 0;
};

/// One layer to hold the site against, and the features near it.
struct LayerTask {
    std::uint32_t layer = 0;
    std::span<const FeatureRef> candidates;
};

/// Layers with features near the site, and those that it must lie in wherever they are.
std::vector<LayerTask> tasksOf(const LayerStore& store,
                               const SiteRules& rules,
                               const std::vector<std::uint32_t>& layers,
                               std::span<const FeatureRef> candidates) {
    std::vector<LayerTask> tasks;
    for (std::uint32_t layer = 0; layer < store.layers().size(); ++layer) {
        const auto first = std::ranges::lower_bound(candidates, layer, {}, &FeatureRef::layer);
        const auto last = std::ranges::upper_bound(candidates, layer, {}, &FeatureRef::layer);
        const LayerInfo& info = store.layers()[layer];
        const bool isAsked = layers.empty() || std::ranges::find(layers, layer) != layers.end();
        const bool isRequired = info.kind == GeometryKind::Polygon && info.features > 0 &&
                                ruleFor(rules, info).kind == RuleKind::RequireInside;
        if (first != last || (isAsked && isRequired)) {
            tasks.push_back({layer, std::span(first, last)});
        }
    }
    return tasks;
}

Result<LayerFinding> overlapLayer(const LayerStore& store,
                                  const LayerTask& task,
                                  const Site& site,
                                  const SiteRules& rules) {
    const LayerInfo& info = store.layers()[task.layer];
    Result<std::vector<StoredFeature>> features = store.read(task.candidates);
    if (!features) {
        return features.error();
    }
    LayerOverlap overlap(info, site, rules);
    if (const Status added = overlap.addAll(*std::move(features)); !added) {
        return added.error();
    }
    Result<LayerFinding> finding = std::move(overlap).finish();
    if (!finding) {
        return within(info.table, finding.error());
    }
    finding->layer = task.layer;
    return finding;
}

} // namespace

Result<std::vector<LayerFinding>> overlapLayers(const LayerStore& store,
                                                const Site& site,
                                                const SiteRules& rules,
                                                const OverlapOptions& options) {
    const std::vector<FeatureRef> candidates = store.near(boundsOf(site.area), options.layers);
    const std::vector<LayerTask> tasks = tasksOf(store, rules, options.layers, candidates);
    std::vector<std::optional<Result<LayerFinding>>> results(tasks.size());
    tiles3d::base::parallelFor(tasks.size(), options.threads, [&](std::size_t i) {
        results[i] = overlapLayer(store, tasks[i], site, rules);
    });
    std::vector<LayerFinding> findings;
    for (std::optional<Result<LayerFinding>>& result : results) {
        if (!*result) {
            return result->error();
        }
        const LayerFinding& finding = **result;
        const bool isTouched = !finding.features.empty() || !finding.slivers.empty();
        if (isTouched || finding.verdict == Verdict::Conflict) {
            findings.push_back(**std::move(result));
        }
    }
    return findings;
}

} // namespace pipeline::planning::site
