#pragma once

#include "pipeline/verify/findings.h"

#include <filesystem>
#include <vector>

namespace pipeline::verify {

struct GlobeResult {
    Findings findings;
    std::vector<std::filesystem::path> files; ///< layer.json and the tiles that it lists.
};

/// Checks a set of quantized-mesh in OUT/terrain/quantized-mesh, if there is one: every tile that
/// layer.json lists is a file whose counts fit its length, and both tiles of level 0 are listed. No
/// more than 10 million tiles are looked at. REQUIRES: out is canonical.
/// Source: CesiumGS/quantized-mesh (README).
GlobeResult checkGlobe(const std::filesystem::path& out, std::size_t maxFindings);

} // namespace pipeline::verify
