#pragma once

#include "pipeline/overview/surface.h"
#include "pipeline/scan/city_project.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::overview {

/// All that making one node of the pyramid depends on.
struct NodeTask {
    std::filesystem::path output; ///< Its GLB; the folder exists.
    std::vector<ChildContent> children;
    glm::dmat4 cityFromEcef{1.0};
    glm::dvec3 centre{0.0};      ///< City frame: about the middle of its children.
    double metresPerPixel = 1.0; ///< At which its children take over.
    scan::OutputOptions codecs;  ///< Texture: WebP if asked for, JPEG otherwise.
};

/// What comes back from making a node.
struct NodeResult {
    tiles3d::tileset::Limits limits; ///< City frame, of the vertices as a client decodes them.
    std::uint64_t triangles = 0;     ///< Skirts included.
    std::uint64_t texels = 0;
    std::uint64_t contentBytes = 0;
    double errorMetres = 0.0; ///< Of simplifying the joined children; see mesh::simplify().
};

tiles3d::base::Json toJson(const NodeResult& result);
/// Lenient: what is missing keeps its default; the text comes from toJson().
NodeResult nodeResultFrom(const tiles3d::base::Json& json);

/// Largest share of a node's metres per pixel by which one level's simplification moves the
/// surface. Each level halves, so that simplification at all levels together stays below half a
/// pixel. Not part of it: the seams between children, which zipping may move by 0.6 of a pixel, the
/// grid of the positions (0.09), and pieces smaller than a pixel, which are left out.
inline constexpr double kErrorShare = 0.25;

/// Texels per pixel at the switching distance, along each side: of what is seen from above more
/// than one, because bilinear filtering at one blurs; of the rest, which is seen foreshortened,
/// less. Measured by tests/bench, overview.
inline constexpr double kPlanTexelsPerPixel = 1.5;
inline constexpr double kSideTexelsPerPixel = 1.25;

/// Makes a node from its children: reads their surfaces, joins positions that atlas seams split,
/// zips the borders between children, simplifies within kErrorShare of its metres per pixel, cuts
/// the result into charts, bakes them from the children, hangs skirts on its borders and writes one
/// GLB: the surface as first primitive, the skirts as second, one texture.
/// Fails on a child that cannot be read and on a failed output. Same inputs, same bytes.
tiles3d::base::Result<NodeResult> buildNode(const NodeTask& task);

} // namespace pipeline::overview
