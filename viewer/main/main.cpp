#include "pipeline/planning/vector_reader.h"
#include "viewer/app/run_app.h"
#include "viewer/camera/fit_view.h"
#include "viewer/main/parse_args.h"
#include "viewer/overlay/drape_pass.h"
#include "viewer/render/still.h"

#include <osg/Notify>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace {

/// As city3d's.
enum class ExitCode : int { Done = 0, Failed = 1, BadArguments = 2, DoneWithLosses = 3 };

void logToStderr() {
    auto logger = std::make_shared<spdlog::logger>(
        "city3d-viewer", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
    logger->set_pattern("%^%l%$: %v");
    spdlog::set_default_logger(std::move(logger));
    osg::setNotifyLevel(osg::FATAL); // OSG's own warnings name its internals, not the user's files
}

/// Layers are draped this far round the city's middle, and a little beyond its outline.
constexpr double kLeastExtentMetres = 1000.0;
constexpr double kMostExtentMetres = 40000.0;
constexpr double kBeyondOutline = 1.05;

double drapedExtent(const viewer::stream::TilesetSession& session) {
    const double extent = viewer::camera::halfExtentOf(viewer::camera::outlineOf(session.tree()),
                                                       session.sceneFrame());
    return std::clamp(extent * kBeyondOutline, kLeastExtentMetres, kMostExtentMetres);
}

/// Reads the layers and lays them on the city; nothing without layers.
viewer::render::Decorate drapeOf(const viewer::main::ViewCommand& command) {
    if (command.layers.empty()) {
        return nullptr;
    }
    return [&command](viewer::scene::FrameGraph& graph,
                      const viewer::stream::TilesetSession& session) -> tiles3d::base::Status {
        const tiles3d::geo::EnuFrame& scene = session.sceneFrame();
        const pipeline::planning::GdalRuntime gdal;
        std::vector<pipeline::planning::VectorLayer> layers;
        for (const std::string& file : command.layers) {
            auto read = pipeline::planning::readVectors(
                file, viewer::overlay::localPlane(scene), {.fallbackCrs = command.layersCrs});
            if (!read) {
                return read.error();
            }
            for (const std::string& warning : read->warnings) {
                spdlog::warn("{}", warning);
            }
            std::move(read->layers.begin(), read->layers.end(), std::back_inserter(layers));
        }
        const auto drape =
            viewer::overlay::makeDrape(layers, scene, {.halfExtentMetres = drapedExtent(session)});
        if (!drape) {
            return drape.error();
        }
        for (const std::string& remark : drape->remarks) {
            spdlog::warn("{}", remark);
        }
        spdlog::info("{} features draped, index {:.1f} MB, plane within {:.2f} mm of PROJ",
                     drape->features,
                     static_cast<double>(drape->indexBytes) / 1e6,
                     drape->planeResidualMetres * 1000.0);
        graph.setDrapePass(drape->pass);
        return tiles3d::base::ok();
    };
}

viewer::render::PictureView viewOf(const viewer::main::ViewCommand& command) {
    return {.pose = command.pose.value_or(viewer::camera::CameraPose{}),
            .widthPixels = command.widthPixels,
            .heightPixels = command.heightPixels,
            .verticalFovRadians = command.verticalFov.radians(),
            .maxScreenSpaceErrorPixels = command.maxScreenSpaceErrorPixels};
}

ExitCode renderStill(const viewer::main::ViewCommand& command,
                     viewer::render::OffscreenCity& city) {
    viewer::render::StillOptions options{.picture = *command.picture, .view = viewOf(command)};
    if (!command.pose) {
        options.fit =
            viewer::camera::FitOptions{.heading = command.heading, .pitch = command.pitch};
    }
    const auto report = viewer::render::renderStill(city, options);
    if (!report) {
        spdlog::error("{}", report.error().message);
        return ExitCode::Failed;
    }
    for (const std::string& warning : report->warnings) {
        spdlog::warn("{}", warning);
    }
    for (const viewer::stream::TileFailure& failure : report->failures) {
        spdlog::error("tile {}: {}", failure.uri, failure.message);
    }
    if (report->picture.drawnTiles == 0 && report->failures.empty() && command.pose) {
        spdlog::warn("nothing of the city is in the picture; --fit shows all of it");
    }
    if (command.asJson) {
        const std::string text = viewer::render::toJson(*report).dump(true) + "\n";
        std::fputs(text.c_str(), stdout);
    } else {
        spdlog::info("{}: {} tiles, {} triangles, on {}; --camera {}",
                     *command.picture,
                     report->picture.drawnTiles,
                     report->picture.drawnTriangles,
                     report->renderer,
                     viewer::render::cameraText(report->pose));
    }
    return report->failures.empty() ? ExitCode::Done : ExitCode::DoneWithLosses;
}

ExitCode render(const viewer::main::ViewCommand& command) {
    const auto city = viewer::render::OffscreenCity::open(
        {.tileset = command.tileset,
         .session = {.cacheBytes = command.cacheMebibytes << 20U},
         .decorate = drapeOf(command)});
    if (!city) {
        spdlog::error("{}", city.error().message);
        return ExitCode::Failed;
    }
    return renderStill(command, **city);
}

viewer::render::ViewFile viewFileOf(const viewer::main::ViewCommand& command) {
    viewer::render::ViewFile view;
    view.tilesets.push_back({.location = command.tileset});
    for (const std::string& file : command.layers) {
        view.layers.push_back({.file = file, .crs = command.layersCrs});
    }
    view.pose = command.pose;
    return view;
}

ExitCode show(const viewer::main::ViewCommand& command) {
    const pipeline::planning::GdalRuntime gdal;
    const auto shown = viewer::app::runApp(
        {.view = viewFileOf(command),
         .viewport = {.verticalFovRadians = command.verticalFov.radians(),
                      .maxScreenSpaceErrorPixels = command.maxScreenSpaceErrorPixels,
                      .cacheBytes = command.cacheMebibytes << 20U}});
    if (!shown) {
        spdlog::error("{}", shown.error().message);
        return ExitCode::Failed;
    }
    return ExitCode::Done;
}

ExitCode run(const std::vector<std::string>& args) {
    const auto command = viewer::main::parseArgs(args);
    if (!command) {
        spdlog::error("{}", command.error().message);
        return ExitCode::BadArguments;
    }
    if (const auto* print = std::get_if<viewer::main::PrintCommand>(&*command)) {
        std::fputs(print->text.c_str(), stdout);
        return ExitCode::Done;
    }
    const auto& view = std::get<viewer::main::ViewCommand>(*command);
    return view.picture ? render(view) : show(view);
}

} // namespace

int main(int argc, char** argv) {
    logToStderr();
    try {
        return static_cast<int>(run({argv + 1, argv + argc}));
    } catch (const std::exception& error) {
        spdlog::critical("unexpected: {}", error.what());
        return static_cast<int>(ExitCode::Failed);
    }
}
