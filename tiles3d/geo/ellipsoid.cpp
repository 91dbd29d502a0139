#include "tiles3d/geo/ellipsoid.h"

#include <cmath>

namespace tiles3d::geo {

namespace {

constexpr double kFlattening = 1.0 / kInverseFlattening;
constexpr double kEccentricitySquared = kFlattening * (2.0 - kFlattening);
constexpr double kSemiMinorMetres = kSemiMajorMetres * (1.0 - kFlattening);

/// Radius of curvature in the prime vertical.
double primeVertical(double sinLatitude) {
    return kSemiMajorMetres / std::sqrt(1.0 - kEccentricitySquared * sinLatitude * sinLatitude);
}

} // namespace

Ecef toEcef(const Cartographic& position) {
    const double sinLat = std::sin(position.latitude.radians());
    const double cosLat = std::cos(position.latitude.radians());
    const double normal = primeVertical(sinLat);
    const double across = (normal + position.heightMetres) * cosLat;
    return {{across * std::cos(position.longitude.radians()),
             across * std::sin(position.longitude.radians()),
             (normal * (1.0 - kEccentricitySquared) + position.heightMetres) * sinLat}};
}

Cartographic toCartographic(const Ecef& position) {
    const glm::dvec3& p = position.metres;
    const double across = std::hypot(p.x, p.y);
    if (across == 0.0 && p.z == 0.0) {
        return {Angle(), Angle(), -kSemiMajorMetres};
    }
    constexpr double kSecondEccentricitySquared =
        kEccentricitySquared / (1.0 - kEccentricitySquared);
    // Bowring's formula on the parametric latitude; each round gains about six digits.
    double tanParametric = p.z * kSemiMajorMetres / (across * kSemiMinorMetres);
    double latitude = 0.0;
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds; ++round) {
        const double parametric = std::atan(tanParametric);
        const double s = std::sin(parametric);
        const double c = std::cos(parametric);
        latitude = std::atan2(p.z + kSecondEccentricitySquared * kSemiMinorMetres * s * s * s,
                              across - kEccentricitySquared * kSemiMajorMetres * c * c * c);
        tanParametric = (1.0 - kFlattening) * std::tan(latitude);
    }
    const double sinLat = std::sin(latitude);
    const double cosLat = std::cos(latitude);
    // Stable at the poles and at the equator alike.
    const double height =
        across * cosLat + p.z * sinLat -
        kSemiMajorMetres * std::sqrt(1.0 - kEccentricitySquared * sinLat * sinLat);
    return {Angle::radians(std::atan2(p.y, p.x)), Angle::radians(latitude), height};
}

glm::dvec3 surfaceNormal(const Cartographic& position) {
    const double cosLat = std::cos(position.latitude.radians());
    return {cosLat * std::cos(position.longitude.radians()),
            cosLat * std::sin(position.longitude.radians()),
            std::sin(position.latitude.radians())};
}

} // namespace tiles3d::geo
