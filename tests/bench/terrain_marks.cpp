#include "tests/bench/terrain_marks.h"

#include "pipeline/sources/raster_writer.h"
#include "tests/bench/program_cost.h"
#include "tests/bench/terrain_leaves.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace tests::bench {

using pipeline::sources::RasterSpec;
using pipeline::sources::RasterWriter;
using tiles3d::crs::Transform;
using tiles3d::geo::Cartographic;
namespace fs = std::filesystem;

namespace {

constexpr double kWest = 610000.3;
constexpr double kNorth = 2705000.7;
constexpr double kTexelMetres = 0.5;
constexpr std::uint32_t kTexels = 1280; // of the orthophoto, per side
constexpr std::uint32_t kMarkStep = 64; // texels from mark to mark
constexpr std::uint32_t kMarkSide = 8;

RasterSpec specOf(const fs::path& file, RasterSpec::Pixels pixels, double pixelMetres) {
    constexpr int kQuality = 95;
    const auto side = static_cast<std::uint32_t>(kTexels * kTexelMetres / pixelMetres);
    return {.file = file,
            .width = side,
            .height = side,
            .west = kWest,
            .north = kNorth,
            .pixelSize = pixelMetres,
            .epsg = 4548,
            .pixels = pixels,
            .jpegQuality = kQuality};
}

/// A slope.
void writeDem(const fs::path& file) {
    const RasterSpec spec = specOf(file, RasterSpec::Pixels::Float32, 1.0);
    std::vector<float> metres;
    for (std::uint32_t row = 0; row < spec.height; ++row) {
        for (std::uint32_t column = 0; column < spec.width; ++column) {
            metres.push_back(20.0F + 0.1F * static_cast<float>(column) -
                             0.03F * static_cast<float>(row));
        }
    }
    auto writer = must(RasterWriter::create(spec));
    must(writer.writeFloats({0, 0, spec.width, spec.height}, metres));
    must(writer.finish());
}

bool isMarked(std::uint32_t texel) {
    constexpr std::uint32_t kFirst = (kMarkStep - kMarkSide) / 2;
    return texel % kMarkStep >= kFirst && texel % kMarkStep < kFirst + kMarkSide;
}

/// Bright, with the marks.
void writeOrtho(const fs::path& file) {
    const RasterSpec spec = specOf(file, RasterSpec::Pixels::Rgb8, kTexelMetres);
    std::vector<std::byte> pixels;
    for (std::uint32_t row = 0; row < spec.height; ++row) {
        for (std::uint32_t column = 0; column < spec.width; ++column) {
            const bool isDark = isMarked(row) && isMarked(column);
            pixels.insert(pixels.end(), 3, isDark ? std::byte{40} : std::byte{220});
        }
    }
    auto writer = must(RasterWriter::create(spec));
    must(writer.writeRgb({0, 0, spec.width, spec.height}, pixels));
    must(writer.finish());
}

/// On the ellipsoid, where PROJ has the marks' middles.
std::vector<Cartographic> marks() {
    const auto transform = must(Transform::create(must(tiles3d::crs::understandSrs("EPSG:4548")),
                                                  tiles3d::crs::EllipsoidalHeights{}));
    constexpr std::uint32_t kCount = kTexels / kMarkStep;
    std::vector<Cartographic> places;
    for (std::uint32_t row = 0; row < kCount; ++row) {
        for (std::uint32_t column = 0; column < kCount; ++column) {
            const double east = kWest + (column + 0.5) * kMarkStep * kTexelMetres;
            const double north = kNorth - (row + 0.5) * kMarkStep * kTexelMetres;
            places.push_back(must(transform.toCartographic({east, north, 0.0})));
        }
    }
    return places;
}

/// The middle of what is dark within some texels of a place, in texels; nothing where these do not
/// lie in the picture.
std::optional<glm::dvec2> darkMiddle(const tiles3d::image::Raster& picture,
                                     const glm::dvec2& place) {
    constexpr int kReach = 12;
    constexpr int kBright = 200; // JPEG's noise does not count
    const auto column = static_cast<int>(place.x);
    const auto row = static_cast<int>(place.y);
    const auto side = static_cast<int>(picture.width);
    if (std::min(column, row) < kReach || std::max(column, row) >= side - kReach) {
        return std::nullopt;
    }
    glm::dvec2 sum(0.0);
    double weights = 0.0;
    for (int y = row - kReach; y <= row + kReach; ++y) {
        for (int x = column - kReach; x <= column + kReach; ++x) {
            const auto at = static_cast<std::size_t>(y * side + x) * picture.channels;
            const double weight = std::max(kBright - std::to_integer<int>(picture.pixels[at]), 0);
            sum += weight * glm::dvec2(x + 0.5, y + 0.5);
            weights += weight;
        }
    }
    return sum / weights; // NaN without a mark: farther than any limit
}

/// How far marks stand from their places.
struct Displacements {
    std::size_t count = 0;
    double texelMetres = 0.0;
    double largestMetres = 0.0;
    glm::dvec2 sumMetres{0.0}; ///< East, south.

