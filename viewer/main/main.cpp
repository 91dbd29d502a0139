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

ExitCode show(const viewer::main::ViewCommand& command, const viewer::render::ViewFile& view) {
    const pipeline::planning::GdalRuntime gdal;
    const auto shown = viewer::app::runApp(
        {.view = view,
         .viewport = {.verticalFovRadians = command.verticalFov.radians(),
                      .maxScreenSpaceErrorPixels = command.maxScreenSpaceErrorPixels,
                      .cacheBytes = command.cacheMebibytes << 20U},
         .widthPixels = command.widthPixels,
         .heightPixels = command.heightPixels,
         .settingsFolder = command.settingsFolder,
         .language = command.language});
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
    const auto& wanted = std::get<viewer::main::ViewCommand>(*command);
    const auto view = viewer::main::completeView(wanted);
    if (!view) {
        spdlog::error("{}", view.error().message);
        return ExitCode::Failed;
    }
    const bool isOffscreen = wanted.picture || wanted.flight;
    return isOffscreen ? viewer::main::renderOffscreen(wanted, *view) : show(wanted, *view);
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
