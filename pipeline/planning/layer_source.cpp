#include "pipeline/planning/layer_source.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"
#include "tiles3d/crs/srs_text.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <system_error>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::Fingerprint;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

std::string extensionOf(const fs::path& file) {
    return tiles3d::crs::upper(file.extension().string());
}

bool isGeodatabase(const fs::path& path) {
    return extensionOf(path) == ".GDB";
}

/// What a folder is searched for.
bool isVectorFile(const fs::path& file) {
    constexpr std::array<std::string_view, 12> kExtensions{".SHP",
                                                           ".GPKG",
                                                           ".GDB",
                                                           ".GEOJSON",
                                                           ".KML",
                                                           ".KMZ",
                                                           ".DXF",
                                                           ".DWG",
                                                           ".CSV",
                                                           ".TAB",
                                                           ".MIF",
                                                           ".FGB"};
    return std::ranges::find(kExtensions, extensionOf(file)) != kExtensions.end();
}

/// Files and geodatabases below a folder, by path.
std::vector<fs::path> vectorFilesBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const bool isFolder = entry->is_directory(error);
        if (isVectorFile(entry->path()) && isFolder == isGeodatabase(entry->path())) {
            files.push_back(entry->path());
        }
        if (isFolder && isGeodatabase(entry->path())) {
            entry.disable_recursion_pending();
        }
    }
    std::ranges::sort(files);
    return files;
}

/// The file and those beside it that belong to it: FILE.dbf, FILE.prj, ... of a FILE.shp.
std::vector<fs::path> withSideFiles(const fs::path& path) {
    std::vector<fs::path> files;
    std::error_code error;
    const bool isFolder = fs::is_directory(path, error);
    const fs::path folder = isFolder ? path : path.parent_path();
    const std::string prefix = path.stem().string() + ".";
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end;
         !error && entry != end;
         entry.increment(error)) {
        const bool belongs = isFolder || entry->path().filename().string().starts_with(prefix);
        if (belongs && entry->is_regular_file(error)) {
            files.push_back(entry->path());
        }
    }
    std::ranges::sort(files);
    return files;
}

void addBytes(Fingerprint& print, const fs::path& file) {
    constexpr std::size_t kChunk = std::size_t{1} << 20U;
    std::ifstream stream(file, std::ios::binary);
    std::string chunk(kChunk, '\0');
    print.add(file.filename().native());
    while (stream) {
        stream.read(chunk.data(), static_cast<std::streamsize>(kChunk));
        print.add(std::string_view(chunk).substr(0, static_cast<std::size_t>(stream.gcount())));
    }
}

} // namespace

bool isConnection(const std::string& path) {
    constexpr std::array<std::string_view, 4> kSchemes{"PG:", "POSTGRESQL:", "POSTGRES:", "WFS:"};
    const std::string start = tiles3d::crs::upper(path.substr(0, path.find(':') + 1));
    return std::ranges::find(kSchemes, start) != kSchemes.end();
}

std::string withoutPassword(const std::string& path) {
    if (!isConnection(path)) {
        return path;
    }
    static const std::regex kKey(R"((password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+))",
                                 std::regex::icase);
    static const std::regex kUser(R"((://[^/@:\s]*):[^/\s]*@)");
    return std::regex_replace(std::regex_replace(path, kKey, "$1***"), kUser, "$1:***@");
}

Result<std::vector<LayerSource>> filesOf(const LayerSource& source) {
    if (isConnection(source.path)) {
        return std::vector{source};
    }
    const fs::path path(source.path);
    std::error_code error;
    if (!fs::exists(path, error)) {
        return Error{toUtf8(path) + ": no such file or folder"};
    }
    if (extensionOf(path) == ".DWG") {
        return Error{toUtf8(path) + ": DWG drawings cannot be read; save it as DXF (R2000 or "
                                    "later) and give that, with its \"crs\""};
    }
    if (!fs::is_directory(path, error) || isGeodatabase(path)) {
        return std::vector{source};
    }
    std::vector<LayerSource> sources;
    for (const fs::path& file : vectorFilesBelow(path)) {
        sources.push_back(source);
        sources.back().path = file.string();
    }
    if (sources.empty()) {
        return Error{toUtf8(path) + ": no vector file in this folder"};
    }
    return sources;
}

std::string fingerprintOf(const LayerSource& source) {
    if (isConnection(source.path)) {
        return {};
    }
    Fingerprint print;
    for (const std::string& text : {source.path,
                                    source.layers,
                                    source.category,
                                    source.title,
                                    source.vintage,
                                    source.crs,
                                    source.encoding}) {
        print.add(text);
    }
    print.add(std::uint64_t{source.isGcj02});
    for (const fs::path& file : withSideFiles(source.path)) {
        addBytes(print, file);
    }
    return print.hex();
}

bool fits(std::string_view pattern, std::string_view name) {
    return pattern.empty() ||
           ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), 0) == 0;
}

} // namespace pipeline::planning
