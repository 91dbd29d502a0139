#include "viewer/overlay/shared_arcs.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::PlaneBox;

namespace {

struct HashPoint {
    std::size_t operator()(const glm::dvec2& p) const {
        constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
        const std::uint64_t mixed =
            (std::bit_cast<std::uint64_t>(p.x) * kOdd) ^ std::bit_cast<std::uint64_t>(p.y);
        return (mixed * kOdd) >> 16U;
    }
};

bool isBefore(const glm::dvec2& a, const glm::dvec2& b) {
    return a.x != b.x ? a.x < b.x : a.y < b.y;
}

/// Tells the points that stay: where borders meet or end, and where paths were cut.
class Nodes {
public:
    Nodes(const PathSet& paths, const PlaneBox& frame) : frame_(frame) {
        for (const Path& ring : paths.rings) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const std::size_t next = i + 1 < ring.size() ? i + 1 : 0;
                join(ring[i].at, ring[next].at);
            }
        }
        for (const Path& line : paths.lines) {
            for (std::size_t i = 0; i + 1 < line.size(); ++i) {
                join(line[i].at, line[i + 1].at);
            }
        }
    }

    bool has(const glm::dvec2& point) const {
        return point.x == frame_.low.x || point.x == frame_.high.x || point.y == frame_.low.y ||
               point.y == frame_.high.y || neighbours_.at(point).isNode;
    }

private:
    struct Neighbours {
        std::array<glm::dvec2, 2> points{};
        int count = 0;
        bool isNode = false;
    };

    void join(const glm::dvec2& a, const glm::dvec2& b) {
        add(a, b);
        add(b, a);
    }

    void add(const glm::dvec2& point, const glm::dvec2& neighbour) {
        Neighbours& known = neighbours_[point];
        for (int i = 0; i < known.count; ++i) {
            if (known.points.at(static_cast<std::size_t>(i)) == neighbour) {
                return;
            }
        }
        if (known.count == 2) {
            known.isNode = true;
            return;
        }
        known.points.at(static_cast<std::size_t>(known.count++)) = neighbour;
    }

    PlaneBox frame_;
    std::unordered_map<glm::dvec2, Neighbours, HashPoint> neighbours_;
};

double distanceTo(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& point) {
    const glm::dvec2 along = b - a;
    const double length = std::max(glm::dot(along, along), 1e-300);
    const double t = glm::clamp(glm::dot(point - a, along) / length, 0.0, 1.0);
    return glm::distance(point, a + along * t);
}

/// Which points of an arc stay; its ends do.
std::vector<bool> keptOf(const Path& arc, double toleranceMetres) {
    std::vector<bool> isKept(arc.size(), false);
    isKept.front() = true;
    isKept.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, arc.size() - 1}};
    while (!open.empty()) {
        const auto [first, last] = open.back();
        open.pop_back();
        double most = toleranceMetres;
        std::size_t farthest = 0;
        for (std::size_t i = first + 1; i < last; ++i) {
            const double distance = distanceTo(arc[first].at, arc[last].at, arc[i].at);
            if (distance > most) {
                most = distance;
                farthest = i;
            }
        }
        if (farthest > 0) {
            isKept[farthest] = true;
            open.emplace_back(first, farthest);
            open.emplace_back(farthest, last);
        }
    }
    return isKept;
}

/// The same points whichever way the arc runs.
Path simplifiedArc(const Path& arc, double toleranceMetres) {
    if (arc.size() < 3) {
        return arc;
    }
    const bool isClosed = arc.front().at == arc.back().at;
    const glm::dvec2& end = isClosed ? arc[arc.size() - 2].at : arc.back().at;
    const glm::dvec2& start = isClosed ? arc[1].at : arc.front().at;
    Path out;
    if (isBefore(end, start)) {
        const Path turned(arc.rbegin(), arc.rend());
        const std::vector<bool> isKept = keptOf(turned, toleranceMetres);
        for (std::size_t i = arc.size(); i-- > 0;) {
            if (isKept[i]) {
                out.push_back(turned[i]);
            }
        }
        return out;
    }
    const std::vector<bool> isKept = keptOf(arc, toleranceMetres);
    for (std::size_t i = 0; i < arc.size(); ++i) {
        if (isKept[i]) {
            out.push_back(arc[i]);
        }
    }
    return out;
}

/// An open path, split at the nodes within it.
Path simplified(const Path& path, const Nodes& nodes, double toleranceMetres) {
    Path out;
    std::size_t first = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        if (i + 1 < path.size() && !nodes.has(path[i].at)) {
            continue;
        }
        const Path arc(path.begin() + static_cast<std::ptrdiff_t>(first),
                       path.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        const Path kept = simplifiedArc(arc, toleranceMetres);
        out.insert(out.end(), kept.begin(), kept.end() - 1);
        first = i;
    }
    out.push_back(path.back());
    return out;
}

Path simplifiedRing(const Path& ring, const Nodes& nodes, double toleranceMetres) {
    if (ring.size() < 3) {
        return {};
    }
    const auto isNode = [&](const PathPoint& point) { return nodes.has(point.at); };
    auto start = std::ranges::find_if(ring, isNode);
    if (start == ring.end()) {
        start = std::ranges::min_element(ring, isBefore, &PathPoint::at);
    }
    Path opened(start, ring.end());
    opened.insert(opened.end(), ring.begin(), start);
    opened.push_back(opened.front());
    Path out = simplified(opened, nodes, toleranceMetres);
    out.pop_back();
    return out.size() >= 3 ? out : Path();
}

} // namespace

void simplifyInPlace(PathSet& paths, double toleranceMetres, const PlaneBox& frame) {
    if (toleranceMetres <= 0.0) {
        return;
    }
    const Nodes nodes(paths, frame);
    for (Path& ring : paths.rings) {
        ring = simplifiedRing(ring, nodes, toleranceMetres);
    }
    for (Path& line : paths.lines) {
        line = simplified(line, nodes, toleranceMetres);
    }
}

} // namespace viewer::overlay
