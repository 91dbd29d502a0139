#pragma once

#include "pipeline/oblique/coverage.h"
#include "tiles3d/base/result.h"
#include "tiles3d/mesh/mesh.h"
#include "tiles3d/tileset/tileset.h"

#include <cstddef>
#include <filesystem>

namespace pipeline::oblique {

/// Removes the triangles that lie inside of what newer blocks show in plan view, whole: those
/// across its edge stay, so that no hole opens between the two. Vertices stay. Returns how many
/// were removed. `mesh` lies at `origin` in `frame`.
std::size_t dropSupersededInPlace(tiles3d::mesh::TriangleMesh& mesh,
                                  const glm::dvec3& origin,
                                  const tiles3d::geo::EnuFrame& frame,
                                  const CoveredArea& newer);

/// What the coarsest contents below `root`, files in `folder`, show in plan view. Nothing for
/// blocks of more than 2^26 cells (some 13 km wide).
/// Fails if a content cannot be read.
tiles3d::base::Result<Coverage> coverageOf(const tiles3d::tileset::Tile& root,
                                           const tiles3d::geo::EnuFrame& frame,
                                           const std::filesystem::path& folder);

} // namespace pipeline::oblique
