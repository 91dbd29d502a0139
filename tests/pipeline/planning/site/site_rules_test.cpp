#include "pipeline/planning/site/site_rules.h"

#include <gtest/gtest.h>

namespace pipeline::planning::site {
namespace {

LayerInfo layerNamed(const std::string& table, const std::string& category = "") {
    return {.table = table, .title = table, .category = category};
}

tiles3d::base::Result<SiteRules> rulesOf(const std::string& json) {
    return siteRulesFrom(*tiles3d::base::parseJson(json));
}

TEST(SiteRules, ReadsAFile) {
    const auto rules = rulesOf(R"({"sliver_m2": 0.5, "site_use": ["07*"],
        "rules": [{"layer": "YJJBNT*", "rule": "forbid", "title": "永久基本农田", "basis": "土地管理法"},
                  {"category": "plan/height", "rule": "height_limit", "field": "XG",
                   "reference": "absolute"}],
        "distances": [{"title": "学校", "layer": "school*", "where": "KIND = 1", "at_most_m": 500}]})");
    ASSERT_TRUE(rules) << rules.error().message;
    EXPECT_EQ(rules->sliverSquareMetres, 0.5);
    EXPECT_EQ(rules->siteUse, std::vector<std::string>{"07*"});
    const SiteRule farmland = ruleFor(*rules, layerNamed("yjjbntbhtb"));
    EXPECT_EQ(farmland.kind, RuleKind::Forbid);
    EXPECT_EQ(farmland.basis, "土地管理法");
    const SiteRule height = ruleFor(*rules, layerNamed("box", "plan/height/2024"));
    EXPECT_EQ(height.kind, RuleKind::HeightLimit);
    EXPECT_EQ(height.reference, HeightReference::Absolute);
    EXPECT_EQ(height.field, "XG");
    ASSERT_EQ(rules->distances.size(), 1U);
    EXPECT_EQ(rules->distances[0].atMostMetres, 500.0);
    EXPECT_EQ(ruleFor(*rules, layerNamed("anything")).kind, RuleKind::Inform);
}

TEST(SiteRules, ErrorsNameThePlace) {
    const std::pair<const char*, const char*> cases[]{
        {R"({"rules": [{"layer": "a", "rule": "inform"}, {"layer": "b", "rule": "forbit"}]})",
         "rules[1].rule"},
        {R"({"rules": [{"rule": "forbid"}]})", "rules[0]"},
        {R"({"rules": [{"layer": "a"}]})", "rules[0].rule"},
        {R"({"rules": [{"layer": "a", "rule": "forbid", "tilte": "b"}]})", "rules[0].tilte"},
        {R"({"distances": [{"title": "a", "layer": "b", "at_least_m": 9, "at_most_m": 1}]})",
         "distances[0].at_most_m"},
        {R"({"distances": [{"title": "a", "layer": "b", "at_least_m": "near"}]})",
         "distances[0].at_least_m"},
        {R"({"sliver_m2": -1})", "sliver_m2"},
        {R"({"sliver": 1})", "sliver"},
        {R"({"rules": {}})", "rules"},
    };
    for (const auto& [json, place] : cases) {
        const auto rules = rulesOf(json);
        ASSERT_FALSE(rules) << json;
        EXPECT_EQ(rules.error().message.find(place), 0U) << rules.error().message;
    }
    EXPECT_FALSE(rulesOf("[]"));
}

TEST(SiteRules, PatternsAreGlobs) {
    const auto is = [](const std::string& pattern, const std::string& table) {
        return fits({.layer = pattern}, layerNamed(table));
    };
    EXPECT_TRUE(is("*", "a"));
    EXPECT_TRUE(is("*农田*", "永久基本农田2020"));
    EXPECT_TRUE(is("gh_*_py", "GH_yjjbnt_py"));
    EXPECT_TRUE(is("a*b*c", "a1b2bc"));
    EXPECT_FALSE(is("gh_*_py", "gh_yjjbnt_ln"));
    EXPECT_FALSE(is("a*b", "ab1"));
    EXPECT_FALSE(fits({.category = "control"}, layerNamed("a", "controls")));
    EXPECT_TRUE(fits({.category = "control"}, layerNamed("a", "control/line")));
    EXPECT_TRUE(isAmong("0701", {"05", "07*"}));
    EXPECT_FALSE(isAmong("0801", {"05", "07*"}));
}

TEST(SiteRules, TheLegendSpeaksForTheRest) {
    SiteRules rules;
    auto legend = style::Legend::builtIn();
    ASSERT_TRUE(legend) << legend.error().message;
    rules.legend = *std::move(legend);
    const SiteRule farmland = ruleFor(rules, layerNamed("gh_yjjbntbhhx_2020_py"));
    EXPECT_EQ(farmland.kind, RuleKind::Forbid);
    EXPECT_TRUE(farmland.isGuessed);
    EXPECT_EQ(ruleFor(rules, layerNamed("城镇开发边界")).kind, RuleKind::RequireInside);
    EXPECT_FALSE(
        ruleFor(rules, layerNamed("x", "control/ecological-protection-red-line")).isGuessed);
    rules.rules.push_back({.layers = {.layer = "*yjjbnt*"}, .kind = RuleKind::Inform});
    EXPECT_EQ(ruleFor(rules, layerNamed("gh_yjjbntbhhx_2020_py")).kind, RuleKind::Inform);
}

} // namespace
} // namespace pipeline::planning::site
