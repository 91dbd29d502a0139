#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/gltf/accessors.h"
#include "tiles3d/gltf/document.h"
#include "tiles3d/gltf/model.h"

#include <glm/mat3x3.hpp>

#include <string>
#include <vector>

namespace tiles3d::gltf {

/// Which texture coordinates a material's picture wants, and how they are moved before use.
struct TextureUse {
    std::string attribute = "TEXCOORD_0";
    glm::mat3 transform{1.0F}; ///< KHR_texture_transform, of (u, v, 1).
};

struct Materials {
    std::vector<Material> materials;
    std::vector<TextureUse> uses;            ///< One per material.
    std::vector<image::EncodedImage> images; ///< Those that no material uses stay empty.
};

/// All materials with the pictures of their base colour. Fails on a picture that is damaged,
/// missing or of another format than JPEG, PNG and WebP.
base::Result<Materials> readMaterials(const Document& document, Accessors& accessors);

/// What is said of textures that cannot be shown here.
inline constexpr const char* kNoKtx2 = "textures are KTX2/Basis; JPEG, PNG and WebP are read here. "
                                       "Use the web client or a desktop export.";

} // namespace tiles3d::gltf
