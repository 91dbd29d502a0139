#include "pipeline/oblique/tile_content.h"

#include "pipeline/oblique/geometric_error.h"
#include "pipeline/oblique/superseded.h"
#include "tiles3d/image/image.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace pipeline::oblique {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::crs::LocalFit;
using tiles3d::crs::SourceBox;
using tiles3d::tileset::Limits;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;
namespace mesh = tiles3d::mesh;

namespace {

/// Tile origins are multiples of this, so that every power-of-two grid below it runs through them.
constexpr double kOriginStepMetres = 64.0;
/// Finer than float32 can hold within a block; a floor for strange ranges.
constexpr double kFinestStepMetres = 1.0 / 4096.0;
/// OSG draws a face from behind too unless a state says CULL_FACE, and no delivery seen says it:
/// railings, signs and the rims of a delivery are single sheets.
constexpr bool kIsDoubleSided = true;

glm::dvec3 sourcePoint(const sources::OsgbGeometry& geometry,
                       const glm::vec3& position,
                       const glm::dvec3& origin) {
    const glm::dvec3 local(position);
    return origin +
           (geometry.matrix ? glm::dvec3(*geometry.matrix * glm::dvec4(local, 1.0)) : local);
}

SourceBox boxOf(const sources::OsgbGeometry& geometry, const glm::dvec3& origin) {
    if (!geometry.matrix) { // the usual case: compare floats, add the origin once
        glm::vec3 low = geometry.positions.front();
        glm::vec3 high = low;
        for (const glm::vec3& position : geometry.positions) {
            low = glm::min(low, position);
            high = glm::max(high, position);
        }
        return {origin + glm::dvec3(low), origin + glm::dvec3(high)};
    }
    SourceBox box{sourcePoint(geometry, geometry.positions.front(), origin),
                  sourcePoint(geometry, geometry.positions.front(), origin)};
    for (const glm::vec3& position : geometry.positions) {
        const glm::dvec3 point = sourcePoint(geometry, position, origin);
        box.minimum = glm::min(box.minimum, point);
        box.maximum = glm::max(box.maximum, point);
    }
    return box;
}

glm::dvec3 tileOrigin(const LocalFit& fit, const SourceBox& box) {
    const glm::dvec3 centre = fit.toEnu((box.minimum + box.maximum) / 2.0);
    return glm::round(centre / kOriginStepMetres) * kOriginStepMetres;
}

mesh::TriangleMesh placedMesh(const sources::OsgbGeometry& geometry,
                              const glm::dvec3& sourceOrigin,
                              const LocalFit& fit,
                              const glm::dvec3& origin) {
    mesh::TriangleMesh placed;
    placed.positions.reserve(geometry.positions.size());
    for (const glm::vec3& position : geometry.positions) {
        const glm::dvec3 enu = fit.toEnu(sourcePoint(geometry, position, sourceOrigin));
        placed.positions.emplace_back(enu - origin);
    }
    if (geometry.image) {
        placed.uvs.reserve(geometry.uvs.size());
        for (const glm::vec2& uv : geometry.uvs) {
            placed.uvs.emplace_back(uv.x, 1.0F - uv.y); // OSG's images start at the bottom
        }
    }
    placed.indices = geometry.indices;
    // A transform that mirrors turns triangles inside out.
    if (geometry.matrix && glm::determinant(glm::dmat3(*geometry.matrix)) < 0.0) {
        for (std::size_t i = 0; i + 2 < placed.indices.size(); i += 3) {
            std::swap(placed.indices[i + 1], placed.indices[i + 2]);
        }
    }
    return placed;
}

/// Twice the texel is still finer than the level's handover in every delivery measured.
double texelsArea(const mesh::TriangleMesh& triangles, const image::EncodedImage& texture) {
    double area = 0.0;
    const auto size = glm::dvec2(texture.width, texture.height);
    for (std::size_t i = 0; i + 2 < triangles.indices.size(); i += 3) {
        const glm::dvec2 a(triangles.uvs[triangles.indices[i]]);
        const glm::dvec2 ab = (glm::dvec2(triangles.uvs[triangles.indices[i + 1]]) - a) * size;
        const glm::dvec2 ac = (glm::dvec2(triangles.uvs[triangles.indices[i + 2]]) - a) * size;
        area += 0.5 * std::abs(ab.x * ac.y - ab.y * ac.x);
    }
    return area;
}

double surfaceArea(const mesh::TriangleMesh& triangles) {
    double area = 0.0;
    for (std::size_t i = 0; i + 2 < triangles.indices.size(); i += 3) {
        const glm::vec3& a = triangles.positions[triangles.indices[i]];
        const glm::vec3& b = triangles.positions[triangles.indices[i + 1]];
        const glm::vec3& c = triangles.positions[triangles.indices[i + 2]];
        area += 0.5 * static_cast<double>(glm::length(glm::cross(b - a, c - a)));
    }
    return area;
}

Result<image::EncodedImage> recoded(const image::EncodedImage& source, scan::TextureCodec codec) {
    if (codec == scan::TextureCodec::Keep) {
        return source;
    }
    const Result<image::Raster> raster = image::decode(source.bytes);
    if (!raster) {
        return raster.error();
    }
    const bool toWebp = codec == scan::TextureCodec::Webp;
    if (!toWebp && raster->channels == 4) {
        return source; // JPEG has no alpha: dropping it would be a loss
    }
    return image::encode(*raster,
                         {.format = toWebp ? image::ImageFormat::Webp : image::ImageFormat::Jpeg});
}

/// Builds the model of one node, one primitive per source geometry.
class ModelBuilder {
public:
    ModelBuilder(const sources::OsgbFile& file, const BlockFrame& frame, const NodeOptions& options)
        : file_(file), frame_(frame), codecs_(options.codecs), newer_(options.newer) {}

