#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

struct rusage;

namespace tests::bench {

/// What one run of a program cost.
struct ProgramCost {
    double cpuSeconds = 0.0; ///< User and system, its waited-for children included: wait4(2).
    double wallSeconds = 0.0;
    /// Highest sum of the proportional set sizes of the program and its children; looked at every
    /// 30 ms, so a shorter peak may be missed.
    double peakMegabytes = 0.0;
};

/// Runs a program with its output thrown away; words[0] is its path. Throws std::runtime_error if
/// its exit code is neither 0 nor 3 (done with losses): a benchmark has nothing to print then.
ProgramCost runProgram(const std::vector<std::string>& words);

/// User and system time of `usage`.
double cpuSecondsOf(const rusage& usage);

/// Of all files below a folder.
struct FolderSize {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
};
FolderSize sizeOf(const std::filesystem::path& folder);

/// A folder of its own below the system's temporary one; gone with the value.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace tests::bench
