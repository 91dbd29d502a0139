#pragma once

#include "tiles3d/image/image.h"
#include "viewer/stream/mesh_pack.h"

namespace viewer::stream {

/// The raster with its mip levels, each half the size of the one before (rounded down, at least 1),
/// means of 2 x 2 texels; the last row or column of an odd side is left out, as GPU drivers do.
/// REQUIRES: the raster has 3 or 4 channels and at least one pixel.
TexturePack buildMipChain(tiles3d::image::Raster raster);

} // namespace viewer::stream
