#include "pipeline/planning/style/qml_symbol.h"

#include "pipeline/planning/style/symbol_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <map>

namespace pipeline::planning::style {

namespace {

constexpr double kDotsPerInch = 96.0;
constexpr double kMillimetresPerInch = 25.4;
constexpr double kPointsPerInch = 72.0;

/// The properties of a symbol layer, in either of the two forms that QGIS has written.
class Properties {
public:
    explicit Properties(const XmlElement& layer) {
        for (const XmlElement& child : layer.children) {
            if (child.name == "prop") {
                values_.emplace(child.attribute("k"), child.attribute("v"));
            }
        }
        for (const XmlElement& option : layer.child("Option").children) {
            values_.emplace(option.attribute("name"), option.attribute("value"));
        }
    }

    /// The first that is there: names have changed over the years.
    const std::string& text(std::initializer_list<const char*> names) const {
        static const std::string kNothing;
        for (const char* name : names) {
            if (const auto found = values_.find(name); found != values_.end()) {
                return found->second;
            }
        }
        return kNothing;
    }
    double number(std::initializer_list<const char*> names, double otherwise) const {
        return qmlNumber(text(names), otherwise);
    }
    QmlColour colour(std::initializer_list<const char*> names) const {
        return qmlColour(text(names)).value_or(QmlColour{});
    }

private:
    std::map<std::string, std::string> values_;
};

/// One symbol on its way: what its layers have in common.
struct Painter {
    float opacity = 1.0F;
    SymbolLayers& layers;
    Remarks& remarks;
};

Length lineLength(double length, const std::string& unit) {
    const std::optional<double> pixels = qmlPixels(length, unit);
    return pixels ? Length{*pixels, Unit::Pixels} : Length{length, Unit::Metres};
}

double onlyPixels(double length, const std::string& unit, const char* what, Remarks& remarks) {
    const std::optional<double> pixels = qmlPixels(length, unit);
    if (!pixels) {
        remarks.add(fmt::format("{} in map units are drawn in pixels", what));
    }
    return pixels.value_or(length);
}

std::vector<double> dashesOf(const std::string& style, double width, Remarks& remarks) {
    // Qt's pen styles, in widths of the pen.
    static const std::map<std::string, std::vector<double>> kPatterns{
        {"dash", {4, 2}},
        {"dot", {1, 2}},
        {"dash dot", {4, 2, 1, 2}},
        {"dash dot dot", {4, 2, 1, 2, 1, 2}}};
    const auto found = kPatterns.find(style);
    if (found == kPatterns.end()) {
        if (!style.empty() && style != "solid") {
            remarks.add(fmt::format("line style '{}' is drawn solid", style));
        }
        return {};
    }
    std::vector<double> dashes = found->second;
    std::ranges::for_each(dashes, [&](double& dash) { dash *= std::max(width, 1.0); });
    return dashes;
}

std::vector<double> customDashes(const Properties& properties, Remarks& remarks) {
    const std::string& unit = properties.text({"customdash_unit"});
    std::vector<double> dashes;
    std::string_view text = properties.text({"customdash"});
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const double length = qmlNumber(std::string(text.substr(0, end)), 0.0);
        dashes.push_back(onlyPixels(length, unit, "dashes", remarks));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return dashes;
}

LinePaint outlineOf(const Properties& properties, const Painter& painter) {
    const std::string& style = properties.text({"outline_style", "style_border"});
    const QmlColour colour = properties.colour({"outline_color", "color_border"});
    LinePaint line;
    line.width = lineLength(properties.number({"outline_width", "width_border"}, 0.26),
                            properties.text({"outline_width_unit", "border_width_unit"}));
    line.width.value = line.width.value > 0.0 ? line.width.value : 1.0; // a hair line
    line.colour = colour.rgb;
    line.alpha = style == "no" ? 0.0F : colour.alpha * painter.opacity;
    line.dashPixels =
        style == "no" ? std::vector<double>{} : dashesOf(style, line.width.value, painter.remarks);
    return line;
}

/// Qt's brushes: hatches by their direction, "dense" ones as a fill of that share.
FillPaint brushOf(const std::string& style, Remarks& remarks) {
    static const std::map<std::string, float> kHatches{{"horizontal", 0.0F},
                                                       {"vertical", 90.0F},
                                                       {"b_diagonal", 45.0F},
                                                       {"f_diagonal", 135.0F},
                                                       {"cross", 0.0F},
                                                       {"diagonal_x", 45.0F}};
    static const std::map<std::string, float> kDense{{"dense1", 0.94F},
                                                     {"dense2", 0.88F},
                                                     {"dense3", 0.63F},
                                                     {"dense4", 0.5F},
                                                     {"dense5", 0.37F},
                                                     {"dense6", 0.12F},
                                                     {"dense7", 0.06F}};
    FillPaint fill;
    if (const auto hatch = kHatches.find(style); hatch != kHatches.end()) {
        fill.kind = FillKind::Hatch;
        fill.hatchDegrees = hatch->second;
        if (style == "cross" || style == "diagonal_x") {
            remarks.add("crossed hatches are drawn in one direction");
        }
    } else if (const auto dense = kDense.find(style); dense != kDense.end()) {
        fill.alpha = dense->second;
        remarks.add("dotted fills are drawn as a lighter fill");
    } else if (style == "no") {
        fill.alpha = 0.0F;
    } else if (!style.empty() && style != "solid") {
        remarks.add(fmt::format("fill style '{}' is drawn solid", style));
    }
    return fill;
}

void addSimpleFill(const Properties& properties, const Painter& painter) {
    const QmlColour colour = properties.colour({"color"});
    FillPaint fill = brushOf(properties.text({"style"}), painter.remarks);
    fill.colour = colour.rgb;
    fill.alpha *= colour.alpha * painter.opacity;
    painter.layers.fills.push_back(fill);
    painter.layers.lines.push_back(outlineOf(properties, painter));
}

void addSimpleLine(const Properties& properties, const Painter& painter) {
    const QmlColour colour = properties.colour({"line_color", "color"});
    const std::string& style = properties.text({"line_style", "penstyle"});
    LinePaint line;
    line.colour = colour.rgb;
    line.alpha = style == "no" ? 0.0F : colour.alpha * painter.opacity;
    line.width = lineLength(properties.number({"line_width", "width"}, 0.26),
                            properties.text({"line_width_unit", "width_unit"}));
    line.width.value = line.width.value > 0.0 ? line.width.value : 1.0;
    if (properties.text({"use_custom_dash"}) == "1") {
        line.dashPixels = customDashes(properties, painter.remarks);
    } else if (style != "no") {
        line.dashPixels = dashesOf(style, line.width.value, painter.remarks);
    }
    if (properties.number({"offset"}, 0.0) != 0.0) {
        painter.remarks.add("lines beside their line are drawn on it");
    }
    painter.layers.lines.push_back(line);
}

/// The stripes' colour is that of the line symbol within.
void addLinePattern(const XmlElement& layer, const Properties& properties, const Painter& painter) {
    const XmlElement& stripe = layer.at({"symbol", "layer"});
    const QmlColour colour = stripe.name.empty()
                                 ? properties.colour({"color", "line_color"})
                                 : Properties(stripe).colour({"line_color", "color"});
    FillPaint fill;
    fill.kind = FillKind::Hatch;
    fill.colour = colour.rgb;
    fill.alpha = colour.alpha * painter.opacity *
                 static_cast<float>(qmlNumber(layer.child("symbol").attribute("alpha"), 1.0));
    fill.hatchDegrees = static_cast<float>(properties.number({"angle", "lineangle"}, 45.0));
    fill.hatchPixels = static_cast<float>(onlyPixels(properties.number({"distance"}, 5.0),
                                                     properties.text({"distance_unit"}),
                                                     "distances of a hatch",
                                                     painter.remarks));
    painter.remarks.add("stripes of hatches have a width of their own");
    painter.layers.fills.push_back(fill);
}

void addMarker(const Properties& properties, const Painter& painter) {
    const std::string& shape = properties.text({"name"});
    if (shape != "circle") {
        painter.remarks.add(fmt::format("markers of shape '{}' are drawn as discs", shape));
    }
    const QmlColour colour = properties.colour({"color"});
    PointPaint point;
    point.fill.colour = colour.rgb;
    point.fill.alpha = colour.alpha * painter.opacity;
    point.outline = outlineOf(properties, painter);
    point.pixels = onlyPixels(properties.number({"size"}, 2.0),
                              properties.text({"size_unit"}),
                              "markers",
                              painter.remarks);
    painter.layers.points.push_back(point);
}

/// What is not known is drawn in its colour, as what it stands for.
void addNearest(const std::string& type,
                const std::string& kind,
                const Properties& properties,
                const Painter& painter) {
    painter.remarks.add(fmt::format("symbol layers of type {} are drawn plainly", type));
    if (kind == "marker") {
        addMarker(properties, painter);
    } else if (kind == "line") {
        addSimpleLine(properties, painter);
    } else if (type.ends_with("Fill") && type != "CentroidFill") {
        const QmlColour colour = properties.colour({"color", "gradient_color2"});
        painter.layers.fills.push_back(
            {.colour = colour.rgb, .alpha = colour.alpha * painter.opacity});
    }
}

void addLayer(const XmlElement& layer, const std::string& kind, const Painter& painter) {
    const Properties properties(layer);
    const std::string& type = layer.attribute("class");
    if (type == "SimpleFill") {
        addSimpleFill(properties, painter);
    } else if (type == "SimpleLine") {
        addSimpleLine(properties, painter);
    } else if (type == "LinePatternFill") {
        addLinePattern(layer, properties, painter);
    } else if (type == "SimpleMarker") {
        addMarker(properties, painter);
    } else {
        addNearest(type, kind, properties, painter);
    }
}

bool hasOverrides(const XmlElement& layer) {
    const XmlElement& overrides = layer.at({"data_defined_properties", "Option"});
    return std::ranges::any_of(overrides.children, [](const XmlElement& option) {
        return option.attribute("name") == "properties" && !option.children.empty();
    });
}

} // namespace

Symbol qmlSymbol(const XmlElement& symbol, float opacity, Remarks& remarks) {
    SymbolLayers layers;
    const auto alpha = static_cast<float>(qmlNumber(symbol.attribute("alpha"), 1.0));
    const Painter painter{opacity * alpha, layers, remarks};
    for (const XmlElement& layer : symbol.children) {
        const bool isDrawn = layer.name == "layer" && layer.attribute("enabled") != "0";
        if (isDrawn) {
            addLayer(layer, symbol.attribute("type"), painter);
        }
        if (isDrawn && hasOverrides(layer)) {
            remarks.add("properties of symbols that fields decide are left as they are");
        }
    }
    return flatten(layers, remarks);
}

std::optional<double> qmlPixels(double length, const std::string& unit) {
    if (unit == "MapUnit" || unit == "RenderMetersInMapUnits") {
        return std::nullopt;
    }
    if (unit == "Pixel") {
        return length;
    }
    if (unit == "Point") {
        return length * kDotsPerInch / kPointsPerInch;
    }
    if (unit == "Inch") {
        return length * kDotsPerInch;
    }
    return length * kDotsPerInch / kMillimetresPerInch; // MM, and where none is said
}

std::optional<QmlColour> qmlColour(const std::string& text) {
    std::array<double, 4> channels{0.0, 0.0, 0.0, 255.0};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < channels.size() && at != end; ++i) {
        const auto [next, problem] = std::from_chars(at, end, channels.at(i));
        if (problem != std::errc()) {
            return std::nullopt;
        }
        at = next != end && *next == ',' ? next + 1 : end;
        if (i == 1 && at == end) {
            return std::nullopt;
        }
    }
    const auto share = [&](std::size_t i) {
        return static_cast<float>(std::clamp(channels.at(i) / 255.0, 0.0, 1.0));
    };
    return text.empty() ? std::nullopt
                        : std::optional(QmlColour{{share(0), share(1), share(2)}, share(3)});
}

double qmlNumber(const std::string& text, double otherwise) {
    double number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace pipeline::planning::style
