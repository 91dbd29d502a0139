#pragma once

#include "pipeline/scan/city_project.h"
#include "pipeline/scan/top.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// One OSGB tile folder: a root file and the files it names. A unit of work.
/// Paths are native text: a std::filesystem::path takes 700 bytes here, and a city has 70,000
/// blocks.
struct Block {
    std::string name;   ///< "production/Tile_+000_+012", unique in the city; may be any bytes.
    std::string folder; ///< Its .osgb files, in it and below.
    std::string root;   ///< "FOLDER/NAME.osgb"; may be missing, see hasRoot.
    bool hasRoot = true;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::string fingerprint; ///< Of names, sizes and modification times of its files.
};

/// One delivery with its place on the Earth understood.
struct Production {
    std::string name;           ///< Of its folder in the output.
    std::filesystem::path path; ///< As given.
    std::string vintage;
    tiles3d::crs::SourceCrs crs;
    tiles3d::crs::HeightDatum heights;
    bool isPlaced = false;             ///< False: CRS or heights are open (inspect only).
    glm::dvec3 origin{0.0};            ///< SRSOrigin: added to every vertex, source coordinates.
    std::vector<std::string> warnings; ///< Of metadata.xml, the CRS and the folders.
    std::vector<Block> blocks;         ///< By name; without the top.
    std::optional<Top> top;            ///< Its own levels above the blocks, if it has them.
    Tops tops = Tops::Ignore;          ///< What is wanted of the top.
};

struct SourceCatalogue {
    std::vector<Production> productions;
};

struct ScanOptions {
    /// From the command line; override city.json and metadata.xml for every delivery.
    std::optional<std::string> srs;
    std::optional<std::string> origin;
    std::optional<std::string> heightDatum;
    /// False: a CRS or height datum that cannot be resolved becomes a warning (for inspect).
    bool needsPlacement = true;
};

/// Finds the blocks of all deliveries and understands where they stand. Reads no vertices: folder
/// listings and metadata.xml only, and the bytes of what may be a top (see findTop()).
/// A tile is a folder D that holds D.osgb or other .osgb files; searched in PATH/Data,
/// PATH/terra_osgbs and PATH, and PATH/X/Data if there is one such X; PATH may be a tile folder or
/// a root file. No delivery is fine if there is terrain. Fails, with the remedy, on a delivery
/// without any tile, and (unless told otherwise) on a CRS, an origin or a height datum that is
/// missing or not understood: nothing is guessed.
tiles3d::base::Result<SourceCatalogue> scanSources(const CityProject& project,
                                                   const ScanOptions& options = {});

} // namespace pipeline::scan
