#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/tileset/tileset.h"

namespace viewer::stream {

/// Fails if the tileset lists as required what none of its tiles could be shown without: KTX2
/// textures. Other extensions that are not known here pass; a tile that really needs one says so.
tiles3d::base::Status checkRequired(const tiles3d::tileset::Tileset& tileset);

} // namespace viewer::stream
