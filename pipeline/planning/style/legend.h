#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::planning::style {

/// What it means for a site to overlap a layer, unless a rules file says otherwise.
enum class Rule {
    Inform,        ///< To be reported, no more.
    Forbid,        ///< The part inside is a conflict.
    RequireInside, ///< The part outside is a conflict.
    Match,         ///< Codes are to be compared.
    HeightLimit,   ///< A surface above the limit is a conflict.
    Subject,       ///< It is the site.
    Result         ///< It is what a check found.
};

/// A control line of the legend: 生态保护红线 and its like.
struct ControlLine {
    std::string id;    ///< "stbhhx".
    std::string group; ///< "three_lines".
    std::string name;  ///< Chinese.
    std::string nameEnglish;
    std::vector<std::string> aliases; ///< Other names, and the last part of a category path.
    std::vector<std::string> hints;   ///< Letters in names of layers: "STBHHX".
    std::vector<std::string> labelFields;
    Rule rule = Rule::Inform;
    DrapeMode mode = DrapeMode::All;
    bool isByLandUse = false; ///< Its fill is that of each feature's land use.
    Symbol symbol;
};

/// The control line that a layer is taken for.
struct ControlMatch {
    const ControlLine* line = nullptr; ///< Of the legend asked.
    bool isSaid =
        false; ///< By the layer's category; else guessed from its name, for people to confirm.
};

/// How people call one part of a category path.
struct CategoryName {
    std::string name; ///< Chinese; the part itself where the legend does not know it.
    std::string nameEnglish;
    std::size_t rank = 0; ///< Place among all parts that the legend knows; behind them otherwise.
};

/// Land use as the legend has it: one class per code, for a field of codes or of names.
struct LandUse {
    std::vector<StyleClass> classes; ///< By code; prefixes and names both.
    Symbol unmatched;
    std::vector<std::string> codeFields; ///< Usual names of fields, the best first.
    std::vector<std::string> nameFields;
};

/// What a legend file says.
struct LegendContents {
    std::vector<ControlLine> controlLines;
    LandUse landUse;
    std::map<std::string, CategoryName, std::less<>> categories; ///< By slugOf() their parts.
};

/// The default styles: control lines by category or name, land use by code or class name.
class Legend {
public:
    /// The one built into the program (assets/legend.json).
    static tiles3d::base::Result<Legend> builtIn();
    /// Fails on text that is no legend, naming the entry and the value that is wrong.
    static tiles3d::base::Result<Legend> parse(std::string_view json);

    const std::vector<ControlLine>& controlLines() const { return contents_.controlLines; }
    const LandUse& landUse() const { return contents_.landUse; }

    /// First match: a part of the category, from the last, that is a line's id, name or alias; the
    /// longest name or alias that the title or the table's name holds; the longest letters that
    /// they hold.
    std::optional<ControlMatch> controlLineOf(const LayerInfo& layer) const;

    /// The style of a layer: its control line's; else land use, where a field holds a code of the
    /// plan's scheme or a class name; else a colour of its own for the `layerNumber`-th unknown
    /// layer. Land use is told by the longest code prefix, also of the older letter codes, then by
    /// name or alias; what fits no class is grey (`other`), to be counted. Codes of the survey
    /// (DLBM) are never read: they give the same digits to other classes. Of fields with several
    /// usual names, the legend's first one present is taken, by name or alias.
    LayerStyle styleFor(const LayerInfo& layer, std::size_t layerNumber) const;

    /// Rule::Inform for a layer that is no control line.
    Rule ruleFor(const LayerInfo& layer) const;

    /// Of one part of a category path: a group's, a category's or a control line's.
    CategoryName categoryName(std::string_view part) const;

private:
    explicit Legend(LegendContents contents) : contents_(std::move(contents)) {}

    LegendContents contents_;
};

} // namespace pipeline::planning::style
