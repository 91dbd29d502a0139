#include "pipeline/planning/gcj02_suspicion.h"

#include "pipeline/planning/gcj02.h"
#include "pipeline/planning/geopackage_geometry.h"
#include "pipeline/planning/plane_transform.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace pipeline::planning {

using tiles3d::base::Result;

namespace {

constexpr double kReachMetres = 250.0; // farther, a point adds nothing to the fit
constexpr double kCellMetres = 500.0;

glm::ivec2 cellOf(const glm::dvec2& point) {
    return glm::ivec2(glm::floor(point / kCellMetres));
}

std::int64_t keyOf(const glm::ivec2& cell) {
    return std::int64_t{cell.x} << 32 ^ std::int64_t{static_cast<std::uint32_t>(cell.y)};
}

double fitOf(std::span<const glm::dvec2> points, const SegmentGrid& grid, const glm::dvec2& shift) {
    constexpr double kSpreadMetres = 80.0;
    double fit = 0.0;
    for (const glm::dvec2& point : points) {
        const double distance = grid.distanceFrom(point + shift) / kSpreadMetres;
        fit += std::exp(-distance * distance);
    }
    return fit;
}

struct Outline {
    std::string table;
    std::vector<Segment> segments;
    std::vector<glm::dvec2> points; ///< Of them, evenly thinned.
    PlaneBox box;
    glm::dvec2 shift{0.0}; ///< What taking GCJ-02 off moves it by.
};

/// The shifts that are compared, on a grid.
struct TriedShifts {
    std::vector<glm::dvec2> near; ///< The expected one.
    std::vector<glm::dvec2> far;  ///< Neighbours apart, so that a better one shows early.
};

TriedShifts triedShifts(const glm::dvec2& expected) {
    constexpr int kSteps = 8;
    constexpr double kStepMetres = 100.0;
    constexpr double kNearMetres = 150.0;
    constexpr int kSide = 2 * kSteps + 1;
    constexpr int kStride = 110; // has no divisor in common with the count of shifts
    TriedShifts tried;
    for (int i = 0; i < kSide * kSide; ++i) {
        const int at = i * kStride % (kSide * kSide);
        const glm::dvec2 shift = kStepMetres * glm::dvec2(at / kSide - kSteps, at % kSide - kSteps);
        const bool isNear = glm::distance(shift, expected) <= kNearMetres;
        (isNear ? tried.near : tried.far).push_back(shift);
    }
    return tried;
}

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sigmaOf(const std::vector<double>& values) {
    const double mean = meanOf(values);
    double sum = 0.0;
    for (const double value : values) {
        sum += (value - mean) * (value - mean);
    }
    return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Tables of few features that reach far.
std::vector<std::string> outlineTables(const Database& database) {
    std::vector<std::string> tables;
    const Result<Statement> select = database.prepare(
        "SELECT c.table_name FROM gpkg_contents c JOIN gpkg_ogr_contents o USING (table_name) "
        "JOIN gpkg_geometry_columns g USING (table_name) WHERE o.feature_count BETWEEN 1 AND 500 "
        "AND g.geometry_type_name != 'MULTIPOINT' AND max(max_x - min_x, max_y - min_y) >= 5000 "
        "ORDER BY o.feature_count, c.table_name LIMIT 24");
    while (select && sqlite3_step(select->get()) == SQLITE_ROW) {
        tables.push_back(textAt(select->get(), 0));
    }
    return tables;
}

void addSegments(const std::vector<glm::dvec2>& points,
                 bool isRing,
                 std::vector<Segment>& segments) {
    for (std::size_t i = 0; i + (isRing ? 0U : 1U) < points.size(); ++i) {
        segments.push_back({points[i], points[(i + 1) % points.size()]});
    }
}

Outline readOutline(const Database& database, const std::string& table) {
    constexpr std::size_t kMostSegments = 200'000;
    constexpr std::size_t kMostPoints = 3000;
    Outline outline{.table = table};
    std::vector<Segment>& segments = outline.segments;
    const Result<Statement> select =
        database.prepare("SELECT geom FROM " + quotedName(table) + " ORDER BY fid");
    while (select && sqlite3_step(select->get()) == SQLITE_ROW && segments.size() < kMostSegments) {
        const Result<Geometry> geometry = geometryFrom(bytesAt(select->get(), 0));
        if (!geometry) {
            continue;
        }
        for (const Polygon& polygon : geometry->polygons) {
            addSegments(polygon.outer, true, segments);
            for (const Ring& hole : polygon.holes) {
                addSegments(hole, true, segments);
            }
        }
        for (const auto& line : geometry->lines) {
            addSegments(line, false, segments);
        }
    }
    for (const Segment& segment : segments) {
        outline.box.add(segment[0]);
    }
    const std::size_t step = segments.size() / kMostPoints + 1;
    for (std::size_t i = 0; i < segments.size(); i += step) {
        outline.points.push_back(segments[i][0]);
    }
    return outline;
}

/// The same for all of a city within some metres.
glm::dvec2 shiftOf(const Outline& outline, PlaneTransform& toDegrees, PlaneTransform& toPlane) {
    const glm::dvec2 middle = (outline.box.low + outline.box.high) / 2.0;
    std::array<glm::dvec2, 1> place{middle};
    toDegrees.apply(place);
    place[0] = fromGcj02(place[0]);
    toPlane.apply(place);
    return place[0] - middle;
}

/// Those of `all` that fit the reference only without the offset.
std::vector<bool> suspectedBy(const Outline& reference, const std::vector<Outline>& all) {
    const SegmentGrid grid(reference.segments);
    std::vector<bool> suspected;
    for (const Outline& tried : all) {
        suspected.push_back(tried.table != reference.table && reference.box.overlaps(tried.box) &&
                            fitsWhenShifted(tried.points, grid, tried.shift));
    }
    return suspected;
}

std::string sentenceFor(const Outline& tried, const Outline& reference) {
    return fmt::format(
        "{} may carry the offset of GCJ-02: moved by {:.0f} m east and {:.0f} m north, as taking "
        "that off would, it fits {} better than anywhere else. If so, say \"gcj02\": true "
        "(--gcj02) of its source; nothing was moved",
        tried.table,
        tried.shift.x,
        tried.shift.y,
        reference.table);
}

} // namespace

SegmentGrid::SegmentGrid(const std::vector<Segment>& segments) {
    for (const Segment& segment : segments) {
        const glm::ivec2 low = cellOf(glm::min(segment[0], segment[1]) - kReachMetres);
        const glm::ivec2 high = cellOf(glm::max(segment[0], segment[1]) + kReachMetres);
        for (int x = low.x; x <= high.x; ++x) {
            for (int y = low.y; y <= high.y; ++y) {
                cells_[keyOf({x, y})].push_back(segment);
            }
        }
    }
}

double SegmentGrid::distanceFrom(const glm::dvec2& point) const {
    double nearest = std::numeric_limits<double>::infinity();
    const auto cell = cells_.find(keyOf(cellOf(point)));
    if (cell == cells_.end()) {
        return nearest;
    }
    for (const auto& [a, b] : cell->second) {
        const glm::dvec2 along = b - a;
        const double length = glm::dot(along, along);
        const double t =
            length > 0.0 ? glm::clamp(glm::dot(point - a, along) / length, 0.0, 1.0) : 0.0;
        const glm::dvec2 way = a + t * along - point;
        nearest = std::min(nearest, glm::dot(way, way));
    }
    return std::sqrt(nearest);
}

bool fitsWhenShifted(std::span<const glm::dvec2> points,
                     const SegmentGrid& reference,
                     const glm::dvec2& shift) {
    constexpr double kLeastFit = 20.0;
    constexpr double kLeastGain = 1.4;
    constexpr double kLeastSigmas = 2.0;
    const double shifted = fitOf(points, reference, shift);
    if (shifted < kLeastFit || shifted < kLeastGain * fitOf(points, reference, glm::dvec2(0.0))) {
        return false;
    }
    const TriedShifts tried = triedShifts(shift);
    double best = 0.0;
    std::vector<double> fits;
    for (const glm::dvec2& near : tried.near) {
        fits.push_back(fitOf(points, reference, near));
        best = std::max(best, fits.back());
    }
    for (const glm::dvec2& far : tried.far) {
        fits.push_back(fitOf(points, reference, far));
        if (fits.back() > best) {
            return false;
        }
    }
    return shifted > meanOf(fits) + kLeastSigmas * sigmaOf(fits);
}

std::vector<std::string> suspectGcj02(const Database& database, const ImportOptions& options) {
    auto toDegrees =
        PlaneTransform::create(nullptr, {.given = options.planeCrs, .target = "EPSG:4326"});
    auto toPlane =
        PlaneTransform::create(nullptr, {.given = "EPSG:4326", .target = options.planeCrs});
    if (!toDegrees || !toPlane) {
        return {};
    }
    std::vector<Outline> outlines;
    for (const std::string& table : outlineTables(database)) {
        outlines.push_back(readOutline(database, table));
        outlines.back().shift = shiftOf(outlines.back(), *toDegrees, *toPlane);
    }
    std::vector<std::vector<bool>> suspected(outlines.size()); // [reference][tried]
    tiles3d::base::parallelFor(outlines.size(), options.threads, [&](std::size_t i) {
        suspected[i] = suspectedBy(outlines[i], outlines);
    });
    std::vector<std::string> sentences;
    for (std::size_t tried = 0; tried < outlines.size(); ++tried) {
        const auto row = std::ranges::find_if(suspected, [&](const auto& by) { return by[tried]; });
        if (row != suspected.end()) {
            const auto reference = static_cast<std::size_t>(row - suspected.begin());
            sentences.push_back(sentenceFor(outlines[tried], outlines[reference]));
        }
    }
    return sentences;
}

} // namespace pipeline::planning
