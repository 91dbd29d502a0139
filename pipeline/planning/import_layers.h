#pragma once

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/import_report.h"
#include "pipeline/planning/layer_source.h"
#include "pipeline/planning/plane_box.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::planning {

struct ImportProgress {
    std::uint64_t features = 0; ///< Written so far.
    std::string layer;          ///< The one that is being written.
};

struct ImportOptions {
    std::string planeCrs;            ///< Of the city: "EPSG:4548", WKT or a PROJ string; metres.
    std::optional<PlaneBox> cityBox; ///< Layers that do not meet it are refused, with what would
                                     ///< bring them there. Nothing: all are taken.
    std::string fallbackCrs;         ///< For layers that say nothing, as all of DXF.
    std::size_t threads = 1;
    std::function<void(const ImportProgress&)> onProgress; ///< From any thread, one at a time.
};

/// Imports all layers of all sources into one GeoPackage in the plane CRS, which other programs
/// read as well. Per layer one table for each kind of geometry that it holds (the kind seen first
/// has the layer's name, others "NAME_line", ...), as multi-polygons, -lines or -points: valid, by
/// repair where broken; curves stroked (within 1 cm, steps of 1 degree at most), heights and measures left out.
/// Attributes in UTF-8, with their types and aliases; ids are the source's where no two are equal.
/// Beside the standard's tables:
///   city3d_layers         title, category, source, CRS as understood, vintage, notes per table
///   city3d_import_ledger  every feature that was repaired, renumbered or dropped, and why; lost
///                         layers
///   city3d_import         the report, per source, and the fingerprint of its bytes
/// Sources whose bytes and options are those of an earlier import into `file` are not read again,
/// and their tables keep their names; what is no longer a source goes. A source or layer that fails
/// is lost, but what an earlier import into the same plane had of it is kept, and said so in report
/// and ledger. The file is replaced once it is whole. Same input, same bytes, for any number of
/// threads. Memory does not grow with the sources, but for 32 bytes per feature of the layer that
/// is being written. GCJ-02 is taken off where a source says so; it is suspected, and only
/// reported, where outlines of two layers fit each other without it and not with it (see
/// gcj02_suspicion.h). A source or layer that cannot be used is in the report; fails on what makes
/// the whole impossible: a plane CRS that is none, a disk that is full. Needs a GdalRuntime; one
/// import at a time.
tiles3d::base::Result<ImportReport> importLayers(const std::vector<LayerSource>& sources,
                                                 const std::filesystem::path& file,
                                                 const ImportOptions& options);

/// The report of an import that came to nothing as a whole: all is lost for `reason`, and what
/// `file` holds of an earlier import is kept.
ImportReport reportOfFailure(const std::vector<LayerSource>& sources,
                             const std::filesystem::path& file,
                             const std::string& reason);

} // namespace pipeline::planning
