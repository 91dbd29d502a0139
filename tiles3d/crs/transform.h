#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/vec3.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace tiles3d::crs {

/// Exact positions of source coordinates, through PROJ: inverse projection, geoid grid, ellipsoid.
/// One instance per thread (PROJ contexts are not shared); network off; ballpark operations
/// refused. Source datum shifts: those PROJ knows to WGS 84 that need no download, and those in the
/// text itself (TOWGS84). Without any, a datum on an ellipsoid like WGS 84's (CGCS2000, ETRS89,
/// GDA) is taken as WGS 84, and one on another ellipsoid (Krasovsky, IAG 1975) is refused.
class Transform {
public:
    /// Fails if PROJ cannot build the operation exactly or the geoid grid is missing.
    static base::Result<Transform> create(const SourceCrs& source, const HeightDatum& heights);
    Transform(Transform&&) noexcept;
    Transform& operator=(Transform&&) noexcept;
    ~Transform();

    /// `point` = source x (east or longitude in the CRS's unit), y, height in metres.
    /// Fails outside the projection's or the grid's domain, never a silent (0, 0), and more than 10
    /// degrees beyond the area of use that the CRS states: its axes are swapped. Ellipsoidal
    /// heights are taken as above WGS 84, whatever the source's own ellipsoid.
    base::Result<geo::Cartographic> toCartographic(const glm::dvec3& point) const;
    base::Result<geo::Ecef> toEcef(const glm::dvec3& point) const;

    /// The inverse of toCartographic(), to 0.1 mm.
    base::Result<glm::dvec3> fromCartographic(const geo::Cartographic& position) const;

    /// The operation in words, for reports. Without its parameters: those of a city's own grid are
    /// not public.
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
/// vertex (5 ns of second order, 10 ns of third; PROJ takes 300 to 500 ns), with a residual that
/// was measured against PROJ and is part of the value.
struct LocalFit {
    glm::dvec3 centre{0.0}; ///< Source coordinates that are subtracted first.
    /// East, north, up in metres per monomial of the difference, in this order:
    /// 1, x, y, z, xx, yy, zz, xy, xz, yz, xxx, yyy, zzz, xxy, xxz, yyx, yyz, zzx, zzy, xyz.
    std::array<glm::dvec3, 20> terms{};
    bool isCubic = false;        ///< Terms 10-19 are used.
    double residualMetres = 0.0; ///< Largest distance from PROJ at check points between the nodes.

    /// ENU metres. Within residualMetres of PROJ inside the box the fit was made for. Inline and in
    /// Horner's form, because it runs for every vertex.
    glm::dvec3 toEnu(const glm::dvec3& source) const {
        const glm::dvec3 d = source - centre;
        return isCubic ? cubic(d.x, d.y, d.z) : quadratic(d.x, d.y, d.z);
    }

private:
    glm::dvec3 quadratic(double x, double y, double z) const {
        const std::array<glm::dvec3, 20>& t = terms;
        return t[0] + x * (t[1] + x * t[4] + y * t[7] + z * t[8]) +
               y * (t[2] + y * t[5] + z * t[9]) + z * (t[3] + z * t[6]);
    }

    glm::dvec3 cubic(double x, double y, double z) const {
        const std::array<glm::dvec3, 20>& t = terms;
        return t[0] +
               x * (t[1] + x * (t[4] + x * t[10] + y * t[13] + z * t[14]) +
                    y * (t[7] + y * t[15] + z * t[19]) + z * (t[8] + z * t[17])) +
               y * (t[2] + y * (t[5] + y * t[11] + z * t[16]) + z * (t[9] + z * t[18])) +
               z * (t[3] + z * (t[6] + z * t[12]));
    }
};

/// Fits `box`, expanded by 1 % against rounding at its faces; thinner than 2 m counts as 2 m high.
/// Second order; third where that leaves more than 0.1 mm and third does better.
/// At Xiamen the projection leaves 0.04 um for half extents of 150 m, 8 um for 1 km, 0.2 um (third
/// order) for 5 km. A geoid grid is bilinear between its posts, so a box across one of its lines
/// keeps a kink: EGM96 on 24.5 N leaves 0.2 mm for 150 m, 1.2 mm for 1 km, 6 mm for 5 km.
/// Fails if PROJ does, or if the residual stays above `maxResidualMetres` (boxes beyond some 30
/// km): the caller then splits the box.
base::Result<LocalFit> fitLocal(const Transform& transform,
                                const geo::EnuFrame& frame,
                                const SourceBox& box,
                                double maxResidualMetres = 0.01);

} // namespace tiles3d::crs
