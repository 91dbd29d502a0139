#include "pipeline/sources/raster_gdal.h"
#include "pipeline/sources/raster_reader.h"
#include "tiles3d/base/file.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <set>
#include <system_error>

namespace pipeline::sources {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

std::string lettersOf(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return letters;
}

/// The CRS as text, and the vertical unit that it states.
void readSrs(GDALDataset& dataset, RasterInfo& info) {
    const OGRSpatialReference* reference = dataset.GetSpatialRef();
    if (reference == nullptr || reference->IsEmpty()) {
        return;
    }
    const char* const options[] = {"FORMAT=WKT2_2019", "MULTILINE=NO", nullptr};
    char* text = nullptr;
    if (reference->exportToWkt(&text, options) == OGRERR_NONE && text != nullptr) {
        info.srs = text;
    }
    CPLFree(text);
    const char* unit = nullptr;
    if (reference->IsVertical() != 0) {
        info.verticalUnitMetres = reference->GetTargetLinearUnits("VERT_CS", &unit);
        info.verticalUnit = unit != nullptr ? tiles3d::base::validUtf8(unit) : "";
    }
}

/// The band's own unit wins over the vertical CRS's.
void readUnit(GDALRasterBand& band, RasterInfo& info) {
    const std::string unit = tiles3d::base::validUtf8(band.GetUnitType());
    if (!unit.empty()) {
        info.verticalUnitMetres = metresOfUnit(unit).value_or(0.0);
        info.verticalUnit = unit;
    }
}

Status readGeoTransform(GDALDataset& dataset, RasterInfo& info) {
    const bool isPlaced = dataset.GetGeoTransform(info.geoTransform.data()) == CE_None;
    const auto& t = info.geoTransform;
    const double determinant = t[1] * t[5] - t[2] * t[4];
    const bool isFinite = std::ranges::all_of(t, [](double term) { return std::isfinite(term); });
    const double largest =
        std::max({std::abs(t[1]), std::abs(t[2]), std::abs(t[4]), std::abs(t[5])});
    constexpr double kFlattest = 1e-6; // of a pixel's sides: beyond it is a line
    if (!isPlaced || !isFinite || std::abs(determinant) <= kFlattest * largest * largest) {
        return Error{toUtf8(info.file) + ": no georeference: nothing says where its pixels lie "
                                         "(a world file .tfw beside it would)"};
    }
    return ok();
}

/// A block is decoded as a whole, into memory, whatever is asked of it.
Status checkBlocks(GDALDataset& dataset, const RasterInfo& info) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20U;
    int columns = 0;
    int rows = 0;
    GDALRasterBand& band = *dataset.GetRasterBand(1);
    band.GetBlockSize(&columns, &rows);
    const char* interleave = dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
    const bool holdsAll = interleave != nullptr && EQUAL(interleave, "PIXEL");
    const auto perPixel =
        static_cast<std::uint64_t>(GDALGetDataTypeSizeBytes(band.GetRasterDataType()));
    const std::uint64_t bytes = static_cast<std::uint64_t>(columns) *
                                static_cast<std::uint64_t>(rows) * perPixel *
                                static_cast<std::uint64_t>(holdsAll ? info.bands : 1);
    return bytes <= kMostBytes
               ? ok()
               : Status(Error{fmt::format("{}: blocks of {} x {} pixels, {} MB each, the limit is "
                                          "{} MB: write it tiled (gdal_translate -co TILED=YES)",
                                          toUtf8(info.file),
                                          columns,
                                          rows,
                                          bytes >> 20U,
                                          kMostBytes >> 20U)});
}

std::uint64_t numberIn(GDALRasterBand& band, const std::string& item) {
    const char* text = band.GetMetadataItem(item.c_str(), "TIFF");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 0;
}

/// Whether every block of a GeoTIFF ends inside the file; others are only known by decoding.
Status checkWhole(GDALDataset& dataset, const RasterInfo& info) {
    constexpr int kMostBlocks = 1 << 18;
    GDALRasterBand& band = *dataset.GetRasterBand(1);
    int columns = 0;
    int rows = 0;
    band.GetBlockSize(&columns, &rows);
    const int across = (band.GetXSize() - 1) / columns + 1;
    const int down = (band.GetYSize() - 1) / rows + 1;
    const int first = std::max(0, down - std::max(1, kMostBlocks / across)); // writers go downwards
    std::error_code failed;
    const std::uint64_t size = fs::file_size(info.file, failed);
    for (int row = first; row < down; ++row) {
        for (int column = 0; column < across; ++column) {
            const std::string place = fmt::format("{}_{}", column, row);
            const std::uint64_t end =
                numberIn(band, "BLOCK_OFFSET_" + place) + numberIn(band, "BLOCK_SIZE_" + place);
            if (end > size) {
                return Error{fmt::format(
                    "{}: truncated: {} bytes, its pixels end at {}", toUtf8(info.file), size, end)};
            }
        }
    }
    return ok();
}

