#include "pipeline/planning/gdal_runtime.h"
#include "viewer/app/run_app.h"
#include "viewer/main/parse_args.h"
#include "viewer/main/render_offscreen.h"

#include <osg/Notify>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace {

using viewer::main::ExitCode;

void logToStderr() {
    auto logger = std::make_shared<spdlog::logger>(
        "city3d-viewer", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
    logger->set_pattern("%^%l%$: %v");
    spdlog::set_default_logger(std::move(logger));
    osg::setNotifyLevel(osg::FATAL); // OSG's own warnings name its internals, not the user's files
}

viewer::render::ViewFile viewFileOf(const viewer::main::ViewCommand& command) {
    viewer::render::ViewFile view{.pose = command.pose,
                                  .date = command.date,
                                  .hasShadows = command.hasShadows,
                                  .hasHaze = command.hasHaze};
    for (const std::string& tileset : command.tilesets) {
        view.tilesets.push_back({.location = tileset});
    }
    for (const std::string& file : command.layers) {
        view.layers.push_back({.file = file, .crs = command.layersCrs});
    }
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
    return view.picture || view.flight ? viewer::main::renderOffscreen(view) : show(view);
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
