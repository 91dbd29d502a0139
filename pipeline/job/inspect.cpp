#include "pipeline/job/inspect.h"

#include "pipeline/oblique/convert_block.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

namespace pipeline::job {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

struct SurveyedBlock {
    const scan::Production* production = nullptr;
    const scan::Block* block = nullptr;
};

/// Every n-th block, so that their bytes add up to about the wanted sample.
std::vector<SurveyedBlock> sampleOf(const Inspection& all, std::uint64_t sampleBytes) {
    const std::uint64_t stride =
        sampleBytes == 0 ? 1 : std::max<std::uint64_t>(1, all.bytes / sampleBytes);
    std::vector<SurveyedBlock> sample;
    std::uint64_t number = 0;
    for (const scan::Production& production : all.catalogue.productions) {
        for (const scan::Block& block : production.blocks) {
            if (number++ % stride == 0) {
                sample.push_back({&production, &block});
            }
        }
    }
    return sample;
}

/// Where nothing says where a delivery stands, its shape can still be surveyed, anywhere.
Result<tiles3d::crs::Transform> surveyTransform(const scan::Production& production) {
    auto placed = tiles3d::crs::Transform::create(production.crs, production.heights);
    if (placed && production.isPlaced) {
        return placed;
    }
    tiles3d::crs::SourceCrs anywhere;
    anywhere.horizontal = tiles3d::crs::LocalEnu{};
    return tiles3d::crs::Transform::create(anywhere, tiles3d::crs::EllipsoidalHeights{});
}

/// What a worker process makes once and keeps.
struct SurveyState {
    std::unique_ptr<sources::OsgbRuntime> runtime;
    std::map<const scan::Production*, tiles3d::crs::Transform> transforms;

