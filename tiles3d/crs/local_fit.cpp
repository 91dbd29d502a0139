#include "tiles3d/crs/transform.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace tiles3d::crs {

using base::Error;
using base::Result;

namespace {

constexpr std::size_t kTermsOfSecondOrder = 10;
constexpr std::size_t kTermsOfThirdOrder = 20;
constexpr std::size_t kAxes = 3;

/// Powers of x, y, z per term, in the order of LocalFit::terms.
constexpr std::array<std::array<int, kAxes>, kTermsOfThirdOrder> kPowers{
    {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {2, 0, 0}, {0, 2, 0}, {0, 0, 2},
     {1, 1, 0}, {1, 0, 1}, {0, 1, 1}, {3, 0, 0}, {0, 3, 0}, {0, 0, 3}, {2, 1, 0},
     {2, 0, 1}, {1, 2, 0}, {0, 2, 1}, {1, 0, 2}, {0, 1, 2}, {1, 1, 1}}};

double power(double value, int exponent) {
    double product = 1.0;
    for (int i = 0; i < exponent; ++i) {
        product *= value;
    }
    return product;
}

double monomial(std::size_t term, const glm::dvec3& v) {
    const std::array<int, kAxes>& powers = kPowers[term];
    return power(v.x, powers[0]) * power(v.y, powers[1]) * power(v.z, powers[2]);
}

/// Where a fit is made: the polynomial is solved in variables from -1 to 1, which keeps its
/// equations well conditioned for 100 m as for 10 km.
struct Place {
    const Transform& transform;
    const geo::EnuFrame& frame;
    glm::dvec3 centre{0.0};
    glm::dvec3 halfExtent{1.0};
};

struct Sample {
    glm::dvec3 variable{0.0}; ///< In [-1, 1].
    glm::dvec3 enu{0.0};
};

/// A plane or a line still needs an extent to divide by, and a vertex a rounding beside it must not
/// be far outside of the variables' range: 1 m in height, a ten-millionth of the coordinates
/// across.
Place placeOf(const Transform& transform, const geo::EnuFrame& frame, const SourceBox& box) {
    constexpr double kRoom = 1.01;
    constexpr double kSmallestShare = 1e-7;
    constexpr double kSmallestAcross = 1e-5;
    constexpr double kSmallestUpMetres = 1.0;
    const glm::dvec3 centre = (box.minimum + box.maximum) / 2.0;
    glm::dvec3 smallest = glm::max(glm::abs(centre) * kSmallestShare, glm::dvec3(kSmallestAcross));
    smallest.z = kSmallestUpMetres;
    return {
        transform, frame, centre, glm::max((box.maximum - box.minimum) / 2.0 * kRoom, smallest)};
}

/// Chebyshev nodes: a fit through them errs least between them.
double chebyshev(int index, int count) {
    return std::cos(std::numbers::pi * (2.0 * index + 1.0) / (2.0 * count));
}

/// Faces and corners included.
double equidistant(int index, int count) {
    return 2.0 * index / (count - 1.0) - 1.0;
}

struct Lattice {
    int across = 0; ///< Points along x and along y.
    int up = 0;
    double (*position)(int index, int count) = nullptr;
};

Result<std::vector<Sample>> sampleAt(const Place& place, const Lattice& lattice) {
    std::vector<Sample> samples;
    const int layer = lattice.across * lattice.across;
    for (int i = 0; i < layer * lattice.up; ++i) {
        const glm::dvec3 variable(
            lattice.position(i % lattice.across, lattice.across),
            lattice.position(i / lattice.across % lattice.across, lattice.across),
            lattice.position(i / layer, lattice.up));
        const Result<geo::Ecef> ecef =
            place.transform.toEcef(place.centre + variable * place.halfExtent);
        if (!ecef) {
            return ecef.error();
        }
        samples.push_back({variable, place.frame.fromEcef(*ecef).metres});
    }
    return samples;
}

/// A row of the normal equations: coefficients, then the right-hand sides east, north, up.
using Row = std::array<double, kTermsOfThirdOrder + kAxes>;

std::vector<Row> normalEquations(const std::vector<Sample>& samples, std::size_t count) {
    std::vector<Row> rows(count, Row{});
    Row values{};
    for (const Sample& sample : samples) {
        for (std::size_t i = 0; i < count; ++i) {
            values[i] = monomial(i, sample.variable);
        }
        for (std::size_t axis = 0; axis < kAxes; ++axis) {
            values[count + axis] = sample.enu[static_cast<int>(axis)];
        }
        for (std::size_t row = 0; row < count; ++row) {
            for (std::size_t column = 0; column < count + kAxes; ++column) {
                rows[row][column] += values[row] * values[column];
            }
        }
    }
    return rows;
}

void eliminate(std::vector<Row>& rows, std::size_t column) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (row == column) {
            continue;
        }
        const double factor = rows[row][column] / rows[column][column];
        for (std::size_t i = column; i < rows.size() + kAxes; ++i) {
            rows[row][i] -= factor * rows[column][i];
        }
    }
}

