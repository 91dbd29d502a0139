#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"
#include "tiles3d/geo/enu_frame.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include <glm/vec3.hpp>

namespace tiles3d::crs {

/// Exact positions of source coordinates, through PROJ: inverse projection, geoid grid, ellipsoid.
/// One instance per thread (PROJ contexts are not shared); network off; ballpark operations refused.
/// Source datum shifts: those PROJ knows to WGS 84 that need no download; CGCS2000 = WGS 84.
class Transform {
public:
    /// Fails if PROJ cannot build the operation exactly or the geoid grid is missing.
    static base::Result<Transform> create(const SourceCrs& source, const HeightDatum& heights);
    Transform(Transform&&) noexcept;
    Transform& operator=(Transform&&) noexcept;
    ~Transform();

    /// `point` = source x (east or longitude in the CRS's unit), y, height in metres.
    /// Fails outside the projection's or the grid's domain: never a silent (0, 0).
    base::Result<geo::Cartographic> toCartographic(const glm::dvec3& point) const;
    base::Result<geo::Ecef> toEcef(const glm::dvec3& point) const;

    /// The inverse of toCartographic(), to 0.1 mm.
    base::Result<glm::dvec3> fromCartographic(const geo::Cartographic& position) const;

    /// The operation as PROJ states it, for reports.
    std::string definition() const;

private:
    struct State;
    explicit Transform(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Axis-aligned limits of source coordinates.
struct SourceBox {
    glm::dvec3 minimum{0.0};
    glm::dvec3 maximum{0.0};
};

/// A polynomial from source coordinates to one ENU frame, within a box: fast enough for every
/// vertex, with a residual that was measured against PROJ and is part of the value.
struct LocalFit {
    glm::dvec3 centre{0.0};         ///< Source coordinates that are subtracted first.
    glm::dvec3 scale{1.0};          ///< Half extents; the polynomial's variables are in [-1, 1].
    std::array<glm::dvec3, 20> terms{}; ///< East, north, up per monomial up to the third order.
    bool isCubic = false;           ///< Terms 10-19 are used.
    double residualMetres = 0.0;    ///< Largest distance from PROJ at check points between the nodes.

    /// 1, x, y, z, xx, yy, zz, xy, xz, yz, then the ten of third order.
    static std::array<double, 20> monomials(const glm::dvec3& v) {
        const double xx = v.x * v.x;
        const double yy = v.y * v.y;
        const double zz = v.z * v.z;
        return {1.0,      v.x,      v.y,      v.z,      xx,       yy,       zz,
                v.x * v.y, v.x * v.z, v.y * v.z, xx * v.x, yy * v.y, zz * v.z, xx * v.y,
                xx * v.z, yy * v.x, yy * v.z, zz * v.x, zz * v.y, v.x * v.y * v.z};
    }

    /// ENU metres. Within residualMetres of PROJ inside the box the fit was made for. Inline: it
    /// runs for every vertex.
    glm::dvec3 toEnu(const glm::dvec3& source) const {
        const std::array<double, 20> m = monomials((source - centre) / scale);
        glm::dvec3 enu(0.0);
        const std::size_t count = isCubic ? 20 : 10;
        for (std::size_t i = 0; i < count; ++i) {
            enu += m[i] * terms[i];
        }
        return enu;
    }
};

/// Fits `box`, expanded by 1 % against rounding at its faces. Second order; third where that
/// leaves more than 0.1 mm. Fails if PROJ does, or if the residual stays above `maxResidualMetres`
/// (boxes beyond some 30 km): the caller then splits the box.
base::Result<LocalFit> fitLocal(const Transform& transform,
                                const geo::EnuFrame& frame,
                                const SourceBox& box,
                                double maxResidualMetres = 0.0005);

} // namespace tiles3d::crs
