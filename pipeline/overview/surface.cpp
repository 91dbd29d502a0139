#include "pipeline/overview/surface.h"

#include "pipeline/oblique/coarsest.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace pipeline::overview {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
using tiles3d::base::within;
namespace fs = std::filesystem;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

namespace {

/// One GLB to read, with the way from its frame to the city's.
struct Piece {
    fs::path file;
    glm::dmat4 toCity{1.0};
    std::uint32_t child = 0;
    bool hasSkirt = false;
};

Status addBlock(const fs::path& file,
                const glm::dmat4& cityFromEcef,
                std::uint32_t child,
                std::vector<Piece>& pieces) {
    const auto contents = oblique::coarsestContents(file);
    if (!contents) {
        return contents.error();
    }
    for (const oblique::PlacedContent& content : *contents) {
        pieces.push_back(
            {.file = content.file, .toCity = cityFromEcef * content.transform, .child = child});
    }
    return ok();
}

double cross(const glm::vec2& a, const glm::vec2& b) {
    return static_cast<double>(a.x) * static_cast<double>(b.y) -
           static_cast<double>(a.y) * static_cast<double>(b.x);
}

/// Square root of the mesh's area over that of the texels it uses.
double texelSize(const SurfacePart& part) {
    if (part.texture.pixels.empty() || part.mesh.uvs.empty()) {
        return 0.0;
    }
    double area = 0.0;
    double texels = 0.0;
    const auto& [positions, uvs, indices, normals] = part.mesh;
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const std::uint32_t a = indices[i];
        const std::uint32_t b = indices[i + 1];
        const std::uint32_t c = indices[i + 2];
        area += static_cast<double>(
            glm::length(glm::cross(positions[b] - positions[a], positions[c] - positions[a])));
        texels += std::abs(cross(uvs[b] - uvs[a], uvs[c] - uvs[a]));
    }
    texels *= static_cast<double>(part.texture.width) * static_cast<double>(part.texture.height);
    return texels > 0.0 ? std::sqrt(area / texels) : 0.0;
}

/// The parts of one GLB; images that several primitives share are decoded once each time.
class PieceReader {
public:
    PieceReader(const Piece& piece, const glm::dvec3& origin, Surface& surface)
        : piece_(piece), origin_(origin), surface_(surface) {}

    Status read() {
        const auto bytes = tiles3d::base::readFile(piece_.file);
        if (!bytes) {
            return bytes.error();
        }
        Result<gltf::Model> model = gltf::readGlb(*bytes);
        if (!model) {
            return within(toUtf8(piece_.file), model.error());
        }
        if (piece_.hasSkirt && model->primitives.size() > 1) {
            model->primitives.resize(1);
        }
        for (gltf::Primitive& primitive : model->primitives) {
            if (const Status added = add(*model, primitive); !added) {
                return within(toUtf8(piece_.file), added.error());
            }
        }
        return ok();
    }

private:
    Status add(const gltf::Model& model, gltf::Primitive& primitive) {
        SurfacePart part{.mesh = std::move(primitive.mesh), .child = piece_.child};
        const glm::dmat3 rotation(piece_.toCity);
        const glm::dvec3 shift =
            glm::dvec3(piece_.toCity * glm::dvec4(model.origin, 1.0)) - origin_;
        for (glm::vec3& position : part.mesh.positions) {
            position = glm::vec3(rotation * glm::dvec3(position) + shift);
        }
        const gltf::Material& material = model.materials[primitive.material];
        part.colour = glm::vec3(material.baseColour);
        if (material.image && !part.mesh.uvs.empty()) {
            // Damage inside the pixels was told of when the block was made; it is no news here.
            Result<image::Raster> texture =
                image::decode(model.images[*material.image].bytes, {.toleratesDamage = true});
            if (!texture) {
                return texture.error();
            }
            part.texture = *std::move(texture);
        }
        const double texel = texelSize(part);
        if (texel > 0.0 && (surface_.metresPerTexel == 0.0 || texel < surface_.metresPerTexel)) {
            surface_.metresPerTexel = texel;
        }
        surface_.parts.push_back(std::move(part));
        return ok();
    }

    const Piece& piece_;
    const glm::dvec3& origin_;
    Surface& surface_;
};

} // namespace

Result<Surface> readSurface(const std::vector<ChildContent>& children,
                            const glm::dmat4& cityFromEcef,
                            const glm::dvec3& origin) {
    std::vector<Piece> pieces;
    for (std::uint32_t i = 0; i < children.size(); ++i) {
        if (!children[i].isBlock) {
            pieces.push_back({.file = children[i].file, .child = i, .hasSkirt = true});
        } else if (const Status added = addBlock(children[i].file, cityFromEcef, i, pieces);
                   !added) {
            return added.error();
        }
    }
    Surface surface;
    for (const Piece& piece : pieces) {
        if (const Status read = PieceReader(piece, origin, surface).read(); !read) {
            return read.error();
        }
    }
    return surface;
}

} // namespace pipeline::overview
