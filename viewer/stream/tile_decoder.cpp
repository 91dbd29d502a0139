#include "viewer/stream/tile_decoder.h"

#include "tiles3d/image/image.h"
#include "viewer/stream/mip_chain.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/matrix.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace viewer::stream {

namespace {

namespace base = tiles3d::base;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

constexpr std::size_t kMaxShortIndexed = 65535;
/// Quantised coordinates may leave [0, 1] by rounding alone.
constexpr float kWrapTolerance = 0.01F;

glm::dvec3 toScene(const glm::dmat4& tileToScene, const glm::dvec3& origin, const glm::vec3& p) {
    return glm::dvec3(tileToScene * glm::dvec4(origin + glm::dvec3(p), 1.0));
}

tiles3d::tileset::Limits limitsOf(const gltf::Model& model, const glm::dmat4& tileToScene) {
    tiles3d::tileset::Limits limits;
    for (const gltf::Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            limits.include(toScene(tileToScene, model.origin, position));
        }
    }
    return limits;
}

void setIndices(MeshPart& part, std::vector<std::uint32_t> indices, std::size_t vertexCount) {
    if (vertexCount > kMaxShortIndexed) {
        part.longIndices = std::move(indices);
        return;
    }
    part.shortIndices.reserve(indices.size());
    std::ranges::transform(indices, std::back_inserter(part.shortIndices), [](std::uint32_t index) {
        return static_cast<std::uint16_t>(index);
    });
}

bool wraps(const std::vector<glm::vec2>& uvs) {
    return std::ranges::any_of(uvs, [](const glm::vec2& uv) {
        return std::min(uv.x, uv.y) < -kWrapTolerance ||
               std::max(uv.x, uv.y) > 1.0F + kWrapTolerance;
    });
}

/// Decodes each image at most once.
class TextureShelf {
public:
    explicit TextureShelf(const gltf::Model& model) : model_(model) {}

    base::Result<std::size_t> indexOf(std::size_t imageIndex) {
        if (const auto found = places_.find(imageIndex); found != places_.end()) {
            return found->second;
        }
        if (imageIndex >= model_.images.size()) {
            return base::Error{fmt::format(
                "material names image {}, the file has {}", imageIndex, model_.images.size())};
        }
        auto raster = image::decode(model_.images[imageIndex].bytes);
        if (!raster) {
            return base::within(fmt::format("image {}", imageIndex), raster.error());
        }
        textures_.push_back(buildMipChain(*std::move(raster)));
        places_.emplace(imageIndex, textures_.size() - 1);
        return textures_.size() - 1;
    }

    TexturePack& at(std::size_t index) { return textures_[index]; }
    std::vector<TexturePack> take() { return std::move(textures_); }

private:
    const gltf::Model& model_;
    std::map<std::size_t, std::size_t> places_;
    std::vector<TexturePack> textures_;
};

/// As the screen wants a linear one (IEC 61966-2-1).
float toSrgb(float linear) {
    constexpr float kKnee = 0.0031308F;
    return linear <= kKnee ? linear * 12.92F : 1.055F * std::pow(linear, 1.0F / 2.4F) - 0.055F;
}

/// glTF's factors are linear. Those of unlit materials are photogrammetry's, a plain grey that the
/// pyramid paints as it stands.
glm::vec4 shownColour(const gltf::Material& material) {
    const glm::vec4& colour = material.baseColour;
    return material.unlit
               ? colour
               : glm::vec4(toSrgb(colour.r), toSrgb(colour.g), toSrgb(colour.b), colour.a);
}

std::vector<glm::u8vec4> shownColours(const std::vector<glm::vec4>& linear) {
    std::vector<glm::u8vec4> shown;
    shown.reserve(linear.size());
    for (const glm::vec4& stored : linear) {
        const glm::vec4 colour = glm::clamp(stored, 0.0F, 1.0F);
        constexpr float kMost = 255.0F;
        shown.emplace_back(glm::round(
            kMost * glm::vec4(toSrgb(colour.r), toSrgb(colour.g), toSrgb(colour.b), colour.a)));
    }
    return shown;
}

AlphaMode alphaModeOf(gltf::Alpha alpha) {
    switch (alpha) {
    case gltf::Alpha::Mask:
        return AlphaMode::Mask;
    case gltf::Alpha::Blend:
        return AlphaMode::Blend;
    case gltf::Alpha::Opaque:
        break;
    }
    return AlphaMode::Opaque;
}

