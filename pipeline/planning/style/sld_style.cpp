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
    std::optional<ClassCondition> condition;
    bool isElse = false; // what fits no condition; a rule with neither paints everything
    std::string label;
    SymbolLayers layers;

    bool paintsAll() const { return !condition && !isElse; }
};

template <typename Paint>
void append(const std::vector<Paint>& more, std::vector<Paint>& paints) {
    paints.insert(paints.end(), more.begin(), more.end());
}

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
        PaintedClass& painted = paintedClass(
            {.condition = condition, .isElse = rule.has("ElseFilter"), .label = labelOf(rule)});
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
    PaintedClass& paintedClass(PaintedClass wanted) {
        const auto found = std::ranges::find_if(classes_, [&](const PaintedClass& painted) {
            return painted.condition == wanted.condition && painted.isElse == wanted.isElse;
        });
        if (found != classes_.end()) {
            return *found;
        }
        classes_.push_back(std::move(wanted));
        return classes_.back();
    }

    /// With what rules for everything add, below or above as they stand.
    SymbolLayers paintOf(const PaintedClass& wanted) const {
        SymbolLayers layers;
        for (const PaintedClass& painted : classes_) {
            if (&painted == &wanted || painted.paintsAll()) {
                append(painted.layers.fills, layers.fills);
                append(painted.layers.lines, layers.lines);
                append(painted.layers.points, layers.points);
            }
        }
        return layers;
    }

    void take(const PaintedClass& painted) {
        const SymbolLayers layers = paintOf(painted);
        if (layers.fills.empty() && layers.lines.empty() && layers.points.empty()) {
            return; // labels alone
        }
        StyleClass pattern;
        pattern.label = painted.label;
        pattern.symbol = flatten(layers, remarks_);
        const bool hasElse = std::ranges::any_of(classes_, &PaintedClass::isElse);
        if (painted.isElse || (painted.paintsAll() && !hasElse)) {
            style_.other = pattern.symbol;
            style_.otherLabel = pattern.label;
        } else if (painted.condition) {
            addClasses(*painted.condition, pattern);
        }
    }

    void addClasses(const ClassCondition& condition, const StyleClass& pattern) {
        if (!style_.classField.empty() && style_.classField != condition.field) {
            remarks_.add(fmt::format(
                "rule left out: asks for {}, others for {}", condition.field, style_.classField));
            return;
        }
        style_.classField = condition.field;
        std::ranges::move(classesOf(condition, pattern), std::back_inserter(style_.classes));
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
