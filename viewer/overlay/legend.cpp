#include "viewer/overlay/legend.h"

#include "viewer/overlay/embedded.h"

#include <algorithm>
#include <array>

namespace viewer::overlay {

using pipeline::planning::Feature;
using pipeline::planning::VectorLayer;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

glm::vec3 colourFrom(const Json& rgb, const glm::vec3& otherwise) {
    const auto& items = rgb.items();
    if (items.size() != 3) {
        return otherwise;
    }
    glm::vec3 colour;
    for (std::size_t i = 0; i < 3; ++i) {
        colour[static_cast<int>(i)] = static_cast<float>(items[i].numberOr(0.0) / 255.0);
    }
    return colour;
}

float number(const Json& json, double otherwise) {
    return static_cast<float>(json.numberOr(otherwise));
}

DrapeStyle styleFrom(const Json& entry) {
    DrapeStyle style;
    const Json& line = entry["line"];
    const Json& fill = entry["fill"];
    style.lineColour = colourFrom(entry["rgb"], style.lineColour);
    style.fillColour = style.lineColour;
    style.lineWidthPixels = number(line["width"], 2.0);
    style.casingColour = colourFrom(line["casing_rgb"], style.casingColour);
    const auto& dash = line["dash_px"].items();
    if (dash.size() >= 2) {
        style.dashPixels = number(dash[0], 0.0);
        style.gapPixels = number(dash[1], 0.0);
    }
    const std::string kind = fill["type"].stringOr("none");
    style.fill = kind == "hatch"                            ? FillKind::Hatch
                 : kind == "solid" || kind == "by_land_use" ? FillKind::Solid
                                                            : FillKind::None;
    style.fillAlpha = number(fill["alpha"], 0.3);
    style.hatchDegrees = number(fill["angle_deg"], 45.0);
    style.hatchPixels = number(fill["spacing_px"], 12.0);
    style.mode = entry["drape"].stringOr("all") == "up" ? DrapeMode::Upward : DrapeMode::All;
    return style;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

/// Colours for layers that the legend does not know: far apart, readable on photographs.
DrapeStyle paletteStyle(std::size_t number) {
    constexpr std::array<glm::vec3, 6> kColours{glm::vec3(0.0F, 0.75F, 1.0F),
                                                glm::vec3(1.0F, 0.55F, 0.0F),
                                                glm::vec3(0.85F, 0.2F, 0.85F),
                                                glm::vec3(0.4F, 0.85F, 0.2F),
                                                glm::vec3(1.0F, 0.85F, 0.1F),
                                                glm::vec3(1.0F, 0.3F, 0.35F)};
    DrapeStyle style;
    style.fill = FillKind::Solid;
    style.fillAlpha = 0.25F;
    style.lineColour = kColours.at(number % kColours.size());
    style.fillColour = style.lineColour;
    style.lineWidthPixels = 2.5F;
    return style;
}

std::string valueOf(const VectorLayer& layer, const Feature& feature, std::string_view field) {
    for (std::size_t i = 0; i < layer.fields.size() && i < feature.values.size(); ++i) {
        if (upper(layer.fields[i].name) == field) {
            return pipeline::planning::toText(feature.values[i]);
        }
    }
    return {};
}

} // namespace

Result<Legend> Legend::builtIn() {
    return parse(embeddedLegend());
}

Result<Legend> Legend::parse(std::string_view text) {
    const Result<Json> json = tiles3d::base::parseJson(text);
    if (!json || !(*json)["control_lines"].isArray()) {
        return Error{"no legend: " +
                     (json ? std::string("control_lines are missing") : json.error().message)};
    }
    Legend legend;
    for (const Json& entry : (*json)["control_lines"].items()) {
        ControlLine line;
        line.name = entry["name_zh"].stringOr("");
        for (const Json& hint : entry["layer_name_hints"].items()) {
            line.hints.push_back(upper(hint.stringOr("")));
        }
        line.style = styleFrom(entry);
        line.isByLandUse = entry["fill"]["type"].stringOr("") == "by_land_use";
        legend.lines_.push_back(std::move(line));
    }
    for (const char* part : {"land_use", "land_use_fallbacks"}) {
        for (const Json& entry : (*json)[part].items()) {
            const glm::vec3 colour = colourFrom(entry["rgb"], glm::vec3(0.6F));
            legend.colourByCode_.emplace(entry["code"].stringOr(""), colour);
            legend.colourByName_.emplace(entry["name_zh"].stringOr(""), colour);
        }
    }
    return legend;
}

const Legend::ControlLine* Legend::controlLine(const std::string& layerName) const {
    const std::string letters = upper(layerName);
    for (const ControlLine& line : lines_) {
        const bool isNamed = !line.name.empty() && layerName.find(line.name) != std::string::npos;
        const bool isHinted = std::ranges::any_of(line.hints, [&](const std::string& hint) {
            return !hint.empty() && letters.find(hint) != std::string::npos;
        });
        if (isNamed || isHinted) {
            return &line;
        }
    }
    return nullptr;
}

std::optional<glm::vec3> Legend::colourOfCode(std::string code) const {
    for (; code.size() >= 2; code.pop_back()) {
        if (const auto found = colourByCode_.find(code); found != colourByCode_.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

std::optional<glm::vec3> Legend::landUse(const VectorLayer& layer, const Feature& feature) const {
    if (const auto byCode = colourOfCode(valueOf(layer, feature, "YDYHFLDM"))) {
        return byCode;
    }
    for (const char* field : {"YDYHFLMC", "DLMC"}) {
        const auto found = colourByName_.find(valueOf(layer, feature, field));
        if (found != colourByName_.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

DrapeStyle
Legend::styleOf(const VectorLayer& layer, const Feature& feature, std::size_t layerNumber) const {
    const ControlLine* line = controlLine(layer.name);
    if (line != nullptr && !line->isByLandUse) {
        return line->style;
    }
    const std::optional<glm::vec3> colour = landUse(layer, feature);
    if (!colour && line == nullptr) {
        return paletteStyle(layerNumber);
    }
    DrapeStyle style = line != nullptr ? line->style : DrapeStyle{};
    style.fill = FillKind::Solid;
    style.fillAlpha = 0.35F;
    style.fillColour = colour.value_or(glm::vec3(0.6F, 0.63F, 0.65F));
    style.mode = DrapeMode::Upward;
    return style;
}

} // namespace viewer::overlay
