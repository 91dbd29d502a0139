#include "viewer/tools/quantity_text.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace viewer::tools {

namespace {

namespace geo = tiles3d::geo;

constexpr double kMetresPerKilometre = 1000.0;
constexpr double kSquareMetresPerHectare = 1e4;
constexpr double kSquareMetresPerSquareKilometre = 1e6;
constexpr double kSquareMetresPerMu = 2000.0 / 3.0;
constexpr const char* kNothing = "–";

/// Degrees, minutes and thousandths of a second as whole numbers, so that 59.9996 seconds become
/// the next minute.
std::string sexagesimal(double degrees, char positive, char negative) {
    constexpr std::int64_t kPerSecond = 1000;
    constexpr std::int64_t kPerMinute = 60 * kPerSecond;
    constexpr std::int64_t kPerDegree = 60 * kPerMinute;
    if (!std::isfinite(degrees)) {
        return kNothing;
    }
    const std::int64_t units = std::llround(std::abs(degrees) * static_cast<double>(kPerDegree));
    return fmt::format("{}°{:02}′{:02}.{:03}″{}",
                       units / kPerDegree,
                       units % kPerDegree / kPerMinute,
                       units % kPerMinute / kPerSecond,
                       units % kPerSecond,
                       degrees < 0.0 ? negative : positive);
}

} // namespace

std::string lengthText(double metres) {
    constexpr double kHalfCentimetre = 0.005; // 999.996 m is 1.000 km, not 1000.00 m
    if (!std::isfinite(metres)) {
        return kNothing;
    }
    return std::abs(metres) < kMetresPerKilometre - kHalfCentimetre
               ? fmt::format("{:.2f} m", metres)
               : fmt::format("{:.3f} km", metres / kMetresPerKilometre);
}

std::string areaText(double squareMetres, AreaUnits units) {
    constexpr double kHalfDecimetre = 0.05;
    constexpr double kHalfTenSquareMetres = 5.0;
    const double size = std::abs(squareMetres);
    if (!std::isfinite(squareMetres)) {
        return kNothing;
    }
    if (units == AreaUnits::Mu) {
        return fmt::format("{:.3f} 亩", squareMetres / kSquareMetresPerMu);
    }
    if (size < kSquareMetresPerHectare - kHalfDecimetre) {
        return fmt::format("{:.1f} m²", squareMetres);
    }
    return size < kSquareMetresPerSquareKilometre - kHalfTenSquareMetres
               ? fmt::format("{:.3f} ha", squareMetres / kSquareMetresPerHectare)
               : fmt::format("{:.3f} km²", squareMetres / kSquareMetresPerSquareKilometre);
}

std::string angleText(geo::Angle angle) {
    return std::isfinite(angle.degrees()) ? fmt::format("{:.1f}°", angle.degrees()) : kNothing;
}

std::string degreesText(geo::Angle angle) {
    return std::isfinite(angle.degrees()) ? fmt::format("{:.7f}°", angle.degrees()) : kNothing;
}

std::string longitudeText(geo::Angle longitude) {
    constexpr double kTurn = 360.0;
    return sexagesimal(std::remainder(longitude.degrees(), kTurn), 'E', 'W');
}

std::string latitudeText(geo::Angle latitude) {
    return sexagesimal(latitude.degrees(), 'N', 'S');
}

} // namespace viewer::tools
