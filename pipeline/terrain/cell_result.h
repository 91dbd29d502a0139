#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/tile.h"
#include "tiles3d/base/json.h"

#include <cstdint>
#include <map>
#include <vector>

namespace pipeline::terrain {

/// Differences along the edge of the photogrammetry, as a histogram: lowest height of the
/// photogrammetry beside the edge less that of the terrain, in steps of 5 cm.
class RimHistogram {
public:
    static constexpr double kStepMetres = 0.05;

    void add(double differenceMetres);
    void add(const RimHistogram& other);
    std::uint64_t count() const;
    double mean() const;                 ///< Signed; 0 without any.
    double median() const;               ///< Signed.
    double quantile(double share) const; ///< Of the absolute differences.
    double largest() const;              ///< Absolute.

    tiles3d::base::Json toJson() const;
    static RimHistogram from(const tiles3d::base::Json& json);

private:
    std::map<std::int64_t, std::uint64_t> counts_; ///< By step.
};

/// What comes back from a unit; small whatever its size.
struct CellResult {
    std::vector<TileRecord> tiles; ///< By depth, then from the south-west. None: no land.
    std::uint64_t posts = 0;       ///< Sampled.
    std::uint64_t texels = 0;
    RimHistogram rim;
    std::vector<scan::RejectedRaster> unreadable; ///< Rasters that could not be read here.
};

tiles3d::base::Json toJson(const CellResult& result);
/// Lenient: what is missing keeps its default; the text comes from toJson().
CellResult cellResultFrom(const tiles3d::base::Json& json);

} // namespace pipeline::terrain
