#include "viewer/overlay/plane_fit.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace viewer::overlay {

using tiles3d::base::Result;

namespace {

constexpr std::size_t kTerms = 20;
constexpr double kHeightMetres = 1000.0; // up and down
using Monomials = std::array<double, kTerms>;

Monomials monomials(const glm::dvec3& v) {
    const double xx = v.x * v.x;
    const double yy = v.y * v.y;
    const double zz = v.z * v.z;
    return {1.0,      v.x,      v.y,       v.z,       xx,
            yy,       zz,       v.x * v.y, v.x * v.z, v.y * v.z,
            xx * v.x, yy * v.y, zz * v.z,  xx * v.y,  xx * v.z,
            yy * v.x, yy * v.z, zz * v.x,  zz * v.y,  v.x * v.y * v.z};
}

struct Sample {
    glm::dvec3 variable{0.0};
    glm::dvec3 plane{0.0};
};

Result<glm::dvec3> exact(const tiles3d::crs::Transform& plane,
                         const tiles3d::geo::EnuFrame& scene,
                         const glm::dvec3& point) {
    const auto place = tiles3d::geo::toCartographic(scene.toEcef({point}));
    const auto projected = plane.fromCartographic(place);
    if (!projected) {
        return projected.error();
    }
    return glm::dvec3(projected->x, projected->y, place.heightMetres);
}

/// `count` nodes along each axis by `place(i, count)`, in [-1, 1].
template <typename Place>
Result<std::vector<Sample>> sampleAt(const tiles3d::crs::Transform& plane,
                                     const tiles3d::geo::EnuFrame& scene,
                                     double scale,
                                     int count,
                                     const Place& place) {
    std::vector<Sample> samples;
    for (int i = 0; i < count * count * count; ++i) {
        const glm::dvec3 unit(place(i % count, count),
                              place(i / count % count, count),
                              place(i / count / count, count));
        const glm::dvec3 point(unit.x * scale, unit.y * scale, unit.z * kHeightMetres);
        const Result<glm::dvec3> projected = exact(plane, scene, point);
        if (!projected) {
            return projected.error();
        }
        samples.push_back({point / scale, *projected});
    }
    return samples;
}

/// Least squares by the normal equations; a term that the samples do not excite gets zero.
void solve(const std::vector<Sample>& samples, PlaneFit& fit) {
    constexpr double kRidge = 1e-12; // heights are thin against the extent: keeps pivots off zero
    constexpr std::size_t kColumns = kTerms + 3;
    std::array<std::array<double, kColumns>, kTerms> rows{};
    for (const Sample& sample : samples) {
        const Monomials m = monomials(sample.variable);
        for (std::size_t row = 0; row < kTerms; ++row) {
            for (std::size_t column = 0; column < kTerms; ++column) {
                rows.at(row).at(column) += m.at(row) * m.at(column);
            }
            for (int axis = 0; axis < 3; ++axis) {
                rows.at(row).at(kTerms + static_cast<std::size_t>(axis)) +=
                    m.at(row) * sample.plane[axis];
            }
        }
    }
    for (std::size_t i = 0; i < kTerms; ++i) {
        rows.at(i).at(i) += kRidge;
    }
    for (std::size_t column = 0; column < kTerms; ++column) {
        for (std::size_t row = 0; row < kTerms; ++row) {
            if (row == column) {
                continue;
            }
            const double factor = rows.at(row).at(column) / rows.at(column).at(column);
            for (std::size_t i = column; i < kColumns; ++i) {
                rows.at(row).at(i) -= factor * rows.at(column).at(i);
            }
        }
    }
    for (std::size_t i = 0; i < kTerms; ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            fit.terms.at(i)[axis] =
                rows.at(i).at(kTerms + static_cast<std::size_t>(axis)) / rows.at(i).at(i);
        }
    }
}

} // namespace

glm::dvec3 PlaneExpansion::toPlane(const glm::dvec3& scenePoint) const {
    const glm::dvec3 d = scenePoint - focus;
    return at + d.x * terms[0] + d.y * terms[1] + d.z * terms[2] + d.x * d.x * terms[3] +
           d.y * d.y * terms[4] + d.z * d.z * terms[5] + d.x * d.y * terms[6] +
           d.x * d.z * terms[7] + d.y * d.z * terms[8];
}

