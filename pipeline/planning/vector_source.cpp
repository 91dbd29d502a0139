#include "pipeline/planning/vector_source.h"

#include "pipeline/planning/shape_index.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/srs_text.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include <array>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// Readers of plain files; none that takes a connection string or runs a script found in data.
constexpr std::array<const char*, 11> kFileDrivers{"ESRI Shapefile",
                                                   "GPKG",
                                                   "GeoJSON",
                                                   "KML",
                                                   "LIBKML",
                                                   "DXF",
                                                   "CSV",
                                                   "OpenFileGDB",
                                                   "MapInfo File",
                                                   "FlatGeobuf",
                                                   nullptr};
constexpr std::array<const char*, 2> kPostgres{"PostgreSQL", nullptr};
constexpr std::array<const char*, 2> kWfs{"WFS", nullptr};

/// A GDAL option that holds while this lives, on this thread.
class ThreadOption {
public:
    ThreadOption(const char* name, const char* value) : name_(name) {
        CPLSetThreadLocalConfigOption(name, value);
    }
    ThreadOption(const ThreadOption&) = delete;
    ThreadOption& operator=(const ThreadOption&) = delete;
    ~ThreadOption() { CPLSetThreadLocalConfigOption(name_, nullptr); }

private:
    const char* name_;
};

/// Nobody waits for ever for a server.
class NetworkOptions {
    ThreadOption timeout_{"GDAL_HTTP_TIMEOUT", "60"};
    ThreadOption connect_{"GDAL_HTTP_CONNECTTIMEOUT", "15"};
    ThreadOption login_{"PGCONNECT_TIMEOUT", "15"};
};

std::string extensionOf(const std::string& file) {
    return tiles3d::crs::upper(fs::path(file).extension().string());
}

CPLStringList openOptions(const std::string& extension) {
    CPLStringList options;
    if (extension == ".SHP") {
        options.SetNameValue("ENCODING", ""); // raw bytes: ours to convert
    } else if (extension == ".CSV") {
        options.SetNameValue("GEOM_POSSIBLE_NAMES", "wkt,geom,geometry,the_geom,shape,几何");
        options.SetNameValue("X_POSSIBLE_NAMES", "lon,lng,long,longitude,x,easting,经度,东坐标");
        options.SetNameValue("Y_POSSIBLE_NAMES", "lat,latitude,y,northing,纬度,北坐标");
        options.SetNameValue("KEEP_GEOM_COLUMNS", "NO");
        options.SetNameValue("AUTODETECT_TYPE", "YES");
        options.SetNameValue("MAX_LINE_SIZE", "-1"); // a polygon is one line
    }
    return options;
}

Dataset opened(const std::string& name, const char* const* drivers, const CPLStringList& options) {
    CPLErrorReset();
    return Dataset(GDALDataset::Open(
        name.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options.List(), nullptr));
}

Error openError(const LayerSource& source, const std::string& what) {
    const std::string reason = CPLGetLastErrorMsg();
    return {withoutPassword(source.path) + ": " + what +
            (reason.empty() ? "" : ": " + withoutPassword(reason))};
}

/// A connection as GDAL's driver wants it.
Result<VectorSource> openConnection(const LayerSource& source) {
    const bool isWfs = tiles3d::crs::upper(source.path.substr(0, 4)) == "WFS:";
    constexpr std::string_view kShort = "postgres:";
    const std::string name = source.path.starts_with(kShort)
                                 ? "postgresql:" + source.path.substr(kShort.size())
                                 : source.path;
    const NetworkOptions network;
    VectorSource out;
    out.dataset = opened(name, isWfs ? kWfs.data() : kPostgres.data(), {});
    if (!out.dataset) {
        return openError(source, "no connection");
    }
    return out;
}

/// The Shapefile's files under the same names in a folder of our own, but for its index, which is
/// made anew there: a delivery is never written to.
Result<VectorSource> openWithNewIndex(const LayerSource& source, const std::string& flaw) {
    std::string pattern = (fs::temp_directory_path() / "city3d-shx.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return Error{toUtf8(source.path) + ": " + flaw + ", and no folder to make a new one in"};
    }
    VectorSource out;
    out.scratch = std::make_unique<ScratchFolder>(pattern);
    const fs::path file(source.path);
    const std::string stem = file.stem().string();
    std::error_code error;
    for (const auto& [small, large] :
         {std::pair(".shp", ".SHP"), {".dbf", ".DBF"}, {".prj", ".PRJ"}}) {
        for (const char* extension : {small, large}) {
            fs::path from = fs::absolute(file);
            if (fs::exists(from.replace_extension(extension), error)) {
                fs::create_symlink(from, out.scratch->path() / (stem + small), error);
            }
        }
    }
    const fs::path stand = out.scratch->path() / (stem + ".shp");
    if (const auto made = writeShapeIndex(stand); !made) {
        return tiles3d::base::within(toUtf8(file) + ": " + flaw, made.error());
    }
    out.dataset = opened(stand.string(), kFileDrivers.data(), openOptions(".SHP"));
    if (!out.dataset) {
        return openError(source, flaw + ", and its shapes cannot be read without");
    }
    out.notes.push_back(flaw + ": the shapes were found one by one");
    return out;
}

} // namespace

ScratchFolder::~ScratchFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

Result<VectorSource> openVectors(const LayerSource& source) {
    if (isConnection(source.path)) {
        return openConnection(source);
    }
    if (!fs::exists(source.path)) {
        return Error{toUtf8(source.path) + ": no such file"};
    }
    const std::string extension = extensionOf(source.path);
    const std::string flaw = extension == ".SHP" ? flawOfShapeIndex(source.path) : "";
    Result<VectorSource> out = VectorSource{};
    if (!flaw.empty()) {
        out = openWithNewIndex(source, flaw);
        if (!out) {
            return out;
        }
    } else {
        out->dataset = opened(source.path, kFileDrivers.data(), openOptions(extension));
    }
    if (!out->dataset) {
        return openError(source,
                         "no vector file that can be read (Shapefile, GeoPackage, GeoJSON, KML, "
                         "DXF, CSV, File Geodatabase)");
    }
    out->encoding = tableEncodingOf(source.path, source.encoding);
    if (!out->encoding.note().empty()) {
        out->notes.push_back(out->encoding.note());
    }
    return out;
}

std::string nameOf(OGRLayer& layer) {
    const std::string name = layer.GetName();
    return tiles3d::base::validUtf8(name) == name ? name
                                                  : TableEncoding("GB18030", "").toUtf8(name);
}

Result<std::vector<OGRFeatureUniquePtr>> FeatureReader::next() {
    constexpr std::size_t kMostFeatures = 1000;
    constexpr std::size_t kMostBytes = std::size_t{2} << 20U;
    std::vector<OGRFeatureUniquePtr> features;
    const NetworkOptions network;
    for (std::size_t bytes = 0;
         !isOver_ && features.size() < kMostFeatures && bytes < kMostBytes;) {
        CPLErrorReset();
        OGRFeatureUniquePtr feature(layer_.GetNextFeature());
        if (!feature) {
            isOver_ = true;
            if (CPLGetLastErrorType() == CE_Failure || CPLGetLastErrorType() == CE_Fatal) {
                return Error{"it breaks off: " + withoutPassword(CPLGetLastErrorMsg())};
            }
            break;
        }
        if (const OGRGeometry* geometry = feature->GetGeometryRef()) {
            bytes += geometry->WkbSize();
        }
        features.push_back(std::move(feature));
    }
    return features;
}

} // namespace pipeline::planning
