#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/tileset/tileset.h"

#include <glm/mat4x4.hpp>

#include <filesystem>
#include <vector>

namespace pipeline::oblique {

/// A content file of a tileset, with the way from its frame to that which the root stands in.
struct PlacedContent {
    std::filesystem::path file;
    glm::dmat4 transform{1.0};
};

/// The coarsest contents that together show all of the tree: that of the root, or, where a tile has
/// none, those of its children. URIs that lead out of `folder` are left out.
std::vector<PlacedContent> coarsestContents(const tiles3d::tileset::Tile& root,
                                            const std::filesystem::path& folder);

/// The same of a tileset.json; a block's stands in ECEF. Fails if it cannot be read.
tiles3d::base::Result<std::vector<PlacedContent>>
coarsestContents(const std::filesystem::path& tileset);

} // namespace pipeline::oblique
