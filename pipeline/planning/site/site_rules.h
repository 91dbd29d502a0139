#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/legend.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::site {

enum class RuleKind {
    Forbid,        ///< What of the site lies inside is the conflict.
    RequireInside, ///< What of the site lies outside is the conflict.
    Match,         ///< A feature whose code does not suit the site's use is the conflict.
    HeightLimit,   ///< What is built higher than a feature allows is the conflict.
    Inform         ///< Said, never a conflict.
};

/// "forbid", "require_inside", "match", "height_limit", "inform".
std::string_view nameOf(RuleKind kind);

/// What a height limit is counted from.
enum class HeightReference { LowestGround, MeanGround, Absolute };

/// "lowest_ground", "mean_ground", "absolute".
std::string_view nameOf(HeightReference reference);

/// Which layers. Both must fit; "" fits all. '*' stands for any text; case does not matter.
struct LayerPattern {
    std::string category; ///< Of the layer, or any category above it: "control".
    std::string layer;    ///< Its table or its title: "YJJBNT*".
};

bool fits(const LayerPattern& pattern, const LayerInfo& layer);

struct SiteRule {
    LayerPattern layers;
    RuleKind kind = RuleKind::Inform;
    std::string title; ///< For people; the layer's own where empty.
    std::string basis; ///< The regulation it rests on; shown beside a conflict.
    /// Match: the field with the code, and the codes that suit; with none, those of the site's use.
    /// HeightLimit: the field with the limit, a number or a text as parseRange() knows.
    std::string field;
    std::vector<std::string> codes; ///< "07*" stands for all that begin with 07.
    HeightReference reference = HeightReference::LowestGround;
    bool isGuessed = false; ///< From the layer's name, by the legend: for people to confirm.
};

/// How far the nearest feature of some layers is, and how far it should be.
struct DistanceTarget {
    std::string title;
    LayerPattern layers;
    std::string where; ///< An SQL condition over the layers' fields; "" = all features.
    double atLeastMetres = 0.0;
    double atMostMetres = std::numeric_limits<double>::infinity();
};

struct SiteRules {
    std::vector<SiteRule> rules; ///< The first that fits a layer is its own.
    /// Speaks for the layers that no rule fits; without it they inform.
    std::optional<style::Legend> legend;
    std::vector<DistanceTarget> distances;
    /// What the site is to become: codes that a layer under "match" must have; none: only informs.
    std::vector<std::string> siteUse;
    double sliverSquareMetres = 1.0; ///< Overlaps below it are listed apart: digitising noise.
};

/// The first rule that fits; else what the legend says of such a layer; else inform.
SiteRule ruleFor(const SiteRules& rules, const LayerInfo& layer);

/// Whether `code` is one of `codes`, in which a final '*' stands for any rest.
bool isAmong(const std::string& code, const std::vector<std::string>& codes);

/// The rules of a file:
///   { "sliver_m2": 1, "site_use": ["0701*"],
///     "rules": [
///       {"layer": "YJJBNT*", "rule": "forbid", "title": "…", "basis": "…"},
///       {"category": "control/urban-boundary", "rule": "require_inside"},
///       {"layer": "ZXCQGHYDYH", "rule": "match", "field": "YDYHFLDM", "codes": ["07*"]},
///       {"layer": "height*", "rule": "height_limit", "field": "JZXG",
///        "reference": "lowest_ground"} ],
///     "distances": [
///       {"title": "…", "layer": "school*", "where": "KIND = 1", "at_most_m": 1000} ] }
/// All members may be missing but a rule's "rule", one of its "layer" and "category", and a
/// distance's "title". Fails with the place and its value: "rules[2].rule: "forbit", not one of …",
/// and on members that it does not know, which may be a rule misspelt.
tiles3d::base::Result<SiteRules> siteRulesFrom(const tiles3d::base::Json& json);
/// Fails as that does, naming the file. `legend` is left to the caller, as it is by
/// siteRulesFrom().
tiles3d::base::Result<SiteRules> readSiteRules(const std::filesystem::path& file);

} // namespace pipeline::planning::site
