#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/sources/raster_reader.h"
#include "pipeline/terrain/plane_nodes.h"
#include "pipeline/terrain/sampling_context.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace pipeline::terrain {

bool isSame(const tiles3d::crs::SourceCrs& a, const tiles3d::crs::SourceCrs& b);
bool isSame(const tiles3d::crs::HeightDatum& a, const tiles3d::crs::HeightDatum& b);

/// The nodes of one lattice for each CRS and height datum, made once.
class NodeCache {
public:
    explicit NodeCache(const GeoLattice& lattice) : lattice_(lattice) {}

    /// Valid as long as the cache. Fails as planeNodes().
    tiles3d::base::Result<const PlaneNodes*> nodesFor(const tiles3d::crs::SourceCrs& crs,
                                                      const tiles3d::crs::HeightDatum& heights);

private:
    struct Entry {
        tiles3d::crs::SourceCrs crs;
        tiles3d::crs::HeightDatum heights;
        PlaneNodes nodes;
    };
    const GeoLattice& lattice_;
    std::deque<Entry> entries_;
};

/// Opens raster files under watch and keeps those in mind that cannot be read.
class SourceFiles {
public:
    explicit SourceFiles(const SamplingContext& context) : context_(context) {}

    /// What `read` makes of the opened file: a Result. Nothing if the file is quarantined, was lost
    /// before or is lost now.
    template <typename Read>
    auto with(const sources::RasterInfo& raster, const Read& read)
        -> std::optional<std::decay_t<decltype(*read(std::declval<sources::RasterReader>()))>> {
        if (!isUsable(raster)) {
            return std::nullopt;
        }
        const engine::WatchedFile watched(context_.watch, raster.file.string());
        const auto reader = sources::RasterReader::open(raster);
        if (!reader) {
            lose(raster, reader.error());
            return std::nullopt;
        }
        auto made = read(*reader);
        if (!made) {
            lose(raster, made.error());
            return std::nullopt;
        }
        return *std::move(made);
    }

    /// Those that were wanted and could not be read, by name.
    std::vector<scan::RejectedRaster> lost() const;

private:
    bool isUsable(const sources::RasterInfo& raster);
    void lose(const sources::RasterInfo& raster, const tiles3d::base::Error& error);

    const SamplingContext& context_;
    std::map<std::string, std::string> lost_;
};

/// The pixels of a raster inside `box`, widened by `margin`; nothing if it has none.
std::optional<sources::RasterWindow>
windowIn(const PixelBox& box, double margin, const sources::RasterInfo& raster);

/// A range's southern and northern half. REQUIRES: at least two rows.
std::array<PostRange, 2> halvesOf(const PostRange& range);

} // namespace pipeline::terrain
