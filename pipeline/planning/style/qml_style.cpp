#include "pipeline/planning/style/qml_style.h"

#include "pipeline/planning/style/filter_text.h"
#include "pipeline/planning/style/qml_symbol.h"
#include "pipeline/planning/style/scale_range.h"
#include "pipeline/planning/style/xml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr double kMetresPerPixel = 0.0254 / 96.0; // at a scale of 1:1
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A style file on its way to a LayerStyle.
class Reader {
public:
    explicit Reader(const XmlElement& root) : root_(root), opacity_(layerOpacity()) {}

    Result<ImportedStyle> read() {
        const XmlElement& renderer = innermost(root_.child("renderer-v2"));
        if (renderer.name.empty()) {
            return Error{"QML: no renderer of a vector layer"};
        }
        readRenderer(renderer);
        readScales();
        readLabels();
        noteBlending();
        return ImportedStyle{std::move(style_), remarks_.take()};
    }

private:
    float layerOpacity() const {
        const double transparentPercent = qmlNumber(root_.child("layerTransparency").text, 0.0);
        return static_cast<float>(qmlNumber(root_.child("layerOpacity").text, 1.0) *
                                  (1.0 - transparentPercent / 100.0));
    }

    /// Renderers that arrange others (clusters, merged or inverted polygons) hold them as a child.
    const XmlElement& innermost(const XmlElement& renderer) {
        const XmlElement* inner = &renderer;
        while (inner->has("renderer-v2")) {
            remarks_.add(fmt::format("renderer {} is left out, what it arranges is drawn",
                                     inner->attribute("type")));
            inner = &inner->child("renderer-v2");
        }
        return *inner;
    }

    void readRenderer(const XmlElement& renderer) {
        const std::string& type = renderer.attribute("type");
        symbols_ = &renderer.child("symbols");
        style_.other = invisibleSymbol();
        if (type == "categorizedSymbol") {
            readCategories(renderer);
        } else if (type == "graduatedSymbol") {
            readRanges(renderer);
        } else if (type == "RuleRenderer") {
            readRules(renderer.child("rules"), std::nullopt);
            style_.leastMetresPerPixel = scales_.least() * kMetresPerPixel;
            style_.mostMetresPerPixel = scales_.most() * kMetresPerPixel;
            scales_.note(remarks_);
            if (unfiltered_ > 0 && !style_.classes.empty()) {
                remarks_.add("a rule without a filter draws only what fits no other");
            }
        } else if (type != "nullSymbol") {
            if (type != "singleSymbol") {
                remarks_.add(fmt::format("renderer {} is drawn with its first symbol", type));
            }
            takeFirstSymbol();
        }
    }

    void takeFirstSymbol() {
        if (!symbols_->children.empty()) {
            style_.other = qmlSymbol(symbols_->children.front(), opacity_, remarks_);
        }
    }

    Symbol symbolNamed(const std::string& name) {
        const auto found = std::ranges::find_if(symbols_->children, [&](const XmlElement& symbol) {
            return symbol.attribute("name") == name;
        });
        if (found == symbols_->children.end()) {
            remarks_.add(fmt::format("symbol '{}' is missing", name));
            return invisibleSymbol();
        }
        return qmlSymbol(*found, opacity_, remarks_);
    }

    bool readClassField(const std::string& text) {
        style_.classField = fieldIn(text);
        if (style_.classField.empty()) {
            remarks_.add(fmt::format("classes by the expression {} are left out", text));
            takeFirstSymbol();
        }
        return !style_.classField.empty();
    }

    StyleClass classFor(const XmlElement& entry) {
        StyleClass styleClass;
        styleClass.label = entry.attribute("label");
        const bool isDrawn =
            entry.attribute("render") != "false" && entry.attribute("checkstate") != "0";
        styleClass.symbol = isDrawn ? symbolNamed(entry.attribute("symbol")) : invisibleSymbol();
        return styleClass;
    }

    void readCategories(const XmlElement& renderer) {
        if (!readClassField(renderer.attribute("attr"))) {
            return;
        }
        for (const XmlElement& category : renderer.child("categories").children) {
            StyleClass styleClass = classFor(category);
            addValue(category, styleClass.values);
            for (const XmlElement& item : category.children) {
                addValue(item, styleClass.values);
            }
            if (styleClass.values.empty()) { // "all other values"
                style_.other = styleClass.symbol;
                style_.otherLabel = styleClass.label;
            } else {
                style_.classes.push_back(std::move(styleClass));
            }
        }
    }

    static void addValue(const XmlElement& entry, std::vector<std::string>& values) {
        const std::string& value = entry.attribute("value");
        const bool isReal = entry.attribute("type") == "double";
        if (!value.empty()) {
            values.push_back(isReal ? fmt::format("{}", qmlNumber(value, 0.0)) : value);
        }
    }

    /// QGIS counts both ends of a range in, and takes the first range that fits.
    void readRanges(const XmlElement& renderer) {
        if (!readClassField(renderer.attribute("attr"))) {
            return;
        }
        for (const XmlElement& range : renderer.child("ranges").children) {
            StyleClass styleClass = classFor(range);
            styleClass.from = qmlNumber(range.attribute("lower"), -kInfinity);
            styleClass.to =
                std::nextafter(qmlNumber(range.attribute("upper"), kInfinity), kInfinity);
            style_.classes.push_back(std::move(styleClass));
        }
    }

    void readRules(const XmlElement& rules,
                   const std::optional<ClassCondition>& above) { // as deep as parseXml() reads
        for (const XmlElement& rule : rules.children) {
            if (rule.name == "rule") {
                readRule(rule, above);
            }
        }
    }

