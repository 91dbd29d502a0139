#include "pipeline/planning/style/style_json.h"

#include "pipeline/planning/style/json_place.h"

#include <array>
#include <cmath>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

constexpr std::string_view kFormat = "city3d-styles";
constexpr std::array<std::string_view, 3> kFills{"none", "solid", "hatch"};
constexpr std::array<std::string_view, 2> kUnits{"px", "m"};
constexpr std::array<std::string_view, 4> kModes{"all", "up", "near_ground", "height_range"};
constexpr double kMostLength = 100000.0; // pixels or metres

/// Members that differ from a default.
class Differences {
public:
    template <typename T>
    void add(const char* name, const T& value, const T& usual) {
        if (value != usual) {
            json_.set(name, asJson(value));
        }
    }
    template <typename Enum, std::size_t Count>
    void add(const char* name,
             Enum value,
             Enum usual,
             const std::array<std::string_view, Count>& names) {
        if (value != usual) {
            json_.set(name, names.at(static_cast<std::size_t>(value)));
        }
    }
    void add(const char* name, Json value) { json_.set(name, std::move(value)); }
    Json take() { return std::move(json_); }

private:
    static Json asJson(const glm::vec3& colour) { return colourJson(colour); }
    static Json asJson(const std::string& text) { return text; }
    static Json asJson(double number) { return std::isfinite(number) ? Json(number) : Json(); }
    static Json asJson(float number) { return static_cast<double>(number); }
    static Json asJson(const std::vector<std::string>& texts) {
        return Json(Json::Array(texts.begin(), texts.end()));
    }

    Json json_ = Json::object();
};

Json symbolJson(const Symbol& symbol) {
    const Symbol usual;
    Differences out;
    out.add("fill", symbol.fill, usual.fill, kFills);
    out.add("fill_rgb", symbol.fillColour, usual.fillColour);
    out.add("fill_alpha", symbol.fillAlpha, usual.fillAlpha);
    out.add("hatch_deg", symbol.hatchDegrees, usual.hatchDegrees);
    out.add("hatch_px", symbol.hatchPixels, usual.hatchPixels);
    out.add("line_rgb", symbol.lineColour, usual.lineColour);
    out.add("line_width", symbol.lineWidth, usual.lineWidth);
    out.add("line_unit", symbol.lineUnit, usual.lineUnit, kUnits);
    out.add("dash_px", symbol.dash, usual.dash);
    out.add("gap_px", symbol.gap, usual.gap);
    out.add("casing_rgb", symbol.casingColour, usual.casingColour);
    out.add("casing_px", symbol.casingPixels, usual.casingPixels);
    out.add("point_px", symbol.pointPixels, usual.pointPixels);
    return out.take();
}

Symbol symbolFrom(const JsonPlace& json) {
    Symbol symbol;
    json.members(); // refuses what is no object
    symbol.fill = static_cast<FillKind>(json["fill"].choice(kFills, 0));
    symbol.fillColour = json["fill_rgb"].colour(symbol.fillColour);
    symbol.fillAlpha = json["fill_alpha"].number(symbol.fillAlpha, 0.0, 1.0);
    symbol.hatchDegrees = json["hatch_deg"].number(symbol.hatchDegrees, -360.0, 360.0);
    symbol.hatchPixels = json["hatch_px"].number(symbol.hatchPixels, 1.0, kMostLength);
    symbol.lineColour = json["line_rgb"].colour(symbol.lineColour);
    symbol.lineWidth = json["line_width"].number(symbol.lineWidth, 0.0, kMostLength);
    symbol.lineUnit = static_cast<Unit>(json["line_unit"].choice(kUnits, 0));
    symbol.dash = json["dash_px"].number(symbol.dash, 0.0, kMostLength);
    symbol.gap = json["gap_px"].number(symbol.gap, 0.0, kMostLength);
    symbol.casingColour = json["casing_rgb"].colour(symbol.casingColour);
    symbol.casingPixels = json["casing_px"].number(symbol.casingPixels, 0.0, kMostLength);
    symbol.pointPixels = json["point_px"].number(symbol.pointPixels, 0.0, kMostLength);
    return symbol;
}

Json classJson(const StyleClass& styleClass) {
    const StyleClass usual;
    Differences out;
    out.add("label", styleClass.label, usual.label);
    out.add("label_en", styleClass.labelEnglish, usual.labelEnglish);
    out.add("values", styleClass.values, usual.values);
    out.add("prefixes", styleClass.prefixes, usual.prefixes);
    out.add("from", styleClass.from, usual.from);
    out.add("to", styleClass.to, usual.to);
    out.add("symbol", symbolJson(styleClass.symbol));
    return out.take();
}

