#pragma once

#include "tiles3d/geo/ellipsoid.h"

#include <glm/mat4x4.hpp>

namespace tiles3d::geo {

/// A point in some EnuFrame: metres east, north, up of its origin.
struct EnuPoint {
    glm::dvec3 metres{0.0};
};

/// The local tangent frame at a position: x east, y north, z up along the ellipsoid's normal.
class EnuFrame {
public:
    explicit EnuFrame(const Cartographic& origin);

    const Cartographic& origin() const { return origin_; }

    /// ENU -> ECEF, column-major as in a tile's `transform`.
    const glm::dmat4& toEcefMatrix() const { return toEcef_; }
    /// ECEF -> ENU, the exact rigid inverse.
    const glm::dmat4& fromEcefMatrix() const { return fromEcef_; }

    Ecef toEcef(const EnuPoint& point) const;
    EnuPoint fromEcef(const Ecef& position) const;

private:
    Cartographic origin_;
    glm::dmat4 toEcef_{1.0};
    glm::dmat4 fromEcef_{1.0};
};

} // namespace tiles3d::geo