/// Gauss and Jordan with pivots; afterwards only the diagonal and the right-hand sides are left.
void diagonalise(std::vector<Row>& rows) {
    for (std::size_t column = 0; column < rows.size(); ++column) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(column);
        const auto pivot =
            std::max_element(first, rows.end(), [column](const Row& a, const Row& b) {
                return std::abs(a[column]) < std::abs(b[column]);
            });
        std::iter_swap(first, pivot);
        eliminate(rows, column);
    }
}

LocalFit fitted(const Place& place, const std::vector<Sample>& nodes, bool isCubic) {
    const std::size_t count = isCubic ? kTermsOfThirdOrder : kTermsOfSecondOrder;
    std::vector<Row> rows = normalEquations(nodes, count);
    diagonalise(rows);
    LocalFit fit;
    fit.centre = place.centre;
    fit.isCubic = isCubic;
    for (std::size_t i = 0; i < count; ++i) {
        const double divisor = rows[i][i] * monomial(i, place.halfExtent);
        fit.terms[i] = glm::dvec3(rows[i][count], rows[i][count + 1], rows[i][count + 2]) / divisor;
    }
    return fit;
}

double largestResidual(const LocalFit& fit, const Place& place, const std::vector<Sample>& checks) {
    double largest = 0.0;
    for (const Sample& check : checks) {
        const glm::dvec3 enu = fit.toEnu(place.centre + check.variable * place.halfExtent);
        largest = std::max(largest, glm::distance(enu, check.enu));
    }
    return largest;
}

/// Third order only where it is worth its time: it does nothing about the kink of a geoid grid.
LocalFit
bestFit(const Place& place, const std::vector<Sample>& nodes, const std::vector<Sample>& checks) {
    constexpr double kGoodMetres = 0.0001;
    constexpr double kWorthwhile = 0.7;
    LocalFit quadratic = fitted(place, nodes, false);
    quadratic.residualMetres = largestResidual(quadratic, place, checks);
    if (quadratic.residualMetres <= kGoodMetres) {
        return quadratic;
    }
    LocalFit cubic = fitted(place, nodes, true);
    cubic.residualMetres = largestResidual(cubic, place, checks);
    return cubic.residualMetres < kWorthwhile * quadratic.residualMetres ? cubic : quadratic;
}

} // namespace

Result<LocalFit> fitLocal(const Transform& transform,
                          const geo::EnuFrame& frame,
                          const SourceBox& box,
                          double maxResidualMetres) {
    const Place place = placeOf(transform, frame, box);
    const auto nodes = sampleAt(place, {6, 4, chebyshev});
    if (!nodes) {
        return nodes.error();
    }
    // Between the nodes, and close enough to each other to see a kink wherever it runs.
    const auto checks = sampleAt(place, {21, 2, equidistant});
    if (!checks) {
        return checks.error();
    }
    LocalFit fit = bestFit(place, *nodes, *checks);
    if (!(fit.residualMetres <= maxResidualMetres)) {
        return Error{
            fmt::format("a polynomial placement leaves {:.4f} m over {:.6g} x {:.6g} source "
                        "units, the limit is {:.4f} m",
                        fit.residualMetres,
                        2.0 * place.halfExtent.x,
                        2.0 * place.halfExtent.y,
                        maxResidualMetres)};
    }
    return fit;
}

} // namespace tiles3d::crs
