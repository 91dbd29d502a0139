#include "pipeline/terrain/surface_normal.h"

#include "tiles3d/geo/enu_frame.h"

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>

#include <cmath>
#include <numbers>

namespace pipeline::terrain {

using tiles3d::geo::Angle;

PostNormals::PostNormals(const PostGrid& land, const Extent& extent)
    : land_(land), extent_(extent) {}

/// Rise per metre along `step`, a unit step whose length is `metres`.
double PostNormals::slope(const glm::ivec2& post, const glm::ivec2& step, double metres) const {
    const auto height = [&](const glm::ivec2& at) {
        return static_cast<double>(land_.at(at.x, at.y));
    };
    const double own = height(post);
    const double ahead = height(post + step);
    const double behind = height(post - step);
    if (!std::isnan(ahead) && !std::isnan(behind)) {
        return (ahead - behind) / (2.0 * metres);
    }
    if (!std::isnan(ahead)) {
        return (ahead - own) / metres;
    }
    return std::isnan(behind) ? 0.0 : (own - behind) / metres;
}

glm::vec3 PostNormals::at(const glm::ivec2& post) const {
    const double step = (extent_.east - extent_.west) / land_.intervals;
    const tiles3d::geo::Cartographic place{
        .longitude = Angle::degrees(extent_.west + post.x * step),
        .latitude = Angle::degrees(extent_.south + post.y * step)};
    const double north = step * tiles3d::geo::kSemiMajorMetres * std::numbers::pi / 180.0;
    const double east = north * std::cos(place.latitude.radians());
    const glm::dvec3 enu(-slope(post, {1, 0}, east), -slope(post, {0, 1}, north), 1.0);
    const glm::dmat3 toEcef(tiles3d::geo::EnuFrame(place).toEcefMatrix());
    return glm::vec3(glm::normalize(toEcef * enu));
}

} // namespace pipeline::terrain
