#pragma once

#include "pipeline/sample/facade.h"
#include "pipeline/sample/top_down.h"
#include "tiles3d/image/image.h"

#include <cstdint>
#include <vector>

namespace pipeline::sample {

/// Side of a block, metres.
inline constexpr double kBlockMetres = 100.0;

/// Overlap of neighbouring blocks' meshes on each side, metres, as in photogrammetric deliveries.
inline constexpr double kOverlapMetres = 0.1;

/// Metres per pixel of textures from above, and of walls, at a level of detail: 0.4 and 0.65 times
/// what the level is meant to be seen at.
double mapTexel(int level);
double wallTexel(int level);

/// A picture with its own pixel size.
struct WallPicture {
    tiles3d::image::Raster raster;
    double from = 0.0; ///< s of the left edge, metres.
    double texel = 0.1;
};

struct TextureOptions {
    int finestLevel = 19;
    Detail detail = Detail::Full; ///< Lean: pixels of twice the size.
};

/// All pictures of one block: painted once at the finest level, halved for each coarser one.
class BlockTextures {
public:
    /// `scenery` must cover block.grown(reach of the detail's light + 2) and outlive the textures:
    /// walls point into it.
    BlockTextures(const StreetPlan& plan,
                  const Scenery& scenery,
                  const Window& block,
                  const TextureOptions& options);

    const tiles3d::image::Raster& map(int level) const;
    MapFrame mapFrame(int level) const;

    const std::vector<Wall>& walls() const { return walls_; }
    /// Null for a wall that lies outside the block.
    const WallPicture* wall(std::size_t index, int level) const;

private:
    void paintWalls(const Sunlight& sunlight, const Window& block);

    int finest_;
    int coarser_; ///< A level's pixels are as large as those of this many levels coarser.
    MapFrame finestFrame_;
    std::vector<tiles3d::image::Raster> maps_; ///< Finest first.
    std::vector<Wall> walls_;
    std::vector<std::vector<WallPicture>> wallPictures_; ///< Per wall, finest first.
};

} // namespace pipeline::sample
