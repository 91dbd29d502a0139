#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::verify {

enum class Severity { Info, Warning, Error };

struct Finding {
    Severity severity = Severity::Error;
    std::string file;  ///< Relative to the city's folder, UTF-8.
    std::string where; ///< "root/children[2]"; empty for the file as a whole.
    std::string message;
};

struct Totals {
    std::uint64_t tilesets = 0;
    std::uint64_t tiles = 0;    ///< With content; those that only point or hold others not counted.
    std::uint64_t contents = 0; ///< GLB files.
    std::uint64_t triangles = 0;
    std::uint64_t contentBytes = 0;
    std::uint64_t images = 0;
    std::uint64_t imageBytes = 0; ///< As they lie in the contents, encoded.
};

/// What the ledger says the parts hold.
struct ExpectedTotals {
    std::uint64_t tiles = 0;
    std::uint64_t contents = 0;
    std::uint64_t triangles = 0;
    std::uint64_t contentBytes = 0;
};

struct VerifyOptions {
    std::size_t threads = 1;
    std::optional<ExpectedTotals> expected;
    std::size_t maxFindings = 1000; ///< Errors before warnings; the rest is counted only.
};

struct VerifyReport {
    std::vector<Finding> findings; ///< Errors first, sorted: same city, same list.
    std::uint64_t errors = 0;      ///< Those beyond maxFindings included.
    std::uint64_t warnings = 0;
    Totals totals;

    bool hasErrors() const { return errors > 0; }
};

/// Checks a built city. Every tileset.json reachable from OUT/tileset.json is read and must keep to
/// 3D Tiles 1.1 by the letter, implicit tilings with all their subtree files; every content must
/// exist, decode with its images (a JPEG with flaws that clients show all the same is a warning:
/// the source's own bytes), and lie within its own volume, its tile's and all volumes above it (1
/// mm, or 1/65536 of the height of a region; every vertex); volumes lie within their parents' (1
/// mm; at their corners); geometric errors fall strictly (an external tileset's root may equal the
/// tile that does nothing but point at it); refine is stated; URIs are relative, encoded and stay
/// inside the folder, links included; metadata classes of any tileset stand in OUT/tileset.json
/// too; nothing under oblique, terrain or models is left over
/// (contents and subtrees that are not available among it); a set of quantized-mesh is what its
/// layer.json says, and no unfinished "*.part" file
/// anywhere; nothing stands at the Earth's centre or at longitude 0, latitude 0; the totals are the
/// ledger's. Tilesets and contents are read in parallel, one content per thread in memory; the
/// number of threads leaves no trace in the report. 60 MB/s on one core of a cached city. Fails
/// only if OUT has no tileset.json.
tiles3d::base::Result<VerifyReport> verifyOutput(const std::filesystem::path& out,
                                                 const VerifyOptions& options = {});

/// For people and for programs.
std::string toText(const VerifyReport& report);
tiles3d::base::Json toJson(const VerifyReport& report);

} // namespace pipeline::verify