    Result<std::string> survey(const SurveyedBlock& job, const engine::UnitContext& context) {
        if (!runtime) {
            runtime = std::make_unique<sources::OsgbRuntime>();
        }
        auto known = transforms.find(job.production);
        if (known == transforms.end()) {
            auto made = surveyTransform(*job.production);
            if (!made) {
                return made.error();
            }
            known = transforms.emplace(job.production, *std::move(made)).first;
        }
        const oblique::BlockTask task{.name = job.block->name,
                                      .folder = job.block->folder,
                                      .root = job.block->root,
                                      .origin = job.production->isPlaced ? job.production->origin
                                                                         : glm::dvec3(0.0),
                                      .purpose = oblique::Purpose::Survey};
        const auto result = oblique::surveyBlock(task, *runtime, known->second, context);
        return result ? Result<std::string>(oblique::toJson(*result).dump())
                      : Result<std::string>(result.error());
    }
};

Status
survey(const std::vector<SurveyedBlock>& sample, engine::IEngine& engine, Inspection& inspection) {
    std::vector<engine::Unit> units;
    for (const SurveyedBlock& job : sample) {
        units.push_back({.name = toUtf8(job.block->name), .bytes = job.block->bytes});
        inspection.bytesRead += job.block->bytes;
    }
    inspection.blocksRead = sample.size();
    const auto state = std::make_shared<SurveyState>();
    return engine.run(
        units,
        [&sample, state](std::size_t i, const engine::UnitContext& context) {
            return state->survey(sample[i], context);
        },
        [&](std::size_t i, const std::string& text) -> Status {
            const auto json = tiles3d::base::parseJson(text);
            if (!json) {
                return json.error();
            }
            inspection.counted.add(toUtf8(sample[i].block->name), oblique::blockResultFrom(*json));
            return ok();
        });
}

/// Measured on photogrammetry (tests/bench): bytes per triangle, and CPU over the time to parse.
struct CodecCost {
    double bytesPerTriangle = 0.0;
    double timesParse = 0.0;
};

CodecCost costOf(scan::Geometry geometry) {
    switch (geometry) {
    case scan::Geometry::Plain:
        return {28.0, 2.0};
    case scan::Geometry::Quantized:
        return {18.0, 2.2};
    case scan::Geometry::Meshopt:
        return {9.0, 3.0};
    case scan::Geometry::Draco:
        break;
    }
    return {7.0, 6.0};
}

/// Opens none: a build loses what cannot be read, and says so.
void listLayers(const scan::CityProject& project, Inspection& inspection) {
    for (const planning::LayerSource& source : project.layers) {
        const auto files = planning::filesOf(source);
        if (!files) {
            inspection.layers.push_back("left out: " + files.error().message);
            continue;
        }
        for (const planning::LayerSource& file : *files) {
            inspection.layers.push_back(planning::withoutPassword(file.path));
        }
    }
}

/// Opens no raster beyond its header, and no model.
void placeOthers(const scan::CityProject& project,
                 const scan::ScanOptions& options,
                 Inspection& inspection) {
    auto terrain = scanTerrain(project, options);
    if (terrain) {
        inspection.rasters = placedRasters(*terrain);
        inspection.rejectedRasters = std::move((*terrain).rejected);
    } else {
        inspection.refusals.push_back(terrain.error().message);
    }
    auto models = scan::placeModels(project, options.heightDatum);
    if (models) {
        inspection.models = *std::move(models);
    } else {
        inspection.refusals.push_back(models.error().message);
    }
    listLayers(project, inspection);
}

void estimate(const scan::OutputOptions& output, double surveySeconds, Inspection& inspection) {
    const CodecCost cost = costOf(output.geometry);
    double bytes = 0.0;
    for (const auto& [level, totals] : inspection.counted.levels) {
        bytes += static_cast<double>(totals.imageBytes) +
                 cost.bytesPerTriangle * static_cast<double>(totals.triangles);
    }
    const double factor = inspection.factor();
    inspection.estimatedOutputBytes = static_cast<std::uint64_t>(bytes * factor);
    inspection.estimatedOutputFiles =
        static_cast<std::uint64_t>(static_cast<double>(inspection.counted.contents) * factor) +
        inspection.blocks + 1;
    // The survey ran on the same cores; re-encoding textures costs about ten times the parsing.
    const double recode = output.texture == scan::TextureCodec::Keep ? 0.0 : 10.0;
    inspection.estimatedSeconds = surveySeconds * factor * (cost.timesParse + recode);
}

} // namespace

Result<Inspection> inspectSources(const scan::CityProject& project,
                                  const InspectOptions& options,
                                  engine::IEngine& engine) {
    scan::ScanOptions scanOptions = options.scan;
    scanOptions.needsPlacement = false;
    Result<scan::SourceCatalogue> catalogue = scanSources(project, scanOptions);
    if (!catalogue) {
        return catalogue.error();
    }
    Inspection inspection;
    inspection.catalogue = *std::move(catalogue);
    inspection.isPlaced = true;
    for (const scan::Production& production : inspection.catalogue.productions) {
        inspection.isPlaced = inspection.isPlaced && production.isPlaced;
        inspection.blocks += production.blocks.size();
        for (const scan::Block& block : production.blocks) {
            inspection.files += block.files;
            inspection.bytes += block.bytes;
        }
    }
    placeOthers(project, options.scan, inspection);
    const std::vector<SurveyedBlock> sample = sampleOf(inspection, options.sampleBytes);
    const auto start = std::chrono::steady_clock::now();
    if (Status surveyed = survey(sample, engine, inspection); !surveyed) {
        return surveyed.error();
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    estimate(project.output, seconds, inspection);
    return inspection;
}

namespace {

Json topsJson(const scan::SourceCatalogue& catalogue) {
    Json tops = Json::array();
    for (const scan::Production& production : catalogue.productions) {
        if (const auto& top = production.top) {
            tops.push(Json::object()
                          .set("delivery", toUtf8(production.name))
                          .set("kind", scan::toWord(top->kind))
                          .set("folder", toUtf8(top->folder))
                          .set("root", toUtf8(top->root))
                          .set("files", top->files)
                          .set("bytes", top->bytes)
                          .set("tops", scan::toWord(production.tops)));
        }
    }
    return tops;
}

Json modelsJson(const std::vector<scan::PlacedModel>& models) {
    Json list = Json::array();
    for (const scan::PlacedModel& model : models) {
        list.push(Json::object()
                      .set("id", model.source.id)
                      .set("path", toUtf8(model.source.path))
                      .set("understood_as", model.understoodAs)
                      .set("longitude", model.position.longitude.degrees())
                      .set("latitude", model.position.latitude.degrees())
                      .set("ellipsoidal_height", model.position.heightMetres)
                      .set("heading_degrees", model.heading.degrees()));
    }
    return list;
}

Json rejectedJson(const std::vector<scan::RejectedRaster>& rejected) {
    Json list = Json::array();
    for (const scan::RejectedRaster& raster : rejected) {
        list.push(Json::object().set("path", raster.file).set("reason", raster.reason));
    }
    return list;
}

Json textsJson(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) {
        list.push(text);
    }
    return list;
}

} // namespace

