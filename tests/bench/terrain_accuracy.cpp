#include "tests/bench/terrain_accuracy.h"

#include "pipeline/scan/terrain.h"
#include "tests/bench/program_cost.h"
#include "tests/bench/terrain_leaves.h"
#include "tests/support/must.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tests::bench {

using pipeline::scan::DemSource;
using pipeline::sources::RasterReader;
using tiles3d::crs::Transform;
using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
namespace fs = std::filesystem;

namespace {

constexpr double kBoundShare = 1.0 / 16.0; // of the geometric error
constexpr double kMostDisplacedMetres = 0.01;

/// An elevation model as a whole, in memory; exact PROJ for each place.
class Source {
public:
    explicit Source(const DemSource& dem)
        : dem_(dem), transform_(must(Transform::create(dem.crs, dem.heights))),
          metres_(must(must(RasterReader::open(dem.raster))
                           .readHeights({0, 0, dem.raster.width, dem.raster.height}))) {}

    /// Bilinear between the centres of four pixels with heights; nothing elsewhere.
    std::optional<double> heightAt(const Cartographic& ground) const {
        const glm::dvec3 place = must(transform_.fromCartographic(ground));
        const auto& t = dem_.raster.geoTransform;
        const double determinant = t[1] * t[5] - t[2] * t[4];
        const double east = place.x - t[0];
        const double north = place.y - t[3];
        const double column = (t[5] * east - t[2] * north) / determinant - 0.5;
        const double row = (t[1] * north - t[4] * east) / determinant - 0.5;
        if (!(column >= 0.0 && row >= 0.0 && column < dem_.raster.width - 1.0 &&
              row < dem_.raster.height - 1.0)) {
            return std::nullopt;
        }
        const auto left = static_cast<std::size_t>(column);
        const auto upper = static_cast<std::size_t>(row);
        const double x = column - static_cast<double>(left);
        const double y = row - static_cast<double>(upper);
        const auto pixel = [&](std::size_t c, std::size_t r) {
            return static_cast<double>(metres_[r * dem_.raster.width + c]);
        };
        const double between =
            (1.0 - y) * ((1.0 - x) * pixel(left, upper) + x * pixel(left + 1, upper)) +
            y * ((1.0 - x) * pixel(left, upper + 1) + x * pixel(left + 1, upper + 1));
        if (std::isnan(between)) {
            return std::nullopt;
        }
        return must(transform_.toCartographic({place.x, place.y, between * dem_.metresPerUnit}))
            .heightMetres;
    }

    const DemSource& dem() const { return dem_; }

private:
    const DemSource& dem_;
    Transform transform_;
    std::vector<float> metres_;
};

/// A random place with a height.
struct Point {
    Cartographic ground;
    double metres = 0.0; ///< Of the first source that has one.
};

struct Drawing {
    std::vector<Point> points;
    std::size_t besideLand = 0; ///< Places that were drawn besides, without a height.
};

Drawing
drawPoints(const std::vector<Source>& sources, const Source& of, const AccuracyOptions& options) {
    std::mt19937_64 random(options.seed);
    const auto& extent = of.dem().extent;
    std::uniform_real_distribution<double> longitude(extent.westDegrees, extent.eastDegrees);
    std::uniform_real_distribution<double> latitude(extent.southDegrees, extent.northDegrees);
    Drawing drawing;
    const std::size_t most = 20 * options.points;
    for (std::size_t i = 0; i < most && drawing.points.size() < options.points; ++i) {
        const double east = longitude(random);
        const Cartographic ground{.longitude = Angle::degrees(east),
                                  .latitude = Angle::degrees(latitude(random))};
        if (!of.heightAt(ground)) {
            ++drawing.besideLand;
            continue;
        }
        for (const Source& source : sources) {
            if (const auto height = source.heightAt(ground)) {
                drawing.points.push_back({ground, *height});
                break;
            }
        }
    }
    return drawing;
}

/// How far tiles lie from a source.
class Errors {
public:
    void add(double metres, double boundMetres) {
        metres_.push_back(metres);
        const double share = metres / boundMetres;
        largestShare_ = std::max(largestShare_, share);
        const auto bin = static_cast<std::size_t>(share * kBins);
        ++bins_[std::min<std::size_t>(bin, kBins)];
        lowestBound_ = std::min(lowestBound_, boundMetres);
        highestBound_ = std::max(highestBound_, boundMetres);
    }

    bool areWithinBound() const { return bins_[kBins] == 0 && !metres_.empty(); }
    std::size_t count() const { return metres_.size(); }

    void print() {
        std::ranges::sort(metres_);
        double sum = 0.0;
        for (const double metres : metres_) {
            sum += metres;
        }
        const auto count = static_cast<double>(metres_.size());
        fmt::print(
            "  |error|: mean {:.4f} m, p99 {:.4f} m, max {:.4f} m; bounds {:.3f} to {:.3f} m;"
            " largest share of its bound {:.3f}\n",
            sum / count,
            metres_[metres_.size() * 99 / 100],
            metres_.back(),
            lowestBound_,
            highestBound_,
            largestShare_);
        constexpr double kBarWidth = 60.0;
        for (std::size_t bin = 0; bin <= kBins; ++bin) {
            const double share = static_cast<double>(bins_[bin]) / count;
            const double low = static_cast<double>(bin) / kBins;
            const std::string range =
                bin < kBins ? fmt::format("{:.1f} to {:.1f}", low, low + 1.0 / kBins) : "above";
            fmt::print("  {:<11}{:>8} {:6.2f} % {}\n",
                       range,
                       bins_[bin],
                       100.0 * share,
                       std::string(static_cast<std::size_t>(std::lround(share * kBarWidth)), '#'));
        }
    }

private:
    static constexpr std::size_t kBins = 10;

