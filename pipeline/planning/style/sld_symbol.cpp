#include "pipeline/planning/style/sld_symbol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>

namespace pipeline::planning::style {

namespace {

constexpr double kMetresPerFoot = 0.3048;
constexpr double kDefaultGraphicPixels = 6.0; // SE 1.1, 11.3.2

/// "#rrggbb", or "0xrrggbb" as some servers have it.
std::optional<glm::vec3> colourOf(const std::string& text) {
    std::array<unsigned, 3> channels{};
    const std::size_t digits = text.starts_with('#') ? 1 : 2;
    if (!(text.starts_with('#') || text.starts_with("0x")) || text.size() != digits + 6) {
        return std::nullopt;
    }
    glm::vec3 colour;
    for (std::size_t i = 0; i < 3; ++i) {
        const char* const first = text.data() + digits + 2 * i;
        const auto [end, problem] = std::from_chars(first, first + 2, channels.at(i), 16);
        if (problem != std::errc() || end != first + 2) {
            return std::nullopt;
        }
        colour[static_cast<int>(i)] = static_cast<float>(channels.at(i)) / 255.0F;
    }
    return colour;
}

/// The CssParameter (1.0) or SvgParameter (1.1) children of a Fill, Stroke or Font.
class Parameters {
public:
    Parameters(const XmlElement& element, Remarks& remarks) : remarks_(remarks) {
        for (const XmlElement& child : element.children) {
            if (child.name == "CssParameter" || child.name == "SvgParameter") {
                add(child.attribute("name"), child);
            }
        }
    }

    std::string text(const char* name) const {
        const auto found = values_.find(name);
        return found != values_.end() ? found->second : "";
    }
    double number(const char* name, double otherwise) const {
        return sldNumber(text(name), otherwise);
    }
    glm::vec3 colour(const char* name, const glm::vec3& otherwise) const {
        const std::string value = text(name);
        const std::optional<glm::vec3> colour = colourOf(value);
        if (!colour && !value.empty()) {
            remarks_.add(fmt::format("colour '{}' is not understood", value));
        }
        return colour.value_or(otherwise);
    }

private:
    void add(const std::string& name, const XmlElement& parameter) {
        static const std::set<std::string> kKnown{"fill",
                                                  "fill-opacity",
                                                  "stroke",
                                                  "stroke-opacity",
                                                  "stroke-width",
                                                  "stroke-dasharray",
                                                  "font-size"};
        const std::string value = sldLiteral(parameter);
        if (!kKnown.contains(name)) {
            remarks_.add(fmt::format("{} is left out", name));
        } else if (value.empty()) {
            remarks_.add(fmt::format("{} that fields decide is left out", name));
        }
        values_.emplace(name, value);
    }

