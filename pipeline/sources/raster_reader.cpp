#include "pipeline/sources/raster_reader.h"

#include "pipeline/sources/raster_gdal.h"
#include "tiles3d/base/file.h"

#include <cpl_error.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pipeline::sources {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr int kChannels = 4;
constexpr std::byte kOpaque{255};

/// A window and the size that it is read at.
struct Request {
    RasterWindow window;
    int columns = 0;
    int rows = 0;

    bool isReduced() const {
        return std::cmp_not_equal(columns, window.columns) || std::cmp_not_equal(rows, window.rows);
    }
    std::size_t pixels() const {
        return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    }
};

Request requestOf(const RasterWindow& window, std::uint32_t columns, std::uint32_t rows) {
    return {window, static_cast<int>(columns), static_cast<int>(rows)};
}

GDALRasterIOExtraArg resampling(GDALRIOResampleAlg algorithm) {
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.eResampleAlg = algorithm;
    return extra;
}

/// Where values lie in a buffer: bytes from pixel to pixel, and whether averages are wanted.
struct Layout {
    GDALDataType type = GDT_Byte;
    GSpacing pixelBytes = 1;
    bool isAveraged = true;
};

bool readBand(GDALRasterBand& band, const Request& request, void* out, const Layout& layout) {
    GDALRasterIOExtraArg extra = resampling(
        request.isReduced() && layout.isAveraged ? GRIORA_Average : GRIORA_NearestNeighbour);
    return band.RasterIO(GF_Read,
                         static_cast<int>(request.window.column),
                         static_cast<int>(request.window.row),
                         static_cast<int>(request.window.columns),
                         static_cast<int>(request.window.rows),
                         out,
                         request.columns,
                         request.rows,
                         layout.type,
                         layout.pixelBytes,
                         layout.pixelBytes * request.columns,
                         &extra) == CE_None;
}

/// What no file means as a height, although it does not say so.
bool isCustomaryNothing(float value) {
    constexpr float kMost = 100000.0F;
    return !(std::abs(value) <= kMost) || value == -9999.0F || value == -32767.0F ||
           value == -32768.0F;
}

} // namespace

struct RasterReader::State {
    RasterInfo info;
    Dataset dataset;

    Error failure() const { return gdalError(info.file, "cannot be decoded"); }
    Result<std::vector<std::uint8_t>> readMask(const Request& request) const;
    Result<bool> readRgb(const Request& request, tiles3d::image::Raster& picture) const;
    Result<bool> readPalette(const Request& request, tiles3d::image::Raster& picture) const;
};

/// 0 to 255, one per pixel; empty if the raster has no mask.
Result<std::vector<std::uint8_t>> RasterReader::State::readMask(const Request& request) const {
    std::vector<std::uint8_t> mask(info.hasMask ? request.pixels() : 0);
    GDALRasterBand* band = info.hasMask ? dataset->GetRasterBand(1)->GetMaskBand() : nullptr;
    if (band != nullptr && !readBand(*band, request, mask.data(), {})) {
        return failure();
    }
    return mask;
}

Result<bool> RasterReader::State::readRgb(const Request& request,
                                          tiles3d::image::Raster& picture) const {
    const std::array<int, 3> bands = colourBands(*dataset);
    for (std::size_t channel = 0; channel < bands.size(); ++channel) {
        GDALRasterBand& band = *dataset->GetRasterBand(bands[channel]);
        if (!readBand(band,
                      request,
                      picture.pixels.data() + channel,
                      {.type = GDT_Byte, .pixelBytes = kChannels})) {
            return failure();
        }
    }
    if (info.noData && *info.noData >= 0.0 && *info.noData <= 255.0) {
        const auto nothing = static_cast<std::byte>(*info.noData);
        for (std::size_t i = 0; i < picture.pixels.size(); i += kChannels) {
            const bool isNothing = picture.pixels[i] == nothing &&
                                   picture.pixels[i + 1] == nothing &&
                                   picture.pixels[i + 2] == nothing;
            picture.pixels[i + 3] = isNothing ? std::byte{} : kOpaque;
        }
    }
    return true;
}

