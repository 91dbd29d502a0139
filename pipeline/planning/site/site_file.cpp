#include "pipeline/planning/site/site_file.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/vector_reader.h"
#include "tiles3d/base/file.h"

#include <algorithm>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::base::within;

namespace {

/// Closed lines as polygons: all that a drawing program knows.
Geometry surfacesOf(const Geometry& drawn) {
    Geometry surfaces{.polygons = drawn.polygons};
    constexpr std::size_t kLeastPoints = 4; // the last repeats the first
    for (const auto& line : drawn.lines) {
        if (line.size() >= kLeastPoints && line.front() == line.back()) {
            surfaces.polygons.push_back({.outer = Ring(line.begin(), line.end() - 1)});
        }
    }
    return surfaces;
}

/// One polygon of the drawing, repaired if it must be.
Result<Geometry> repaired(Polygon polygon, std::vector<std::string>& remarks) {
    Geometry part;
    part.polygons.push_back(std::move(polygon));
    const Status valid = checkValid(part);
    if (valid) {
        return part;
    }
    remarks.push_back("a ring was repaired: " + valid.error().message);
    return madeValid(part);
}

} // namespace

Result<Site> siteFrom(std::string name, const Geometry& drawn) {
    Site site{.name = std::move(name)};
    std::vector<Geometry> parts;
    for (Polygon& polygon : surfacesOf(drawn).polygons) {
        Result<Geometry> part = repaired(std::move(polygon), site.remarks);
        if (!part) {
            return within("site", part.error());
        }
        parts.push_back(*std::move(part));
    }
    Result<Geometry> area = unionOf(parts);
    if (!area) {
        return within("site", area.error());
    }
    site.area.polygons = std::move(area->polygons);
    if (squareMetresOf(site.area) <= 0.0) {
        return Error{"the site has no area: a polygon or a closed line is needed"};
    }
    return site;
}

Result<Site> readSite(const std::filesystem::path& file,
                      const std::string& planeCrs,
                      const std::string& fallbackCrs) {
    const Result<ReadLayers> read = readVectors(file, planeCrs, {.fallbackCrs = fallbackCrs});
    if (!read) {
        return read.error();
    }
    Geometry drawn;
    for (const VectorLayer& layer : read->layers) {
        for (const Feature& feature : layer.features) {
            std::ranges::copy(feature.geometry.polygons, std::back_inserter(drawn.polygons));
            std::ranges::copy(feature.geometry.lines, std::back_inserter(drawn.lines));
        }
    }
    Result<Site> site = siteFrom(toUtf8(file.stem()), drawn);
    if (!site) {
        return within(toUtf8(file), site.error());
    }
    site->remarks.insert(site->remarks.begin(), read->warnings.begin(), read->warnings.end());
    return site;
}

} // namespace pipeline::planning::site