Json toJson(const Inspection& inspection) {
    scan::CityProject none;
    Json counted = toJson(inspection.counted, none, inspection.catalogue);
    Json extent = counted["placement"];
    return Json::object()
        .set("blocks", inspection.blocks)
        .set("files", inspection.files)
        .set("bytes", inspection.bytes)
        .set("blocks_read", inspection.blocksRead)
        .set("bytes_read", inspection.bytesRead)
        .set("deliveries", counted["deliveries"])
        .set("tops", topsJson(inspection.catalogue))
        .set("rasters", toJson(inspection.rasters))
        .set("rasters_left_out", rejectedJson(inspection.rejectedRasters))
        .set("models", modelsJson(inspection.models))
        .set("layers", textsJson(inspection.layers))
        .set("refusals", textsJson(inspection.refusals))
        .set("is_placed", inspection.isPlaced)
        .set("extent", inspection.isPlaced ? extent : Json())
        .set("levels", counted["levels"])
        .set("losses_by_kind", counted["losses_by_kind"])
        .set("losses", counted["losses"])
        .set("irregularities", counted["irregularities"])
        .set("estimate",
             Json::object()
                 .set("seconds", inspection.estimatedSeconds)
                 .set("output_bytes", inspection.estimatedOutputBytes)
                 .set("output_files", inspection.estimatedOutputFiles));
}

