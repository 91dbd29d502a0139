#pragma once

#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"
#include "pipeline/sources/raster_reader.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"

#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// A rectangle of longitude and latitude. Does not know of the date line.
struct GeoExtent {
    double westDegrees = 0.0;
    double southDegrees = 0.0;
    double eastDegrees = 0.0;
    double northDegrees = 0.0;
};

/// A DEM with its place on the Earth understood.
struct DemSource {
    sources::RasterInfo raster;
    tiles3d::crs::SourceCrs crs;
    tiles3d::crs::HeightDatum heights;
    double metresPerUnit = 1.0; ///< What the file's heights are multiplied by.
    GeoExtent extent;           ///< Round the curved edges of the file.
    double postMetres = 0.0;    ///< On the ground, the finer of both axes, at the file's middle.
    std::string fingerprint;    ///< Of name, size, time, and of all that is said how to read it.
};

struct OrthoSource {
    sources::RasterInfo raster;
    tiles3d::crs::SourceCrs crs;
    GeoExtent extent;
    double texelMetres = 0.0; ///< As postMetres.
    std::string fingerprint;
};

/// A file that takes no part, and why.
struct RejectedRaster {
    std::string file;
    std::string reason;
};

/// The rasters under a city, those in front first where they overlap.
struct TerrainCatalogue {
    std::vector<DemSource> dems;
    std::vector<OrthoSource> orthos;
    std::vector<RejectedRaster> rejected;
    std::optional<double> seaLevelMetres; ///< In `seaHeights`; absent: no sea is added.
    tiles3d::crs::HeightDatum seaHeights; ///< The project's, else the first DEM's.
    Nodata nodata = Nodata::Next;
    std::vector<std::string> warnings;
};

/// Finds the files of `project.terrain`, opens their headers and understands where they stand. A
/// file that two entries name counts once, at the first. Of the options, `srs` is for files
/// without a CRS that no entry gives one, `heightDatum` overrides the project's but no entry's.
/// A file that cannot be used by itself (not readable, no georeference, one pixel wide, colours
/// given as heights or heights as colours, nowhere on the Earth) is rejected, and the others are
/// used.
/// Fails, with what to write, on an entry that matches no file, and on a CRS or height datum that
/// nobody states or that is not understood: nothing is guessed. A missing geoid grid is one.
tiles3d::base::Result<TerrainCatalogue> scanTerrain(const CityProject& project,
                                                    const ScanOptions& options = {});

} // namespace pipeline::scan
