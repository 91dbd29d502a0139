#pragma once

#include <compare>
#include <numbers>

namespace tiles3d::geo {

/// An angle that says its unit at both doors.
class Angle {
public:
    constexpr Angle() = default;
    static constexpr Angle degrees(double value) { return Angle(value * std::numbers::pi / 180.0); }
    static constexpr Angle radians(double value) { return Angle(value); }

    constexpr double degrees() const { return radians_ * 180.0 / std::numbers::pi; }
    constexpr double radians() const { return radians_; }

    constexpr auto operator<=>(const Angle&) const = default;

private:
    explicit constexpr Angle(double radians) : radians_(radians) {}

    double radians_ = 0.0;
};

} // namespace tiles3d::geo
