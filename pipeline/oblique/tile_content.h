#pragma once

#include "pipeline/oblique/block_frame.h"
#include "pipeline/oblique/coverage.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/sources/osgb_reader.h"
#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <cstdint>
#include <optional>

namespace pipeline::oblique {

/// The GLB of one OsgbNode with what is known of it.
struct TileContent {
    tiles3d::base::Bytes glb;        ///< Empty if the node has no triangle.
    tiles3d::tileset::Limits limits; ///< Of the vertices as a client decodes them; block's ENU.
    tiles3d::tileset::Limits placed; ///< As limits, with what was superseded.
    std::uint64_t triangles = 0;
    std::uint64_t degenerateTriangles = 0; ///< Dropped.
    std::uint64_t supersededTriangles = 0; ///< Dropped, too.
    std::uint64_t texels = 0;
    std::uint64_t imageBytes = 0;    ///< Of the source's textures.
    double metresPerTexel = 0.0;     ///< Area of the mesh over its used texels; 0 without texture.
    double positionStepMetres = 0.0; ///< 0 for plain.
};

/// Source coordinates of a node's vertices; nothing if it has none.
std::optional<tiles3d::crs::SourceBox> sourceBoxOf(const sources::OsgbNode& node,
                                                   const glm::dvec3& origin);

/// Wider than any tile can be, or as far above or below the ellipsoid (100 km): one flipped bit in
/// a coordinate. A fault of the file, not of the place that was stated for all.
bool isScattered(const tiles3d::crs::SourceBox& box);

/// Limits of a model's vertices in the tile frame as clients will decode them: outward to the grid
/// of `stepMetres`, exact for 0. REQUIRES: at least one vertex.
tiles3d::tileset::Limits decodedLimits(const tiles3d::gltf::Model& model, double stepMetres);

/// The writer's codec for the user's word.
tiles3d::gltf::GeometryCodec codecOf(scan::Geometry geometry);

struct NodeOptions {
    glm::dvec3 origin{0.0}; ///< SRSOrigin.
    scan::OutputOptions codecs;
    const CoveredArea* newer = nullptr; ///< See BlockTask.
};

/// Converts a node's geometries, without its children: every vertex placed one by one in the
/// block's frame, textures kept or re-encoded, degenerate triangles and those that lie inside of
/// options.newer dropped.
/// The position step is at most a tenth of the metres per pixel of the node's level: of its
/// handover, or for a node without one of twice its texel.
/// Fails where PROJ, an image that must be re-encoded, or the GLB writer does.
tiles3d::base::Result<TileContent> convertNode(const sources::OsgbNode& node,
                                               const sources::OsgbFile& file,
                                               const BlockFrame& frame,
                                               const NodeOptions& options);

/// Counts what convertNode() would convert: no GLB, and limits of the box instead of the vertices.
tiles3d::base::Result<TileContent> surveyNode(const sources::OsgbNode& node,
                                              const sources::OsgbFile& file,
                                              const glm::dvec3& origin,
                                              const BlockFrame& frame);

} // namespace pipeline::oblique
