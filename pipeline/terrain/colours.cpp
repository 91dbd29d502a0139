#include "pipeline/terrain/colours.h"

#include "pipeline/terrain/plane_nodes.h"
#include "pipeline/terrain/source_files.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pipeline::terrain {

using scan::OrthoSource;
using scan::TerrainCatalogue;
using sources::RasterReader;
using tiles3d::base::Result;
using tiles3d::image::Raster;

namespace {

constexpr std::size_t kChannels = 4;
constexpr std::byte kOpaque{255};

/// Part of an orthophoto, perhaps reduced.
struct ColourGrid {
    glm::dvec2 origin{0.0}; ///< Its upper left corner, in pixels of the file.
    glm::dvec2 size{1.0};   ///< Pixels of the file per pixel of the picture.
    Raster picture;         ///< RGBA.
};

/// Writes the colour at a place, counted in the picture's pixels, to `texel`; leaves it alone where
/// the pixel that the place lies in shows nothing. Bilinear between the pixels that show something.
void paint(const Raster& picture, const glm::dvec2& place, std::byte* texel) {
    const double width = picture.width;
    const double height = picture.height;
    const auto pixelAt = [&picture](double column, double row) {
        return picture.pixels.data() +
               (static_cast<std::size_t>(row) * picture.width + static_cast<std::size_t>(column)) *
                   kChannels;
    };
    const double ownColumn = std::floor(place.x);
    const double ownRow = std::floor(place.y);
    const bool isInside = ownColumn >= 0.0 && ownRow >= 0.0 && ownColumn < width && ownRow < height;
    if (!isInside || pixelAt(ownColumn, ownRow)[3] == std::byte{}) {
        return;
    }
    const double left = std::floor(place.x - 0.5);
    const double upper = std::floor(place.y - 0.5);
    const auto x = static_cast<float>(place.x - 0.5 - left);
    const auto y = static_cast<float>(place.y - 0.5 - upper);
    std::array<float, 3> sum{};
    float weights = 0.0F;
    for (const int corner : {0, 1, 2, 3}) {
        const double column = std::clamp(left + (corner & 1), 0.0, width - 1.0);
        const double row = std::clamp(upper + (corner >> 1), 0.0, height - 1.0);
        const std::byte* pixel = pixelAt(column, row);
        if (pixel[3] != std::byte{}) {
            const float weight =
                ((corner & 1) != 0 ? x : 1.0F - x) * ((corner >> 1) != 0 ? y : 1.0F - y);
            weights += weight;
            for (std::size_t channel = 0; channel < sum.size(); ++channel) {
                sum[channel] += weight * static_cast<float>(std::to_integer<int>(pixel[channel]));
            }
        }
    }
    constexpr float kHalf = 0.5F; // std::lround would take a third of the time here
    for (std::size_t channel = 0; channel < sum.size(); ++channel) {
        const float rounded = sum[channel] / weights + kHalf;
        texel[channel] = static_cast<std::byte>(static_cast<int>(rounded));
    }
    texel[3] = kOpaque;
}

class Painter {
public:
    Painter(const TerrainCatalogue& catalogue,
            const GeoLattice& texels,
            const SamplingContext& context)
        : catalogue_(catalogue), texels_(texels), cache_(texels), files_(context) {
        picture_.width = static_cast<std::uint32_t>(texels.columns);
        picture_.height = static_cast<std::uint32_t>(texels.rows);
        picture_.channels = kChannels;
        picture_.pixels.assign(std::size_t{picture_.width} * picture_.height * kChannels, {});
    }

    Result<SampledColours> run();

private:
    void sample(const OrthoSource& ortho, const PlaneNodes& nodes, const PostRange& range);
    void take(const ColourGrid& grid,
              const ToPixels& pixels,
              const PlaneNodes& nodes,
              const PostRange& range);
    std::optional<ColourGrid> read(const OrthoSource& ortho, const PixelBox& box);
    double reductionOf(const OrthoSource& ortho) const;
    bool isAnyOpen(const PostRange& range);
    std::byte* at(int column, int row) {
        const auto fromNorth = static_cast<std::size_t>(texels_.rows - 1 - row);
        return picture_.pixels.data() +
               (fromNorth * picture_.width + static_cast<std::size_t>(column)) * kChannels;
    }

