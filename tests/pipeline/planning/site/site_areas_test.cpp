#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/site_check.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>
#include <random>
#include <sstream>

namespace pipeline::planning::site {
namespace {

constexpr const char* kPlane = "EPSG:4548";
constexpr double kToleranceSquareMetres = 0.01;
constexpr unsigned kSeed = 20240611;

/// Enough for every day; CITY3D_SITES=1000 is the full number.
std::size_t sitesToTry() {
    const char* asked = std::getenv("CITY3D_SITES");
    return asked != nullptr ? std::strtoul(asked, nullptr, 10) : 100;
}

/// Random polygons around random places of a square of 2 km.
class Shapes {
public:
    explicit Shapes(unsigned seed) : random_(seed) {}

    glm::dvec2 place() { return glm::dvec2(610000.0, 2705000.0) + glm::dvec2(at(2000), at(2000)); }

    /// Seen whole from its middle, so valid; of any number of corners.
    Ring star(const glm::dvec2& middle, double least, double most) {
        const std::size_t corners = 5 + static_cast<std::size_t>(at(60));
        Ring ring;
        for (std::size_t i = 0; i < corners; ++i) {
            const double angle = 2.0 * std::numbers::pi * (static_cast<double>(i) + at(0.8)) /
                                 static_cast<double>(corners);
            ring.push_back(middle + (least + at(most - least)) *
                                        glm::dvec2(std::cos(angle), std::sin(angle)));
        }
        return ring;
    }

    Ring convex(const glm::dvec2& middle, double radius) {
        const std::size_t corners = 3 + static_cast<std::size_t>(at(9));
        std::vector<double> angles(corners);
        std::ranges::generate(angles, [&] { return at(2.0 * std::numbers::pi); });
        std::ranges::sort(angles);
        Ring ring;
        for (const double angle : angles) {
            ring.push_back(middle + radius * glm::dvec2(std::cos(angle), std::sin(angle)));
        }
        return ring;
    }

