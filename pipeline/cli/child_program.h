#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::cli {

/// The program of that name beside the running one.
std::filesystem::path siblingProgram(const std::string& name);

/// Runs a program to its end, without a shell, and gives its exit code. What it writes goes
/// nowhere, but its last words are in the error. Fails if it cannot be started, dies of a signal,
/// ends with a code other than 0 and 3 (done with losses), or is not done in time: it is killed
/// then.
tiles3d::base::Result<int> runProgram(std::vector<std::string> words, double timeoutSeconds);

} // namespace pipeline::cli
