#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/mesh/up_axis.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/mat4x4.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::planning::site {

/// What a content belongs to, by the folder of a built city that it lies in.
enum class CityPart { Surface, Terrain, Design };

/// The content of one of a city's finest tiles.
struct CityContent {
    std::filesystem::path file;
    glm::dmat4 toEcef{1.0};
    tiles3d::mesh::UpAxis upAxis = tiles3d::mesh::UpAxis::Y;
    CityPart part = CityPart::Surface;
    /// How far it may be from the truth: its geometric error, or half of its parent's, since a
    /// finest tile states 0 and levels halve.
    double uncertaintyMetres = 0.0;
};

struct CityContents {
    std::vector<CityContent> contents;
    std::vector<std::string> remarks; ///< Files that cannot be read, and what is missed by that.
};

/// Whether a volume, in ECEF, may hold something of interest.
using IsWanted = std::function<bool(const tiles3d::tileset::BoundingVolume& volumeInEcef)>;

/// The finest contents of a city's folder that lie in wanted volumes: leaves, and what is added to
/// them; external tilesets and subtrees followed. Each file of tilesets is read once, and 100,000
/// of them at most. Fails if tileset.json itself cannot be read.
tiles3d::base::Result<CityContents> finestContents(const std::filesystem::path& city,
                                                   const IsWanted& isWanted);

} // namespace pipeline::planning::site
