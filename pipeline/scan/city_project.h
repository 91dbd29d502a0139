#pragma once

#include "pipeline/planning/layer_source.h"
#include "pipeline/scan/model_source.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// What becomes of a delivery's own top (see scan::Top): left out, since the build makes levels
/// above the blocks anyway, or taken as these levels.
enum class Tops { Ignore, Use };

/// One delivery of oblique photogrammetry.
struct ObliqueSource {
    std::filesystem::path path; ///< OSGB folder, tile folder or root file.
    std::string vintage;        ///< "2024-03"; empty if unknown.
    /// What overrides metadata.xml: an SRS text, an origin text ("x,y,z").
    std::optional<std::string> srs;
    std::optional<std::string> origin;
    /// "ellipsoidal", "egm96", metres or a grid file; overrides the project's.
    std::optional<std::string> heightDatum;
    Tops tops = Tops::Ignore;
};

/// One entry of terrain.dem or terrain.ortho.
struct RasterSource {
    std::filesystem::path pattern; ///< A file, or a pattern with '*' and '?' in its last names.
    std::optional<std::string> srs;
    /// As that of ObliqueSource.
    std::optional<std::string> heightDatum;
    std::optional<double> metresPerUnit; ///< Of heights; overrides what the file states.
    std::optional<double> noData;        ///< Overrides what the file states.
};

/// What stands where the first of several DEMs has no height: the next one's, or nothing.
enum class Nodata { Next, Hole };

/// The rasters under the city, those in front first where they overlap.
struct TerrainProject {
    std::vector<RasterSource> dem;
    std::vector<RasterSource> ortho;
    std::optional<double> seaLevelMetres; ///< In the project's height datum.
    Nodata nodata = Nodata::Next;

    bool isEmpty() const { return dem.empty() && ortho.empty(); }
};

enum class TextureCodec { Keep, Jpeg, Webp };
enum class Geometry { Draco, Meshopt, Quantized, Plain };

/// What becomes of a block's coarse levels that show the same area again and again: dropped in
/// favour of the pyramid above the blocks, or kept below it.
enum class Chains { Drop, Keep };

/// Whether the levels above the blocks are built; without them all blocks hang from one root.
enum class Overview { Build, None };

/// How terrain's tiles are listed: by subtree files (3D Tiles 1.1, 8) or one by one.
enum class TerrainTiling { Implicit, Explicit };

struct OutputOptions {
    Geometry geometry = Geometry::Draco;
    TextureCodec texture = TextureCodec::Keep;
    Chains chains = Chains::Drop; ///< Kept anyway where no pyramid stands in for them.
    Overview overview = Overview::Build;
    TerrainTiling terrainTiling = TerrainTiling::Implicit;
    bool quantizedMesh = false; ///< Terrain also as a set of quantized-mesh for web globes.
};

/// A city as city.json describes it (ARCHITECTURE.md, "The city project file").
struct CityProject {
    std::string name;
    std::filesystem::path folder; ///< What relative paths, grid files among them, are relative to.
    std::string planeCrs;         ///< Of layers and reports; empty if not stated.
    std::optional<std::string> heightDatum;
    std::vector<ObliqueSource> oblique;
    TerrainProject terrain;
    std::vector<ModelSource> models;
    std::vector<planning::LayerSource> layers;
    OutputOptions output;
    tiles3d::base::Json text; ///< The whole file: parts for other stages are read from here.
};

/// Reads a city.json. Fails, naming the member, on a wrong type, an unknown word, a source without
/// a path. Unknown members are kept in `text` and otherwise ignored.
tiles3d::base::Result<CityProject> readProject(const std::filesystem::path& file);

/// The project that a bare OSGB folder stands for; or a .tif file, or a folder that holds .tif
/// files and no folder: terrain, pictures as orthophotos and all others as DEMs.
CityProject projectForDelivery(const std::filesystem::path& path);

/// The words of city.json and of the command line; nothing for a word that is none of them.
std::optional<Tops> parseTops(std::string_view word);
std::string toWord(Tops tops);
std::optional<Geometry> parseGeometry(std::string_view word);
std::optional<TextureCodec> parseTexture(std::string_view word);
std::optional<Chains> parseChains(std::string_view word);
std::optional<Overview> parseOverview(std::string_view word);
std::optional<TerrainTiling> parseTerrainTiling(std::string_view word);
std::string toWord(Geometry geometry);
std::string toWord(TextureCodec texture);
std::string toWord(Chains chains);
std::string toWord(Overview overview);
std::string toWord(TerrainTiling tiling);

} // namespace pipeline::scan
