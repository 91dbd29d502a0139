#pragma once

#include "pipeline/scan/city_project.h"
#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <vector>

namespace pipeline::oblique {

struct Remainder {
    tiles3d::base::Bytes glb; ///< Empty if the others cover everything.
    tiles3d::tileset::Limits limits;
    std::uint64_t triangles = 0;
};

/// The part of a tile's content that is to stay where a finer child is lost: triangles with a
/// corner outside the plan view (x, y) of all `covered` limits. Same codec, step and image bytes.
/// Fails if `glb` cannot be read.
tiles3d::base::Result<Remainder> remainder(tiles3d::base::ByteView glb,
                                           const std::vector<tiles3d::tileset::Limits>& covered,
                                           double positionStepMetres,
                                           scan::Geometry geometry);

} // namespace pipeline::oblique
