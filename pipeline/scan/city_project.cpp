#include "pipeline/scan/city_project.h"

#include "pipeline/scan/layer_sources.h"
#include "pipeline/sources/raster_reader.h"
#include "tiles3d/base/file.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace pipeline::scan {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::within;

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, Tops>, 2> kTops{
    {{"ignore", Tops::Ignore}, {"use", Tops::Use}}};
constexpr std::array<std::pair<std::string_view, Geometry>, 4> kGeometries{
    {{"draco", Geometry::Draco},
     {"meshopt", Geometry::Meshopt},
     {"quantized", Geometry::Quantized},
     {"plain", Geometry::Plain}}};
constexpr std::array<std::pair<std::string_view, TextureCodec>, 3> kTextures{
    {{"keep", TextureCodec::Keep}, {"jpeg", TextureCodec::Jpeg}, {"webp", TextureCodec::Webp}}};
constexpr std::array<std::pair<std::string_view, Chains>, 2> kChains{
    {{"drop", Chains::Drop}, {"keep", Chains::Keep}}};
constexpr std::array<std::pair<std::string_view, Overview>, 2> kOverviews{
    {{"build", Overview::Build}, {"none", Overview::None}}};
constexpr std::array<std::pair<std::string_view, TerrainTiling>, 2> kTerrainTilings{
    {{"implicit", TerrainTiling::Implicit}, {"explicit", TerrainTiling::Explicit}}};
constexpr std::array<std::pair<std::string_view, Nodata>, 2> kNodata{
    {{"next", Nodata::Next}, {"hole", Nodata::Hole}}};

template <typename Table>
auto valueOf(const Table& table, std::string_view word)
    -> std::optional<typename Table::value_type::second_type> {
    for (const auto& [name, value] : table) {
        if (name == word) {
            return value;
        }
    }
    return std::nullopt;
}

template <typename Table, typename Value>
std::string wordOf(const Table& table, Value value) {
    const auto found = std::ranges::find(table, value, &Table::value_type::second);
    return std::string(found->first);
}

std::optional<std::string> optionalText(const Json& object, std::string_view name) {
    const Json& member = object[name];
    if (member.isNumber()) {
        return member.dump();
    }
    return member.isString() ? std::optional(member.stringOr("")) : std::nullopt;
}

/// "vertical": {"datum": ..., "geoid": ..., "offset": ...}: the first that says how heights turn
/// ellipsoidal.
std::optional<std::string> heightDatumOf(const Json& vertical) {
    for (const std::string_view name : {"geoid", "offset"}) {
        if (const auto text = optionalText(vertical, name)) {
            return text;
        }
    }
    const std::string datum = vertical["datum"].stringOr("");
    if (datum == "EPSG:5773") {
        return "egm96";
    }
    if (datum == "EPSG:4979" || datum == "ellipsoidal") {
        return "ellipsoidal";
    }
    return datum.empty() ? std::nullopt : std::optional(datum);
}

Result<ObliqueSource> readOblique(const Json& item, const fs::path& folder) {
    const std::string path = item.isString() ? item.stringOr("") : item["path"].stringOr("");
    if (path.empty()) {
        return Error{"an \"oblique\" entry has no \"path\""};
    }
    ObliqueSource source;
    source.path = folder / path;
    source.vintage = item["vintage"].stringOr("");
    source.srs = optionalText(item, "srs");
    source.origin = optionalText(item, "origin");
    source.heightDatum = optionalText(item, "height_datum");
    const std::string word = item["tops"].stringOr(toWord(source.tops));
    const auto tops = parseTops(word);
    if (!tops) {
        return Error{"oblique.tops is \"" + word + "\"; it can be ignore or use"};
    }
    source.tops = *tops;
    return source;
}