    std::vector<double> metres_;
    std::array<std::size_t, kBins + 1> bins_{}; ///< By |error| / bound; the last: above it.
    double lowestBound_ = 1e300;
    double highestBound_ = 0.0;
    double largestShare_ = 0.0;
};

/// What was found of one elevation model.
struct Found {
    Errors errors;
    std::vector<Point> missed; ///< Points without a triangle.
    std::size_t leaves = 0;
    double largestDisplacementMetres = 0.0;
};

/// The eight places round one, `metres` away along both axes, and the place itself.
std::vector<Cartographic> around(const Cartographic& place, double metres) {
    constexpr double kMetresPerDegree = 111320.0;
    const double north = metres / kMetresPerDegree;
    const double east = north / std::cos(place.latitude.radians());
    std::vector<Cartographic> places;
    for (const int x : {0, -1, 1}) {
        for (const int y : {0, -1, 1}) {
            places.push_back({.longitude = Angle::degrees(place.longitude.degrees() + x * east),
                              .latitude = Angle::degrees(place.latitude.degrees() + y * north)});
        }
    }
    return places;
}

/// Cells have curved borders and their tiles straight ones: within decimetres the surface may be
/// the neighbour's.
bool isInNeighbour(const Point& point, const TerrainLeaves& leaves, Errors& errors) {
    constexpr double kBesideMetres = 0.2;
    std::set<std::size_t> neighbours;
    for (const Cartographic& place : around(point.ground, kBesideMetres)) {
        if (const auto leaf = leaves.at(place.longitude, place.latitude)) {
            neighbours.insert(*leaf);
        }
    }
    for (const std::size_t neighbour : neighbours) {
        const Leaf& leaf = leaves.all()[neighbour];
        if (const auto surface = LeafSurface(leaf).at(point.ground)) {
            errors.add(std::abs(surface->heightMetres - point.metres),
                       leaf.geometricErrorMetres * kBoundShare);
            return true;
        }
    }
    return false;
}

Found compare(const std::vector<Point>& points, const TerrainLeaves& leaves) {
    Found found;
    std::map<std::size_t, std::vector<const Point*>> byLeaf;
    for (const Point& point : points) {
        if (const auto leaf = leaves.at(point.ground.longitude, point.ground.latitude)) {
            byLeaf[*leaf].push_back(&point);
        } else {
            found.missed.push_back(point);
        }
    }
    for (const auto& [index, inside] : byLeaf) {
        const Leaf& leaf = leaves.all()[index];
        const LeafSurface surface(leaf);
        ++found.leaves;
        found.largestDisplacementMetres =
            std::max(found.largestDisplacementMetres, surface.largestDisplacementMetres());
        for (const Point* const point : inside) {
            if (const auto hit = surface.at(point->ground)) {
                found.errors.add(std::abs(hit->heightMetres - point->metres),
                                 leaf.geometricErrorMetres * kBoundShare);
            } else if (!isInNeighbour(*point, leaves, found.errors)) {
                found.missed.push_back(*point);
            }
        }
    }
    return found;
}

/// No model has heights all round the place: the surface ends with the last whole square between
/// its posts, which are up to two of the model's apart.
bool isAtEdge(const Point& point, const std::vector<Source>& sources) {
    return std::ranges::none_of(sources, [&](const Source& source) {
        return std::ranges::all_of(
            around(point.ground, 2.0 * source.dem().postMetres),
            [&](const Cartographic& place) { return source.heightAt(place).has_value(); });
    });
}

bool compareOne(const std::vector<Source>& sources,
                const Source& source,
                const TerrainLeaves& leaves,
                const AccuracyOptions& options) {
    const Drawing drawing = drawPoints(sources, source, options);
    Found found = compare(drawing.points, leaves);
    const auto holes = std::ranges::count_if(
        found.missed, [&](const Point& point) { return !isAtEdge(point, sources); });
    fmt::print("{}: {} points (seed {}) in {} leaves; without a surface: {} at the land's edge, {} "
               "inside; {} more drawn beside land\n",
               source.dem().raster.file.filename().string(),
               found.errors.count(),
               options.seed,
               found.leaves,
               static_cast<std::ptrdiff_t>(found.missed.size()) - holes,
               holes,
               drawing.besideLand);
    if (found.errors.count() == 0) {
        return false;
    }
    found.errors.print();
    fmt::print("  vertices from their longitude and latitude: {:.2f} mm at most\n",
               1e3 * found.largestDisplacementMetres);
    std::fflush(stdout);
    return found.errors.areWithinBound() && found.largestDisplacementMetres <= kMostDisplacedMetres;
}

} // namespace

bool compareWithSources(const fs::path& project, const AccuracyOptions& options) {
    const ScratchFolder scratch;
    const fs::path city = options.city.empty() ? scratch / "city" : options.city;
    if (options.city.empty()) {
        runProgram({CITY3D_PROGRAM, "build", project.string(), "--out", city.string()});
    }
    const auto catalogue =
        must(pipeline::scan::scanTerrain(must(pipeline::scan::readProject(project))));
    const TerrainLeaves leaves(city);
    std::vector<Source> sources;
    for (const DemSource& dem : catalogue.dems) {
        sources.emplace_back(dem);
    }
    bool isFine = !sources.empty();
    for (const Source& source : sources) {
        isFine = compareOne(sources, source, leaves, options) && isFine;
    }
    return isFine;
}

} // namespace tests::bench