base::Status addMaterial(MeshPart& part, const gltf::Material& material, TextureShelf& shelf) {
    part.baseColour = shownColour(material);
    part.unlit = material.unlit;
    part.alphaMode = alphaModeOf(material.alpha);
    part.alphaCutoff = material.alphaCutoff;
    if (!material.image || part.uvs.empty()) {
        return base::ok();
    }
    const auto texture = shelf.indexOf(*material.image);
    if (!texture) {
        return texture.error();
    }
    part.texture = *texture;
    shelf.at(*texture).repeats = shelf.at(*texture).repeats || wraps(part.uvs);
    return base::ok();
}

/// By the inverse transpose, whatever scale `tileToScene` has.
std::vector<glm::vec3> turned(std::vector<glm::vec3> normals, const glm::dmat4& tileToScene) {
    const glm::dmat3 turn = glm::transpose(glm::inverse(glm::dmat3(tileToScene)));
    for (glm::vec3& normal : normals) {
        const glm::dvec3 direction = turn * glm::dvec3(normal);
        const double length = glm::length(direction);
        normal =
            std::isnormal(length) ? glm::vec3(direction / length) : glm::vec3(0.0F, 0.0F, 1.0F);
    }
    return normals;
}

base::Result<MeshPack> packOf(gltf::Model model, const glm::dmat4& tileToScene) {
    MeshPack pack;
    pack.limits = limitsOf(model, tileToScene);
    if (pack.limits.isEmpty()) {
        return pack; // a tile without triangles is legal and draws nothing
    }
    pack.centre = (pack.limits.minimum + pack.limits.maximum) * 0.5;

    TextureShelf shelf(model);
    for (gltf::Primitive& primitive : model.primitives) {
        MeshPart part;
        const std::size_t vertexCount = primitive.mesh.positions.size();
        part.positions.reserve(vertexCount);
        for (const glm::vec3& position : primitive.mesh.positions) {
            part.positions.emplace_back(toScene(tileToScene, model.origin, position) - pack.centre);
        }
        part.normals = turned(std::move(primitive.mesh.normals), tileToScene);
        part.uvs = std::move(primitive.mesh.uvs);
        part.colours = shownColours(primitive.colours);
        setIndices(part, std::move(primitive.mesh.indices), vertexCount);
        const gltf::Material standard;
        const gltf::Material& material = primitive.material < model.materials.size()
                                             ? model.materials[primitive.material]
                                             : standard;
        if (const auto added = addMaterial(part, material, shelf); !added) {
            return added.error();
        }
        pack.parts.push_back(std::move(part));
    }
    pack.textures = shelf.take();
    return pack;
}

} // namespace

base::Result<MeshPack> decodeTile(base::ByteView content,
                                  const glm::dmat4& tileToScene,
                                  const gltf::ReadOptions& options) {
    auto models = gltf::readTileContent(content, options);
    if (!models) {
        return models.error();
    }
    std::vector<MeshPack> packs;
    for (gltf::Model& model : *models) {
        auto pack = packOf(std::move(model), tileToScene);
        if (!pack) {
            return pack.error();
        }
        packs.push_back(*std::move(pack));
    }
    return joinPacks(std::move(packs));
}

MeshPack joinPacks(std::vector<MeshPack> packs) {
    std::erase_if(packs, [](const MeshPack& pack) { return pack.limits.isEmpty(); });
    if (packs.empty()) {
        return {};
    }
    MeshPack joined = std::move(packs.front());
    for (std::size_t i = 1; i < packs.size(); ++i) {
        MeshPack& pack = packs[i];
        const glm::vec3 shift(pack.centre - joined.centre);
        const std::size_t firstTexture = joined.textures.size();
        for (MeshPart& part : pack.parts) {
            std::ranges::for_each(part.positions, [&](glm::vec3& p) { p += shift; });
            if (part.texture) {
                *part.texture += firstTexture;
            }
            joined.parts.push_back(std::move(part));
        }
        std::ranges::move(pack.textures, std::back_inserter(joined.textures));
        joined.limits.include(pack.limits);
    }
    return joined;
}

} // namespace viewer::stream