StyleClass classFrom(const JsonPlace& json) {
    StyleClass styleClass;
    json.members();
    styleClass.label = json["label"].text();
    styleClass.labelEnglish = json["label_en"].text();
    styleClass.values = json["values"].texts();
    styleClass.prefixes = json["prefixes"].texts();
    styleClass.from = json["from"].real(styleClass.from);
    styleClass.to = json["to"].real(styleClass.to);
    styleClass.symbol = symbolFrom(json["symbol"]);
    return styleClass;
}

LayerStyle styleFrom(const JsonPlace& json) {
    LayerStyle style;
    json.members();
    style.classField = json["class_field"].text();
    style.spareField = json["spare_field"].text();
    for (const JsonPlace& item : json["classes"].items()) {
        style.classes.push_back(classFrom(item));
    }
    style.other = symbolFrom(json["other"]);
    style.otherLabel = json["other_label"].text();
    style.otherLabelEnglish = json["other_label_en"].text();
    style.labelField = json["label_field"].text();
    style.labelPixels = json["label_px"].number(style.labelPixels, 1.0, 1000.0);
    style.labelColour = json["label_rgb"].colour(style.labelColour);
    style.mode = static_cast<DrapeMode>(json["drape"].choice(kModes, 0));
    style.wallAlpha = json["wall_alpha"].number(style.wallAlpha, 0.0, 1.0);
    style.bandMetres = json["band_m"].number(style.bandMetres, 0.0, kMostLength);
    style.baseField = json["base_field"].text();
    style.topField = json["top_field"].text();
    style.leastMetresPerPixel = json["least_m_per_px"].real(style.leastMetresPerPixel);
    style.mostMetresPerPixel = json["most_m_per_px"].real(style.mostMetresPerPixel);
    return style;
}

} // namespace

Json toJson(const LayerStyle& style) {
    const LayerStyle usual;
    Differences out;
    out.add("class_field", style.classField, usual.classField);
    out.add("spare_field", style.spareField, usual.spareField);
    if (!style.classes.empty()) {
        Json classes = Json::array();
        for (const StyleClass& styleClass : style.classes) {
            classes.push(classJson(styleClass));
        }
        out.add("classes", std::move(classes));
    }
    out.add("other", symbolJson(style.other));
    out.add("other_label", style.otherLabel, usual.otherLabel);
    out.add("other_label_en", style.otherLabelEnglish, usual.otherLabelEnglish);
    out.add("label_field", style.labelField, usual.labelField);
    out.add("label_px", style.labelPixels, usual.labelPixels);
    out.add("label_rgb", style.labelColour, usual.labelColour);
    out.add("drape", style.mode, usual.mode, kModes);
    out.add("wall_alpha", style.wallAlpha, usual.wallAlpha);
    out.add("band_m", style.bandMetres, usual.bandMetres);
    out.add("base_field", style.baseField, usual.baseField);
    out.add("top_field", style.topField, usual.topField);
    out.add("least_m_per_px", style.leastMetresPerPixel, usual.leastMetresPerPixel);
    out.add("most_m_per_px", style.mostMetresPerPixel, usual.mostMetresPerPixel);
    return out.take();
}

Result<LayerStyle> layerStyleFrom(const Json& json) {
    std::optional<Error> problem;
    LayerStyle style = styleFrom(JsonPlace(json, "style", problem));
    if (problem) {
        return *problem;
    }
    return style;
}

std::string writeStyles(const std::vector<NamedStyle>& styles) {
    Json layers = Json::array();
    for (const NamedStyle& named : styles) {
        layers.push(Json::object({{"table", named.table}, {"style", toJson(named.style)}}));
    }
    return Json::object({{"format", kFormat}, {"version", 1}, {"layers", std::move(layers)}})
        .dump(true);
}

Result<std::vector<NamedStyle>> readStyles(std::string_view text) {
    const Result<Json> json = tiles3d::base::parseJson(text);
    if (!json) {
        return within("styles", json.error());
    }
    std::optional<Error> problem;
    const JsonPlace root(*json, "", problem);
    if ((*json)["format"].stringOr("") != kFormat) {
        root["format"].refuse(kFormat);
    }
    if ((*json)["version"].integerOr(0) != 1) {
        root["version"].refuse("1");
    }
    std::vector<NamedStyle> styles;
    for (const JsonPlace& item : root["layers"].items()) {
        styles.push_back({item["table"].text(), styleFrom(item["style"])});
    }
    if (problem) {
        return within("styles", *problem);
    }
    return styles;
}

} // namespace pipeline::planning::style
