#pragma once

#include "pipeline/verify/schema_check.h"
#include "pipeline/verify/verify.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "tiles3d/tileset/tileset.h"

#include <glm/mat4x4.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::verify {

/// A tile's place with everything above it, in ECEF.
struct TilePath {
    std::string where; ///< "root/children[2]"
    glm::dmat4 toEcef{1.0};
    std::vector<tiles3d::tileset::BoundingVolume> volumes; ///< Own last; those above first.
};

/// What a tile's geometric error is measured against.
struct ErrorAbove {
    double metres = 0.0;
    bool isOtherFile = false; ///< It stands in another tileset file, or the tiles are implicit.
    bool mayBeEqual = false;  ///< The tile above does nothing but point at this tileset's root.
};

/// A tile without looking at its content: its volume inside its parent's and with an inside, its
/// place on the Earth, its error below the one above. (validate() reports errors that rise within
/// one tileset file.)
void checkTile(const tiles3d::tileset::Tile& tile,
               const TilePath& path,
               const std::optional<ErrorAbove>& above,
               const Note& note);

/// One content file still to be checked.
struct ContentJob {
    std::filesystem::path file;
    TilePath path;
    std::optional<tiles3d::tileset::BoundingVolume> ownVolume; ///< content.boundingVolume, ECEF.
};

/// Reads the content: it decodes, its images decode, and every vertex lies inside every volume of
/// the path and its own.
void checkContent(const ContentJob& job, const Note& note, Totals& totals);

} // namespace pipeline::verify
