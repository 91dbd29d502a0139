#include "pipeline/planning/style/sld_style.h"

#include "pipeline/planning/style/scale_range.h"
#include "pipeline/planning/style/sld_filter.h"
#include "pipeline/planning/style/sld_symbol.h"
#include "pipeline/planning/style/xml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr double kMetresPerPixel = 0.00028; // at a scale of 1:1; SLD's standardised pixel

/// What one rule, or several on the same condition, paint.
struct PaintedClass {
    std::optional<ClassCondition> condition; // none: all that fits no other
    std::string label;
    SymbolLayers layers;
};

/// The FeatureTypeStyles of the first user style, wherever in the document it is.
const XmlElement* userStyle(const XmlElement& root) {
    if (root.name == "UserStyle" || root.name == "FeatureTypeStyle") {
        return &root;
    }
    for (const char* layer : {"NamedLayer", "UserLayer"}) {
        if (const XmlElement& style = root.at({layer, "UserStyle"}); !style.name.empty()) {
            return &style;
        }
    }
    return nullptr;
}

class Reader {
public:
    Result<ImportedStyle> read(const XmlElement& style) {
        if (style.name == "FeatureTypeStyle") {
            readRules(style);
        }
        for (const XmlElement& part : style.children) {
            if (part.name == "FeatureTypeStyle") {
                readRules(part);
            }
        }
        if (rules_ == 0) {
            return Error{"SLD: no rule"};
        }
        scales_.note(remarks_);
        style_.leastMetresPerPixel = scales_.least() * kMetresPerPixel;
        style_.mostMetresPerPixel = scales_.most() * kMetresPerPixel;
        style_.other = invisibleSymbol();
        std::ranges::for_each(classes_, [&](const PaintedClass& painted) { take(painted); });
        return ImportedStyle{std::move(style_), remarks_.take()};
    }

private:
    void readRules(const XmlElement& part) {
        for (const XmlElement& rule : part.children) {
            if (rule.name == "Rule") {
                ++rules_;
                readRule(rule);
            }
        }
    }

    void readRule(const XmlElement& rule) {
        std::optional<ClassCondition> condition;
        if (rule.has("Filter")) {
            const Result<ClassCondition> read = sldCondition(rule.child("Filter"));
            if (!read) {
                remarks_.add("rule left out: " + read.error().message);
                return;
            }
            condition = *read;
        }
        scales_.add(sldNumber(rule.child("MinScaleDenominator").text, 0.0),
                    sldNumber(rule.child("MaxScaleDenominator").text, 0.0));
        PaintedClass& painted = classOfCondition(condition, labelOf(rule));
        for (const XmlElement& part : rule.children) {
            if (part.name == "TextSymbolizer") {
                readSldLabel(part, style_, remarks_);
            } else if (part.name == "PolygonSymbolizer" || part.name == "LineSymbolizer" ||
                       part.name == "PointSymbolizer") {
                addSldPaint(part, painted.layers, remarks_);
            } else if (part.name.ends_with("Symbolizer")) {
                remarks_.add(fmt::format("{} is left out", part.name));
            }
        }
    }

    static std::string labelOf(const XmlElement& rule) {
        for (const XmlElement* name :
             {&rule.child("Title"), &rule.at({"Description", "Title"}), &rule.child("Name")}) {
            if (!name->text.empty()) {
                return name->text;
            }
        }
        return {};
    }

    /// Rules on the same condition paint the same features, one over the other.
    PaintedClass& classOfCondition(const std::optional<ClassCondition>& condition,
                                   const std::string& label) {
        const auto found = std::ranges::find(classes_, condition, &PaintedClass::condition);
        if (found != classes_.end()) {
            return *found;
        }
        classes_.push_back({condition, label, {}});
        return classes_.back();
    }

    void take(const PaintedClass& painted) {
        const bool paints = !painted.layers.fills.empty() || !painted.layers.lines.empty() ||
                            !painted.layers.points.empty();
        if (!paints) {
            return; // labels alone
        }
        StyleClass pattern;
        pattern.label = painted.label;
        pattern.symbol = flatten(painted.layers, remarks_);
        if (!painted.condition) {
            style_.other = pattern.symbol;
            style_.otherLabel = pattern.label;
            return;
        }
        if (!style_.classField.empty() && style_.classField != painted.condition->field) {
            remarks_.add(fmt::format("rule left out: asks for {}, others for {}",
                                     painted.condition->field,
                                     style_.classField));
            return;
        }
        style_.classField = painted.condition->field;
        std::ranges::move(classesOf(*painted.condition, pattern),
                          std::back_inserter(style_.classes));
    }

    std::size_t rules_ = 0;
    std::vector<PaintedClass> classes_;
    LayerStyle style_;
    ScaleRange scales_;
    Remarks remarks_;
};

} // namespace

Result<ImportedStyle> readSld(std::string_view xml) {
    const Result<XmlElement> root = parseXml(xml);
    if (!root) {
        return within("SLD", root.error());
    }
    const XmlElement* style = userStyle(*root);
    if (style == nullptr) {
        return Error{fmt::format("no SLD: {} holds no user style", root->name)};
    }
    return Reader().read(*style);
}

} // namespace pipeline::planning::style
