#include "pipeline/cli/parse_args.h"
#include "pipeline/cli/run_command.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <thread>

namespace {

void logToStderr() {
    auto logger = std::make_shared<spdlog::logger>(
        "city3d", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
    logger->set_pattern("%^%l%$: %v");
    spdlog::set_default_logger(std::move(logger));
}

int run(const std::vector<std::string>& args) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const auto command = pipeline::cli::parseArgs(args, cores);
    if (!command) {
        spdlog::error("{}", command.error().message);
        return static_cast<int>(pipeline::cli::ExitCode::BadArguments);
    }
    return static_cast<int>(pipeline::cli::runCommand(*command));
}

} // namespace

int main(int argc, char** argv) {
    logToStderr();
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        spdlog::critical("unexpected: {}", error.what());
        return static_cast<int>(pipeline::cli::ExitCode::Failed);
    }
}
