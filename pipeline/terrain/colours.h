#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/geo_lattice.h"
#include "pipeline/terrain/sampling_context.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <vector>

namespace pipeline::terrain {

struct SampledColours {
    /// RGBA, one pixel per texel, row 0 in the NORTH; alpha 0: no orthophoto there, otherwise 255.
    tiles3d::image::Raster picture;
    std::vector<scan::RejectedRaster> unreadable; ///< Files that could not be read, by name.
};

/// The orthophotos' colours at texels whose centres are the lattice's posts, the first of the
/// catalogue that shows something there. Each file is read at half the texel's size to a whole
/// texel (averaged, from its overviews) and bilinear between its pixels. Places as in
/// sampleHeights().
/// 4 bytes per texel, and 96 MiB besides. A file that cannot be read is left out and named.
/// Fails only if an operation of PROJ cannot be made.
tiles3d::base::Result<SampledColours> sampleColours(const scan::TerrainCatalogue& catalogue,
                                                    const GeoLattice& texels,
                                                    const SamplingContext& context = {});

} // namespace pipeline::terrain
