#include "tiles3d/geo/enu_frame.h"

#include <glm/mat3x3.hpp>
#include <glm/matrix.hpp>

#include <cmath>

namespace tiles3d::geo {

EnuFrame::EnuFrame(const Cartographic& origin) : origin_(origin) {
    const double sinLon = std::sin(origin.longitude.radians());
    const double cosLon = std::cos(origin.longitude.radians());
    const double sinLat = std::sin(origin.latitude.radians());
    const double cosLat = std::cos(origin.latitude.radians());
    const glm::dmat3 rotation(glm::dvec3(-sinLon, cosLon, 0.0),
                              glm::dvec3(-sinLat * cosLon, -sinLat * sinLon, cosLat),
                              glm::dvec3(cosLat * cosLon, cosLat * sinLon, sinLat));
    const glm::dvec3 centre = geo::toEcef(origin).metres;
    const glm::dmat3 back = glm::transpose(rotation);
    toEcef_ = glm::dmat4(rotation);
    toEcef_[3] = glm::dvec4(centre, 1.0);
    fromEcef_ = glm::dmat4(back);
    fromEcef_[3] = glm::dvec4(-(back * centre), 1.0);
}

Ecef EnuFrame::toEcef(const EnuPoint& point) const {
    return {glm::dvec3(toEcef_ * glm::dvec4(point.metres, 1.0))};
}

EnuPoint EnuFrame::fromEcef(const Ecef& position) const {
    // The difference first: two numbers of 6,000 km lose a nanometre, their rotations more.
    const glm::dvec3 offset = position.metres - glm::dvec3(toEcef_[3]);
    return {glm::dmat3(fromEcef_) * offset};
}

} // namespace tiles3d::geo