    tiles3d::base::Status add(const sources::OsgbGeometry& geometry, mesh::TriangleMesh placed) {
        content.degenerateTriangles += mesh::dropDegenerateTrianglesInPlace(placed);
        include(placed);
        if (newer_ != nullptr) {
            content.supersededTriangles +=
                dropSupersededInPlace(placed, model.origin, frame_.enu(), *newer_);
        }
        mesh::compactVerticesInPlace(placed);
        if (placed.indices.empty()) {
            return tiles3d::base::ok();
        }
        const bool isTextured = geometry.image && !placed.uvs.empty();
        if (isTextured) {
            texturedArea_ += surfaceArea(placed);
            texelArea_ += texelsArea(placed, file_.images[*geometry.image]);
        }
        const Result<std::size_t> material =
            isTextured ? texturedMaterial(*geometry.image) : plainMaterial();
        if (!material) {
            return material.error();
        }
        content.triangles += placed.indices.size() / 3;
        model.primitives.push_back({.mesh = std::move(placed), .material = *material});
        return tiles3d::base::ok();
    }

    double metresPerTexel() const {
        return texelArea_ > 0.0 ? std::sqrt(texturedArea_ / texelArea_) : 0.0;
    }

    gltf::Model model;
    TileContent content;

private:
    void include(const mesh::TriangleMesh& placed) {
        for (const glm::vec3& position : placed.positions) {
            content.placed.include(model.origin + glm::dvec3(position));
        }
    }

    Result<std::size_t> texturedMaterial(std::size_t imageIndex) {
        const auto known = materials_.find(imageIndex);
        if (known != materials_.end()) {
            return known->second;
        }
        Result<image::EncodedImage> texture = recoded(file_.images[imageIndex], codecs_.texture);
        if (!texture) {
            return texture.error();
        }
        content.texels += std::uint64_t{texture->width} * texture->height;
        content.imageBytes += file_.images[imageIndex].bytes.size();
        model.images.push_back(*std::move(texture));
        model.materials.push_back(
            {.image = model.images.size() - 1, .doubleSided = kIsDoubleSided});
        materials_[imageIndex] = model.materials.size() - 1;
        return model.materials.size() - 1;
    }

    Result<std::size_t> plainMaterial() {
        if (!plain_) {
            model.materials.push_back(
                {.baseColour = {0.8F, 0.8F, 0.8F, 1.0F}, .doubleSided = kIsDoubleSided});
            plain_ = model.materials.size() - 1;
        }
        return *plain_;
    }

    const sources::OsgbFile& file_;
    const BlockFrame& frame_;
    const scan::OutputOptions& codecs_;
    const CoveredArea* newer_;
    std::map<std::size_t, std::size_t> materials_; ///< Image -> material.
    std::optional<std::size_t> plain_;
    double texturedArea_ = 0.0;
    double texelArea_ = 0.0;
};

/// The largest power of two (metres) not above a tenth of the level's metres per pixel.
double positionStep(const sources::OsgbNode& node, double metresPerTexel) {
    constexpr double kShareOfPixel = 0.1;
    const std::optional<double> handover =
        node.switchRange ? handoverMetresPerPixel(*node.switchRange) : std::nullopt;
    const double metresPerPixel = handover ? *handover : 2.0 * metresPerTexel;
    const double limit =
        std::clamp(metresPerPixel * kShareOfPixel, kFinestStepMetres, kOriginStepMetres);
    return std::exp2(std::floor(std::log2(limit)));
}

Result<LocalFit> fitFor(const BlockFrame& frame, const SourceBox& box) {
    return isScattered(box)
               ? Result<LocalFit>(Error{"vertices more than 100 km apart: damaged coordinates"})
               : frame.fitFor(box);
}

} // namespace

