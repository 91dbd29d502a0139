#include "pipeline/planning/site/site_rules.h"

#include "pipeline/planning/style/json_place.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <string_view>

namespace pipeline::planning::site {

using style::JsonPlace;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

constexpr std::array<std::string_view, 5> kKindNames{
    "forbid", "require_inside", "match", "height_limit", "inform"};
constexpr std::array<std::string_view, 3> kReferenceNames{
    "lowest_ground", "mean_ground", "absolute"};

/// ASCII in lower case; all else as it is.
std::string folded(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
        return static_cast<char>(c < 0x80 ? std::tolower(c) : c);
    });
    return lower;
}

/// Whether `text` is `pattern`, in which '*' stands for any text. Both folded.
bool globFits(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) { // let the last star take one more
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.substr(p).find_first_not_of('*') == std::string_view::npos;
}

bool categoryFits(const std::string& pattern, const std::string& category) {
    const std::string wanted = folded(pattern);
    const std::string own = folded(category);
    return globFits(wanted, own) || globFits(wanted + "/*", own);
}

/// Members that nobody asks for are mistakes, too: a rule misspelt would be a rule unsaid.
void refuseOthers(const JsonPlace& object, std::span<const std::string_view> known) {
    for (const auto& [name, value] : object.members()) {
        if (std::ranges::find(known, name) == known.end()) {
            value.refuse(fmt::format("a member known here: {}", fmt::join(known, ", ")));
        }
    }
}

LayerPattern patternFrom(const JsonPlace& json) {
    LayerPattern pattern{.category = json["category"].text(), .layer = json["layer"].text()};
    if (pattern.category.empty() && pattern.layer.empty()) {
        json.refuse("saying which layers: \"layer\" or \"category\" is missing, \"*\" for all");
    }
    return pattern;
}

SiteRule ruleFrom(const JsonPlace& json) {
    static constexpr std::array<std::string_view, 8> kKnown{
        "layer", "category", "rule", "title", "basis", "field", "codes", "reference"};
    refuseOthers(json, kKnown);
    if (json["rule"].isMissing()) {
        json["rule"].refuse(fmt::format("one of {}", fmt::join(kKindNames, ", ")));
    }
    return {.layers = patternFrom(json),
            .kind = static_cast<RuleKind>(json["rule"].choice(kKindNames, 0)),
            .title = json["title"].text(),
            .basis = json["basis"].text(),
            .field = json["field"].text(),
            .codes = json["codes"].texts(),
            .reference =
                static_cast<HeightReference>(json["reference"].choice(kReferenceNames, 0))};
}

double metresFrom(const JsonPlace& json, double otherwise) {
    const double metres = json.real(otherwise);
    if (metres < 0.0) {
        json.refuse("metres from 0");
    }
    return metres;
}

DistanceTarget distanceFrom(const JsonPlace& json) {
    static constexpr std::array<std::string_view, 6> kKnown{
        "title", "layer", "category", "where", "at_least_m", "at_most_m"};
    refuseOthers(json, kKnown);
    DistanceTarget target{
        .title = json["title"].text(), .layers = patternFrom(json), .where = json["where"].text()};
    target.atLeastMetres = metresFrom(json["at_least_m"], target.atLeastMetres);
    target.atMostMetres = metresFrom(json["at_most_m"], target.atMostMetres);
    if (target.title.empty()) {
        json["title"].refuse("a text");
    }
    if (target.atMostMetres < target.atLeastMetres) {
        json["at_most_m"].refuse("at_least_m or more");
    }
    return target;
}

SiteRule ruleOfLegend(const style::Legend& legend, const LayerInfo& layer) {
    const std::optional<style::ControlMatch> match = legend.controlLineOf(layer);
    if (!match) {
        return {};
    }
    SiteRule rule{.title = match->line->name, .isGuessed = !match->isSaid};
    switch (match->line->rule) {
    case style::Rule::Forbid:
        rule.kind = RuleKind::Forbid;
        break;
    case style::Rule::RequireInside:
        rule.kind = RuleKind::RequireInside;
        break;
    case style::Rule::Match:
        rule.kind = RuleKind::Match;
        break;
    case style::Rule::HeightLimit:
        rule.kind = RuleKind::HeightLimit;
        break;
    case style::Rule::Inform:
    case style::Rule::Subject: // an earlier site or an earlier result binds nobody
    case style::Rule::Result:
        break;
    }
    return rule;
}

} // namespace

std::string_view nameOf(RuleKind kind) {
    return kKindNames.at(static_cast<std::size_t>(kind));
}

std::string_view nameOf(HeightReference reference) {
    return kReferenceNames.at(static_cast<std::size_t>(reference));
}

bool fits(const LayerPattern& pattern, const LayerInfo& layer) {
    const std::string name = folded(pattern.layer);
    const bool layerFits =
        name.empty() || globFits(name, folded(layer.table)) || globFits(name, folded(layer.title));
    return layerFits &&
           (pattern.category.empty() || categoryFits(pattern.category, layer.category));
}

SiteRule ruleFor(const SiteRules& rules, const LayerInfo& layer) {
    const auto found = std::ranges::find_if(
        rules.rules, [&](const SiteRule& rule) { return fits(rule.layers, layer); });
    if (found != rules.rules.end()) {
        return *found;
    }
    return rules.legend ? ruleOfLegend(*rules.legend, layer) : SiteRule{};
}

bool isAmong(const std::string& code, const std::vector<std::string>& codes) {
    return std::ranges::any_of(
        codes, [&](const std::string& pattern) { return globFits(folded(pattern), folded(code)); });
}

Result<SiteRules> siteRulesFrom(const Json& json) {
    static constexpr std::array<std::string_view, 4> kKnown{
        "sliver_m2", "site_use", "rules", "distances"};
    std::optional<Error> problem;
    const JsonPlace root(json, "", problem);
    if (!json.isObject()) {
        return Error{"an object with \"rules\" is expected"};
    }
    refuseOthers(root, kKnown);
    SiteRules rules;
    rules.siteUse = root["site_use"].texts();
    rules.sliverSquareMetres = metresFrom(root["sliver_m2"], rules.sliverSquareMetres);
    for (const JsonPlace& rule : root["rules"].items()) {
        rules.rules.push_back(ruleFrom(rule));
    }
    for (const JsonPlace& distance : root["distances"].items()) {
        rules.distances.push_back(distanceFrom(distance));
    }
    return problem ? Result<SiteRules>(*problem) : rules;
}

Result<SiteRules> readSiteRules(const std::filesystem::path& file) {
    constexpr std::uint64_t kMostBytes = 16U << 20U;
    const Result<std::string> text = tiles3d::base::readTextFile(file, kMostBytes);
    if (!text) {
        return text.error();
    }
    const Result<Json> json = tiles3d::base::parseJson(*text);
    if (!json) {
        return tiles3d::base::within(tiles3d::base::toUtf8(file), json.error());
    }
    Result<SiteRules> rules = siteRulesFrom(*json);
    return rules ? std::move(rules)
                 : tiles3d::base::within(tiles3d::base::toUtf8(file), rules.error());
}

} // namespace pipeline::planning::site
