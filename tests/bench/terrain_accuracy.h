#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace tests::bench {

struct AccuracyOptions {
    std::size_t points = 100'000; ///< Per elevation model.
    std::uint64_t seed = 1;
    std::filesystem::path city; ///< Built already; empty: built into a temporary folder.
};

/// Builds the terrain of a project, and compares the finest tiles as clients get them with the
/// elevation models: prints a table and a histogram for each. Whether all heights lie within their
/// tile's geometric error / 16, all vertices within 1 cm of their longitude and latitude, and no
/// surface is missing farther inside than two posts.
/// Throws std::runtime_error if something cannot be built or read.
bool compareWithSources(const std::filesystem::path& project, const AccuracyOptions& options = {});

} // namespace tests::bench
