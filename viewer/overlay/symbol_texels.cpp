#include "viewer/overlay/symbol_texels.h"

#include <glm/trigonometric.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace viewer::overlay {

using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::Symbol;
using pipeline::planning::style::Unit;

namespace {

constexpr std::uint32_t kInMetres = 4;
constexpr std::uint32_t kHasRange = 8;
constexpr std::uint32_t kHatched = 16;
constexpr std::uint32_t kShown = 32;
constexpr std::uint32_t kDashed = 64;
constexpr float kWidthSteps = 64.0F; // of a pixel
constexpr float kMostWidth = 65535.0F;
constexpr float kCasingSteps = 16.0F;
constexpr float kMostCasing = 255.0F;

std::uint32_t byteOf(float share) {
    constexpr float kWhole = 255.0F;
    return static_cast<std::uint32_t>(std::lround(std::clamp(share, 0.0F, 1.0F) * kWhole));
}

std::uint32_t packed(const glm::vec3& colour, float alpha) {
    return byteOf(colour.r) | byteOf(colour.g) << 8U | byteOf(colour.b) << 16U |
           byteOf(alpha) << 24U;
}

std::uint32_t fixed(float value, float steps, float most) {
    return static_cast<std::uint32_t>(std::lround(std::clamp(value * steps, 0.0F, most)));
}

std::uint32_t bits(double value) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

std::uint32_t modeOf(DrapeMode mode) {
    switch (mode) {
    case DrapeMode::All:
        return 0;
    case DrapeMode::Upward:
        return 1;
    case DrapeMode::NearGround:
        return 2;
    case DrapeMode::HeightRange:
        return 3;
    }
    return 0;
}

std::uint32_t flagsOf(const Symbol& symbol, const LayerStyle& style, float opacity) {
    const bool hasRange =
        style.leastMetresPerPixel > 0.0 || std::isfinite(style.mostMetresPerPixel);
    return modeOf(style.mode) | (symbol.lineUnit == Unit::Metres ? kInMetres : 0U) |
           (hasRange ? kHasRange : 0U) | (symbol.fill == FillKind::Hatch ? kHatched : 0U) |
           (opacity > 0.0F ? kShown : 0U) | (symbol.dash > 0.0F ? kDashed : 0U) |
           byteOf(style.wallAlpha) << 8U | fixed(symbol.lineWidth, kWidthSteps, kMostWidth) << 16U;
}

} // namespace

SymbolRow symbolRow(const Symbol& symbol, const LayerStyle& style, float opacity) {
    const bool isFilled = symbol.fill != FillKind::None;
    const float lineAlpha = symbol.lineWidth > 0.0F ? opacity : 0.0F;
    const float across = glm::radians(symbol.hatchDegrees + 90.0F);
    return {Texel{packed(symbol.fillColour, isFilled ? symbol.fillAlpha * opacity : 0.0F),
                  packed(symbol.lineColour, lineAlpha),
                  (packed(symbol.casingColour, 0.0F) |
                   fixed(symbol.casingPixels, kCasingSteps, kMostCasing) << 24U),
                  flagsOf(symbol, style, opacity)},
            Texel{bits(symbol.lineWidth),
                  bits(symbol.casingPixels),
                  bits(style.leastMetresPerPixel),
                  bits(style.mostMetresPerPixel)},
            Texel{bits(std::cos(across)), bits(std::sin(across)), bits(symbol.hatchPixels), 0},
            Texel{bits(symbol.dash), bits(symbol.gap), bits(style.bandMetres), 0}};
}

} // namespace viewer::overlay