Result<bool> RasterReader::State::readPalette(const Request& request,
                                              tiles3d::image::Raster& picture) const {
    GDALRasterBand& band = *dataset->GetRasterBand(1);
    const GDALColorTable& table = *band.GetColorTable();
    std::vector<std::uint8_t> indices(request.pixels());
    if (!readBand(band, request, indices.data(), {.isAveraged = false})) {
        return failure();
    }
    for (std::size_t i = 0; i < indices.size(); ++i) {
        GDALColorEntry entry{0, 0, 0, 0}; // beyond the palette: nothing
        table.GetColorEntryAsRGB(indices[i], &entry);
        const bool isNothing = entry.c4 == 0 || (info.noData && *info.noData == indices[i]);
        std::byte* pixel = picture.pixels.data() + i * kChannels;
        pixel[0] = static_cast<std::byte>(entry.c1);
        pixel[1] = static_cast<std::byte>(entry.c2);
        pixel[2] = static_cast<std::byte>(entry.c3);
        pixel[3] = isNothing ? std::byte{} : kOpaque;
    }
    return true;
}

RasterReader::RasterReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RasterReader::RasterReader(RasterReader&&) noexcept = default;
RasterReader& RasterReader::operator=(RasterReader&&) noexcept = default;
RasterReader::~RasterReader() = default;

Result<RasterReader> RasterReader::open(const RasterInfo& info) {
    const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
    Result<Dataset> dataset = openRaster(info.file);
    if (!dataset) {
        return dataset.error();
    }
    if (std::cmp_not_equal((*dataset)->GetRasterXSize(), info.width) ||
        std::cmp_not_equal((*dataset)->GetRasterYSize(), info.height) ||
        (*dataset)->GetRasterCount() != info.bands) {
        return Error{toUtf8(info.file) + ": it has changed since its header was read"};
    }
    auto state = std::make_unique<State>();
    state->info = info;
    state->dataset = *std::move(dataset);
    return RasterReader(std::move(state));
}

Result<std::vector<float>> RasterReader::readHeights(const RasterWindow& window) const {
    return readHeights(window, window.columns, window.rows);
}

Result<std::vector<float>> RasterReader::readHeights(const RasterWindow& window,
                                                     std::uint32_t columns,
                                                     std::uint32_t rows) const {
    const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
    CPLErrorReset();
    const Request request = requestOf(window, columns, rows);
    GDALRasterBand& band = *state_->dataset->GetRasterBand(1);
    std::vector<float> heights(request.pixels());
    if (!readBand(band, request, heights.data(), {GDT_Float32, sizeof(float), false})) {
        return state_->failure();
    }
    const auto mask = state_->readMask(request);
    if (!mask) {
        return mask.error();
    }
    const auto noData = static_cast<float>(state_->info.noData.value_or(kNothing));
    const auto scale = static_cast<float>(band.GetScale());
    const auto offset = static_cast<float>(band.GetOffset());
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const float value = heights[i] * scale + offset;
        const bool isNothing = heights[i] == noData || isCustomaryNothing(heights[i]) ||
                               (!mask->empty() && (*mask)[i] == 0);
        heights[i] = isNothing ? kNothing : value;
    }
    return heights;
}

Result<tiles3d::image::Raster> RasterReader::readColours(const RasterWindow& window,
                                                         std::uint32_t columns,
                                                         std::uint32_t rows) const {
    const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
    CPLErrorReset();
    const RasterInfo& info = state_->info;
    if (!info.is8Bit) {
        return Error{toUtf8(info.file) +
                     ": its bands have more than 8 bits; colours have 8 (gdal_translate -ot Byte "
                     "-scale)"};
    }
    const Request request = requestOf(window, columns, rows);
    tiles3d::image::Raster picture{columns, rows, kChannels, {}};
    picture.pixels.assign(request.pixels() * kChannels, kOpaque);
    const bool isPalette = state_->dataset->GetRasterBand(1)->GetColorTable() != nullptr;
    const auto read = isPalette && info.bands == 1 ? state_->readPalette(request, picture)
                                                   : state_->readRgb(request, picture);
    if (!read) {
        return read.error();
    }
    const auto mask = state_->readMask(request);
    if (!mask) {
        return mask.error();
    }
    constexpr std::uint8_t kHalf = 128;
    for (std::size_t i = 0; i < mask->size(); ++i) {
        picture.pixels[i * kChannels + 3] = (*mask)[i] < kHalf ? std::byte{} : kOpaque;
    }
    if (info.collar && info.collar->touches(window)) {
        hideCollarInPlace(picture, *info.collar, window);
    }
    return picture;
}

} // namespace pipeline::sources
