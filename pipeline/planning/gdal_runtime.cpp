#include "pipeline/planning/gdal_runtime.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal_priv.h>

namespace pipeline::planning {

GdalRuntime::GdalRuntime() {
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable"); // no plugin folders
    CPLSetConfigOption("GDAL_HTTP_TIMEOUT", "1");
    CPLSetConfigOption("OGR_CURRENT_DATE", "2000-01-01T00:00:00Z"); // same input, same bytes
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("OGR_ARC_STEPSIZE", "1"); // degrees, of readers that stroke arcs themselves
    CPLSetErrorHandler(CPLQuietErrorHandler);    // our messages name the file and the remedy
    GDALAllRegister();
}

GdalRuntime::~GdalRuntime() {
    CPLSetErrorHandler(nullptr);
}

} // namespace pipeline::planning
