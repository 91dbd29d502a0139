#pragma once

#include "viewer/main/parse_args.h"

namespace viewer::main {

/// As city3d's.
enum class ExitCode : int { Done = 0, Failed = 1, BadArguments = 2, DoneWithLosses = 3 };

/// Makes the picture, frames or video of `view` that the command asks for, without a display. Logs
/// what went wrong and, with --json, prints a summary to stdout. REQUIRES: command.picture or
/// command.flight.
ExitCode renderOffscreen(const ViewCommand& command, const render::ViewFile& view);

} // namespace viewer::main
