#include "viewer/overlay/clip.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::PlaneBox;

namespace {

PathPoint between(const PathPoint& a, const PathPoint& b, double share) {
    const glm::dvec2 at = a.at + (b.at - a.at) * share;
    return {at, a.arc + glm::distance(a.at, at)};
}

/// Keeps what lies on one side of an axis-parallel line. Pieces along the line stay: the ring stays
/// closed.
Path keptSide(const Path& ring, int axis, double limit, bool keepsBelow) {
    Path out;
    out.reserve(ring.size() + 4);
    const auto isKept = [&](const PathPoint& p) {
        return keepsBelow ? p.at[axis] <= limit : p.at[axis] >= limit;
    };
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const PathPoint& a = ring[i];
        const PathPoint& b = ring[(i + 1) % ring.size()];
        if (isKept(a)) {
            out.push_back(a);
        }
        if (isKept(a) != isKept(b)) {
            // From the lower end always, so that a shared edge is cut at the same point both ways.
            const bool isForward = a.at[axis] < b.at[axis];
            const glm::dvec2& from = isForward ? a.at : b.at;
            const glm::dvec2& to = isForward ? b.at : a.at;
            PathPoint cut{from + (to - from) * ((limit - from[axis]) / (to[axis] - from[axis]))};
            cut.at[axis] = limit;
            cut.arc = a.arc + glm::distance(a.at, cut.at);
            out.push_back(cut);
        }
    }
    return out;
}

/// The shares of a segment where it enters and leaves the box.
std::optional<std::pair<double, double>>
sharesWithin(const glm::dvec2& a, const glm::dvec2& b, const PlaneBox& box) {
    double first = 0.0;
    double last = 1.0;
    for (int axis = 0; axis < 2; ++axis) {
        const double along = b[axis] - a[axis];
        if (along == 0.0) {
            if (a[axis] < box.low[axis] || a[axis] > box.high[axis]) {
                return std::nullopt;
            }
            continue;
        }
        const double toLow = (box.low[axis] - a[axis]) / along;
        const double toHigh = (box.high[axis] - a[axis]) / along;
        first = std::max(first, std::min(toLow, toHigh));
        last = std::min(last, std::max(toLow, toHigh));
    }
    return first <= last ? std::optional(std::pair(first, last)) : std::nullopt;
}

PlaneBox boxOfPath(const Path& path) {
    PlaneBox box;
    for (const PathPoint& point : path) {
        box.add(point.at);
    }
    return box;
}

} // namespace

Path pathOf(const std::vector<glm::dvec2>& points) {
    Path path;
    path.reserve(points.size());
    for (const glm::dvec2& point : points) {
        const double arc =
            path.empty() ? 0.0 : path.back().arc + glm::distance(path.back().at, point);
        path.push_back({point, arc});
    }
    return path;
}

Path clippedRing(const Path& ring, const PlaneBox& box) {
    const PlaneBox own = boxOfPath(ring);
    if (!own.overlaps(box)) {
        return {};
    }
    Path kept = ring;
    for (int axis = 0; axis < 2; ++axis) {
        if (own.low[axis] < box.low[axis]) {
            kept = keptSide(kept, axis, box.low[axis], false);
        }
        if (own.high[axis] > box.high[axis]) {
            kept = keptSide(kept, axis, box.high[axis], true);
        }
    }
    return kept.size() >= 3 ? kept : Path();
}

std::vector<Path> clippedLine(const Path& line, const PlaneBox& box) {
    std::vector<Path> pieces;
    bool isOpen = false; // the last piece ends at the vertex before
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const auto shares = sharesWithin(line[i].at, line[i + 1].at, box);
        if (!shares) {
            isOpen = false;
            continue;
        }
        const auto [first, last] = *shares;
        if (!isOpen || first > 0.0) {
            pieces.push_back({first > 0.0 ? between(line[i], line[i + 1], first) : line[i]});
        }
        isOpen = last >= 1.0;
        pieces.back().push_back(isOpen ? line[i + 1] : between(line[i], line[i + 1], last));
    }
    return pieces;
}

double signedArea(const Path& ring) {
    double area = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i].at - ring.front().at;
        const glm::dvec2 b = ring[(i + 1) % ring.size()].at - ring.front().at;
        area += a.x * b.y - a.y * b.x;
    }
    return area / 2.0;
}

} // namespace viewer::overlay
