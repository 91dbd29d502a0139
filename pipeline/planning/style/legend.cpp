#include "pipeline/planning/style/legend.h"

#include "pipeline/planning/style/embedded_legend.h"
#include "pipeline/planning/style/legend_names.h"
#include "pipeline/planning/style/legend_reader.h"

#include <algorithm>
#include <array>

namespace pipeline::planning::style {

using tiles3d::base::Result;

namespace {

/// Colours for layers that the legend does not know: far apart, readable on photographs.
LayerStyle paletteStyle(std::size_t number) {
    constexpr std::array<glm::vec3, 6> kColours{glm::vec3(0.0F, 0.75F, 1.0F),
                                                glm::vec3(1.0F, 0.55F, 0.0F),
                                                glm::vec3(0.85F, 0.2F, 0.85F),
                                                glm::vec3(0.4F, 0.85F, 0.2F),
                                                glm::vec3(1.0F, 0.85F, 0.1F),
                                                glm::vec3(1.0F, 0.3F, 0.35F)};
    LayerStyle style;
    style.other.fill = FillKind::Solid;
    style.other.fillAlpha = 0.25F;
    style.other.lineColour = kColours.at(number % kColours.size());
    style.other.fillColour = style.other.lineColour;
    style.other.lineWidth = 2.5F;
    return style;
}

bool isCalled(const ControlLine& line, const std::string& slug) {
    const auto isIt = [&](const std::string& name) { return slugOf(name) == slug; };
    return isIt(line.id) || isIt(line.name) || isIt(line.nameEnglish) ||
           std::ranges::any_of(line.aliases, isIt);
}

/// By the last part of the path that calls a line; or null.
const ControlLine* lineOfCategory(const std::vector<ControlLine>& lines, const std::string& path) {
    const ControlLine* said = nullptr;
    for (const std::string& part : categoryParts(path)) {
        const std::string slug = slugOf(part);
        const auto found = std::ranges::find_if(
            lines, [&](const ControlLine& line) { return !slug.empty() && isCalled(line, slug); });
        said = found != lines.end() ? &*found : said;
    }
    return said;
}

/// Bytes of the longest name of the line that the layer's name holds; 0: none.
std::size_t nameLength(const ControlLine& line, const std::string& layerSlug) {
    std::size_t longest = 0;
    const auto look = [&](const std::string& name) {
        const std::string slug = slugOf(name);
        if (!slug.empty() && layerSlug.find(slug) != std::string::npos) {
            longest = std::max(longest, slug.size());
        }
    };
    look(line.name);
    look(line.nameEnglish);
    std::ranges::for_each(line.aliases, look);
    return longest;
}

std::size_t hintLength(const ControlLine& line, const std::string& layerName) {
    std::size_t longest = 0;
    for (const std::string& hint : line.hints) {
        longest = holdsLetters(layerName, hint) ? std::max(longest, hint.size()) : longest;
    }
    return longest;
}

/// The first line of the greatest length, or null where all are 0.
template <typename Length>
const ControlLine* longest(const std::vector<ControlLine>& lines, const Length& length) {
    const ControlLine* best = nullptr;
    std::size_t most = 0;
    for (const ControlLine& line : lines) {
        if (const std::size_t here = length(line); here > most) {
            best = &line;
            most = here;
        }
    }
    return best;
}

/// The first of `names` that is a field's name or alias: the field's name; or "".
std::string firstPresent(const std::vector<std::string>& names, const std::vector<Field>& fields) {
    for (const std::string& name : names) {
        const auto found = std::ranges::find_if(fields, [&](const Field& field) {
            return isSameName(field.name, name) || isSameName(field.alias, name);
        });
        if (found != fields.end()) {
            return found->name;
        }
    }
    return {};
}

/// Land use by the layer's fields of codes and names; none if it has neither. A field of names
/// alone is no place to look for codes.
std::optional<LayerStyle> landUseStyle(const LandUse& landUse, const LayerInfo& layer) {
    const std::string code = firstPresent(landUse.codeFields, layer.fields);
    const std::string name = firstPresent(landUse.nameFields, layer.fields);
    if (code.empty() && name.empty()) {
        return std::nullopt;
    }
    LayerStyle style;
    style.classField = code.empty() ? name : code;
    style.spareField = code.empty() ? "" : name;
    style.classes = landUse.classes;
    if (code.empty()) {
        std::ranges::for_each(style.classes, [](StyleClass& c) { c.prefixes.clear(); });
    }
    style.other = landUse.unmatched;
    style.mode = DrapeMode::Upward;
    return style;
}

/// The control line's outlines and strength of fill, round the fills of land use.
LayerStyle byLandUse(const ControlLine& line, LayerStyle landUse) {
    const auto outline = [&](Symbol& symbol) {
        const glm::vec3 fill = symbol.fillColour;
        symbol = line.symbol;
        symbol.fill = FillKind::Solid;
        symbol.fillColour = fill;
    };
    std::ranges::for_each(landUse.classes, [&](StyleClass& c) { outline(c.symbol); });
    outline(landUse.other);
    landUse.mode = line.mode;
    return landUse;
}

LayerStyle plainStyle(const ControlLine& line) {
    LayerStyle style;
    style.other = line.symbol;
    style.otherLabel = line.name;
    style.otherLabelEnglish = line.nameEnglish;
    style.mode = line.mode;
    return style;
}

} // namespace

Result<Legend> Legend::builtIn() {
    return parse(embeddedLegend());
}

Result<Legend> Legend::parse(std::string_view json) {
    Result<LegendContents> contents = readLegend(json);
    if (!contents) {
        return contents.error();
    }
    return Legend(*std::move(contents));
}

std::optional<ControlMatch> Legend::controlLineOf(const LayerInfo& layer) const {
    const std::vector<ControlLine>& lines = contents_.controlLines;
    if (const ControlLine* said = lineOfCategory(lines, layer.category)) {
        return ControlMatch{said, true};
    }
    const std::string titleSlug = slugOf(layer.title);
    const std::string tableSlug = slugOf(layer.table);
    const ControlLine* named = longest(lines, [&](const ControlLine& line) {
        return std::max(nameLength(line, titleSlug), nameLength(line, tableSlug));
    });
    const ControlLine* hinted = named != nullptr ? named : longest(lines, [&](const auto& line) {
        return std::max(hintLength(line, layer.title), hintLength(line, layer.table));
    });
    return hinted != nullptr ? std::optional(ControlMatch{hinted, false}) : std::nullopt;
}

LayerStyle Legend::styleFor(const LayerInfo& layer, std::size_t layerNumber) const {
    const std::optional<ControlMatch> match = controlLineOf(layer);
    std::optional<LayerStyle> landUse = landUseStyle(contents_.landUse, layer);
    if (!match) {
        return landUse ? *std::move(landUse) : paletteStyle(layerNumber);
    }
    const ControlLine& line = *match->line;
    LayerStyle style;
    if (!line.isByLandUse) {
        style = plainStyle(line);
    } else {
        LayerStyle unmatched;
        unmatched.other = contents_.landUse.unmatched;
        style = byLandUse(line, landUse ? *std::move(landUse) : unmatched);
    }
    style.labelField = firstPresent(line.labelFields, layer.fields);
    return style;
}

Rule Legend::ruleFor(const LayerInfo& layer) const {
    const std::optional<ControlMatch> match = controlLineOf(layer);
    return match ? match->line->rule : Rule::Inform;
}

CategoryName Legend::categoryName(std::string_view part) const {
    const auto found = contents_.categories.find(slugOf(part));
    return found != contents_.categories.end()
               ? found->second
               : CategoryName{std::string(part), std::string(part), contents_.categories.size()};
}

} // namespace pipeline::planning::style
