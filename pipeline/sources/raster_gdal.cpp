#include "pipeline/sources/raster_gdal.h"

#include "tiles3d/base/file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal_frmts.h>

#include <system_error>

namespace pipeline::sources {

using tiles3d::base::Error;
using tiles3d::base::Result;

void prepareGdal() {
    constexpr GIntBig kCacheBytes = GIntBig{64} << 20U;
    GDALSetCacheMax64(kCacheBytes);
    CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME", "none"); // side files could name a URL
    GDALRegister_GTiff();
    GDALRegister_HFA();
    GDALRegister_AAIGrid();
    GDALRegister_SRTMHGT();
    GDALRegister_JP2OpenJPEG();
    GDALRegister_JPEG();
    GDALRegister_PNG();
}

Error gdalError(const std::filesystem::path& file, const std::string& what) {
    const std::string words = tiles3d::base::validUtf8(CPLGetLastErrorMsg());
    return {tiles3d::base::toUtf8(file) + ": " + what + (words.empty() ? "" : ": " + words)};
}

Result<Dataset> openRaster(const std::filesystem::path& file) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed)) {
        return Error{tiles3d::base::toUtf8(file) + ": no such file"};
    }
    static const char* const kDrivers[] = {
        "GTiff", "HFA", "AAIGrid", "SRTMHGT", "JP2OpenJPEG", "JPEG", "PNG", nullptr};
    prepareGdal();
    CPLErrorReset();
    const std::filesystem::path absolute = std::filesystem::absolute(file, failed);
    Dataset dataset(GDALDataset::Open(
        absolute.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, kDrivers, nullptr, nullptr));
    if (!dataset) {
        return gdalError(file,
                         file.extension() == ".vrt"
                             ? "a .vrt only names other files; write those instead"
                             : "neither GeoTIFF, .img, ASCII grid, .hgt, JPEG 2000, JPEG nor PNG, "
                               "or damaged");
    }
    if (dataset->GetRasterCount() < 1) {
        return Error{tiles3d::base::toUtf8(file) + ": it holds no raster"};
    }
    return dataset;
}

std::array<int, 3> colourBands(GDALDataset& dataset) {
    const int count = dataset.GetRasterCount();
    if (count < 3) {
        return {1, 1, 1};
    }
    std::array<int, 3> bands{0, 0, 0};
    for (int band = count; band >= 1; --band) {
        switch (dataset.GetRasterBand(band)->GetColorInterpretation()) {
        case GCI_RedBand:
            bands[0] = band;
            break;
        case GCI_GreenBand:
            bands[1] = band;
            break;
        case GCI_BlueBand:
            bands[2] = band;
            break;
        default:
            break;
        }
    }
    const bool isNamed = bands[0] != 0 && bands[1] != 0 && bands[2] != 0;
    return isNamed ? bands : std::array<int, 3>{1, 2, 3};
}

bool hasRealMask(GDALDataset& dataset) {
    return (dataset.GetRasterBand(1)->GetMaskFlags() & GMF_PER_DATASET) != 0;
}

} // namespace pipeline::sources
