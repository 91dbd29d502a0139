#include "pipeline/sample/planning_load.h"

#include "pipeline/planning/geopackage_writer.h"
#include "pipeline/planning/vector_writer.h"
#include "pipeline/sample/planning_load_features.h"
#include "pipeline/sample/planning_load_plan.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/parallel.h"
#include "tiles3d/crs/source_crs.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <system_error>
#include <type_traits>
#include <variant>
#include <vector>

namespace pipeline::sample {

namespace {

namespace fs = std::filesystem;
using planning::Feature;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

constexpr const char* kPlane = "EPSG:4548";
constexpr std::size_t kSmallLayer = 5000;

enum class Format { GeoPackage, Shapefile, GeoJson };

/// A subcategory's layers.
struct Batch {
    const LoadSubject* subject = nullptr;
    std::vector<const LoadLayer*> layers;
    Format format = Format::GeoPackage;
    std::size_t features = 0;
};

struct Written {
    std::vector<fs::path> files; ///< From the project's folder.
    std::uint64_t vertices = 0;
    std::uint64_t bytes = 0;
};

std::vector<Batch> batchesOf(const LoadPlan& plan) {
    std::vector<Batch> batches(plan.subjects.size());
    for (const LoadLayer& layer : plan.layers) {
        Batch& batch = batches[layer.subject];
        batch.subject = &plan.subjects[layer.subject];
        batch.layers.push_back(&layer);
        batch.features += layer.features;
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const bool isSmall = std::ranges::all_of(batches[i].layers, [](const LoadLayer* layer) {
            return layer->features <= kSmallLayer;
        });
        batches[i].format = !isSmall      ? Format::GeoPackage
                            : i % 6 == 1  ? Format::Shapefile
                            : i % 12 == 5 ? Format::GeoJson
                                          : Format::GeoPackage;
    }
    std::erase_if(batches, [](const Batch& batch) { return batch.layers.empty(); });
    return batches;
}

std::uint64_t verticesOf(const planning::Geometry& geometry) {
    std::uint64_t vertices = geometry.points.size();
    for (const auto& line : geometry.lines) {
        vertices += line.size();
    }
    for (const planning::Polygon& polygon : geometry.polygons) {
        vertices += polygon.outer.size();
        for (const planning::Ring& hole : polygon.holes) {
            vertices += hole.size();
        }
    }
    return vertices;
}

/// Writes the files of a batch.
class BatchWriter {
public:
    BatchWriter(const fs::path& folder, const Batch& batch, std::uint64_t seed)
        : folder_(folder), batch_(batch), seed_(seed),
          place_(fs::path("layers") / batch.subject->category) {}

    Result<Written> write() {
        const Status written = batch_.format == Format::GeoPackage ? writeTables() : writeLayers();
        if (!written) {
            return written.error();
        }
        return std::move(written_);
    }

private:
    Status writeTables() {
        const fs::path file = place_ / (batch_.subject->name + ".gpkg");
        Result<planning::GeoPackageWriter> writer =
            planning::GeoPackageWriter::create(folder_ / file, kPlane);
        if (!writer) {
            return writer.error();
        }
        for (const LoadLayer* layer : batch_.layers) {
            if (Status written = writeTable(*writer, *layer); !written) {
                return written;
            }
        }
        written_.files.push_back(file);
        return writer->close();
    }

    Status writeTable(planning::GeoPackageWriter& writer, const LoadLayer& layer) {
        const planning::GeometryKind kind = geometryKindOf(layer.shape);
        Result<planning::FeatureTable> table =
            writer.begin(layer.name, kind, fieldsOf(layer.shape));
        if (!table) {
            return table.error();
        }
        std::int64_t id = 0;
        const Status added = forEachLoadFeature(layer, seed_, [&](const Feature& feature) {
            written_.vertices += verticesOf(feature.geometry);
            const auto given = writer.add(
                *table, ++id, blobOf(feature.geometry, kind, writer.srsId()), feature.values);
            return given ? ok() : Status(given.error());
        });
        return added ? writer.finish(*std::move(table)) : added;
    }

