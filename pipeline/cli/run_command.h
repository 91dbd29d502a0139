#pragma once

#include "pipeline/cli/parse_args.h"

namespace pipeline::cli {

/// Exit codes of the program.
enum class ExitCode : int {
    Done = 0,
    Failed = 1,
    BadArguments = 2,
    DoneWithLosses = 3,
};

/// Runs a command: results to stdout, progress and log to stderr.
ExitCode runCommand(const Command& command);

} // namespace pipeline::cli
