#pragma once

namespace pipeline::planning {

/// GDAL's process-wide set-up, made once by main: the drivers for files of vectors only, no
/// network, no plugins by name, no side files with statistics, quiet. Also serves pipeline/sources'
/// rasters.
class GdalRuntime {
public:
    GdalRuntime();
    GdalRuntime(const GdalRuntime&) = delete;
    GdalRuntime& operator=(const GdalRuntime&) = delete;
    ~GdalRuntime();
};

} // namespace pipeline::planning