    double at(double end) { return std::uniform_real_distribution<double>(0.0, end)(random_); }

private:
    std::mt19937 random_;
};

VectorLayer randomParcels(Shapes& shapes, std::size_t count) {
    VectorLayer layer{.name = "parcels", .crs = kPlane, .fields = {{"BSM", FieldType::Integer}}};
    for (std::size_t i = 0; i < count; ++i) {
        const glm::dvec2 middle = shapes.place();
        Polygon polygon{.outer = shapes.star(middle, 60.0, 160.0)};
        if (i % 3 == 0) {
            polygon.holes.push_back(shapes.star(middle, 10.0, 40.0));
            std::ranges::reverse(polygon.holes.back());
        }
        layer.features.push_back(
            {.geometry = {.polygons = {polygon}}, .values = {static_cast<std::int64_t>(i + 1)}});
    }
    return layer;
}

VectorLayer layerOfSites(const std::vector<Ring>& rings) {
    VectorLayer layer{.name = "sites", .crs = kPlane, .fields = {{"nr", FieldType::Integer}}};
    for (std::size_t i = 0; i < rings.size(); ++i) {
        layer.features.push_back({.geometry = {.polygons = {{.outer = rings[i]}}},
                                  .values = {static_cast<std::int64_t>(i)}});
    }
    return layer;
}

using Overlaps = std::map<std::pair<std::int64_t, std::int64_t>, double>; // site, parcel -> m2

/// What checkSite() finds in the layer "parcels" for every site.
Overlaps overlapsOf(const LayerStore& store, const std::vector<Ring>& rings) {
    Overlaps overlaps;
    for (std::size_t i = 0; i < rings.size(); ++i) {
        const auto site = siteFrom("", {.polygons = {{.outer = rings[i]}}});
        const auto report =
            checkSite(store, *site, {.rules = {{.layers = {.layer = "sites"}}}}, {});
        EXPECT_TRUE(report) << report.error().message;
        for (const LayerFinding& layer : report->layers) {
            if (layer.info.table != "parcels") {
                continue;
            }
            for (const auto* features : {&layer.features, &layer.slivers}) {
                for (const FeatureOverlap& feature : *features) {
                    overlaps[{static_cast<std::int64_t>(i), feature.ref.id}] =
                        feature.amount.planeSquareMetres;
                }
            }
        }
    }
    return overlaps;
}

/// Area of a polygon's ring inside a convex one: Sutherland and Hodgman, "Reentrant polygon
/// clipping" (1974). Needs no overlay: bridges along the clipping edges have no area.
double clippedArea(Ring ring, const Ring& convex) {
    for (std::size_t i = 0; i < convex.size(); ++i) {
        const glm::dvec2 a = convex[i];
        const glm::dvec2 along = convex[(i + 1) % convex.size()] - a;
        const auto side = [&](const glm::dvec2& p) {
            return along.x * (p.y - a.y) - along.y * (p.x - a.x);
        };
        Ring clipped;
        for (std::size_t j = 0; j < ring.size(); ++j) {
            const glm::dvec2 from = ring[j];
            const glm::dvec2 to = ring[(j + 1) % ring.size()];
            const double s = side(from);
            const double t = side(to);
            if (s >= 0.0) {
                clipped.push_back(from);
            }
            if ((s < 0.0) != (t < 0.0)) {
                clipped.push_back(from + (to - from) * (s / (s - t)));
            }
        }
        ring = std::move(clipped);
    }
    return ring.size() < 3 ? 0.0 : squareMetresOf({.polygons = {{.outer = ring}}});
}

/// The same overlaps by ogr2ogr's SQLite dialect with SpatiaLite; none if it is not there.
std::optional<Overlaps> overlapsByOgr(const std::filesystem::path& file) {
    const std::string csv = file.string() + ".csv";
    const std::string command =
        "ogr2ogr -f CSV '" + csv + "' '" + file.string() +
        "' -dialect sqlite -sql \"SELECT s.nr AS s, p.BSM AS p, "
        "ST_Area(ST_Intersection(s.geom, p.geom)) AS a FROM sites s, parcels p "
        "WHERE ST_Intersects(s.geom, p.geom)\" > /dev/null 2>&1";
    if (std::system(command.c_str()) != 0) { // NOLINT(cert-env33-c): fixed words, own file
        return std::nullopt;
    }
    std::istringstream lines(*tiles3d::base::readTextFile(csv));
    std::string line;
    std::getline(lines, line);
    Overlaps overlaps;
    while (std::getline(lines, line)) {
        std::ranges::replace(line, ',', ' ');
        std::erase(line, '"');
        std::istringstream cells(line);
        std::int64_t site = 0;
        std::int64_t parcel = 0;
        double area = 0.0;
        if (cells >> site >> parcel >> area) {
            overlaps[{site, parcel}] = area;
        }
    }
    return overlaps;
}

double largestDifference(const Overlaps& ours, const Overlaps& theirs) {
    double largest = 0.0;
    const auto areaIn = [](const Overlaps& overlaps, const auto& key) {
        const auto found = overlaps.find(key);
        return found != overlaps.end() ? found->second : 0.0;
    };
    for (const auto* overlaps : {&ours, &theirs}) {
        for (const auto& [key, area] : *overlaps) {
            largest = std::max(largest, std::abs(areaIn(ours, key) - areaIn(theirs, key)));
        }
    }
    return largest;
}

class SiteAreas : public testing::Test {
protected:
    GdalRuntime gdal;
    tests::TemporaryFolder folder;
};

TEST_F(SiteAreas, EqualThoseOfSpatialite) {
    Shapes shapes(kSeed);
    const VectorLayer parcels = randomParcels(shapes, 400);
    std::vector<Ring> rings(sitesToTry());
    std::ranges::generate(rings, [&] { return shapes.star(shapes.place(), 30.0, 250.0); });
    const auto file = folder.path() / "sites.gpkg";
    ASSERT_TRUE(writeGeoPackage(file, {parcels, layerOfSites(rings)}));
    const std::optional<Overlaps> theirs = overlapsByOgr(file);
    if (!theirs) {
        GTEST_SKIP() << "ogr2ogr with SpatiaLite is not here";
    }
    const auto store = LayerStore::open({file});
    ASSERT_TRUE(store) << store.error().message;
    const Overlaps ours = overlapsOf(**store, rings);
    EXPECT_GT(ours.size(), rings.size());
    const double largest = largestDifference(ours, *theirs);
    EXPECT_LE(largest, kToleranceSquareMetres);
    fmt::print("{} sites, {} overlaps, largest difference {:.2e} m2\n",
               rings.size(),
               ours.size(),
               largest);
}

TEST_F(SiteAreas, EqualThoseOfPlainClipping) {
    Shapes shapes(kSeed + 1);
    const VectorLayer parcels = randomParcels(shapes, 400);
    std::vector<Ring> rings(sitesToTry());
    std::ranges::generate(rings, [&] { return shapes.convex(shapes.place(), 200.0); });
    std::erase_if(rings, [](const Ring& ring) {
        return squareMetresOf({.polygons = {{.outer = ring}}}) < 1.0;
    });
    const auto file = folder.path() / "sites.gpkg";
    ASSERT_TRUE(writeGeoPackage(file, {parcels, layerOfSites(rings)}));
    Overlaps theirs;
    for (std::size_t i = 0; i < rings.size(); ++i) {
        for (const Feature& parcel : parcels.features) {
            const Polygon& polygon = parcel.geometry.polygons.front();
            double area = clippedArea(polygon.outer, rings[i]);
            for (const Ring& hole : polygon.holes) {
                area -= clippedArea(hole, rings[i]);
            }
            if (area > 0.0) {
                theirs[{static_cast<std::int64_t>(i), std::get<std::int64_t>(parcel.values[0])}] =
                    area;
            }
        }
    }
    const auto store = LayerStore::open({file});
    ASSERT_TRUE(store) << store.error().message;
    const double largest = largestDifference(overlapsOf(**store, rings), theirs);
    EXPECT_LE(largest, kToleranceSquareMetres);
    fmt::print("{} sites, largest difference {:.2e} m2\n", rings.size(), largest);
}

} // namespace
} // namespace pipeline::planning::site