namespace {

constexpr double kMegabyte = 1e6;

std::string deliveriesText(const Inspection& inspection) {
    std::string text;
    for (const scan::Production& production : inspection.catalogue.productions) {
        text += fmt::format(
            "{}\n  blocks   {}\n  crs      {}\n  heights  {}\n",
            toUtf8(production.path),
            production.blocks.size(),
            production.crs.understoodAs.empty() ? "not understood" : production.crs.understoodAs,
            production.isPlaced ? tiles3d::crs::describe(production.heights) : "not stated");
        if (const auto& top = production.top) {
            text += fmt::format("  top      its own, a {}: {} ({} files, {:.1f} MB)\n",
                                scan::toWord(top->kind),
                                toUtf8(top->root),
                                top->files,
                                static_cast<double>(top->bytes) / kMegabyte);
        }
        for (const std::string& warning : production.warnings) {
            text += "  note     " + warning + "\n";
        }
    }
    return text;
}

std::string othersText(const Inspection& inspection) {
    std::string text;
    for (const PlacedRaster& raster : inspection.rasters) {
        text += "raster " + toText(raster) + "\n";
    }
    for (const scan::RejectedRaster& raster : inspection.rejectedRasters) {
        text += fmt::format("raster {}: left out: {}\n", raster.file, raster.reason);
    }
    for (const std::string& layer : inspection.layers) {
        text += "layers " + layer + "\n";
    }
    for (const scan::PlacedModel& model : inspection.models) {
        text += fmt::format("model {}: {:.6f}, {:.6f}, ellipsoidal height {:.2f} m, heading {:.1f} "
                            "degrees; {}\n",
                            toUtf8(model.source.path),
                            model.position.longitude.degrees(),
                            model.position.latitude.degrees(),
                            model.position.heightMetres,
                            model.heading.degrees(),
                            model.understoodAs);
    }
    for (const std::string& refusal : inspection.refusals) {
        text += "a build would refuse this: " + refusal + "\n";
    }
    return text;
}

std::string levelsText(const Inspection& inspection) {
    std::string text = fmt::format("\n{:>6}{:>9}{:>9}{:>12}{:>9}{:>10}{:>12}{:>10}\n",
                                   "level",
                                   "files",
                                   "tiles",
                                   "triangles",
                                   "Mtexel",
                                   "MB",
                                   "m/pixel",
                                   "error m");
    for (const auto& [level, totals] : inspection.counted.levels) {
        text += fmt::format("{:>6}{:>9}{:>9}{:>12}{:>9.1f}{:>10.2f}{:>12.4g}{:>10.4g}\n",
                            fmt::format("L{}", level),
                            totals.files,
                            totals.tiles,
                            totals.triangles,
                            static_cast<double>(totals.texels) / kMegabyte,
                            static_cast<double>(totals.sourceBytes) / kMegabyte,
                            totals.metresPerPixel,
                            totals.geometricErrorMetres);
    }
    return text;
}

std::string findingsText(const BuildReport& counted) {
    std::string text;
    for (const auto& [kind, number] : counted.losses) {
        text += fmt::format("  {} x {}\n", number, kind);
    }
    constexpr std::size_t kExamples = 5;
    for (std::size_t i = 0; i < std::min(kExamples, counted.lossList.size()); ++i) {
        const ReportedLoss& loss = counted.lossList[i];
        text += fmt::format("    {} {}: {}\n", loss.unit, loss.loss.file, loss.loss.reason);
    }
    for (const auto& [what, number] : counted.irregularities) {
        text += fmt::format("  {} x {}\n", number, what);
    }
    return text.empty() ? "\nno irregularities\n" : "\nirregularities\n" + text;
}

} // namespace

std::string toText(const Inspection& inspection) {
    std::string text = deliveriesText(inspection) + othersText(inspection);
    text += fmt::format("\n{} blocks, {} files, {:.1f} MB",
                        inspection.blocks,
                        inspection.files,
                        static_cast<double>(inspection.bytes) / kMegabyte);
    text += inspection.blocksRead == inspection.blocks
                ? "; all were read\n"
                : fmt::format("; {} blocks ({:.1f} MB) were read, the estimates are extrapolated\n",
                              inspection.blocksRead,
                              static_cast<double>(inspection.bytesRead) / kMegabyte);
    const BuildReport& counted = inspection.counted;
    if (inspection.isPlaced && counted.hasBlocks()) {
        text += fmt::format("block centres from {:.6f}, {:.6f} to {:.6f}, {:.6f}; ellipsoidal "
                            "height {:.1f} to {:.1f} m\n",
                            counted.minimumDegrees.x,
                            counted.minimumDegrees.y,
                            counted.maximumDegrees.x,
                            counted.maximumDegrees.y,
                            counted.minimumDegrees.z,
                            counted.maximumDegrees.z);
    }
    text += levelsText(inspection) + findingsText(counted);
    text +=
        fmt::format("\na build takes about {:.1f} s here and writes about {:.1f} MB in {} files\n",
                    inspection.estimatedSeconds,
                    static_cast<double>(inspection.estimatedOutputBytes) / kMegabyte,
                    inspection.estimatedOutputFiles);
    return text;
}

} // namespace pipeline::job
