#include "pipeline/cli/console.h"

#include <spdlog/spdlog.h>

#include <cstdio>

namespace pipeline::cli {

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
}

ExitCode fail(const std::string& message) {
    spdlog::error("{}", message);
    return ExitCode::Failed;
}

} // namespace pipeline::cli