/// Sets `value` to the member `name` of `object`, which is called `path` in messages, if it is
/// there. Fails on a word not in the table.
template <typename Table, typename Value>
Status readWord(const Json& object, const std::string& path, const Table& table, Value& value) {
    const std::string word = object[path.substr(path.find('.') + 1)].stringOr(wordOf(table, value));
    const auto known = valueOf(table, word);
    if (!known) {
        std::string words;
        for (const auto& [other, unused] : table) {
            words += (words.empty() ? "" : ", ") + std::string(other);
        }
        return Error{path + " is \"" + word + "\"; it can be " + words};
    }
    value = *known;
    return tiles3d::base::ok();
}

Result<OutputOptions> readOutput(const Json& output) {
    OutputOptions options;
    for (const Status& read :
         {readWord(output, "output.geometry", kGeometries, options.geometry),
          readWord(output, "output.texture", kTextures, options.texture),
          readWord(output, "output.chains", kChains, options.chains),
          readWord(output, "output.overview", kOverviews, options.overview),
          readWord(output, "output.terrain_tiling", kTerrainTilings, options.terrainTiling)}) {
        if (!read) {
            return read.error();
        }
    }
    options.quantizedMesh = output["quantized_mesh"].boolOr(false);
    return options;
}

/// A number that may be missing.
Result<std::optional<double>> readNumber(const Json& object, const std::string& path) {
    const Json& member = object[path.substr(path.find_last_of('.') + 1)];
    if (!member.isNull() && !member.isNumber()) {
        return Error{path + " is no number"};
    }
    return member.isNumber() ? std::optional(member.numberOr(0.0)) : std::nullopt;
}

Result<RasterSource> readRaster(const Json& item, const std::string& kind, const fs::path& folder) {
    const std::string path = item.isString() ? item.stringOr("") : item["path"].stringOr("");
    if (path.empty()) {
        return Error{"a \"" + kind + "\" entry has no \"path\""};
    }
    RasterSource source;
    source.pattern = folder / path;
    source.srs = optionalText(item, "srs");
    source.heightDatum = optionalText(item, "height_datum");
    const Result<std::optional<double>> noData = readNumber(item, kind + ".nodata");
    if (!noData) {
        return noData.error();
    }
    source.noData = *noData;
    const std::string unit = item["unit"].stringOr("");
    source.metresPerUnit = sources::metresOfUnit(unit);
    if (item.has("unit") && !source.metresPerUnit) {
        return Error{kind + ".unit is \"" + unit + "\"; it can be m, ft, us-ft"};
    }
    return source;
}

/// A list of entries, or one.
Result<std::vector<RasterSource>>
readRasters(const Json& list, const std::string& kind, const fs::path& folder) {
    const bool isOne = list.isString() || list.isObject();
    if (!isOne && !list.isNull() && !list.isArray()) {
        return Error{kind + " is no list of files"};
    }
    std::vector<RasterSource> sources;
    for (const Json& item : isOne ? Json::Array{list} : list.items()) {
        Result<RasterSource> source = readRaster(item, kind, folder);
        if (!source) {
            return source.error();
        }
        sources.push_back(*std::move(source));
    }
    return sources;
}

Result<TerrainProject> readTerrain(const Json& json, const fs::path& folder) {
    TerrainProject terrain;
    Result<std::vector<RasterSource>> dem = readRasters(json["dem"], "terrain.dem", folder);
    Result<std::vector<RasterSource>> ortho = readRasters(json["ortho"], "terrain.ortho", folder);
    const Result<std::optional<double>> sea = readNumber(json, "terrain.sea_level");
    if (!dem || !ortho || !sea) {
        return !dem ? dem.error() : !ortho ? ortho.error() : sea.error();
    }
    terrain.dem = *std::move(dem);
    terrain.ortho = *std::move(ortho);
    terrain.seaLevelMetres = *sea;
    const Status nodata = readWord(json, "terrain.nodata", kNodata, terrain.nodata);
    return nodata ? Result<TerrainProject>(terrain) : Result<TerrainProject>(nodata.error());
}

bool isTiff(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".tif" || extension == ".tiff" || extension == ".TIF";
}

