#include "pipeline/sample/terrain_load.h"

#include "pipeline/sample/delivery.h"
#include "pipeline/sample/landform.h"
#include "pipeline/sample/noise.h"
#include "pipeline/sample/raster_stream.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cmath>
#include <system_error>

namespace pipeline::sample {

namespace {

namespace fs = std::filesystem;
using sources::RasterSpec;
using sources::RasterWindow;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::Status;

constexpr double kSeaMetres = 500.0; ///< How far south of the origin the square begins.

RasterSpec specFor(const fs::path& file, double kilometres, double pixelMetres) {
    constexpr double kMetres = 1000.0;
    RasterSpec spec;
    spec.file = file;
    spec.width = static_cast<std::uint32_t>(std::lround(kilometres * kMetres / pixelMetres));
    spec.height = spec.width;
    spec.west = kOrigin.x;
    spec.north = kOrigin.y - kSeaMetres + spec.height * pixelMetres;
    spec.pixelSize = pixelMetres;
    spec.epsg = 4548;
    return spec;
}

/// Metres from the origin of a pixel's middle, or of a point between pixels.
glm::dvec2 placeOf(const RasterSpec& spec, double column, double row) {
    return {spec.west - kOrigin.x + column * spec.pixelSize,
            spec.north - kOrigin.y - row * spec.pixelSize};
}

std::vector<float> heightsIn(const Landform& land,
                             std::uint64_t seed,
                             const RasterSpec& spec,
                             const RasterWindow& window) {
    constexpr double kGrainMetres = 0.06; // what lidar leaves: without it DEFLATE has it too easy
    std::vector<float> values;
    values.reserve(std::size_t{window.columns} * window.rows);
    for (std::uint32_t row = window.row; row < window.row + window.rows; ++row) {
        for (std::uint32_t column = window.column; column < window.column + window.columns;
             ++column) {
            const double height = land.height(placeOf(spec, column + 0.5, row + 0.5));
            const double grain = kGrainMetres * cellNoise(seed + 3, column, row);
            values.push_back(static_cast<float>(height > 0.0 ? height + grain : 0.0));
        }
    }
    return values;
}

/// What is the same for a patch of ground of a few metres.
struct Patch {
    glm::dvec3 colour{0.0}; ///< 0 to 255, in the sun.
    double grain = 0.0;     ///< How much a pixel differs from the next.
};

/// Sun from the north-west onto a slope.
double lightOn(const Landform& land, const glm::dvec2& place) {
    constexpr double kReach = 4.0;
    const double here = land.height(place);
    const double east = land.height(place + glm::dvec2(kReach, 0.0)) - here;
    const double north = land.height(place + glm::dvec2(0.0, kReach)) - here;
    const glm::dvec3 normal = glm::normalize(glm::dvec3(-east, -north, kReach));
    return 0.35 + 0.75 * std::max(0.0, glm::dot(normal, glm::dvec3(-0.5, 0.5, 0.7071)));
}

Patch patchAt(const Landform& land, std::uint64_t seed, const glm::dvec2& place) {
    const double inland = land.inland(place);
    if (inland < 0.0) {
        const double depth = smoothStep(0.0, 300.0, -inland);
        return {glm::mix(glm::dvec3(96.0, 128.0, 120.0), glm::dvec3(38.0, 74.0, 96.0), depth), 8.0};
    }
    const double light = lightOn(land, place);
    if (inland < 17.0) {
        return {glm::dvec3(206.0, 190.0, 156.0) * light, 14.0};
    }
    const double woods = smoothStep(0.05, 0.3, land.hilliness(place));
    const double field = cellNoise(seed + 1, place.x / 70.0, place.y / 45.0);
    const glm::dvec3 crop =
        glm::mix(glm::dvec3(150.0, 140.0, 92.0), glm::dvec3(92.0, 122.0, 60.0), field);
    const glm::dvec3 leaves = glm::dvec3(54.0, 78.0, 44.0) *
                              (0.7 + 0.6 * smoothNoise(seed, place.x / 7.0, place.y / 7.0));
    return {glm::mix(crop, leaves, woods) * light, std::lerp(16.0, 36.0, woods)};
}

std::vector<std::byte> pictureIn(const Landform& land,
                                 std::uint64_t seed,
                                 const RasterSpec& spec,
                                 const RasterWindow& window) {
    constexpr std::uint32_t kPatch = 8; // pixels: the land is asked once for so many
    const std::uint32_t across = (window.columns - 1) / kPatch + 1;
    std::vector<std::byte> pixels;
    pixels.reserve(std::size_t{window.columns} * window.rows * 3);
    std::vector<Patch> patches;
    for (std::uint32_t row = 0; row < window.rows; ++row) {
        if (row % kPatch == 0) {
            patches.clear();
            for (std::uint32_t patch = 0; patch < across; ++patch) {
                patches.push_back(patchAt(land,
                                          seed,
                                          placeOf(spec,
                                                  window.column + (patch + 0.5) * kPatch,
                                                  window.row + row + 0.5 * kPatch)));
            }
        }
        for (std::uint32_t column = 0; column < window.columns; ++column) {
            const Patch& patch = patches[column / kPatch];
            const double speck = cellNoise(seed + 2, window.column + column, window.row + row);
            const glm::dvec3 colour = patch.colour + patch.grain * (speck - 0.5);
            for (int channel = 0; channel < 3; ++channel) {
                pixels.push_back(static_cast<std::byte>(
                    static_cast<int>(glm::clamp(colour[channel], 0.0, 255.0))));
            }
        }
    }
    return pixels;
}

Status writeBoth(const RasterSpec& dem,
                 const RasterSpec& ortho,
                 const TerrainLoadOptions& options,
                 const TerrainLoadProgress& progress) {
    const std::size_t total = windowsOf(dem).size() + windowsOf(ortho).size();
    std::size_t done = 0;
    const auto counted = [&](const auto& store, const char* what) {
        return [&, store, what](auto& writer, const auto& window, const auto& values) {
            if (progress) {
                progress(++done, total, what);
            }
            return store(writer, window, values);
        };
    };
    const Landform land(options.seed);
    const Status heights = streamWindows<float>(
        dem,
        options.threads,
        [&](const RasterWindow& window) { return heightsIn(land, options.seed, dem, window); },
        counted(storeFloats, "heights"));
    if (!heights) {
        return heights;
    }
    return streamWindows<std::byte>(
        ortho,
        options.threads,
        [&](const RasterWindow& window) { return pictureIn(land, options.seed, ortho, window); },
        counted(storeRgb, "orthophoto"));
}

Json projectOf() {
    Json terrain = Json::object();
    terrain.set("dem", Json(Json::Array{"dem/dem_1m.tif"}));
    terrain.set("ortho", Json(Json::Array{"dom/dom_50cm.tif"}));
    terrain.set("sea_level", 0.0);
    Json vertical = Json::object();
    vertical.set("datum", "EPSG:5773");
    Json project = Json::object();
    project.set("name", "Terrain");
    project.set("plane_crs", "EPSG:4548");
    project.set("vertical", std::move(vertical));
    project.set("terrain", std::move(terrain));
    return project;
}

} // namespace

Result<TerrainLoadReport> writeTerrainLoad(const fs::path& folder,
                                           const TerrainLoadOptions& options,
                                           const TerrainLoadProgress& progress) {
    constexpr double kLeast = 0.1;
    constexpr double kMost = 30.0;
    if (!(options.kilometres >= kLeast && options.kilometres <= kMost)) {
        return Error{
            fmt::format("terrain of {} km: it can be {} to {}", options.kilometres, kLeast, kMost)};
    }
    for (const fs::path& made : {folder / "dem", folder / "dom"}) {
        if (const Status status = tiles3d::base::makeFolder(made); !status) {
            return status.error();
        }
    }
    const RasterSpec dem = specFor(folder / "dem" / "dem_1m.tif", options.kilometres, 1.0);
    RasterSpec ortho = specFor(folder / "dom" / "dom_50cm.tif", options.kilometres, 0.5);
    ortho.pixels = RasterSpec::Pixels::Rgb8;
    if (const Status written = writeBoth(dem, ortho, options, progress); !written) {
        return written.error();
    }
    TerrainLoadReport report;
    report.posts = std::uint64_t{dem.width} * dem.height;
    report.texels = std::uint64_t{ortho.width} * ortho.height;
    report.project = folder / "city.json";
    for (const fs::path& file : {dem.file, ortho.file}) {
        std::error_code failed;
        report.bytes += fs::file_size(file, failed);
    }
    const Status written = tiles3d::base::writeFile(report.project, projectOf().dump(true) + "\n");
    return written ? Result<TerrainLoadReport>(report) : Result<TerrainLoadReport>(written.error());
}

} // namespace pipeline::sample
