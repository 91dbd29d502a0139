#include "viewer/scene/sun_position.h"

#include <cmath>

namespace viewer::scene {

namespace {

using tiles3d::geo::Angle;

constexpr double kDaysPerCentury = 36525.0;
constexpr double kUnixEpochDaysBeforeJ2000 = 10957.5; // J2000 is at noon
constexpr double kSecondsPerDay = 86400.0;

double sine(double degrees) {
    return std::sin(Angle::degrees(degrees).radians());
}

double cosine(double degrees) {
    return std::cos(Angle::degrees(degrees).radians());
}

struct Equatorial {
    double rightAscension = 0.0; // radians
    double declination = 0.0;
};

/// Chapter 25: apparent place. Dynamical time is taken for UTC, which moves the sun by 0.001
/// degrees.
Equatorial sunOfCentury(double t) {
    const double meanLongitude = 280.46646 + t * (36000.76983 + t * 0.0003032);
    const double anomaly = 357.52911 + t * (35999.05029 - t * 0.0001537);
    const double centre = (1.914602 - t * (0.004817 + t * 0.000014)) * sine(anomaly) +
                          (0.019993 - t * 0.000101) * sine(2.0 * anomaly) +
                          0.000289 * sine(3.0 * anomaly);
    const double node = 125.04 - 1934.136 * t; // of the moon's orbit: the nutation
    const double longitude = meanLongitude + centre - 0.00569 - 0.00478 * sine(node);
    const double obliquity =
        23.0 + 26.0 / 60.0 + 21.448 / 3600.0 - t * 46.8150 / 3600.0 + 0.00256 * cosine(node);
    return {std::atan2(cosine(obliquity) * sine(longitude), cosine(longitude)),
            std::asin(sine(obliquity) * sine(longitude))};
}

} // namespace

SunPosition sunPosition(std::chrono::sys_seconds time, const tiles3d::geo::Cartographic& place) {
    const double days = static_cast<double>(time.time_since_epoch().count()) / kSecondsPerDay -
                        kUnixEpochDaysBeforeJ2000;
    const double t = days / kDaysPerCentury;
    const Equatorial sun = sunOfCentury(t);
    // Chapter 12: mean sidereal time at Greenwich.
    const double sidereal = 280.46061837 + 360.98564736629 * days + 0.000387933 * t * t;
    const double hour = Angle::degrees(std::fmod(sidereal, 360.0)).radians() +
                        place.longitude.radians() - sun.rightAscension;
    // Chapter 13, in east, north and up.
    const double latitude = place.latitude.radians();
    const double east = -std::cos(sun.declination) * std::sin(hour);
    const double north = std::sin(sun.declination) * std::cos(latitude) -
                         std::cos(sun.declination) * std::cos(hour) * std::sin(latitude);
    const double up = std::sin(sun.declination) * std::sin(latitude) +
                      std::cos(sun.declination) * std::cos(hour) * std::cos(latitude);
    constexpr double kFullTurn = 360.0;
    const double azimuth = Angle::radians(std::atan2(east, north)).degrees();
    return {.azimuth = Angle::degrees(azimuth < 0.0 ? azimuth + kFullTurn : azimuth),
            .elevation = Angle::radians(std::atan2(up, std::hypot(east, north)))};
}

} // namespace viewer::scene
