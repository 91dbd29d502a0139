#pragma once

#include "tiles3d/image/image.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tiles3d::gltf {

/// What texture coordinates beyond 0 to 1 mean.
enum class Wrap { Clamp, Repeat };

/// What the alpha of colour and texture means.
enum class Alpha { Opaque, Mask, Blend };

struct Material {
    std::string name;
    std::optional<std::size_t> image; ///< Index into Model::images: the base colour texture.
    glm::vec4 baseColour{1.0F, 1.0F, 1.0F, 1.0F};
    bool unlit = true; ///< KHR_materials_unlit: photogrammetry carries its light in the texture.
    bool doubleSided = false;
    Wrap wrap = Wrap::Clamp; ///< Of materials with one image the first decides.
    Alpha alpha = Alpha::Opaque;
    float alphaCutoff = 0.5F; ///< Mask: less alpha than this is cut off.
};

struct Primitive {
    mesh::TriangleMesh mesh;
    std::size_t material = 0; ///< Index into Model::materials.
    /// Empty, or one per position: linear RGBA, 0 to 1, times the material's. Read, not written.
    std::vector<glm::vec4> colours;
};

/// The content of one tile. Positions are in the tile's own frame (3D Tiles: z up, x east, y
/// north), in metres, relative to `origin`; the y-up axes of glTF never leave this folder.
struct Model {
    glm::dvec3 origin{0.0}; ///< Tile frame, metres; not zero after reading RTC_CENTER content.
    std::vector<Primitive> primitives;
    std::vector<Material> materials;
    std::vector<image::EncodedImage> images;
};

} // namespace tiles3d::gltf
