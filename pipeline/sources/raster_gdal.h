#pragma once

#include "tiles3d/base/result.h"

#include <gdal_priv.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>

namespace pipeline::sources {

struct CloseDataset {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;

/// "FILE: what: GDAL's last words".
tiles3d::base::Error gdalError(const std::filesystem::path& file, const std::string& what);

/// Readies GDAL for rasters, for the whole process: the few drivers that are meant, a cache of 64
/// MiB instead of a twentieth of the memory, no network. May be called again and again.
void prepareGdal();

/// Opens a raster for reading, by one of the few drivers that are meant (see readRasterInfo()).
/// Fails on what is no regular file, so that no name of GDAL's virtual file systems gets through.
tiles3d::base::Result<Dataset> openRaster(const std::filesystem::path& file);

/// The bands that are red, green and blue: by their meaning, else the first three; one band thrice.
std::array<int, 3> colourBands(GDALDataset& dataset);

/// An alpha band or a mask of the whole data set, not one made of a no-data value.
bool hasRealMask(GDALDataset& dataset);

} // namespace pipeline::sources