/// The .tif files that `path` is or holds, sorted; none if it holds folders.
std::vector<fs::path> tiffsOf(const fs::path& path) {
    std::error_code failed;
    if (isTiff(path) && fs::is_regular_file(path, failed)) {
        return {path};
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, failed)) {
        if (entry.is_directory(failed)) {
            return {};
        }
        if (isTiff(entry.path())) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

TerrainProject terrainOf(const std::vector<fs::path>& files) {
    TerrainProject terrain;
    for (const fs::path& file : files) {
        const Result<sources::RasterInfo> info = sources::readRasterInfo(file);
        (info && info->isColour ? terrain.ortho : terrain.dem).push_back({.pattern = file});
    }
    return terrain;
}

Result<CityProject> fromJson(const Json& json, const fs::path& folder) {
    if (!json.isObject()) {
        return Error{"a city project is a JSON object"};
    }
    CityProject project;
    project.name = json["name"].stringOr("");
    project.folder = folder;
    project.planeCrs = json["plane_crs"].stringOr("");
    project.heightDatum = heightDatumOf(json["vertical"]);
    for (const Json& item : json["oblique"].items()) {
        Result<ObliqueSource> source = readOblique(item, folder);
        if (!source) {
            return source.error();
        }
        project.oblique.push_back(*std::move(source));
    }
    Result<TerrainProject> terrain = readTerrain(json["terrain"], folder);
    if (!terrain) {
        return terrain.error();
    }
    project.terrain = *std::move(terrain);
    Result<std::vector<ModelSource>> models = readModels(json["models"], folder);
    if (!models) {
        return models.error();
    }
    project.models = *std::move(models);
    Result<std::vector<planning::LayerSource>> layers = readLayers(json["layers"], folder);
    if (!layers) {
        return layers.error();
    }
    project.layers = *std::move(layers);
    const Result<OutputOptions> output = readOutput(json["output"]);
    if (!output) {
        return output.error();
    }
    project.output = *output;
    project.text = json;
    return project;
}

} // namespace

Result<CityProject> readProject(const fs::path& file) {
    constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20U;
    const Result<std::string> text = tiles3d::base::readTextFile(file, kMaxBytes);
    if (!text) {
        return text.error();
    }
    const Result<Json> json = tiles3d::base::parseJson(*text);
    if (!json) {
        return within(tiles3d::base::toUtf8(file), json.error());
    }
    Result<CityProject> project = fromJson(*json, fs::absolute(file).parent_path());
    return project ? project : within(tiles3d::base::toUtf8(file), project.error());
}

CityProject projectForDelivery(const fs::path& path) {
    CityProject project;
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const fs::path named = absolute.has_filename() ? absolute : absolute.parent_path();
    project.name = tiles3d::base::toUtf8(named.stem());
    project.folder = fs::current_path();
    project.terrain = terrainOf(tiffsOf(named));
    if (project.terrain.isEmpty()) {
        project.oblique.push_back({.path = named});
    }
    return project;
}

std::optional<Tops> parseTops(std::string_view word) {
    return valueOf(kTops, word);
}

std::string toWord(Tops tops) {
    return wordOf(kTops, tops);
}

std::optional<Geometry> parseGeometry(std::string_view word) {
    return valueOf(kGeometries, word);
}

std::optional<TextureCodec> parseTexture(std::string_view word) {
    return valueOf(kTextures, word);
}

std::optional<Chains> parseChains(std::string_view word) {
    return valueOf(kChains, word);
}

std::optional<Overview> parseOverview(std::string_view word) {
    return valueOf(kOverviews, word);
}

std::optional<TerrainTiling> parseTerrainTiling(std::string_view word) {
    return valueOf(kTerrainTilings, word);
}

std::string toWord(TerrainTiling tiling) {
    return wordOf(kTerrainTilings, tiling);
}

std::string toWord(Geometry geometry) {
    return wordOf(kGeometries, geometry);
}

std::string toWord(TextureCodec texture) {
    return wordOf(kTextures, texture);
}

std::string toWord(Chains chains) {
    return wordOf(kChains, chains);
}

std::string toWord(Overview overview) {
    return wordOf(kOverviews, overview);
}

} // namespace pipeline::scan
