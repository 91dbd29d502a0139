#include "pipeline/sources/raster_writer.h"

#include "pipeline/sources/raster_gdal.h"
#include "tiles3d/base/file.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

#include <array>
#include <system_error>
#include <utility>
#include <vector>

namespace pipeline::sources {

namespace {

namespace fs = std::filesystem;
using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

Status check(const RasterSpec& spec) {
    constexpr std::uint32_t kMaxSide = 1U << 24U;
    const bool sized =
        spec.width > 0 && spec.height > 0 && spec.width <= kMaxSide && spec.height <= kMaxSide;
    if (!sized || !(spec.pixelSize > 0.0)) {
        return Error{
            fmt::format("{}: {} x {} pixels of {}: sides must be 1 to {}, pixels larger than 0",
                        toUtf8(spec.file),
                        spec.width,
                        spec.height,
                        spec.pixelSize,
                        kMaxSide)};
    }
    return tiles3d::base::ok();
}

CPLStringList creationOptions(const RasterSpec& spec) {
    const std::string tile = std::to_string(kRasterTile);
    CPLStringList options;
    options.SetNameValue("TILED", "YES");
    options.SetNameValue("BLOCKXSIZE", tile.c_str());
    options.SetNameValue("BLOCKYSIZE", tile.c_str());
    options.SetNameValue("BIGTIFF", "IF_SAFER");
    if (spec.pixels == RasterSpec::Pixels::Rgb8) {
        options.SetNameValue("COMPRESS", "JPEG");
        options.SetNameValue("PHOTOMETRIC", "YCBCR");
        options.SetNameValue("JPEG_QUALITY", std::to_string(spec.jpegQuality).c_str());
    } else {
        options.SetNameValue("COMPRESS", "DEFLATE");
        options.SetNameValue("PREDICTOR", "3");
    }
    return options;
}

Status describe(GDALDataset& dataset, const RasterSpec& spec) {
    std::array<double, 6> transform = {
        spec.west, spec.pixelSize, 0.0, spec.north, 0.0, -spec.pixelSize};
    OGRSpatialReference crs;
    if (crs.importFromEPSG(spec.epsg) != OGRERR_NONE) {
        return gdalError(spec.file, fmt::format("EPSG:{} is not known", spec.epsg));
    }
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    const bool placed = dataset.SetGeoTransform(transform.data()) == CE_None &&
                        dataset.SetSpatialRef(&crs) == CE_None;
    const bool noted =
        !spec.noData || dataset.GetRasterBand(1)->SetNoDataValue(*spec.noData) == CE_None;
    return placed && noted ? tiles3d::base::ok()
                           : Status(gdalError(spec.file, "cannot store the georeference"));
}

} // namespace

struct RasterWriter::State {
    RasterSpec spec;
    fs::path part;
    Dataset dataset;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (dataset) { // never finished
            dataset.reset();
            std::error_code ignored;
            fs::remove(part, ignored);
        }
    }
};

RasterWriter::RasterWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
RasterWriter::RasterWriter(RasterWriter&&) noexcept = default;
RasterWriter& RasterWriter::operator=(RasterWriter&&) noexcept = default;
RasterWriter::~RasterWriter() = default;

Result<RasterWriter> RasterWriter::create(const RasterSpec& spec) {
    if (auto checked = check(spec); !checked) {
        return checked.error();
    }
    prepareGdal();
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    auto state = std::make_unique<State>();
    state->spec = spec;
    state->part = spec.file;
    state->part += ".part";
    const bool isRgb = spec.pixels == RasterSpec::Pixels::Rgb8;
    state->dataset.reset(driver->Create(state->part.c_str(),
                                        static_cast<int>(spec.width),
                                        static_cast<int>(spec.height),
                                        isRgb ? 3 : 1,
                                        isRgb ? GDT_Byte : GDT_Float32,
                                        creationOptions(spec).List()));
    if (!state->dataset) {
        return gdalError(spec.file, "cannot create");
    }
    if (auto described = describe(*state->dataset, spec); !described) {
        return described.error();
    }
    return RasterWriter(std::move(state));
}

Status RasterWriter::writeFloats(const RasterWindow& window, std::span<const float> values) {
    const auto columns = static_cast<int>(window.columns);
    const auto rows = static_cast<int>(window.rows);
    std::vector<float> copy(values.begin(), values.end()); // GDAL's buffer is not const
    const CPLErr failed =
        state_->dataset->GetRasterBand(1)->RasterIO(GF_Write,
                                                    static_cast<int>(window.column),
                                                    static_cast<int>(window.row),
                                                    columns,
                                                    rows,
                                                    copy.data(),
                                                    columns,
                                                    rows,
                                                    GDT_Float32,
                                                    0,
                                                    0,
                                                    nullptr);
    return failed == CE_None ? tiles3d::base::ok()
                             : Status(gdalError(state_->spec.file, "cannot write"));
}

Status RasterWriter::writeRgb(const RasterWindow& window, std::span<const std::byte> pixels) {
    constexpr int kChannels = 3;
    const auto columns = static_cast<int>(window.columns);
    const auto rows = static_cast<int>(window.rows);
    std::vector<std::byte> copy(pixels.begin(), pixels.end());
    const CPLErr failed = state_->dataset->RasterIO(GF_Write,
                                                    static_cast<int>(window.column),
                                                    static_cast<int>(window.row),
                                                    columns,
                                                    rows,
                                                    copy.data(),
                                                    columns,
                                                    rows,
                                                    GDT_Byte,
                                                    kChannels,
                                                    nullptr,
                                                    kChannels,
                                                    GSpacing{kChannels} * columns,
                                                    1,
                                                    nullptr);
    return failed == CE_None ? tiles3d::base::ok()
                             : Status(gdalError(state_->spec.file, "cannot write"));
}

Status RasterWriter::finish() {
    CPLErrorReset();
    state_->dataset.reset();
    if (CPLGetLastErrorType() >= CE_Failure) {
        return gdalError(state_->spec.file, "cannot close");
    }
    std::error_code failed;
    fs::rename(state_->part, state_->spec.file, failed);
    if (failed) {
        return Error{toUtf8(state_->spec.file) +
                     ": cannot rename its .part file: " + failed.message()};
    }
    return tiles3d::base::ok();
}

} // namespace pipeline::sources
