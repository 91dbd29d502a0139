#include "tests/pipeline/sources/made_raster.h"

#include <cpl_string.h>
#include <gdal_frmts.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace pipeline::sources {

namespace {

struct CloseDataset {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};

void must(bool isFine) {
    if (!isFine) {
        throw std::runtime_error("the test's raster cannot be made");
    }
}

void describe(GDALDataset& dataset, const MadeRaster& raster) {
    std::array<double, 6> transform = raster.geoTransform;
    if (transform != std::array<double, 6>{}) {
        must(dataset.SetGeoTransform(transform.data()) == CE_None);
    }
    if (!raster.srs.empty()) {
        OGRSpatialReference crs;
        must(crs.SetFromUserInput(raster.srs.c_str()) == OGRERR_NONE);
        must(dataset.SetSpatialRef(&crs) == CE_None);
    }
    GDALRasterBand& band = *dataset.GetRasterBand(1);
    if (raster.noData) {
        must(band.SetNoDataValue(*raster.noData) == CE_None);
    }
    if (!raster.unit.empty()) {
        must(band.SetUnitType(raster.unit.c_str()) == CE_None);
    }
    if (raster.scale != 1.0 || raster.offset != 0.0) {
        must(band.SetScale(raster.scale) == CE_None && band.SetOffset(raster.offset) == CE_None);
    }
    if (raster.hasPalette) {
        GDALColorTable table;
        for (int i = 0; i < 256; ++i) {
            const GDALColorEntry entry{static_cast<short>(i), static_cast<short>(255 - i), 0, 255};
            table.SetColorEntry(i, &entry);
        }
        must(band.SetColorTable(&table) == CE_None);
    }
}

} // namespace

void make(const MadeRaster& raster) {
    GDALRegister_GTiff();
    CPLStringList options;
    options.SetNameValue("BLOCKYSIZE", "1");
    if (!raster.compression.empty()) {
        options.SetNameValue("COMPRESS", raster.compression.c_str());
    }
    if (raster.hasAlpha) {
        options.SetNameValue("ALPHA", "YES");
    }
    const std::unique_ptr<GDALDataset, CloseDataset> dataset(
        GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
            raster.file.c_str(),
            raster.width,
            raster.height,
            raster.bands,
            GDALGetDataTypeByName(raster.type.c_str()),
            options.List()));
    must(dataset != nullptr);
    describe(*dataset, raster);
    std::vector<double> line(static_cast<std::size_t>(raster.width));
    for (int band = 1; band <= raster.bands; ++band) {
        for (int row = 0; row < raster.height; ++row) {
            for (int column = 0; column < raster.width; ++column) {
                line[static_cast<std::size_t>(column)] = raster.value(band, column, row);
            }
            must(dataset->GetRasterBand(band)->RasterIO(GF_Write,
                                                        0,
                                                        row,
                                                        raster.width,
                                                        1,
                                                        line.data(),
                                                        raster.width,
                                                        1,
                                                        GDT_Float64,
                                                        0,
                                                        0,
                                                        nullptr) == CE_None);
        }
    }
}

} // namespace pipeline::sources