    /// A file per layer.
    Status writeLayers() {
        for (const LoadLayer* layer : batch_.layers) {
            planning::VectorLayer whole{
                .name = layer->name, .crs = kPlane, .kind = geometryKindOf(layer->shape)};
            whole.fields = fieldsOf(layer->shape);
            Status written = forEachLoadFeature(*layer, seed_, [&](Feature feature) {
                written_.vertices += verticesOf(feature.geometry);
                whole.features.push_back(std::move(feature));
                return ok();
            });
            const bool isShapefile = batch_.format == Format::Shapefile;
            const fs::path file = place_ / (layer->name + (isShapefile ? ".shp" : ".geojson"));
            if (written) {
                written = isShapefile
                              ? planning::writeShapefile(folder_ / file,
                                                         whole,
                                                         {.encoding = "GBK", .withCodePage = false})
                              : writeGeoJson(folder_ / file, whole);
            }
            if (!written) {
                return written;
            }
            written_.files.push_back(file);
        }
        return ok();
    }

    static Status writeGeoJson(const fs::path& file, const planning::VectorLayer& layer);

    const fs::path& folder_;
    const Batch& batch_;
    std::uint64_t seed_;
    fs::path place_;
    Written written_;
};

/// Coordinates of GeoJSON: degrees.
class Degrees {
public:
    explicit Degrees(const tiles3d::crs::Transform& plane) : plane_(plane) {}

    Json point(const glm::dvec2& place) {
        constexpr double kPerDegree = 1e9; // 0.1 mm
        const auto at = plane_.toCartographic({place.x, place.y, 0.0});
        isFine = isFine && at;
        if (!at) {
            return {};
        }
        return Json(Json::Array{std::round(at->longitude.degrees() * kPerDegree) / kPerDegree,
                                std::round(at->latitude.degrees() * kPerDegree) / kPerDegree});
    }

    Json line(const std::vector<glm::dvec2>& places) {
        Json::Array points;
        for (const glm::dvec2& place : places) {
            points.push_back(point(place));
        }
        return Json(std::move(points));
    }

    Json ring(planning::Ring places) {
        places.push_back(places.front());
        return line(places);
    }

    bool isFine = true;

private:
    const tiles3d::crs::Transform& plane_;
};

Json geometryJson(const planning::Geometry& geometry, Degrees& degrees) {
    Json json = Json::object();
    if (!geometry.polygons.empty()) {
        Json::Array rings{degrees.ring(geometry.polygons.front().outer)};
        for (const planning::Ring& hole : geometry.polygons.front().holes) {
            rings.push_back(degrees.ring(hole));
        }
        json.set("type", "Polygon");
        json.set("coordinates", Json(std::move(rings)));
    } else if (!geometry.lines.empty()) {
        json.set("type", "LineString");
        json.set("coordinates", degrees.line(geometry.lines.front()));
    } else {
        json.set("type", "Point");
        json.set("coordinates", degrees.point(geometry.points.front()));
    }
    return json;
}

Json valueJson(const planning::Value& value) {
    return std::visit(
        [](const auto& held) {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, std::monostate>) {
                return Json();
            } else {
                return Json(held);
            }
        },
        value);
}

Status BatchWriter::writeGeoJson(const fs::path& file, const planning::VectorLayer& layer) {
    const auto crs = tiles3d::crs::understandSrs(kPlane, true);
    if (!crs) {
        return crs.error();
    }
    const auto plane = tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!plane) {
        return plane.error();
    }
    Degrees degrees(*plane);
    Json::Array features;
    for (const Feature& feature : layer.features) {
        Json properties = Json::object();
        for (std::size_t i = 0; i < layer.fields.size(); ++i) {
            properties.set(layer.fields[i].name, valueJson(feature.values[i]));
        }
        Json json = Json::object();
        json.set("type", "Feature");
        json.set("properties", std::move(properties));
        json.set("geometry", geometryJson(feature.geometry, degrees));
        features.push_back(std::move(json));
    }
    Json collection = Json::object();
    collection.set("type", "FeatureCollection");
    collection.set("name", layer.name);
    collection.set("features", Json(std::move(features)));
    return degrees.isFine ? tiles3d::base::writeFile(file, collection.dump())
                          : Status(Error{tiles3d::base::toUtf8(file) + ": outside of its CRS"});
}