    Remarks& remarks_;
    std::map<std::string, std::string> values_;
};

/// What lengths of a symbolizer are told in.
struct Scale {
    double factor = 1.0;
    Unit unit = Unit::Pixels;
};

Scale scaleOf(const XmlElement& symbolizer, Remarks& remarks) {
    const std::string& uom = symbolizer.attribute("uom");
    if (uom.ends_with("metre") || uom.ends_with("meter")) {
        return {1.0, Unit::Metres};
    }
    if (uom.ends_with("foot")) {
        return {kMetresPerFoot, Unit::Metres};
    }
    if (!uom.empty() && !uom.ends_with("pixel")) {
        remarks.add(fmt::format("unit '{}' is taken for pixels", uom));
    }
    return {};
}

double pixelsOf(double length, const Scale& scale, const char* what, Remarks& remarks) {
    if (scale.unit == Unit::Metres) {
        remarks.add(fmt::format("{} in metres are drawn in pixels", what));
    }
    return length;
}

std::vector<double> dashesOf(std::string text, const Scale& scale, Remarks& remarks) {
    std::ranges::replace(text, ',', ' ');
    std::vector<double> dashes;
    std::string_view rest = text;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        const std::string word(rest.substr(0, rest.find(' ')));
        if (word.empty()) {
            break;
        }
        dashes.push_back(pixelsOf(sldNumber(word, 0.0), scale, "dashes", remarks));
        rest.remove_prefix(word.size());
    }
    if (dashes.size() == 1) {
        dashes.push_back(dashes[0]);
    }
    return dashes;
}

LinePaint strokePaint(const XmlElement& stroke, const Scale& scale, Remarks& remarks) {
    const Parameters parameters(stroke, remarks);
    LinePaint line;
    line.colour = parameters.colour("stroke", line.colour);
    line.alpha = static_cast<float>(parameters.number("stroke-opacity", 1.0));
    line.width = {parameters.number("stroke-width", 1.0) * scale.factor, scale.unit};
    line.dashPixels = dashesOf(parameters.text("stroke-dasharray"), scale, remarks);
    if (line.width.value <= 0.0) {
        line.alpha = 0.0F;
    }
    for (const char* graphic : {"GraphicFill", "GraphicStroke"}) {
        if (stroke.has(graphic)) {
            remarks.add(fmt::format("{} of a stroke is drawn as a plain line", graphic));
        }
    }
    return line;
}

/// The stripes that a well-known mark stands for, counter-clockwise from east; none for others.
std::optional<float> stripesOf(const std::string& mark) {
    static const std::map<std::string, float> kStripes{{"horline", 0.0F},
                                                       {"line", 90.0F},
                                                       {"vertline", 90.0F},
                                                       {"slash", 45.0F},
                                                       {"backslash", 135.0F},
                                                       {"times", 45.0F},
                                                       {"x", 45.0F},
                                                       {"plus", 0.0F},
                                                       {"cross", 0.0F}};
    const std::size_t scheme = mark.find("://");
    const auto found = kStripes.find(scheme == std::string::npos ? mark : mark.substr(scheme + 3));
    return found != kStripes.end() ? std::optional(found->second) : std::nullopt;
}

/// A fill of marks: a hatch where the mark is a line.
FillPaint graphicFill(const XmlElement& graphic, const Scale& scale, Remarks& remarks) {
    const XmlElement& mark = graphic.child("Mark");
    const std::string& name = mark.child("WellKnownName").text;
    const std::optional<float> stripes = stripesOf(name);
    const LinePaint stroke = strokePaint(mark.child("Stroke"), scale, remarks);
    FillPaint fill;
    fill.kind = FillKind::Hatch;
    fill.colour = stroke.colour;
    fill.alpha =
        stroke.alpha * static_cast<float>(sldNumber(sldLiteral(graphic.child("Opacity")), 1.0));
    // Rotations of SLD are clockwise.
    const double turned = sldNumber(sldLiteral(graphic.child("Rotation")), 0.0);
    fill.hatchDegrees = stripes.value_or(45.0F) - static_cast<float>(turned);
    fill.hatchPixels = static_cast<float>(
        pixelsOf(sldNumber(sldLiteral(graphic.child("Size")), 8.0), scale, "hatches", remarks));
    if (!stripes) {
        remarks.add(fmt::format("fill of marks '{}' is drawn as a hatch", name));
    } else if (name.ends_with("times") || name.ends_with("x") || name.ends_with("plus") ||
               name.ends_with("cross")) {
        remarks.add("crossed hatches are drawn in one direction");
    }
    return fill;
}

FillPaint fillPaint(const XmlElement& fill, const Scale& scale, Remarks& remarks) {
    if (const XmlElement& graphic = fill.at({"GraphicFill", "Graphic"}); !graphic.name.empty()) {
        return graphicFill(graphic, scale, remarks);
    }
    const Parameters parameters(fill, remarks);
    FillPaint paint;
    paint.colour = parameters.colour("fill", paint.colour);
    paint.alpha = static_cast<float>(parameters.number("fill-opacity", 1.0));
    return paint;
}

void addPoint(const XmlElement& symbolizer,
              const Scale& scale,
              SymbolLayers& layers,
              Remarks& remarks) {
    const XmlElement& graphic = symbolizer.child("Graphic");
    const XmlElement& mark = graphic.child("Mark");
    const std::string& name = mark.child("WellKnownName").text;
    if (mark.name.empty() || name != "circle") {
        remarks.add(fmt::format("graphics of shape '{}' are drawn as discs",
                                mark.name.empty() ? "ExternalGraphic"
                                : name.empty()    ? "square"
                                                  : name));
    }
    const auto opacity = static_cast<float>(sldNumber(sldLiteral(graphic.child("Opacity")), 1.0));
    PointPaint point;
    point.pixels = pixelsOf(sldNumber(sldLiteral(graphic.child("Size")), kDefaultGraphicPixels),
                            scale,
                            "graphics",
                            remarks);
    point.fill.alpha = mark.has("Fill") || mark.name.empty() ? 1.0F : 0.0F;
    if (mark.has("Fill")) {
        point.fill = fillPaint(mark.child("Fill"), scale, remarks);
    }
    point.fill.alpha *= opacity;
    point.outline.alpha = 0.0F;
    if (mark.has("Stroke")) {
        point.outline = strokePaint(mark.child("Stroke"), scale, remarks);
    }
    layers.points.push_back(point);
}

void noteChildren(const XmlElement& symbolizer,
                  const std::set<std::string>& known,
                  Remarks& remarks) {
    for (const XmlElement& child : symbolizer.children) {
        if (!known.contains(child.name)) {
            remarks.add(fmt::format("{} of {} is left out", child.name, symbolizer.name));
        }
    }
}

} // namespace

void addSldPaint(const XmlElement& symbolizer, SymbolLayers& layers, Remarks& remarks) {
    noteChildren(symbolizer, {"Fill", "Stroke", "Graphic", "Name", "Description"}, remarks);
    const Scale scale = scaleOf(symbolizer, remarks);
    if (symbolizer.name == "PointSymbolizer") {
        addPoint(symbolizer, scale, layers, remarks);
        return;
    }
    if (symbolizer.has("Fill")) {
        layers.fills.push_back(fillPaint(symbolizer.child("Fill"), scale, remarks));
    }
    if (symbolizer.has("Stroke")) {
        layers.lines.push_back(strokePaint(symbolizer.child("Stroke"), scale, remarks));
    }
}

void readSldLabel(const XmlElement& symbolizer, LayerStyle& style, Remarks& remarks) {
    const XmlElement& label = symbolizer.child("Label");
    const bool isField =
        label.children.size() == 1 && label.has("PropertyName") && label.text.empty();
    if (!isField) {
        remarks.add("labels that are not just one field are left out");
        return;
    }
    noteChildren(
        symbolizer, {"Label", "Font", "Fill", "Halo", "Geometry", "Name", "Description"}, remarks);
    const Parameters font(symbolizer.child("Font"), remarks);
    const Parameters fill(symbolizer.child("Fill"), remarks);
    style.labelField = label.child("PropertyName").text;
    style.labelPixels = static_cast<float>(font.number("font-size", 10.0));
    style.labelColour = fill.colour("fill", glm::vec3(0.0F));
}

std::string sldLiteral(const XmlElement& expression) {
    if (expression.children.empty()) {
        return expression.text;
    }
    const bool isLiteral = expression.children.size() == 1 && expression.has("Literal");
    return isLiteral ? expression.child("Literal").text : "";
}

double sldNumber(const std::string& text, double otherwise) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() ? number : otherwise;
}

} // namespace pipeline::planning::style
