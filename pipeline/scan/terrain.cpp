#include "pipeline/scan/terrain.h"

#include "pipeline/scan/raster_files.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <system_error>

namespace pipeline::scan {

using sources::RasterInfo;
using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::base::within;
using tiles3d::crs::HeightDatum;
using tiles3d::crs::SourceCrs;
using tiles3d::crs::Transform;

namespace {

namespace fs = std::filesystem;

/// A file of an entry, opened.
struct Opened {
    RasterInfo raster;
    const RasterSource* entry = nullptr;
};

/// CRS, heights and the operation of files that say the same: a delivery has thousands of them.
struct Place {
    SourceCrs crs;
    HeightDatum heights;
    Transform transform; ///< Horizontal only: an extent needs no geoid.
};

/// Scans one project; holds what its files share.
class Scan {
public:
    Scan(const CityProject& project, const ScanOptions& options)
        : project_(project), options_(options) {}

    Result<TerrainCatalogue> run();

private:
    Result<std::vector<Opened>> openAll(const std::vector<RasterSource>& entries, bool isColour);
    Status addDem(const Opened& opened);
    Status addOrtho(const Opened& opened);
    Status addSea();
    Result<const Place*> placeOf(const Opened& opened, const std::optional<std::string>& datum);
    Result<Place> makePlace(const std::string& srs, const std::optional<std::string>& datum) const;
    std::optional<std::string> datumOf(const Opened& opened) const;
    void warn(const std::string& warning);
    void reject(const fs::path& file, const std::string& reason) {
        catalogue_.rejected.push_back({toUtf8(file), reason});
    }