void readFiles(GDALDataset& dataset, RasterInfo& info) {
    std::set<fs::path> files{info.file};
    const CPLStringList named(dataset.GetFileList());
    const fs::path own = fs::absolute(info.file);
    for (int i = 0; i < named.Count(); ++i) {
        if (const fs::path other(named[i]); other != own) {
            files.insert(other);
        }
    }
    info.files.assign(files.begin(), files.end());
    for (const fs::path& file : info.files) {
        std::error_code failed;
        const std::uint64_t bytes = fs::file_size(file, failed);
        info.bytes += failed ? 0 : bytes;
    }
}

void readBands(GDALDataset& dataset, RasterInfo& info) {
    GDALRasterBand& first = *dataset.GetRasterBand(1);
    info.bands = dataset.GetRasterCount();
    info.is8Bit = true;
    for (int band = 1; band <= info.bands; ++band) {
        info.is8Bit &= dataset.GetRasterBand(band)->GetRasterDataType() == GDT_Byte;
    }
    info.isColour = info.is8Bit && (info.bands >= 3 || first.GetColorTable() != nullptr);
    int isStated = 0;
    const double noData = first.GetNoDataValue(&isStated);
    info.noData = isStated != 0 ? std::optional(noData) : std::nullopt;
    info.hasMask = hasRealMask(dataset);
}

/// Whether black reaches the edge at all: small pieces along all four, each one block at most.
Result<bool> hasBlackEdge(const RasterReader& reader, const RasterInfo& info) {
    constexpr std::uint32_t kPieces = 16;
    constexpr int kFewest = 2; // of 68; a dark roof is met once
    constexpr std::uint32_t kSide = 8;
    const std::uint32_t right = info.width - std::min(info.width, kSide);
    const std::uint32_t lower = info.height - std::min(info.height, kSide);
    int black = 0;
    for (std::uint32_t i = 0; i <= kPieces; ++i) {
        const auto x = static_cast<std::uint32_t>(std::uint64_t{right} * i / kPieces);
        const auto y = static_cast<std::uint32_t>(std::uint64_t{lower} * i / kPieces);
        for (const auto& [column, row] :
             {std::pair(x, 0U), std::pair(x, lower), std::pair(0U, y), std::pair(right, y)}) {
            const RasterWindow window{
                column, row, std::min(kSide, info.width), std::min(kSide, info.height)};
            const auto piece = reader.readColours(window, 1, 1);
            if (!piece) {
                return piece.error();
            }
            black += isNearBlack(*piece, 0) ? 1 : 0;
        }
    }
    return black >= kFewest;
}

Status findCollarOf(RasterInfo& info) {
    constexpr std::uint32_t kMostCells = 1024;
    const auto reader = RasterReader::open(info);
    if (!reader) {
        return reader.error();
    }
    const auto isBlack = hasBlackEdge(*reader, info);
    if (!isBlack) {
        return isBlack.error();
    }
    if (!*isBlack) {
        return ok();
    }
    const auto whole = reader->readColours({0, 0, info.width, info.height},
                                           std::min(kMostCells, info.width),
                                           std::min(kMostCells, info.height));
    if (!whole) {
        return whole.error();
    }
    CollarMask mask = findCollar(*whole, info.width, info.height);
    if (std::ranges::find(mask.cells, 1) != mask.cells.end()) {
        info.collar = std::make_shared<const CollarMask>(std::move(mask));
    }
    return ok();
}

} // namespace

std::optional<double> metresOfUnit(std::string_view name) {
    const std::string unit = lettersOf(name);
    const auto isOneOf = [&unit](std::initializer_list<std::string_view> names) {
        return std::ranges::find(names, unit) != names.end();
    };
    if (isOneOf({"m", "metre", "meter", "metres", "meters"})) {
        return 1.0;
    }
    if (isOneOf({"ft", "foot", "feet", "ift", "footinternational", "internationalfoot"})) {
        return 0.3048;
    }
    if (isOneOf({"usft",
                 "usfoot",
                 "usfeet",
                 "ftus",
                 "footus",
                 "sft",
                 "sfoot",
                 "ussurveyfoot",
                 "ussurveyfeet",
                 "surveyfoot"})) {
        return 1200.0 / 3937.0;
    }
    return std::nullopt;
}

Result<RasterInfo> readRasterInfo(const fs::path& file, const RasterInfoOptions& options) {
    const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
    const Result<Dataset> opened = openRaster(file);
    if (!opened) {
        return opened.error();
    }
    GDALDataset& dataset = **opened;
    RasterInfo info;
    info.file = file;
    info.width = static_cast<std::uint32_t>(dataset.GetRasterXSize());
    info.height = static_cast<std::uint32_t>(dataset.GetRasterYSize());
    readBands(dataset, info);
    readFiles(dataset, info);
    readSrs(dataset, info);
    readUnit(*dataset.GetRasterBand(1), info);
    for (const Status& checked :
         {readGeoTransform(dataset, info), checkBlocks(dataset, info), checkWhole(dataset, info)}) {
        if (!checked) {
            return checked.error();
        }
    }
    if (options.findsCollar && info.is8Bit && !info.hasMask) {
        if (const Status looked = findCollarOf(info); !looked) {
            return looked.error();
        }
    }
    return info;
}

} // namespace pipeline::sources