    void add(const glm::dvec2& texels) {
        const double metres = glm::length(texels) * texelMetres;
        largestMetres = metres <= largestMetres ? largestMetres : metres; // a NaN stays
        sumMetres += texels * texelMetres;
        ++count;
    }
};

void lookAt(const Leaf& leaf, const std::vector<Cartographic>& inside, Displacements& found) {
    const LeafSurface surface(leaf);
    const auto picture = must(tiles3d::image::decode(surface.picture().bytes));
    found.texelMetres = tiles3d::geo::kSemiMajorMetres *
                        (leaf.region.north.radians() - leaf.region.south.radians()) /
                        picture.height;
    for (const Cartographic& mark : inside) {
        const auto hit = surface.at(mark);
        if (!hit) {
            continue; // beside the last post
        }
        const glm::dvec2 place = hit->uv * glm::dvec2(picture.width, picture.height);
        if (const auto middle = darkMiddle(picture, place)) {
            found.add(*middle - place);
        }
    }
}

void buildCity(const ScratchFolder& scratch) {
    writeDem(scratch / "dem.tif");
    writeOrtho(scratch / "ortho.tif");
    must(tiles3d::base::writeFile(scratch / "city.json",
                                  R"({"name": "marks", "vertical": {"datum": "ellipsoidal"},)"
                                  R"( "terrain": {"dem": ["dem.tif"], "ortho": ["ortho.tif"]}})"));
    runProgram({CITY3D_PROGRAM,
                "build",
                (scratch / "city.json").string(),
                "--out",
                (scratch / "city").string()});
}

} // namespace

bool findMarks() {
    const ScratchFolder scratch;
    buildCity(scratch);
    const TerrainLeaves leaves(scratch / "city");
    std::map<std::size_t, std::vector<Cartographic>> byLeaf;
    for (const Cartographic& mark : marks()) {
        if (const auto leaf = leaves.at(mark.longitude, mark.latitude)) {
            byLeaf[*leaf].push_back(mark);
        }
    }
    Displacements found;
    for (const auto& [index, inside] : byLeaf) {
        lookAt(leaves.all()[index], inside, found);
    }
    const glm::dvec2 mean = found.sumMetres / std::max(static_cast<double>(found.count), 1.0);
    fmt::print("marks of an orthophoto of {} m: {} found in texels of {:.3f} m; off by {:.3f} m at"
               " most, {:.3f} m east and {:.3f} m south on average\n",
               kTexelMetres,
               found.count,
               found.texelMetres,
               found.largestMetres,
               mean.x,
               mean.y);
    constexpr double kMostTexels = 0.5;
    constexpr double kMostMetres = 0.01;
    return found.count > 0 && found.largestMetres <= kMostTexels * found.texelMetres + kMostMetres;
}

} // namespace tests::bench
