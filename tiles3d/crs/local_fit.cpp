#include "tiles3d/crs/transform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>
#include <glm/geometric.hpp>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

constexpr int kNodesAcross = 6; ///< Per horizontal axis; one more than a cubic needs.
constexpr int kNodesUp = 4;

struct Sample {
    glm::dvec3 variable; ///< In [-1, 1].
    glm::dvec3 enu;
};

/// Chebyshev nodes: a fit through them errs least between them.
double node(int index, int count) {
    return std::cos(std::numbers::pi * (2.0 * index + 1.0) / (2.0 * count));
}

Result<glm::dvec3> exact(const Transform& transform,
                         const geo::EnuFrame& frame,
                         const LocalFit& fit,
                         const glm::dvec3& variable) {
    const Result<geo::Ecef> ecef = transform.toEcef(fit.centre + variable * fit.scale);
    if (!ecef) {
        return ecef.error();
    }
    return frame.fromEcef(*ecef).metres;
}

template <typename Place>
Result<std::vector<Sample>> samples(const Transform& transform,
                                    const geo::EnuFrame& frame,
                                    const LocalFit& fit,
                                    const std::array<int, 3>& counts,
                                    const Place& place) {
    std::vector<Sample> all;
    for (int i = 0; i < counts[0]; ++i) {
        for (int j = 0; j < counts[1]; ++j) {
            for (int k = 0; k < counts[2]; ++k) {
                const glm::dvec3 variable(
                    place(i, counts[0]), place(j, counts[1]), place(k, counts[2]));
                const Result<glm::dvec3> enu = exact(transform, frame, fit, variable);
                if (!enu) {
                    return enu.error();
                }
                all.push_back({variable, *enu});
            }
        }
    }
    return all;
}

/// Solves the normal equations of size `n` for three right-hand sides by Gauss with pivots.
void solve(std::vector<std::array<double, 23>>& rows, std::size_t n, LocalFit& fit) {
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < n; ++row) {
            pivot = std::abs(rows[row][column]) > std::abs(rows[pivot][column]) ? row : pivot;
        }
        std::swap(rows[column], rows[pivot]);
        for (std::size_t row = 0; row < n; ++row) {
            if (row == column) {
                continue;
            }
            const double factor = rows[row][column] / rows[column][column];
            for (std::size_t i = column; i < n + 3; ++i) {
                rows[row][i] -= factor * rows[column][i];
            }
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            fit.terms[i][static_cast<int>(axis)] = rows[i][n + axis] / rows[i][i];
        }
    }
}

void fitTerms(const std::vector<Sample>& nodes, bool isCubic, LocalFit& fit) {
    const std::size_t n = isCubic ? 20 : 10;
    fit.isCubic = isCubic;
    fit.terms = {};
    std::vector<std::array<double, 23>> rows(n);
    for (const Sample& sample : nodes) {
        const std::array<double, 20> m = LocalFit::monomials(sample.variable);
        for (std::size_t row = 0; row < n; ++row) {
            for (std::size_t column = 0; column < n; ++column) {
                rows[row][column] += m[row] * m[column];
            }
            for (std::size_t axis = 0; axis < 3; ++axis) {
                rows[row][n + axis] += m[row] * sample.enu[static_cast<int>(axis)];
            }
        }
    }
    solve(rows, n, fit);
}

double largestResidual(const LocalFit& fit, const std::vector<Sample>& checks) {
    double largest = 0.0;
    for (const Sample& check : checks) {
        const glm::dvec3 fitted = fit.toEnu(fit.centre + check.variable * fit.scale);
        largest = std::max(largest, glm::distance(fitted, check.enu));
    }
    return largest;
}

LocalFit frameOf(const SourceBox& box) {
    constexpr double kRoom = 1.01;
    constexpr double kSmallest = 1e-6; // a flat box still needs a scale to divide by
    LocalFit fit;
    fit.centre = (box.minimum + box.maximum) / 2.0;
    fit.scale = glm::max((box.maximum - box.minimum) / 2.0 * kRoom, glm::dvec3(kSmallest));
    return fit;
}

} // namespace

Result<LocalFit> fitLocal(const Transform& transform,
                          const geo::EnuFrame& frame,
                          const SourceBox& box,
                          double maxResidualMetres) {
    LocalFit fit = frameOf(box);
    const auto nodes =
        samples(transform, frame, fit, {kNodesAcross, kNodesAcross, kNodesUp}, node);
    // Equidistant, faces and corners included: none of them a node.
    constexpr int kChecksAcross = 7;
    constexpr int kChecksUp = 3;
    const auto checks = samples(transform,
                                frame,
                                fit,
                                {kChecksAcross, kChecksAcross, kChecksUp},
                                [](int i, int count) { return 2.0 * i / (count - 1.0) - 1.0; });
    if (!nodes || !checks) {
        return nodes ? checks.error() : nodes.error();
    }
    constexpr double kGoodMetres = 0.0001;
    for (const bool isCubic : {false, true}) {
        fitTerms(*nodes, isCubic, fit);
        fit.residualMetres = largestResidual(fit, *checks);
        if (fit.residualMetres <= kGoodMetres) {
            return fit;
        }
    }
    if (!(fit.residualMetres <= maxResidualMetres)) {
        return Error{fmt::format("a polynomial placement leaves {:.4f} m over {:.0f} x {:.0f}, the "
                                 "limit is {:.4f} m",
                                 fit.residualMetres,
                                 2.0 * fit.scale.x,
                                 2.0 * fit.scale.y,
                                 maxResidualMetres)};
    }
    return fit;
}

} // namespace tiles3d::crs
