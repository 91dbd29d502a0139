#include "tiles3d/gltf/materials.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

namespace tiles3d::gltf {

using base::Bytes;
using base::Error;
using base::ok;
using base::Result;
using base::Status;

namespace {

template <typename Item>
const Item* itemAt(const std::vector<Item>& items, int index) {
    return index >= 0 && static_cast<std::size_t>(index) < items.size()
               ? &items[static_cast<std::size_t>(index)]
               : nullptr;
}

float numberIn(const tinygltf::Value& array, int index, float otherwise) {
    const bool isThere = array.IsArray() && static_cast<std::size_t>(index) < array.ArrayLen() &&
                         array.Get(index).IsNumber();
    return isThere ? static_cast<float>(array.Get(index).GetNumberAsDouble()) : otherwise;
}

/// Source: KHR_texture_transform: translation * rotation * scale.
TextureUse useOf(const tinygltf::TextureInfo& info) {
    int texCoord = info.texCoord;
    TextureUse use;
    const auto found = info.extensions.find("KHR_texture_transform");
    if (found != info.extensions.end() && found->second.IsObject()) {
        const tinygltf::Value& moved = found->second;
        const tinygltf::Value& rotation = moved.Get("rotation");
        const double angle = rotation.IsNumber() ? rotation.GetNumberAsDouble() : 0.0;
        const auto cosine = static_cast<float>(std::cos(angle));
        const auto sine = static_cast<float>(std::sin(angle));
        const float scaleU = numberIn(moved.Get("scale"), 0, 1.0F);
        const float scaleV = numberIn(moved.Get("scale"), 1, 1.0F);
        use.transform = glm::mat3(cosine * scaleU,
                                  -sine * scaleU,
                                  0.0F,
                                  sine * scaleV,
                                  cosine * scaleV,
                                  0.0F,
                                  numberIn(moved.Get("offset"), 0, 0.0F),
                                  numberIn(moved.Get("offset"), 1, 0.0F),
                                  1.0F);
        if (moved.Get("texCoord").IsNumber()) {
            texCoord = moved.Get("texCoord").GetNumberAsInt();
        }
    }
    use.attribute = fmt::format("TEXCOORD_{}", texCoord);
    return use;
}

class MaterialReader {
public:
    MaterialReader(const Document& document, Accessors& accessors)
        : document_(document), accessors_(accessors) {
        read_.images.resize(document.gltf.images.size());
    }

    Result<Materials> read() {
        for (const tinygltf::Material& material : document_.gltf.materials) {
            const tinygltf::TextureInfo& texture = material.pbrMetallicRoughness.baseColorTexture;
            Material out;
            out.name = material.name;
            if (const Status added = addImage(out, texture.index); !added) {
                return added.error();
            }
            const auto& colour = material.pbrMetallicRoughness.baseColorFactor;
            for (std::size_t i = 0; i < 4 && colour.size() == 4; ++i) {
                out.baseColour[static_cast<int>(i)] = static_cast<float>(colour[i]);
            }
            out.unlit = material.extensions.contains("KHR_materials_unlit");
            out.doubleSided = material.doubleSided;
            out.alpha = material.alphaMode == "BLEND"  ? Alpha::Blend
                        : material.alphaMode == "MASK" ? Alpha::Mask
                                                       : Alpha::Opaque;
            out.alphaCutoff = static_cast<float>(material.alphaCutoff);
            out.wrap = wrapOf(texture.index);
            read_.materials.push_back(std::move(out));
            read_.uses.push_back(useOf(texture));
        }
        return std::move(read_);
    }

private:
    Status addImage(Material& material, int textureIndex) {
        const tinygltf::Texture* texture = itemAt(document_.gltf.textures, textureIndex);
        if (texture == nullptr) {
            return ok();
        }
        int source = texture->source;
        const auto webp = texture->extensions.find("EXT_texture_webp");
        if (webp != texture->extensions.end() && webp->second.Get("source").IsNumber()) {
            source = webp->second.Get("source").GetNumberAsInt();
        }
        const tinygltf::Image* image = itemAt(document_.gltf.images, source);
        if (image == nullptr) {
            return texture->extensions.contains("KHR_texture_basisu") ? Status(Error{kNoKtx2})
                                                                      : ok();
        }
        material.image = static_cast<std::size_t>(source);
        image::EncodedImage& kept = read_.images[*material.image];
        if (!kept.bytes.empty()) {
            return ok();
        }
        auto bytes = imageBytes(*image, source);
        auto read = bytes ? image::readHeader(*std::move(bytes))
                          : Result<image::EncodedImage>(bytes.error());
        if (!read) {
            return base::within(fmt::format("image {}", source), read.error());
        }
        kept = *std::move(read);
        return ok();
    }

    Result<Bytes> imageBytes(const tinygltf::Image& image, int index) const {
        if (image.bufferView < 0) {
            const auto file = document_.imageFiles.find(index);
            return file != document_.imageFiles.end() ? Result<Bytes>(file->second)
                                                      : Result<Bytes>(Error{"it has no bytes"});
        }
        const auto bytes = accessors_.view(image.bufferView);
        return bytes ? Result<Bytes>(Bytes(bytes->begin(), bytes->end()))
                     : Result<Bytes>(bytes.error());
    }

    Wrap wrapOf(int textureIndex) const {
        const tinygltf::Texture* texture = itemAt(document_.gltf.textures, textureIndex);
        if (texture == nullptr) {
            return Wrap::Clamp;
        }
        const tinygltf::Sampler* sampler = itemAt(document_.gltf.samplers, texture->sampler);
        const bool isClamped =
            sampler != nullptr && sampler->wrapS == TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE;
        return isClamped ? Wrap::Clamp : Wrap::Repeat; // glTF's default
    }

    const Document& document_;
    Accessors& accessors_;
    Materials read_;
};

} // namespace

Result<Materials> readMaterials(const Document& document, Accessors& accessors) {
    return MaterialReader(document, accessors).read();
}

} // namespace tiles3d::gltf
