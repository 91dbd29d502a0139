#include "pipeline/planning/gcj02_suspicion.h"

#include "pipeline/planning/gcj02.h"
#include "pipeline/planning/geopackage_geometry.h"
#include "pipeline/planning/plane_transform.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace pipeline::planning {

using tiles3d::base::Result;

namespace {

constexpr double kReachMetres = 250.0; // farther, a point adds nothing to the fit
constexpr double kCellMetres = 500.0;

/// Segments by the cells that they come near.
class SegmentGrid {
public:
    explicit SegmentGrid(const std::vector<Segment>& segments) {
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

    /// Metres to the nearest segment; infinite beyond reach.
    double distanceFrom(const glm::dvec2& point) const {
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
            nearest = std::min(nearest, glm::distance(point, a + t * along));
        }
        return nearest;
    }

private:
    static glm::ivec2 cellOf(const glm::dvec2& point) {
        return glm::ivec2(glm::floor(point / kCellMetres));
    }
    static std::int64_t keyOf(const glm::ivec2& cell) {
        return std::int64_t{cell.x} << 32 ^ std::int64_t{static_cast<std::uint32_t>(cell.y)};
    }

    std::unordered_map<std::int64_t, std::vector<Segment>> cells_;
};

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
};

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

void addSegments(const std::vector<glm::dvec2>& points, bool isRing, Outline& outline) {
    for (std::size_t i = 0; i + (isRing ? 0U : 1U) < points.size(); ++i) {
        outline.segments.push_back({points[i], points[(i + 1) % points.size()]});
        outline.box.add(points[i]);
    }
}

Outline readOutline(const Database& database, const std::string& table) {
    constexpr std::size_t kMostSegments = 200'000;
    constexpr std::size_t kMostPoints = 3000;
    Outline outline{.table = table};
    const Result<Statement> select =
        database.prepare("SELECT geom FROM " + quotedName(table) + " ORDER BY fid");
    while (select && sqlite3_step(select->get()) == SQLITE_ROW &&
           outline.segments.size() < kMostSegments) {
        const Result<Geometry> geometry = geometryFrom(bytesAt(select->get(), 0));
        if (!geometry) {
            continue;
        }
        for (const Polygon& polygon : geometry->polygons) {
            addSegments(polygon.outer, true, outline);
            for (const Ring& hole : polygon.holes) {
                addSegments(hole, true, outline);
            }
        }
        for (const auto& line : geometry->lines) {
            addSegments(line, false, outline);
        }
    }
    const std::size_t step = outline.segments.size() / kMostPoints + 1;
    for (std::size_t i = 0; i < outline.segments.size(); i += step) {
        outline.points.push_back(outline.segments[i][0]);
    }
    return outline;
}

/// What taking GCJ-02 off moves the outline by: the same for all of a city within some metres.
glm::dvec2 shiftOf(const Outline& outline, PlaneTransform& toDegrees, PlaneTransform& toPlane) {
    const glm::dvec2 middle = (outline.box.low + outline.box.high) / 2.0;
    std::array<glm::dvec2, 1> place{middle};
    toDegrees.apply(place);
    place[0] = fromGcj02(place[0]);
    toPlane.apply(place);
    return place[0] - middle;
}

} // namespace

bool fitsWhenShifted(std::span<const glm::dvec2> points,
                     const std::vector<Segment>& reference,
                     const glm::dvec2& shift) {
    constexpr double kLeastFit = 20.0;
    constexpr double kLeastGain = 1.4;
    constexpr int kSteps = 8;
    constexpr double kStepMetres = 100.0;
    constexpr double kNearMetres = 150.0;
    constexpr double kLeastSigmas = 2.0;
    const SegmentGrid grid(reference);
    const double shifted = fitOf(points, grid, shift);
    if (shifted < kLeastFit || shifted < kLeastGain * fitOf(points, grid, glm::dvec2(0.0))) {
        return false;
    }
    double best = 0.0;
    glm::dvec2 bestShift(0.0);
    double sum = 0.0;
    double sumOfSquares = 0.0;
    for (int x = -kSteps; x <= kSteps; ++x) {
        for (int y = -kSteps; y <= kSteps; ++y) {
            const glm::dvec2 tried = kStepMetres * glm::dvec2(x, y);
            const double fit = fitOf(points, grid, tried);
            sum += fit;
            sumOfSquares += fit * fit;
            if (fit > best) {
                best = fit;
                bestShift = tried;
            }
        }
    }
    constexpr double kCount = (2.0 * kSteps + 1.0) * (2.0 * kSteps + 1.0);
    const double mean = sum / kCount;
    const double sigma = std::sqrt(std::max(0.0, sumOfSquares / kCount - mean * mean));
    return glm::distance(bestShift, shift) <= kNearMetres && shifted > mean + kLeastSigmas * sigma;
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
    }
    std::vector<std::string> suspicions;
    for (const Outline& tried : outlines) {
        const glm::dvec2 shift = shiftOf(tried, *toDegrees, *toPlane);
        const auto reference = std::ranges::find_if(outlines, [&](const Outline& other) {
            return other.table != tried.table && other.box.overlaps(tried.box) &&
                   fitsWhenShifted(tried.points, other.segments, shift);
        });
        if (reference != outlines.end()) {
            suspicions.push_back(fmt::format(
                "{} may carry the offset of GCJ-02: moved by {:.0f} m east and {:.0f} m north, as "
                "taking that off would, it fits {} better than anywhere else. If so, say "
                "\"gcj02\": "
                "true (--gcj02) of its source; nothing was moved",
                tried.table,
                shift.x,
                shift.y,
                reference->table));
        }
    }
    return suspicions;
}

} // namespace pipeline::planning