Status checkOptions(const PlanningLoadOptions& options) {
    constexpr std::size_t kMostLayers = 5000;
    constexpr std::size_t kMostFeatures = 100'000'000;
    constexpr std::size_t kLeastPerLayer = 13;
    if (options.layers < 1 || options.layers > kMostLayers) {
        return Error{fmt::format("{} layers: it can be 1 to {}", options.layers, kMostLayers)};
    }
    if (options.features < kLeastPerLayer * options.layers || options.features > kMostFeatures) {
        return Error{fmt::format("{} features in {} layers: it can be {} to {}",
                                 options.features,
                                 options.layers,
                                 kLeastPerLayer * options.layers,
                                 kMostFeatures)};
    }
    return ok();
}

Json projectOf(const std::vector<Batch>& batches, const std::vector<Written>& written) {
    Json::Array layers;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        for (const fs::path& file : written[i].files) {
            Json layer = Json::object();
            layer.set("path", file.generic_string());
            layer.set("category", batches[i].subject->category + "/" + batches[i].subject->name);
            layers.push_back(std::move(layer));
        }
    }
    Json project = Json::object();
    project.set("name", "Planning layers");
    project.set("plane_crs", kPlane);
    project.set("layers", Json(std::move(layers)));
    return project;
}

Result<std::vector<Written>> writeBatches(const fs::path& folder,
                                          const std::vector<Batch>& batches,
                                          const PlanningLoadOptions& options,
                                          const PlanningLoadProgress& progress) {
    std::vector<std::size_t> largestFirst(batches.size());
    std::iota(largestFirst.begin(), largestFirst.end(), std::size_t{0});
    std::ranges::stable_sort(largestFirst, std::ranges::greater(), [&batches](std::size_t i) {
        return batches[i].features;
    });
    std::vector<Written> written(batches.size());
    std::vector<Status> states(batches.size(), ok());
    std::mutex mutex;
    std::size_t done = 0;
    tiles3d::base::parallelFor(batches.size(), options.threads, [&](std::size_t rank) {
        const std::size_t i = largestFirst[rank];
        Result<Written> one = BatchWriter(folder, batches[i], options.seed).write();
        if (!one) {
            states[i] = one.error();
            return;
        }
        for (const fs::path& file : one->files) {
            std::error_code ignored;
            one->bytes += fs::file_size(folder / file, ignored);
        }
        written[i] = *std::move(one);
        const std::lock_guard lock(mutex);
        if (progress) {
            progress(++done, batches.size(), batches[i].subject->name);
        }
    });
    const auto failed = std::ranges::find_if(states, [](const Status& state) { return !state; });
    return failed != states.end() ? Result<std::vector<Written>>(failed->error())
                                  : std::move(written);
}

} // namespace

Result<PlanningLoadReport> writePlanningLoad(const fs::path& folder,
                                             const PlanningLoadOptions& options,
                                             const PlanningLoadProgress& progress) {
    if (const Status fine = checkOptions(options); !fine) {
        return fine.error();
    }
    const LoadPlan plan = planLoad(options.features, options.layers);
    for (const LoadSubject& subject : plan.subjects) {
        if (Status made = tiles3d::base::makeFolder(folder / "layers" / subject.category); !made) {
            return made.error();
        }
    }
    const std::vector<Batch> batches = batchesOf(plan);
    const Result<std::vector<Written>> written = writeBatches(folder, batches, options, progress);
    if (!written) {
        return written.error();
    }
    PlanningLoadReport report{.layers = plan.layers.size(), .features = options.features};
    for (const Written& one : *written) {
        report.vertices += one.vertices;
        report.bytes += one.bytes;
    }
    report.project = folder / "city.json";
    const Status saved =
        tiles3d::base::writeFile(report.project, projectOf(batches, *written).dump(true));
    return saved ? Result<PlanningLoadReport>(report) : saved.error();
}

} // namespace pipeline::sample
