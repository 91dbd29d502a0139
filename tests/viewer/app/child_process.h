#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// Starts a program, found on the PATH if its name has no slash, with variables over those of this
/// process's environment. It inherits open files. The process ends at once where there is no such
/// program.
pid_t startProcess(const std::vector<std::string>& command,
                   const std::map<std::string, std::string>& environment);

/// The exit code once it has ended, 128 and more after a signal; none if it still runs then.
std::optional<int> waitForProcess(pid_t process, std::chrono::milliseconds atMost);

/// Ends it, by force if need be.
void endProcess(pid_t process);

} // namespace tests
