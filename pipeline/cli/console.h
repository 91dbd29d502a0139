#pragma once

#include "pipeline/cli/run_command.h"

#include <string>

namespace pipeline::cli {

/// A result, to stdout.
void print(const std::string& text);

/// Says to stderr why a command is not done; Failed, for it to return.
ExitCode fail(const std::string& message);

} // namespace pipeline::cli
