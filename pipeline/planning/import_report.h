#pragma once

#include "tiles3d/base/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::planning {

/// What became of a layer's features: read = kept + all that were dropped.
struct FeatureCounts {
    std::uint64_t read = 0;
    std::uint64_t kept = 0;
    std::uint64_t repaired = 0;    ///< Of those kept.
    std::uint64_t renumbered = 0;  ///< Of those kept: their ids were taken.
    std::uint64_t withHeights = 0; ///< Of those read: Z and M are left out.
    std::uint64_t withCurves = 0;  ///< Of those read: curves are stroked.
    std::uint64_t empty = 0;       ///< Dropped: no geometry, or nothing left of it after repair.
    std::uint64_t notFinite = 0;   ///< Dropped: a coordinate is no finite number.
    std::uint64_t unplaced = 0;    ///< Dropped: outside of what the plane's CRS covers.

    std::uint64_t dropped() const { return empty + notFinite + unplaced; }
    void add(const FeatureCounts& other);
};

/// One layer of a source; or a source of which not even layers could be told. A layer that is lost
/// and was there in an earlier import is kept as it was then: its tables are those of that import.
struct ImportedLayer {
    std::string source;              ///< Without passwords.
    std::string layer;               ///< Its name there.
    std::vector<std::string> tables; ///< One per kind of geometry; none: nothing is in the file.
    std::string lost;                ///< Why nothing was imported; "" = it was.
    std::string keptFrom;            ///< Of a lost layer: the time of the import that its tables
                                     ///< are from, "2024-03-01 08:30 UTC"; "" = it has none.
    std::string crs;                 ///< As understood.
    FeatureCounts counts;
    std::vector<std::string> notes; ///< What was assumed, left out, wondered at.
    bool isUnchanged = false;       ///< Taken over from the last import.
};

struct ImportReport {
    std::vector<ImportedLayer> layers; ///< In the order of the sources.
    std::vector<std::string> warnings; ///< Of the whole: suspected GCJ-02, sources given twice.
    bool isUnchanged = false;          ///< The file was left as it is.

    /// A layer or a feature is not in the file.
    bool hasLosses() const;
};

tiles3d::base::Json toJson(const ImportedLayer& layer);
ImportedLayer importedLayerFrom(const tiles3d::base::Json& json);
tiles3d::base::Json toJson(const ImportReport& report);
/// The inverse.
ImportReport importReportFrom(const tiles3d::base::Json& json);

/// Of a lost layer: why, and what is in the file instead, if anything.
std::string lossOf(const ImportedLayer& layer);

/// A few lines for people.
std::string toText(const ImportReport& report);

} // namespace pipeline::planning
