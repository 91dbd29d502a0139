#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::emit {

/// A tileset on disk that stands alone in ECEF, such as a block's.
struct PlacedTileset {
    std::filesystem::path file; ///< Relative to the city's folder.
    tiles3d::tileset::Box boxEcef;
    double geometricErrorMetres = 0.0; ///< Of its root.
};

/// Writes OUT/tileset.json: one root without content, REPLACE, whose children point at the parts.
/// The root's error is at least its diagonal, so that the city is refined from any distance at
/// which it covers more than some pixels. No parts: an error, an empty city is a mistake.
tiles3d::base::Status emitTileset(const std::vector<PlacedTileset>& parts,
                                  const std::filesystem::path& out);

} // namespace pipeline::emit