    void readRule(const XmlElement& rule, const std::optional<ClassCondition>& above) {
        const std::string& filter = rule.attribute("filter");
        const bool isElse = filter == "ELSE";
        const Result<std::optional<ClassCondition>> condition =
            isElse ? Result<std::optional<ClassCondition>>(above) : joined(filter, above);
        if (!condition) {
            remarks_.add("rule left out: " + condition.error().message);
            return;
        }
        if (rule.has("rule")) {
            if (!rule.attribute("symbol").empty()) {
                remarks_.add("symbols of rules that hold other rules are left out");
            }
            readRules(rule, *condition);
        } else if (!rule.attribute("symbol").empty()) {
            scales_.add(qmlNumber(rule.attribute("scalemindenom"), 0.0),
                        qmlNumber(rule.attribute("scalemaxdenom"), 0.0));
            addRule(rule, *condition);
        }
    }

    static Result<std::optional<ClassCondition>>
    joined(const std::string& filter, const std::optional<ClassCondition>& above) {
        if (filter.empty()) {
            return above;
        }
        const Result<ClassCondition> own = parseFilter(filter);
        if (!own) {
            return own.error();
        }
        const Result<ClassCondition> all = above ? both(*above, *own) : own;
        if (!all) {
            return within(fmt::format("filter {}", filter), all.error());
        }
        return std::optional(*all);
    }

    void addRule(const XmlElement& rule, const std::optional<ClassCondition>& condition) {
        StyleClass pattern = classFor(rule);
        if (rule.attribute("filter").empty() && !condition) {
            ++unfiltered_;
        }
        if (!condition) {
            style_.other = pattern.symbol;
            style_.otherLabel = pattern.label;
            return;
        }
        if (!style_.classField.empty() && style_.classField != condition->field) {
            remarks_.add(fmt::format(
                "rule left out: asks for {}, others for {}", condition->field, style_.classField));
            return;
        }
        style_.classField = condition->field;
        std::ranges::move(classesOf(*condition, pattern), std::back_inserter(style_.classes));
    }

    /// QGIS 2 said the least denominator in minimumScale; QGIS 3 says it in maxScale.
    void readScales() {
        if (root_.attribute("hasScaleBasedVisibilityFlag") != "1") {
            return;
        }
        const bool isOld = !root_.attribute("maximumScale").empty();
        const double least = qmlNumber(root_.attribute(isOld ? "minimumScale" : "maxScale"), 0.0);
        const double most = qmlNumber(root_.attribute(isOld ? "maximumScale" : "minScale"), 0.0);
        style_.leastMetresPerPixel = std::max(style_.leastMetresPerPixel, least * kMetresPerPixel);
        if (most > 0.0) {
            style_.mostMetresPerPixel = std::min(style_.mostMetresPerPixel, most * kMetresPerPixel);
        }
    }

    void readLabels() {
        const XmlElement& labels = root_.child("labeling");
        if (labels.name.empty() || root_.attribute("labelsEnabled") == "0") {
            return;
        }
        if (labels.attribute("type") != "simple") {
            remarks_.add(fmt::format("labels of type {} are left out", labels.attribute("type")));
            return;
        }
        const XmlElement& text = labels.at({"settings", "text-style"});
        if (text.name.empty()) {
            readOldLabels();
            return;
        }
        const std::string& name = text.attribute("fieldName");
        style_.labelField = text.attribute("isExpression") == "1" ? fieldIn(name) : name;
        if (style_.labelField.empty()) {
            remarks_.add(fmt::format("labels by the expression {} are left out", name));
            return;
        }
        const std::string& unit = text.attribute("fontSizeUnit");
        const double size = qmlNumber(text.attribute("fontSize"), 10.0);
        style_.labelPixels = static_cast<float>(
            qmlPixels(size, unit.empty() ? "Point" : unit).value_or(style_.labelPixels));
        if (const auto colour = qmlColour(text.attribute("textColor"))) {
            style_.labelColour = colour->rgb;
        }
    }

    /// QGIS 2 kept labels among the custom properties.
    void readOldLabels() {
        std::map<std::string, std::string> values;
        for (const XmlElement& property : root_.child("customproperties").children) {
            values.emplace(property.attribute("key"), property.attribute("value"));
        }
        if (values["labeling/enabled"] != "true") {
            return;
        }
        const std::string& name = values["labeling/fieldName"];
        style_.labelField = values["labeling/isExpression"] == "true" ? fieldIn(name) : name;
        if (style_.labelField.empty()) {
            remarks_.add(fmt::format("labels by the expression {} are left out", name));
            return;
        }
        const double points = qmlNumber(values["labeling/fontSize"], 10.0);
        style_.labelPixels =
            static_cast<float>(qmlPixels(points, "Point").value_or(style_.labelPixels));
        const auto channel = [&](const char* letter) {
            const double value = qmlNumber(values[std::string("labeling/textColor") + letter], 0.0);
            return static_cast<float>(value / 255.0);
        };
        style_.labelColour = {channel("R"), channel("G"), channel("B")};
    }

    void noteBlending() {
        const std::string& mode = root_.child("blendMode").text;
        if (!mode.empty() && mode != "0") {
            remarks_.add("the layer's blending mode is left out");
        }
    }

    const XmlElement& root_;
    float opacity_;
    const XmlElement* symbols_ = nullptr;
    LayerStyle style_;
    ScaleRange scales_;
    std::size_t unfiltered_ = 0;
    Remarks remarks_;
};

} // namespace

Result<ImportedStyle> readQml(std::string_view xml) {
    const Result<XmlElement> root = parseXml(xml);
    if (!root) {
        return within("QML", root.error());
    }
    if (root->name != "qgis") {
        return Error{fmt::format("no QML: its root is {}, not qgis", root->name)};
    }
    return Reader(*root).read();
}

} // namespace pipeline::planning::style
