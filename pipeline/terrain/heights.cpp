#include "pipeline/terrain/heights.h"

#include "pipeline/terrain/mosaic.h"
#include "pipeline/terrain/plane_nodes.h"
#include "pipeline/terrain/source_files.h"

#include <cmath>
#include <limits>

namespace pipeline::terrain {

using scan::TerrainCatalogue;
using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
/// Marks a post without a height inside a mosaic's rectangle: the sea's, if there is one.
constexpr float kOpen = -std::numeric_limits<float>::infinity();

class Sampler {
public:
    Sampler(const TerrainCatalogue& catalogue,
            const GeoLattice& lattice,
            const SamplingContext& context)
        : catalogue_(catalogue), lattice_(lattice), cache_(lattice), files_(context),
          metres_(static_cast<std::size_t>(lattice.columns) *
                      static_cast<std::size_t>(lattice.rows),
                  kNone) {}

    Result<SampledHeights> run();

private:
    void sample(const Mosaic& mosaic, const PlaneNodes& nodes, const PostRange& range);
    void take(const HeightGrid& grid, const PlaneNodes& nodes, const PostRange& range);
    void openSea(const Mosaic& mosaic, const PlaneNodes& nodes, const PostRange& range);
    Status fillSea();

    bool isOpen(float metres) const { return !std::isfinite(metres) && metres != kHole; }
    bool isAnyOpen(const PostRange& range) const;
    float& at(int column, int row) {
        return metres_[static_cast<std::size_t>(row) * static_cast<std::size_t>(lattice_.columns) +
                       static_cast<std::size_t>(column)];
    }

    const TerrainCatalogue& catalogue_;
    const GeoLattice& lattice_;
    NodeCache cache_;
    SourceFiles files_;
    std::vector<float> metres_;
    ToPixels pixels_; ///< Of the mosaic that is being sampled.
};

bool Sampler::isAnyOpen(const PostRange& range) const {
    for (int row = range.firstRow; row < range.lastRow; ++row) {
        const float* line = metres_.data() + static_cast<std::size_t>(row) *
                                                 static_cast<std::size_t>(lattice_.columns);
        for (int column = range.firstColumn; column < range.lastColumn; ++column) {
            if (isOpen(line[column])) {
                return true;
            }
        }
    }
    return false;
}

void Sampler::take(const HeightGrid& grid, const PlaneNodes& nodes, const PostRange& range) {
    if (grid.metres.empty()) {
        return;
    }
    const ToPixels pixels = pixels_.countedFrom(grid.origin, grid.size);
    forEachPost(nodes, range, pixels, [&](int column, int row, const glm::dvec3& place) {
        float& post = at(column, row);
        if (!isOpen(post)) {
            return;
        }
        const float metres = grid.at(place.x, place.y);
        if (metres == kHole) {
            post = kHole;
        } else if (std::isfinite(metres) && std::isfinite(place.z)) {
            post = static_cast<float>(metres + place.z);
        }
    });
}

/// In two halves, as long as the pixels under it are too many; then reduced.
void Sampler::sample(const Mosaic& mosaic, const PlaneNodes& nodes, const PostRange& range) {
    const auto box = pixelsUnder(nodes, range, pixels_);
    if (!box || !isAnyOpen(range)) {
        return;
    }
    constexpr int kFewRows = 64;
    const MosaicReading reading{.box = *box, .keepsHoles = catalogue_.nodata == scan::Nodata::Hole};
    if (valuesIn(*box) <= reading.maxValues) {
        take(readMosaic(mosaic, reading, files_), nodes, range);
    } else if (range.lastRow - range.firstRow > kFewRows) {
        for (const PostRange& half : halvesOf(range)) {
            sample(mosaic, nodes, half);
        }
    } else {
        for (const Member& member : mosaic.members) {
            take(readReduced(member, reading, files_), nodes, range);
        }
    }
}

void Sampler::openSea(const Mosaic& mosaic, const PlaneNodes& nodes, const PostRange& range) {
    const glm::dvec2 size = mosaic.box.high - mosaic.box.low;
    const ToPixels pixels = pixels_.countedFrom(mosaic.box.low, glm::dvec2(1.0));
    forEachPost(nodes, range, pixels, [&](int column, int row, const glm::dvec3& place) {
        float& post = at(column, row);
        const bool isInside =
            place.x >= 0.0 && place.y >= 0.0 && place.x <= size.x && place.y <= size.y;
        if (std::isnan(post) && isInside) {
            post = kOpen;
        }
    });
}

Status Sampler::fillSea() {
    const auto geographic = tiles3d::crs::understandSrs("EPSG:4326", true);
    if (!geographic) {
        return geographic.error();
    }
    const auto nodes = cache_.nodesFor(*geographic, catalogue_.seaHeights);
    if (!nodes) {
        return nodes.error();
    }
    const PostRange all{0, lattice_.columns, 0, lattice_.rows};
    forEachPost(**nodes, all, ToPixels{}, [&](int column, int row, const glm::dvec3& place) {
        float& post = at(column, row);
        if (post == kOpen) {
            post = static_cast<float>(*catalogue_.seaLevelMetres + place.z);
        }
    });
    return ok();
}

Result<SampledHeights> Sampler::run() {
    const std::vector<Mosaic> mosaics = mosaicsOf(catalogue_.dems);
    for (const Mosaic& mosaic : mosaics) {
        const PostRange range = postsIn(mosaic.extent, lattice_);
        if (range.isEmpty()) {
            continue;
        }
        const scan::DemSource& first = *mosaic.members.front().dem;
        const auto nodes = cache_.nodesFor(first.crs, first.heights);
        if (!nodes) {
            return nodes.error();
        }
        pixels_ = toPixels(first.raster.geoTransform);
        sample(mosaic, **nodes, range);
        if (catalogue_.seaLevelMetres) {
            openSea(mosaic, **nodes, range);
        }
    }
    if (catalogue_.seaLevelMetres) {
        if (const Status filled = fillSea(); !filled) {
            return filled.error();
        }
    }
    for (float& post : metres_) {
        post = std::isfinite(post) ? post : kNone;
    }
    return SampledHeights{std::move(metres_), files_.lost()};
}

} // namespace

Result<SampledHeights> sampleHeights(const TerrainCatalogue& catalogue,
                                     const GeoLattice& lattice,
                                     const SamplingContext& context) {
    return Sampler(catalogue, lattice, context).run();
}

} // namespace pipeline::terrain