gltf::GeometryCodec codecOf(scan::Geometry geometry) {
    switch (geometry) {
    case scan::Geometry::Plain:
        return gltf::GeometryCodec::Plain;
    case scan::Geometry::Quantized:
        return gltf::GeometryCodec::Quantized;
    case scan::Geometry::Meshopt:
        return gltf::GeometryCodec::Meshopt;
    case scan::Geometry::Draco:
        break;
    }
    return gltf::GeometryCodec::Draco;
}

Limits decodedLimits(const gltf::Model& model, double step) {
    glm::vec3 low(1e30F);
    glm::vec3 high(-1e30F);
    for (const gltf::Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            low = glm::min(low, position);
            high = glm::max(high, position);
        }
    }
    Limits limits;
    limits.minimum = model.origin + glm::dvec3(low);
    limits.maximum = model.origin + glm::dvec3(high);
    if (step > 0.0) {
        limits.minimum = glm::floor(limits.minimum / step) * step;
        limits.maximum = glm::ceil(limits.maximum / step) * step;
    }
    return limits;
}

bool isScattered(const SourceBox& box) {
    constexpr double kWidest = 100000.0;
    const glm::dvec3 size = box.maximum - box.minimum;
    const bool isTight = size.x <= kWidest && size.y <= kWidest && size.z <= kWidest &&
                         std::abs(box.minimum.z) <= kWidest && std::abs(box.maximum.z) <= kWidest;
    return !isTight; // NaN included
}

std::optional<SourceBox> sourceBoxOf(const sources::OsgbNode& node, const glm::dvec3& origin) {
    std::optional<SourceBox> box;
    for (const sources::OsgbGeometry& geometry : node.geometries) {
        const SourceBox own = boxOf(geometry, origin);
        box = box ? SourceBox{glm::min(box->minimum, own.minimum),
                              glm::max(box->maximum, own.maximum)}
                  : own;
    }
    return box;
}

Result<TileContent> convertNode(const sources::OsgbNode& node,
                                const sources::OsgbFile& file,
                                const BlockFrame& frame,
                                const NodeOptions& options) {
    const std::optional<SourceBox> box = sourceBoxOf(node, options.origin);
    if (!box) {
        return TileContent{};
    }
    const Result<LocalFit> fit = fitFor(frame, *box);
    if (!fit) {
        return fit.error();
    }
    ModelBuilder builder(file, frame, options);
    builder.model.origin = tileOrigin(*fit, *box);
    for (const sources::OsgbGeometry& geometry : node.geometries) {
        const auto added =
            builder.add(geometry, placedMesh(geometry, options.origin, *fit, builder.model.origin));
        if (!added) {
            return added.error();
        }
    }
    TileContent& content = builder.content;
    if (builder.model.primitives.empty()) {
        return content;
    }
    content.metresPerTexel = builder.metresPerTexel();
    const scan::Geometry geometry = options.codecs.geometry;
    const bool isPlain = geometry == scan::Geometry::Plain;
    content.positionStepMetres = isPlain ? 0.0 : positionStep(node, content.metresPerTexel);
    content.limits = decodedLimits(builder.model, content.positionStepMetres);
    Result<tiles3d::base::Bytes> glb = gltf::writeGlb(
        builder.model,
        {.codec = codecOf(geometry), .positionStepMetres = content.positionStepMetres});
    if (!glb) {
        return glb.error();
    }
    content.glb = *std::move(glb);
    return content;
}

Result<TileContent> surveyNode(const sources::OsgbNode& node,
                               const sources::OsgbFile& file,
                               const glm::dvec3& origin,
                               const BlockFrame& frame) {
    TileContent content;
    const std::optional<SourceBox> box = sourceBoxOf(node, origin);
    if (!box) {
        return content;
    }
    const Result<LocalFit> fit = fitFor(frame, *box);
    if (!fit) {
        return fit.error();
    }
    content.limits.include(fit->toEnu(box->minimum));
    content.limits.include(fit->toEnu(box->maximum));
    std::set<std::size_t> images;
    for (const sources::OsgbGeometry& geometry : node.geometries) {
        content.triangles += geometry.indices.size() / 3;
        if (geometry.image && images.insert(*geometry.image).second) {
            const image::EncodedImage& texture = file.images[*geometry.image];
            content.texels += std::uint64_t{texture.width} * texture.height;
            content.imageBytes += texture.bytes.size();
        }
    }
    return content;
}

} // namespace pipeline::oblique
