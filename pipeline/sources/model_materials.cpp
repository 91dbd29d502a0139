#include "pipeline/sources/model_materials.h"

#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"

#include <assimp/GltfMaterial.h>
#include <assimp/scene.h>
#include <glm/common.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <span>

namespace pipeline::sources {

using tiles3d::base::Bytes;
using tiles3d::base::Error;
using tiles3d::base::Result;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

namespace {

/// IEC 61966-2-1: authors pick diffuse colours on a screen, glTF's are linear.
float linear(float srgb) {
    constexpr float kKnee = 0.04045F;
    return srgb <= kKnee ? srgb / 12.92F : std::pow((srgb + 0.055F) / 1.055F, 2.4F);
}

float unit(float value) {
    return std::isfinite(value) ? glm::clamp(value, 0.0F, 1.0F) : 1.0F;
}

struct TextureName {
    aiTextureType type = aiTextureType_NONE;
    std::string path;
};

std::optional<TextureName> colourTexture(const aiMaterial& material) {
    for (const aiTextureType type : {aiTextureType_BASE_COLOR, aiTextureType_DIFFUSE}) {
        aiString path;
        if (material.GetTexture(type, 0, &path) == aiReturn_SUCCESS && path.length > 0) {
            return TextureName{type, path.C_Str()};
        }
    }
    return std::nullopt;
}

/// Texels inside the model, row 0 at the top.
Result<image::EncodedImage> encodedTexels(const aiTexture& texture) {
    constexpr unsigned kMostTexels = 16384; // along a side
    if (texture.mWidth == 0 || texture.mWidth > kMostTexels || texture.mHeight > kMostTexels) {
        return Error{"texels of an impossible size"};
    }
    image::Raster raster{.width = texture.mWidth, .height = texture.mHeight, .channels = 4};
    const std::span texels(texture.pcData, std::size_t{texture.mWidth} * texture.mHeight);
    raster.pixels.reserve(texels.size() * 4);
    for (const aiTexel& texel : texels) {
        for (const unsigned char channel : {texel.r, texel.g, texel.b, texel.a}) {
            raster.pixels.push_back(std::byte{channel});
        }
    }
    return image::encode(raster, {.format = image::ImageFormat::Png});
}

gltf::Alpha alphaOf(const aiMaterial& source, float opacity) {
    aiString mode;
    if (source.Get(AI_MATKEY_GLTF_ALPHAMODE, mode) == aiReturn_SUCCESS) {
        const std::string word = mode.C_Str();
        return word == "BLEND"  ? gltf::Alpha::Blend
               : word == "MASK" ? gltf::Alpha::Mask
                                : gltf::Alpha::Opaque;
    }
    if (opacity < 1.0F) {
        return gltf::Alpha::Blend;
    }
    const bool isCutOut = source.GetTextureCount(aiTextureType_OPACITY) > 0; // leaves, fences
    return isCutOut ? gltf::Alpha::Mask : gltf::Alpha::Opaque;
}

} // namespace

std::size_t ModelMaterials::materialOf(unsigned index, bool hasUvs) {
    const auto [known, isNew] = known_.try_emplace({index, hasUvs}, out_.model.materials.size());
    if (isNew) {
        gltf::Material material{.unlit = false, .doubleSided = true};
        if (index < scene_.mNumMaterials) {
            const aiMaterial& source = *scene_.mMaterials[index];
            material = plain(source);
            if (hasUvs) {
                addTexture(source, material);
            } else if (colourTexture(source)) {
                out_.irregularities.emplace_back("a texture on a mesh without texture coordinates");
            }
        }
        out_.model.materials.push_back(std::move(material));
    }
    return known->second;
}

unsigned ModelMaterials::uvSetOf(unsigned index) const {
    int set = 0;
    if (index < scene_.mNumMaterials) {
        const aiMaterial& material = *scene_.mMaterials[index];
        if (const auto texture = colourTexture(material)) {
            material.Get(AI_MATKEY_UVWSRC(texture->type, 0), set);
        }
    }
    return set > 0 && set < AI_MAX_NUMBER_OF_TEXTURECOORDS ? static_cast<unsigned>(set) : 0;
}

gltf::Material ModelMaterials::plain(const aiMaterial& source) {
    gltf::Material out{.unlit = false, .doubleSided = true, .wrap = gltf::Wrap::Repeat};
    out.name = tiles3d::base::validUtf8(source.GetName().C_Str());
    aiColor4D colour(1.0F, 1.0F, 1.0F, 1.0F);
    if (source.Get(AI_MATKEY_BASE_COLOR, colour) != aiReturn_SUCCESS) {
        source.Get(AI_MATKEY_COLOR_DIFFUSE, colour);
    }
    float opacity = isGltf_ ? colour.a : 1.0F;
    if (!isGltf_) {
        source.Get(AI_MATKEY_OPACITY, opacity);
    }
    if (!isGltf_ && opacity <= 0.0F) { // exporters that take "d" for transparency
        out_.irregularities.emplace_back("a material that could not be seen: shown opaque");
        opacity = 1.0F;
    }
    for (int i = 0; i < 3; ++i) {
        const float value = unit(colour[static_cast<unsigned>(i)]);
        out.baseColour[i] = isGltf_ ? value : linear(value);
    }
    out.baseColour.a = unit(opacity);
    out.alpha = alphaOf(source, out.baseColour.a);
    if (isGltf_) { // the only format that says which of its faces have backs
        int shading = 0;
        source.Get(AI_MATKEY_TWOSIDED, out.doubleSided);
        source.Get(AI_MATKEY_SHADING_MODEL, shading);
        out.unlit = shading == aiShadingMode_NoShading;
    }
    return out;
}

void ModelMaterials::addTexture(const aiMaterial& source, gltf::Material& out) {
    const auto texture = colourTexture(source);
    if (!texture) {
        return;
    }
    out.image = imageOf(texture->path);
    if (out.image && !isGltf_) {
        out.baseColour = {1.0F, 1.0F, 1.0F, out.baseColour.a};
    }
}

std::optional<std::size_t> ModelMaterials::imageOf(const std::string& path) {
    const auto [known, isNew] = images_.try_emplace(path, std::nullopt);
    if (isNew) {
        Result<image::EncodedImage> read = readImage(path);
        if (read) {
            known->second = out_.model.images.size();
            out_.model.images.push_back(*std::move(read));
        } else {
            out_.losses.push_back({tiles3d::base::validUtf8(path), read.error().message});
        }
    }
    return known->second;
}

Result<image::EncodedImage> ModelMaterials::readImage(const std::string& path) {
    const aiTexture* embedded = scene_.GetEmbeddedTexture(path.c_str());
    if (embedded != nullptr && embedded->mHeight > 0) {
        return encodedTexels(*embedded);
    }
    Result<Bytes> bytes = Bytes();
    if (embedded != nullptr) {
        const auto* first = reinterpret_cast<const std::byte*>(embedded->pcData);
        bytes = Bytes(first, first + embedded->mWidth);
    } else {
        bytes = files_.read(path);
    }
    return bytes ? image::readHeader(*std::move(bytes)) : bytes.error();
}

} // namespace pipeline::sources
