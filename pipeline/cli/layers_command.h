#pragma once

#include "pipeline/cli/layers_arguments.h"
#include "pipeline/cli/run_command.h"

namespace pipeline::cli {

/// Runs `city3d layers ...`: reports to stdout, progress and log to stderr.
ExitCode run(const LayersCommand& command);

} // namespace pipeline::cli
