#include "pipeline/planning/import_gate.h"

#include "pipeline/planning/plane_transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::planning {

namespace {

/// Codes of a CRS family, and what it is called.
struct Family {
    int first;
    int last;
    const char* name;
};

constexpr Family kFamilies[] = {
    {4490, 4490, "degrees of CGCS2000"},
    {4534, 4554, "CGCS2000, 3-degree zone, no zone number in eastings"},
    {4513, 4533, "CGCS2000, 3-degree zone, zone number in eastings"},
    {4502, 4512, "CGCS2000, 6-degree zone, no zone number in eastings"},
    {4491, 4501, "CGCS2000, 6-degree zone, zone number in eastings"},
    {32643, 32653, "WGS 84, UTM"},
    {3857, 3857, "Web Mercator"},
};

/// How many of the points lie in the city when read as that CRS.
std::size_t
countInside(std::vector<glm::dvec2> points, PlaneTransform& transform, const PlaneBox& city) {
    transform.apply(points);
    return static_cast<std::size_t>(std::ranges::count_if(points, [&](const glm::dvec2& point) {
        return city.overlaps({point, point});
    }));
}

} // namespace

tiles3d::base::Result<PlaneBox> planeBoxOf(const glm::dvec2& southWestDegrees,
                                           const glm::dvec2& northEastDegrees,
                                           const std::string& planeCrs) {
    constexpr int kSteps = 16;
    auto transform = PlaneTransform::create(nullptr, {.given = "EPSG:4326", .target = planeCrs});
    if (!transform) {
        return transform.error();
    }
    std::vector<glm::dvec2> points;
    const glm::dvec2 step = (northEastDegrees - southWestDegrees) / double{kSteps};
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            points.push_back(southWestDegrees + step * glm::dvec2(i, j));
        }
    }
    transform->apply(points);
    PlaneBox box;
    for (const glm::dvec2& point : points) {
        if (std::isfinite(point.x) && std::isfinite(point.y)) {
            box.add(point);
        }
    }
    return box;
}

std::string waysIntoCity(const std::vector<glm::dvec2>& points,
                         const std::string& planeCrs,
                         const PlaneBox& city) {
    std::vector<glm::dvec2> swapped;
    std::ranges::transform(points, std::back_inserter(swapped), [](const glm::dvec2& point) {
        return glm::dvec2(point.y, point.x);
    });
    std::string ways;
    for (const Family& family : kFamilies) {
        for (int code = family.first; code <= family.last; ++code) {
            auto transform = PlaneTransform::create(
                nullptr, {.given = fmt::format("EPSG:{}", code), .target = planeCrs});
            if (!transform) {
                continue;
            }
            for (const std::vector<glm::dvec2>* tried : {&points, &std::as_const(swapped)}) {
                if (2 * countInside(*tried, *transform, city) > points.size()) {
                    ways += fmt::format("{}EPSG:{} ({}){}",
                                        ways.empty() ? "" : ", ",
                                        code,
                                        family.name,
                                        tried != &points ? " with x and y swapped" : "");
                }
            }
        }
    }
    return ways.empty() ? "nothing that was tried brings it there: it may be of another city"
                        : "it would lie there as " + ways;
}

} // namespace pipeline::planning
