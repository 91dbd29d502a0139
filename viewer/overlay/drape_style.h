#pragma once

#include <glm/vec3.hpp>

namespace viewer::overlay {

enum class FillKind { None, Solid, Hatch };
enum class DrapeMode { All, Upward }; ///< Upward: walls get a third of the strength.

/// How a feature is drawn. Colours are sRGB in [0, 1]; widths and periods in pixels of the picture.
struct DrapeStyle {
    FillKind fill = FillKind::None;
    glm::vec3 fillColour{0.6F, 0.63F, 0.65F};
    float fillAlpha = 0.35F;
    float hatchDegrees = 45.0F; ///< Direction of the stripes, counter-clockwise from east.
    float hatchPixels = 12.0F;  ///< Period; on the ground it snaps to a power of two of metres.
    glm::vec3 lineColour{0.43F, 0.43F, 0.43F};
    float lineWidthPixels = 1.0F; ///< 0: no line.
    float dashPixels = 0.0F;      ///< Drawn part of a dash; 0: solid.
    float gapPixels = 0.0F;
    glm::vec3 casingColour{0.08F, 0.08F, 0.08F};
    float casingPixels = 1.0F; ///< On each side of the line, against busy textures.
    DrapeMode mode = DrapeMode::All;

    bool operator==(const DrapeStyle&) const = default;
};

} // namespace viewer::overlay
