#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace pipeline::overview {

/// Textured triangles of one child, pixels decoded.
struct SurfacePart {
    tiles3d::mesh::TriangleMesh mesh; ///< Metres from the node's origin, city frame.
    tiles3d::image::Raster texture;   ///< Without pixels: `colour` all over.
    glm::vec3 colour{1.0F};           ///< 0 to 1.
    std::uint32_t child = 0;          ///< Which child of the node it belongs to.
};

/// What a node is made from: the surfaces of its children, coarsest content each.
struct Surface {
    std::vector<SurfacePart> parts; ///< Those of one child together.
    double metresPerTexel = 0.0; ///< Finest of the parts: area over used texels; 0 without texture.
};

/// What to read and where it lies.
struct ChildContent {
    /// A block's tileset.json, which stands alone in ECEF, or the GLB of an overview node, which
    /// lies in the city frame.
    std::filesystem::path file;
    bool isBlock = false;
};

/// Reads the children. Of a block the coarsest content that covers it: that of its root, or, where
/// a tile has none, of its children. Of an overview node the surface without its skirts (its first
/// primitive). `origin` is in the city frame and subtracted in double.
/// Fails on what cannot be read: these are our own files, so that is a damaged output.
tiles3d::base::Result<Surface> readSurface(const std::vector<ChildContent>& children,
                                           const glm::dmat4& cityFromEcef,
                                           const glm::dvec3& origin);

} // namespace pipeline::overview
