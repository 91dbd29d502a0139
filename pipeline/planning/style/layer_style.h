#pragma once

#include "pipeline/planning/vector_layer.h"

#include <glm/vec3.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::style {

enum class FillKind { None, Solid, Hatch };

/// A length on the map: of the picture, or of the world.
enum class Unit { Pixels, Metres };

/// How one feature is drawn. Colours are sRGB in [0, 1].
struct Symbol {
    FillKind fill = FillKind::None;
    glm::vec3 fillColour{0.6F, 0.63F, 0.65F};
    float fillAlpha = 0.35F;
    float hatchDegrees = 45.0F; ///< Direction of the stripes, counter-clockwise from east.
    float hatchPixels = 12.0F;  ///< Period; on the ground it snaps to a power of two of metres.
    glm::vec3 lineColour{0.43F, 0.43F, 0.43F};
    float lineWidth = 1.0F; ///< In lineUnit; 0: no line.
    Unit lineUnit = Unit::Pixels;
    float dash = 0.0F; ///< Drawn part of a dash, pixels; 0: solid.
    float gap = 0.0F;
    glm::vec3 casingColour{0.08F, 0.08F, 0.08F};
    float casingPixels = 1.0F; ///< On each side of the line, against busy textures.
    float pointPixels = 8.0F;  ///< Diameter of a point's disc.

    bool operator==(const Symbol&) const = default;
};

/// What a layer lies on.
enum class DrapeMode {
    All,        ///< Every surface.
    Upward,     ///< Upward faces; walls get wallAlpha.
    NearGround, ///< Surfaces within bandMetres of the terrain.
    HeightRange ///< Surfaces between a feature's base and top height: single buildings.
};

/// The features that one symbol draws: those of some texts, of some codes, or of a range of numbers
/// where neither is said.
struct StyleClass {
    std::string label;               ///< For the legend panel.
    std::string labelEnglish;        ///< The same in English; or "".
    std::vector<std::string> values; ///< Whole texts of the class field that belong here.
    /// Beginnings of codes that belong here; of all classes' the longest decides: "0701" before
    /// "07". None ends within a word ("R" is no beginning of "Road"). A whole number is read as the
    /// code that it was: pairs of digits, 701 for "0701".
    std::vector<std::string> prefixes;
    double from = -std::numeric_limits<double>::infinity(); ///< Numbers from <= v < to.
    double to = std::numeric_limits<double>::infinity();
    Symbol symbol;

    bool operator==(const StyleClass&) const = default;
};

/// How a layer is drawn: one symbol, or one per value or range of a field.
struct LayerStyle {
    std::string classField; ///< "": `other` draws all.
    std::string spareField; ///< Asked where classField fits no class; or "".
    /// The first with the whole text or the number is taken, else the one of the longest prefix.
    std::vector<StyleClass> classes;
    Symbol other; ///< What fits no class.
    std::string otherLabel;
    std::string otherLabelEnglish; ///< Or "".

    std::string labelField; ///< "": no labels.
    float labelPixels = 14.0F;
    glm::vec3 labelColour{1.0F};

    DrapeMode mode = DrapeMode::All;
    float wallAlpha = 0.35F;
    float bandMetres = 3.0F;
    std::string baseField; ///< Heights in metres, of HeightRange.
    std::string topField;

    double leastMetresPerPixel = 0.0; ///< Drawn where least <= metres per pixel < most.
    double mostMetresPerPixel = std::numeric_limits<double>::infinity();

    bool operator==(const LayerStyle&) const = default;
};

/// Place in `fields` of that name, without regard to the case of Latin letters; none for "".
std::optional<std::size_t> fieldNamed(const std::vector<Field>& fields, std::string_view name);

/// Place in `style.classes` of the class that a feature's values fall in, or classes.size() for
/// `other`. Names of fields are compared without regard to case.
std::size_t classOf(const LayerStyle& style,
                    const std::vector<Field>& fields,
                    const std::vector<Value>& values);

/// The symbol at such a place.
const Symbol& symbolAt(const LayerStyle& style, std::size_t place);

} // namespace pipeline::planning::style
