#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace pipeline::job {

struct Limits {
    std::uint64_t fileBytes = 0;       ///< Largest file the child may write; 0: no limit.
    std::uint64_t killAfterMicros = 0; ///< 0: left alone.
};

struct Ended {
    int code = -1;      ///< -1: by a signal.
    std::string errors; ///< All that it printed.
};

/// `city3d build SOURCE --out OUT --height-datum ellipsoidal --jobs 2` as a child process.
Ended runBuild(const std::filesystem::path& source,
               const std::filesystem::path& out,
               const Limits& limits = {});

} // namespace pipeline::job
