#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <string>

namespace pipeline::planning {

struct CloseDataset {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;

struct ReleaseReference {
    void operator()(OGRSpatialReference* reference) const { reference->Release(); }
};
using Reference = std::unique_ptr<OGRSpatialReference, ReleaseReference>;

/// The CRS of a text, x east and y north whatever its authority says.
tiles3d::base::Result<Reference> referenceFrom(const std::string& text);

} // namespace pipeline::planning