PlaneExpansion PlaneFit::expandedAt(const glm::dvec3& scenePoint) const {
    const glm::dvec3 limit(scaleMetres, scaleMetres, kHeightMetres);
    const glm::dvec3 focus = glm::clamp(scenePoint, -limit, limit);
    const auto [x, y, z] =
        std::array{focus.x / scaleMetres, focus.y / scaleMetres, focus.z / scaleMetres};
    const std::array<glm::dvec3, kTerms>& t = terms;
    PlaneExpansion out{.focus = focus, .at = toPlane(focus)};
    out.terms = {t[1] + 2.0 * x * t[4] + y * t[7] + z * t[8] + 3.0 * x * x * t[10] +
                     2.0 * x * y * t[13] + 2.0 * x * z * t[14] + y * y * t[15] + z * z * t[17] +
                     y * z * t[19],
                 t[2] + 2.0 * y * t[5] + x * t[7] + z * t[9] + 3.0 * y * y * t[11] + x * x * t[13] +
                     2.0 * x * y * t[15] + 2.0 * y * z * t[16] + z * z * t[18] + x * z * t[19],
                 t[3] + 2.0 * z * t[6] + x * t[8] + y * t[9] + 3.0 * z * z * t[12] + x * x * t[14] +
                     y * y * t[16] + 2.0 * x * z * t[17] + 2.0 * y * z * t[18] + x * y * t[19],
                 t[4] + 3.0 * x * t[10] + y * t[13] + z * t[14],
                 t[5] + 3.0 * y * t[11] + x * t[15] + z * t[16],
                 t[6] + 3.0 * z * t[12] + x * t[17] + y * t[18],
                 t[7] + 2.0 * x * t[13] + 2.0 * y * t[15] + z * t[19],
                 t[8] + 2.0 * x * t[14] + 2.0 * z * t[17] + y * t[19],
                 t[9] + 2.0 * y * t[16] + 2.0 * z * t[18] + x * t[19]};
    for (std::size_t i = 0; i < out.terms.size(); ++i) {
        out.terms.at(i) /= i < 3 ? scaleMetres : scaleMetres * scaleMetres;
    }
    return out;
}

glm::dvec3 PlaneFit::toPlane(const glm::dvec3& scenePoint) const {
    const Monomials m = monomials(scenePoint / scaleMetres);
    glm::dvec3 plane(0.0);
    for (std::size_t i = 0; i < kTerms; ++i) {
        plane += terms.at(i) * m.at(i);
    }
    return plane;
}

Result<PlaneFit> fitPlane(const tiles3d::crs::Transform& plane,
                          const tiles3d::geo::EnuFrame& scene,
                          double halfExtentMetres) {
    PlaneFit fit;
    fit.scaleMetres = halfExtentMetres;
    constexpr int kNodes = 6;
    constexpr int kChecks = 5;
    const auto nodes = sampleAt(plane, scene, halfExtentMetres, kNodes, [](int i, int count) {
        return std::cos(std::numbers::pi * (2.0 * i + 1.0) / (2.0 * count));
    });
    const auto checks = sampleAt(plane, scene, halfExtentMetres, kChecks, [](int i, int count) {
        return 2.0 * i / (count - 1.0) - 1.0;
    });
    if (!nodes || !checks) {
        return nodes ? checks.error() : nodes.error();
    }
    // Relative to the middle, or the squares of 4,000 km drown what is fitted.
    const glm::dvec3 middle = nodes->front().plane;
    std::vector<Sample> centred = *nodes;
    for (Sample& sample : centred) {
        sample.plane -= middle;
    }
    solve(centred, fit);
    fit.terms[0] += middle;
    for (const Sample& check : *checks) {
        const glm::dvec3 fitted = fit.toPlane(check.variable * fit.scaleMetres);
        fit.residualMetres = std::max(fit.residualMetres, glm::distance(fitted, check.plane));
    }
    return fit;
}

} // namespace viewer::overlay
