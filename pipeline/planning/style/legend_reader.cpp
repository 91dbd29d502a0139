#include "pipeline/planning/style/legend_reader.h"

#include "pipeline/planning/style/json_place.h"
#include "pipeline/planning/style/legend_names.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

constexpr double kMostPixels = 1000.0;

Symbol symbolOf(const JsonPlace& entry) {
    constexpr std::array<std::string_view, 4> kFills{"none", "solid", "hatch", "by_land_use"};
    constexpr std::array<FillKind, 4> kKinds{
        FillKind::None, FillKind::Solid, FillKind::Hatch, FillKind::Solid};
    constexpr std::array<std::string_view, 2> kUnits{"px", "m"};
    Symbol symbol;
    const JsonPlace line = entry["line"];
    const JsonPlace fill = entry["fill"];
    symbol.lineColour = entry["rgb"].colour(symbol.lineColour);
    symbol.fillColour = symbol.lineColour;
    symbol.lineWidth = line["width"].number(2.0F, 0.0, kMostPixels);
    symbol.lineUnit = line["unit"].choice(kUnits, 0) == 0 ? Unit::Pixels : Unit::Metres;
    symbol.casingColour = line["casing_rgb"].colour(symbol.casingColour);
    const std::vector<JsonPlace> dash = line["dash_px"].items();
    if (dash.size() >= 2) { // dots between dashes are not drawn: one dash and one gap repeat
        symbol.dash = dash[0].number(0.0F, 0.0, kMostPixels);
        symbol.gap = dash[1].number(0.0F, 0.0, kMostPixels);
    }
    symbol.fill = kKinds.at(fill["type"].choice(kFills, 0));
    symbol.fillAlpha = fill["alpha"].number(0.3F, 0.0, 1.0);
    symbol.hatchDegrees = fill["angle_deg"].number(45.0F, -360.0, 360.0);
    symbol.hatchPixels = fill["spacing_px"].number(12.0F, 1.0, kMostPixels);
    return symbol;
}

/// Envelopes ("volume") are draped as what they stand on: no body is drawn yet.
DrapeMode modeOf(const JsonPlace& drape) {
    constexpr std::array<std::string_view, 5> kNames{
        "all", "up", "near_ground", "height_range", "volume"};
    constexpr std::array<DrapeMode, 5> kModes{DrapeMode::All,
                                              DrapeMode::Upward,
                                              DrapeMode::NearGround,
                                              DrapeMode::HeightRange,
                                              DrapeMode::All};
    return kModes.at(drape.choice(kNames, 0));
}

Rule ruleOf(const JsonPlace& rule) {
    constexpr std::array<std::string_view, 7> kNames{
        "inform", "forbid", "require_inside", "match", "height_limit", "subject", "result"};
    return static_cast<Rule>(rule.choice(kNames, 0));
}

ControlLine controlLineOf(const JsonPlace& entry) {
    ControlLine line;
    line.id = entry["id"].text();
    line.group = entry["group"].text();
    line.name = entry["name_zh"].text();
    line.nameEnglish = entry["name_en"].text();
    line.aliases = entry["aliases"].texts();
    line.hints = entry["layer_name_hints"].texts();
    line.labelFields = entry["label_fields"].texts();
    line.rule = ruleOf(entry["rule"]);
    line.mode = modeOf(entry["drape"]);
    line.isByLandUse = entry["fill"]["type"].text() == "by_land_use";
    line.symbol = symbolOf(entry);
    if (line.id.empty()) {
        entry["id"].refuse("a name");
    }
    return line;
}

StyleClass landUseClass(const JsonPlace& entry, const Symbol& base) {
    StyleClass use;
    const std::string code = entry["code"].text();
    use.label = entry["name_zh"].text();
    use.labelEnglish = entry["name_en"].text();
    use.values = {use.label, use.labelEnglish};
    std::ranges::move(entry["aliases"].texts(), std::back_inserter(use.values));
    std::erase(use.values, "");
    use.prefixes = {code};
    use.symbol = base;
    use.symbol.fillColour = entry["rgb"].colour(base.fillColour);
    if (code.empty()) {
        entry["code"].refuse("a code");
    }
    return use;
}

/// The letter codes of older plans join the class that their new code falls in.
void addLegacyCodes(const JsonPlace& map, std::vector<StyleClass>& classes) {
    LayerStyle byCode;
    byCode.classField = "code";
    byCode.classes = classes;
    for (const auto& [letters, code] : map.members()) {
        const std::size_t place = classOf(byCode, {{.name = "code"}}, {code.text()});
        if (place == classes.size()) {
            code.refuse("a code of land_use");
            continue;
        }
        classes[place].prefixes.push_back(letters);
    }
}

LandUse landUseOf(const JsonPlace& root) {
    const JsonPlace meta = root["meta"];
    const JsonPlace style = meta["land_use_style"];
    LandUse use;
    use.unmatched.fill = FillKind::Solid;
    use.unmatched.fillColour = meta["unmatched"]["rgb"].colour(use.unmatched.fillColour);
    use.unmatched.fillAlpha = style["fill_alpha"].number(use.unmatched.fillAlpha, 0.0, 1.0);
    use.unmatched.lineColour = style["outline_rgb"].colour(use.unmatched.lineColour);
    use.unmatched.lineWidth = style["outline_px"].number(1.0F, 0.0, kMostPixels);
    for (const char* part : {"land_use", "land_use_fallbacks"}) {
        for (const JsonPlace& entry : root[part].items()) {
            use.classes.push_back(landUseClass(entry, use.unmatched));
        }
    }
    std::ranges::sort(use.classes, {}, [](const StyleClass& c) { return c.prefixes.front(); });
    addLegacyCodes(root["legacy_codes_gb50137"]["map"], use.classes);
    use.codeFields = meta["land_use_fields"]["code"].texts();
    use.nameFields = meta["land_use_fields"]["name"].texts();
    return use;
}

void addName(LegendContents& contents, const std::string& key, const CategoryName& name) {
    CategoryName ranked = name;
    ranked.rank = contents.categories.size();
    contents.categories.emplace(slugOf(key), std::move(ranked));
}

void addCategories(const JsonPlace& root, LegendContents& contents) {
    for (const char* part : {"categories", "groups"}) {
        for (const JsonPlace& entry : root[part].items()) {
            addName(contents,
                    entry["id"].text(),
                    {.name = entry["name_zh"].text(), .nameEnglish = entry["name_en"].text()});
        }
    }
    for (const ControlLine& line : contents.controlLines) {
        const CategoryName name{.name = line.name, .nameEnglish = line.nameEnglish};
        for (const std::string& key : {line.id, line.name, line.nameEnglish}) {
            addName(contents, key, name);
        }
        for (const std::string& alias : line.aliases) {
            addName(contents, alias, name);
        }
    }
}

} // namespace

Result<LegendContents> readLegend(std::string_view text) {
    const Result<Json> json = tiles3d::base::parseJson(text);
    if (!json || !(*json)["control_lines"].isArray()) {
        return Error{"no legend: " +
                     (json ? std::string("control_lines are missing") : json.error().message)};
    }
    std::optional<Error> problem;
    const JsonPlace root(*json, "", problem);
    LegendContents contents;
    for (const JsonPlace& entry : root["control_lines"].items()) {
        contents.controlLines.push_back(controlLineOf(entry));
    }
    contents.landUse = landUseOf(root);
    addCategories(root, contents);
    if (problem) {
        return within("legend", *problem);
    }
    return contents;
}

} // namespace pipeline::planning::style
