#include "pipeline/sample/block_textures.h"

#include "pipeline/sample/atlas.h"
#include "pipeline/sample/shapes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace pipeline::sample {

namespace {

constexpr int kCoarsestLevel = 14;

/// The finest map of a block has this many pixels of margin per side at level 17, twice at 18, ...
constexpr double kMarginAtLevel17 = 6.0;

/// The part [from, to] of the segment start + s * along that lies in a window; none if outside.
std::optional<std::pair<double, double>> clipSegment(const Wall& wall, const Window& window) {
    double from = 0.0;
    double to = wall.length;
    for (int axis = 0; axis < 2; ++axis) {
        const double start = wall.start[axis];
        const double slope = wall.along[axis];
        if (std::abs(slope) < 1e-12) {
            if (start < window.low[axis] || start > window.high[axis]) {
                return std::nullopt;
            }
            continue;
        }
        const double a = (window.low[axis] - start) / slope;
        const double b = (window.high[axis] - start) / slope;
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
    }
    return from < to ? std::optional(std::pair(from, to)) : std::nullopt;
}

} // namespace

double mapTexel(int level) {
    return std::ldexp(0.05, 19 - level);
}

double wallTexel(int level) {
    return std::ldexp(0.08, 19 - level);
}

BlockTextures::BlockTextures(const StreetPlan& plan,
                             const Scenery& scenery,
                             const Window& block,
                             const TextureOptions& options)
    : finest_(options.finestLevel), coarser_(options.detail == Detail::Lean ? 1 : 0),
      walls_(allWalls(scenery)) {
    // Few pixels would show aliased markings: coarse maps are painted finer and halved.
    const bool isFinePainted = options.detail == Detail::Full && finest_ < 19;
    const int paintedLevel = finest_ - coarser_ + (isFinePainted ? 1 : 0);
    const double margin = std::ldexp(kMarginAtLevel17, paintedLevel - 17);
    MapFrame frame;
    frame.texel = mapTexel(paintedLevel);
    frame.width =
        static_cast<std::uint32_t>(std::lround(kBlockMetres / frame.texel + 2.0 * margin));
    frame.height = frame.width;
    frame.west = block.low.x - margin * frame.texel;
    frame.north = block.high.y + margin * frame.texel;
    const Sunlight sunlight(plan, scenery, frame.window(), lightOf(options.detail));
    maps_.push_back(paintTopDown(plan, scenery, sunlight, frame));
    if (isFinePainted) {
        maps_.front() = halved(maps_.front());
    }
    finestFrame_ = frame;
    finestFrame_.texel = mapTexel(finest_ - coarser_);
    finestFrame_.width = maps_.front().width;
    finestFrame_.height = maps_.front().height;
    while (finest_ - static_cast<int>(maps_.size()) >= kCoarsestLevel) {
        maps_.push_back(halved(maps_.back()));
    }
    paintWalls(sunlight, block);
}

void BlockTextures::paintWalls(const Sunlight& sunlight, const Window& block) {
    wallPictures_.resize(walls_.size());
    for (std::size_t i = 0; i < walls_.size(); ++i) {
        const auto part = clipSegment(walls_[i], block.grown(1.0));
        if (!part) {
            continue;
        }
        const WallFrame frame{part->first, part->second, wallTexel(finest_ - coarser_)};
        std::vector<WallPicture>& pictures = wallPictures_[i];
        pictures.push_back({paintWall(walls_[i], frame, sunlight), frame.from, frame.texel});
        while (finest_ - static_cast<int>(pictures.size()) >= kCoarsestLevel) {
            const WallPicture& finer = pictures.back();
            pictures.push_back({halved(finer.raster), finer.from, finer.texel * 2.0});
        }
    }
}

const tiles3d::image::Raster& BlockTextures::map(int level) const {
    return maps_[static_cast<std::size_t>(finest_ - level)];
}

MapFrame BlockTextures::mapFrame(int level) const {
    MapFrame frame = finestFrame_;
    frame.texel = mapTexel(level - coarser_);
    frame.width = map(level).width;
    frame.height = map(level).height;
    return frame;
}

const WallPicture* BlockTextures::wall(std::size_t index, int level) const {
    const std::vector<WallPicture>& pictures = wallPictures_[index];
    if (pictures.empty()) {
        return nullptr;
    }
    const auto coarser = static_cast<std::size_t>(std::max(0, finest_ - level));
    return &pictures[std::min(coarser, pictures.size() - 1)];
}

} // namespace pipeline::sample
