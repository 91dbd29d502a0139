#include "pipeline/planning/ogr_handles.h"

namespace pipeline::planning {

tiles3d::base::Result<Reference> referenceFrom(const std::string& text) {
    Reference reference(new OGRSpatialReference);
    // Nothing but definitions: no file names, no URLs.
    const char* const options[] = {"ALLOW_NETWORK_ACCESS=NO", "ALLOW_FILE_ACCESS=NO", nullptr};
    if (reference->SetFromUserInput(text.c_str(), options) != OGRERR_NONE) {
        return tiles3d::base::Error{"CRS not understood: \"" + text.substr(0, 80) +
                                    "\"; write EPSG:4548, WKT or a PROJ string"};
    }
    reference->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    return reference;
}

} // namespace pipeline::planning
