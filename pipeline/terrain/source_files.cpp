#include "pipeline/terrain/source_files.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <cmath>

namespace pipeline::terrain {

using sources::RasterInfo;
using sources::RasterWindow;
using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;
using tiles3d::crs::HeightDatum;
using tiles3d::crs::SourceCrs;

bool isSame(const SourceCrs& a, const SourceCrs& b) {
    using tiles3d::crs::LocalEnu;
    using tiles3d::crs::ProjectedCrs;
    const auto* projectedA = std::get_if<ProjectedCrs>(&a.horizontal);
    const auto* projectedB = std::get_if<ProjectedCrs>(&b.horizontal);
    if (projectedA != nullptr && projectedB != nullptr) {
        return projectedA->definition == projectedB->definition;
    }
    const auto* enuA = std::get_if<LocalEnu>(&a.horizontal);
    const auto* enuB = std::get_if<LocalEnu>(&b.horizontal);
    return enuA != nullptr && enuB != nullptr &&
           enuA->origin.longitude.degrees() == enuB->origin.longitude.degrees() &&
           enuA->origin.latitude.degrees() == enuB->origin.latitude.degrees() &&
           enuA->origin.heightMetres == enuB->origin.heightMetres;
}

bool isSame(const HeightDatum& a, const HeightDatum& b) {
    using tiles3d::crs::ConstantOffset;
    using tiles3d::crs::GeoidGrid;
    if (a.index() != b.index()) {
        return false;
    }
    if (const auto* grid = std::get_if<GeoidGrid>(&a)) {
        return grid->grid == std::get<GeoidGrid>(b).grid;
    }
    const auto* offset = std::get_if<ConstantOffset>(&a);
    return offset == nullptr || offset->metres == std::get<ConstantOffset>(b).metres;
}

Result<const PlaneNodes*> NodeCache::nodesFor(const SourceCrs& crs, const HeightDatum& heights) {
    for (const Entry& entry : entries_) {
        if (isSame(entry.crs, crs) && isSame(entry.heights, heights)) {
            return &entry.nodes;
        }
    }
    Result<PlaneNodes> made = planeNodes(lattice_, crs, heights);
    if (!made) {
        return made.error();
    }
    entries_.push_back({crs, heights, *std::move(made)});
    return &entries_.back().nodes;
}

bool SourceFiles::isUsable(const RasterInfo& raster) {
    const auto quarantined =
        std::ranges::find(context_.quarantined, raster.file.string(), &engine::Quarantined::file);
    if (quarantined != context_.quarantined.end()) {
        lose(raster, {quarantined->reason});
        return false;
    }
    return !lost_.contains(toUtf8(raster.file));
}

void SourceFiles::lose(const RasterInfo& raster, const Error& error) {
    lost_.emplace(toUtf8(raster.file), error.message);
}

std::vector<scan::RejectedRaster> SourceFiles::lost() const {
    std::vector<scan::RejectedRaster> files;
    for (const auto& [file, reason] : lost_) {
        files.push_back({file, reason});
    }
    return files;
}

std::optional<RasterWindow> windowIn(const PixelBox& box, double margin, const RasterInfo& raster) {
    const double left = std::clamp(std::floor(box.low.x - margin), 0.0, double(raster.width));
    const double right = std::clamp(std::ceil(box.high.x + margin), 0.0, double(raster.width));
    const double upper = std::clamp(std::floor(box.low.y - margin), 0.0, double(raster.height));
    const double lower = std::clamp(std::ceil(box.high.y + margin), 0.0, double(raster.height));
    if (left >= right || upper >= lower) {
        return std::nullopt;
    }
    return RasterWindow{static_cast<std::uint32_t>(left),
                        static_cast<std::uint32_t>(upper),
                        static_cast<std::uint32_t>(right - left),
                        static_cast<std::uint32_t>(lower - upper)};
}

std::array<PostRange, 2> halvesOf(const PostRange& range) {
    std::array<PostRange, 2> halves{range, range};
    halves[0].lastRow = halves[1].firstRow = (range.firstRow + range.lastRow) / 2;
    return halves;
}

} // namespace pipeline::terrain
