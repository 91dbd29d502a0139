#pragma once

#include "pipeline/verify/verify.h"

#include "tiles3d/tileset/bounding_volume.h"
#include "tiles3d/tileset/tileset.h"

#include <functional>
#include <vector>

#include <glm/mat4x4.hpp>

namespace pipeline::verify {

/// Adds a finding of the file that is being checked.
using Note = std::function<void(Severity, const std::string& where, const std::string& message)>;

/// A tile with everything above it, in ECEF.
struct TilePath {
    const tiles3d::tileset::Tile* tile = nullptr;
    std::string where;
    glm::dmat4 toEcef{1.0};
    std::vector<tiles3d::tileset::BoundingVolume> volumes; ///< Own last; those above first.
};

/// A tile without looking at its content: its volume inside its parent's, its place, its error
/// against its parent's (`isExternalRoot`: equal is allowed).
void checkTile(const TilePath& path, double parentError, bool isExternalRoot, const Note& note);

/// A tile's content: readable, its images decode, every vertex inside every volume of the path.
void checkContent(const std::filesystem::path& file,
                  const TilePath& path,
                  const Note& note,
                  Totals& totals);

} // namespace pipeline::verify