    const CityProject& project_;
    const ScanOptions& options_;
    TerrainCatalogue catalogue_;
    std::map<std::pair<std::string, std::string>, Place> places_;
    std::set<std::string> warned_;
};

/// A message without the file's name in front, which stands beside it.
std::string reasonIn(const Error& error, const fs::path& file) {
    const std::string prefix = toUtf8(file) + ": ";
    return error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message;
}

glm::dvec3 cornerAt(const RasterInfo& raster, double column, double row) {
    const auto& t = raster.geoTransform;
    return {t[0] + column * t[1] + row * t[2], t[3] + column * t[4] + row * t[5], 0.0};
}

/// Round the edges, densified: they are curves in longitude and latitude. Nothing if a projection
/// knows none of them.
std::optional<GeoExtent> extentOf(const RasterInfo& raster, const Transform& transform) {
    constexpr int kPieces = 32;
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double width = raster.width;
    const double height = raster.height;
    GeoExtent extent{kInfinity, kInfinity, -kInfinity, -kInfinity};
    for (int i = 0; i <= kPieces; ++i) {
        const double share = static_cast<double>(i) / kPieces;
        const double column = share * width;
        const double row = share * height;
        for (const auto& [x, y] : {std::pair(column, 0.0),
                                   std::pair(column, height),
                                   std::pair(0.0, row),
                                   std::pair(width, row)}) {
            const auto place = transform.toCartographic(cornerAt(raster, x, y));
            if (place) {
                const double lon = place->longitude.degrees();
                const double lat = place->latitude.degrees();
                extent.westDegrees = std::min(extent.westDegrees, lon);
                extent.eastDegrees = std::max(extent.eastDegrees, lon);
                extent.southDegrees = std::min(extent.southDegrees, lat);
                extent.northDegrees = std::max(extent.northDegrees, lat);
            }
        }
    }
    return extent.westDegrees <= extent.eastDegrees ? std::optional(extent) : std::nullopt;
}

/// The shorter side of the pixel in the raster's middle, on the ground; nothing off the Earth.
std::optional<double> pixelMetres(const RasterInfo& raster, const Transform& transform) {
    const double column = raster.width / 2.0;
    const double row = raster.height / 2.0;
    const auto middle = transform.toEcef(cornerAt(raster, column, row));
    const auto right = transform.toEcef(cornerAt(raster, column + 1.0, row));
    const auto below = transform.toEcef(cornerAt(raster, column, row + 1.0));
    if (!middle || !right || !below) {
        return std::nullopt;
    }
    const double metres = std::min(glm::distance(middle->metres, right->metres),
                                   glm::distance(middle->metres, below->metres));
    return metres > 0.0 ? std::optional(metres) : std::nullopt;
}

std::string fingerprintOf(const RasterInfo& raster, const std::string& reading) {
    tiles3d::base::Fingerprint print;
    for (const fs::path& file : raster.files) {
        std::error_code failed;
        print.add(file.native());
        print.add(fs::file_size(file, failed));
        const auto time = fs::last_write_time(file, failed).time_since_epoch().count();
        print.add(static_cast<std::uint64_t>(time));
    }
    print.add(reading);
    return print.hex();
}

std::string numberText(std::optional<double> number) {
    return number ? fmt::format("{}", *number) : "-";
}

Result<std::vector<Opened>> Scan::openAll(const std::vector<RasterSource>& entries, bool isColour) {
    std::vector<Opened> opened;
    std::set<fs::path> seen;
    for (const RasterSource& entry : entries) {
        const auto files = rasterFiles(entry.pattern);
        if (!files) {
            return within(isColour ? "terrain.ortho" : "terrain.dem", files.error());
        }
        for (const fs::path& file : *files) {
            std::error_code failed;
            if (!seen.insert(fs::weakly_canonical(file, failed)).second) {
                continue;
            }
            Result<RasterInfo> info = sources::readRasterInfo(file, {.findsCollar = isColour});
            if (!info) {
                reject(file, reasonIn(info.error(), file));
            } else if (info->width < 2 || info->height < 2) {
                reject(file, fmt::format("{} x {} pixels: no surface", info->width, info->height));
            } else {
                info->noData = entry.noData ? entry.noData : info->noData;
                opened.push_back({*std::move(info), &entry});
            }
        }
    }
    return opened;
}

void Scan::warn(const std::string& warning) {
    if (warned_.insert(warning).second) {
        catalogue_.warnings.push_back(warning);
    }
}

std::optional<std::string> Scan::datumOf(const Opened& opened) const {
    if (opened.entry->heightDatum) {
        return opened.entry->heightDatum;
    }
    return options_.heightDatum ? options_.heightDatum : project_.heightDatum;
}

Result<Place> Scan::makePlace(const std::string& srs,
                              const std::optional<std::string>& datum) const {
    if (srs.empty()) {
        return Error{"nothing says what its coordinate system is. Give --srs (EPSG:4548, WKT or a "
                     "PROJ string) or \"srs\" beside its \"path\" in city.json"};
    }
    const Result<SourceCrs> crs = tiles3d::crs::understandSrs(srs, datum.has_value());
    if (!crs) {
        return crs.error();
    }
    HeightDatum heights = crs->heights.value_or(tiles3d::crs::EllipsoidalHeights{});
    if (datum) {
        const auto parsed = tiles3d::crs::parseHeightDatum(*datum, project_.folder);
        if (!parsed) {
            return parsed.error();
        }
        heights = *parsed;
    }
    const auto whole = Transform::create(*crs, heights); // fails here if its grid is missing
    if (!whole) {
        return whole.error();
    }
    auto flat = Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!flat) {
        return flat.error();
    }
    return Place{*crs, heights, *std::move(flat)};
}

Result<const Place*> Scan::placeOf(const Opened& opened, const std::optional<std::string>& datum) {
    std::string srs = opened.raster.srs;
    if (srs.empty()) {
        srs = options_.srs.value_or("");
    }
    srs = opened.entry->srs.value_or(srs);
    const std::pair key(srs, datum.value_or(""));
    auto found = places_.find(key);
    if (found == places_.end()) {
        Result<Place> made = makePlace(srs, datum);
        if (!made) {
            return within(toUtf8(opened.raster.file), made.error());
        }
        for (const std::string& warning : made->crs.warnings) {
            // what units mean for a DEM's heights is known better here
            if (warning.find("heights are taken as metres") == std::string::npos) {
                warn(toUtf8(opened.raster.file) + ": " + warning);
            }
        }
        found = places_.emplace(key, *std::move(made)).first;
    }
    return &found->second;
}

Status Scan::addDem(const Opened& opened) {
    const fs::path& file = opened.raster.file;
    if (opened.raster.isColour) {
        reject(file, "a picture is no DEM: it belongs under terrain.ortho");
        return ok();
    }
    const std::optional<std::string> datum = datumOf(opened);
    const Result<const Place*> place = placeOf(opened, datum);
    if (!place) {
        return place.error();
    }
    const Place& known = **place;
    if (!datum && !known.crs.heights) {
        return Error{
            toUtf8(file) +
            ": nobody says what its heights refer to. Give --height-datum ellipsoidal, "
            "egm96, a geoid grid file or a number of metres, or \"vertical\" in city.json, "
            "or \"height_datum\" beside its \"path\""};
    }
    const double stated = opened.raster.verticalUnitMetres;
    const double metresPerUnit = opened.entry->metresPerUnit.value_or(stated);
    if (!(metresPerUnit > 0.0)) {
        return Error{fmt::format("{}: its heights' unit is \"{}\"; known are m, ft, us-ft. Give "
                                 "\"unit\" beside its \"path\" in city.json",
                                 toUtf8(file),
                                 opened.raster.verticalUnit)};
    }
    const auto extent = extentOf(opened.raster, known.transform);
    const auto post = pixelMetres(opened.raster, known.transform);
    if (!extent || !post) {
        reject(file, "its georeference puts it where its coordinate system does not reach");
        return ok();
    }
    DemSource dem{.raster = opened.raster,
                  .crs = known.crs,
                  .heights = known.heights,
                  .metresPerUnit = metresPerUnit,
                  .extent = *extent,
                  .postMetres = *post};
    if (dem.metresPerUnit != 1.0) {
        const std::string source = opened.entry->metresPerUnit ? "city.json" : "the file";
        warn(fmt::format("{}: its heights are in feet by {}; 1 is {} m",
                         toUtf8(file),
                         source,
                         dem.metresPerUnit));
    }
    dem.fingerprint = fingerprintOf(dem.raster,
                                    fmt::format("{}|{}|{}|{}",
                                                known.crs.understoodAs,
                                                tiles3d::crs::describe(known.heights),
                                                dem.metresPerUnit,
                                                numberText(dem.raster.noData)));
    catalogue_.dems.push_back(std::move(dem));
    return ok();
}

Status Scan::addOrtho(const Opened& opened) {
    const fs::path& file = opened.raster.file;
    if (!opened.raster.is8Bit) {
        reject(file,
               "its bands have more than 8 bits: no orthophoto as it is (gdal_translate -ot Byte "
               "-scale), or a DEM, which belongs under terrain.dem");
        return ok();
    }
    const std::string anyDatum = "ellipsoidal"; // a picture has no heights
    const Result<const Place*> place = placeOf(opened, anyDatum);
    if (!place) {
        return place.error();
    }
    const auto extent = extentOf(opened.raster, (*place)->transform);
    const auto texel = pixelMetres(opened.raster, (*place)->transform);
    if (!extent || !texel) {
        reject(file, "its georeference puts it where its coordinate system does not reach");
        return ok();
    }
    const std::string reading = (*place)->crs.understoodAs + "|" + numberText(opened.raster.noData);
    catalogue_.orthos.push_back({.raster = opened.raster,
                                 .crs = (*place)->crs,
                                 .extent = *extent,
                                 .texelMetres = *texel,
                                 .fingerprint = fingerprintOf(opened.raster, reading)});
    return ok();
}

Status Scan::addSea() {
    catalogue_.seaLevelMetres = project_.terrain.seaLevelMetres;
    if (!catalogue_.seaLevelMetres || catalogue_.dems.empty()) {
        return ok();
    }
    catalogue_.seaHeights = catalogue_.dems.front().heights;
    const auto datum = options_.heightDatum ? options_.heightDatum : project_.heightDatum;
    if (!datum) {
        return ok();
    }
    const auto parsed = tiles3d::crs::parseHeightDatum(*datum, project_.folder);
    if (!parsed) {
        return within("terrain.sea_level", parsed.error());
    }
    catalogue_.seaHeights = *parsed;
    return ok();
}

Result<TerrainCatalogue> Scan::run() {
    catalogue_.nodata = project_.terrain.nodata;
    const auto dems = openAll(project_.terrain.dem, false);
    if (!dems) {
        return dems.error();
    }
    for (const Opened& opened : *dems) {
        if (const Status added = addDem(opened); !added) {
            return added.error();
        }
    }
    const auto orthos = openAll(project_.terrain.ortho, true);
    if (!orthos) {
        return orthos.error();
    }
    for (const Opened& opened : *orthos) {
        if (const Status added = addOrtho(opened); !added) {
            return added.error();
        }
    }
    const Status sea = addSea();
    return sea ? Result<TerrainCatalogue>(std::move(catalogue_))
               : Result<TerrainCatalogue>(sea.error());
}

} // namespace

Result<TerrainCatalogue> scanTerrain(const CityProject& project, const ScanOptions& options) {
    return Scan(project, options).run();
}

} // namespace pipeline::scan