    const TerrainCatalogue& catalogue_;
    const GeoLattice& texels_;
    NodeCache cache_;
    SourceFiles files_;
    Raster picture_;
};

bool Painter::isAnyOpen(const PostRange& range) {
    for (int row = range.firstRow; row < range.lastRow; ++row) {
        for (int column = range.firstColumn; column < range.lastColumn; ++column) {
            if (at(column, row)[3] == std::byte{}) {
                return true;
            }
        }
    }
    return false;
}

/// A power of two: what is read has between half and all of a texel's size.
double Painter::reductionOf(const OrthoSource& ortho) const {
    constexpr double kMetresPerDegree = 111320.0;
    constexpr double kNearlyTwo = 1.05;
    const double middle = texels_.southDegrees + texels_.stepDegrees * texels_.rows / 2.0;
    const double texel = texels_.stepDegrees * kMetresPerDegree *
                         std::cos(tiles3d::geo::Angle::degrees(middle).radians());
    const double levels = std::floor(std::log2(texel / ortho.texelMetres * kNearlyTwo));
    return std::exp2(std::max(0.0, levels));
}

std::optional<ColourGrid> Painter::read(const OrthoSource& ortho, const PixelBox& box) {
    constexpr double kMostPixels = 8 << 20;
    const double wanted = reductionOf(ortho);
    const double margin = 3.0 * wanted; // the collar's ring, and one for the interpolation
    const auto window = windowIn(box, margin, ortho.raster);
    if (!window) {
        return std::nullopt;
    }
    const glm::dvec2 sides(window->columns, window->rows);
    const double reduction = std::max(wanted, std::sqrt(sides.x * sides.y / kMostPixels));
    const auto columns = static_cast<std::uint32_t>(std::ceil(sides.x / reduction));
    const auto rows = static_cast<std::uint32_t>(std::ceil(sides.y / reduction));
    auto picture = files_.with(ortho.raster, [&](const RasterReader& reader) {
        return reader.readColours(*window, columns, rows);
    });
    if (!picture) {
        return std::nullopt;
    }
    return ColourGrid{
        {window->column, window->row}, sides / glm::dvec2(columns, rows), *std::move(picture)};
}

void Painter::take(const ColourGrid& grid,
                   const ToPixels& pixels,
                   const PlaneNodes& nodes,
                   const PostRange& range) {
    const ToPixels counted = pixels.countedFrom(grid.origin, grid.size);
    forEachPost(nodes, range, counted, [&](int column, int row, const glm::dvec3& place) {
        std::byte* texel = at(column, row);
        if (texel[3] == std::byte{}) {
            paint(grid.picture, {place.x, place.y}, texel);
        }
    });
}

/// In two halves, as long as the pixels under it are too many.
void Painter::sample(const OrthoSource& ortho, const PlaneNodes& nodes, const PostRange& range) {
    const ToPixels pixels = toPixels(ortho.raster.geoTransform);
    const auto box = pixelsUnder(nodes, range, pixels);
    if (!box || !isAnyOpen(range)) {
        return;
    }
    constexpr int kFewRows = 16;
    constexpr double kMostPixels = 6 << 20;
    const glm::dvec2 sides = (box->high - box->low) / reductionOf(ortho);
    if (sides.x * sides.y > kMostPixels && range.lastRow - range.firstRow > kFewRows) {
        for (const PostRange& half : halvesOf(range)) {
            sample(ortho, nodes, half);
        }
        return;
    }
    if (const auto grid = read(ortho, *box)) {
        take(*grid, pixels, nodes, range);
    }
}

Result<SampledColours> Painter::run() {
    for (const OrthoSource& ortho : catalogue_.orthos) {
        const PostRange range = postsIn(ortho.extent, texels_);
        if (range.isEmpty()) {
            continue;
        }
        const auto nodes = cache_.nodesFor(ortho.crs, tiles3d::crs::EllipsoidalHeights{});
        if (!nodes) {
            return nodes.error();
        }
        sample(ortho, **nodes, range);
    }
    return SampledColours{std::move(picture_), files_.lost()};
}

} // namespace

Result<SampledColours> sampleColours(const TerrainCatalogue& catalogue,
                                     const GeoLattice& texels,
                                     const SamplingContext& context) {
    return Painter(catalogue, texels, context).run();
}

} // namespace pipeline::terrain
