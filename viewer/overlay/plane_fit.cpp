#include "viewer/overlay/plane_fit.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace viewer::overlay {

using tiles3d::base::Result;

namespace {

constexpr std::size_t kTerms = 20;
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
    glm::dvec2 plane{0.0};
};

Result<glm::dvec2> exact(const tiles3d::crs::Transform& plane,
                         const tiles3d::geo::EnuFrame& scene,
                         const glm::dvec3& point) {
    const auto place = tiles3d::geo::toCartographic(scene.toEcef({point}));
    const auto projected = plane.fromCartographic(place);
    if (!projected) {
        return projected.error();
    }
    return glm::dvec2(projected->x, projected->y);
}

/// `count` nodes along each axis by `place(i, count)`, in [-1, 1].
template <typename Place>
Result<std::vector<Sample>> sampleAt(const tiles3d::crs::Transform& plane,
                                     const tiles3d::geo::EnuFrame& scene,
                                     double scale,
                                     int count,
                                     const Place& place) {
    constexpr double kHeightMetres = 1000.0;
    std::vector<Sample> samples;
    for (int i = 0; i < count * count * count; ++i) {
        const glm::dvec3 unit(place(i % count, count),
                              place(i / count % count, count),
                              place(i / count / count, count));
        const glm::dvec3 point(unit.x * scale, unit.y * scale, unit.z * kHeightMetres);
        const Result<glm::dvec2> projected = exact(plane, scene, point);
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
    std::array<std::array<double, kTerms + 2>, kTerms> rows{};
    for (const Sample& sample : samples) {
        const Monomials m = monomials(sample.variable);
        for (std::size_t row = 0; row < kTerms; ++row) {
            for (std::size_t column = 0; column < kTerms; ++column) {
                rows.at(row).at(column) += m.at(row) * m.at(column);
            }
            rows.at(row).at(kTerms) += m.at(row) * sample.plane.x;
            rows.at(row).at(kTerms + 1) += m.at(row) * sample.plane.y;
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
            for (std::size_t i = column; i < kTerms + 2; ++i) {
                rows.at(row).at(i) -= factor * rows.at(column).at(i);
            }
        }
    }
    for (std::size_t i = 0; i < kTerms; ++i) {
        fit.terms.at(i) = {rows.at(i).at(kTerms) / rows.at(i).at(i),
                           rows.at(i).at(kTerms + 1) / rows.at(i).at(i)};
    }
}

} // namespace

glm::dvec2 PlaneFit::toPlane(const glm::dvec3& scenePoint) const {
    const Monomials m = monomials(scenePoint / scaleMetres);
    glm::dvec2 plane(0.0);
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
    const glm::dvec2 middle = nodes->front().plane;
    std::vector<Sample> centred = *nodes;
    for (Sample& sample : centred) {
        sample.plane -= middle;
    }
    solve(centred, fit);
    fit.terms[0] += middle;
    for (const Sample& check : *checks) {
        const glm::dvec2 fitted = fit.toPlane(check.variable * fit.scaleMetres);
        fit.residualMetres = std::max(fit.residualMetres, glm::distance(fitted, check.plane));
    }
    return fit;
}

} // namespace viewer::overlay
