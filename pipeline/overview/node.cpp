#include "pipeline/overview/node.h"

#include "pipeline/oblique/tile_content.h"
#include "pipeline/overview/bake.h"
#include "pipeline/overview/charts.h"
#include "pipeline/overview/skirt.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"
#include "tiles3d/mesh/border.h"
#include "tiles3d/mesh/simplify.h"
#include "tiles3d/mesh/weld.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::overview {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::mesh::TriangleMesh;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

namespace {

/// At most a tenth of the level's metres per pixel, as in the blocks.
double positionStep(const NodeTask& task) {
    constexpr double kShareOfPixel = 0.1;
    return std::exp2(std::floor(std::log2(task.metresPerPixel * kShareOfPixel)));
}

/// What vertices are stored relative to: whole metres and whole steps, so that the grid of the
/// positions is the same in every node.
glm::dvec3 originOf(const NodeTask& task) {
    const double quantum = std::max(positionStep(task), 1.0);
    return glm::round(task.centre / quantum) * quantum;
}

/// Positions moved onto the grid on which they are stored, and without the triangles that lose
/// their area by it: codecs drop some of them, and counts would differ. Points that meet are one
/// afterwards, unless texture coordinates hold them apart.
TriangleMesh onGrid(TriangleMesh mesh, double step) {
    for (glm::vec3& position : mesh.positions) {
        position = glm::vec3(glm::round(glm::dvec3(position) / step) * step);
    }
    if (mesh.uvs.empty()) {
        const tiles3d::mesh::Weld weld = tiles3d::mesh::weld(mesh.positions);
        for (std::uint32_t& index : mesh.indices) {
            index = weld.pointOf[index];
        }
        mesh.positions = weld.points;
    }
    tiles3d::mesh::dropDegenerateTrianglesInPlace(mesh);
    tiles3d::mesh::compactVerticesInPlace(mesh);
    return mesh;
}

/// Neighbouring children err by half a pixel of their own level each, and overlap a little.
constexpr double kZipShare = 0.6;

/// The children's positions as one surface, closed where they meet. Each child keeps points of its
/// own until the borders are zipped.
TriangleMesh joined(const Surface& surface, double metresPerPixel) {
    constexpr std::uint32_t kNone = UINT32_MAX;
    std::vector<glm::vec3> positions;
    for (const SurfacePart& part : surface.parts) {
        positions.insert(positions.end(), part.mesh.positions.begin(), part.mesh.positions.end());
    }
    const tiles3d::mesh::Weld weld = tiles3d::mesh::weld(positions);
    TriangleMesh mesh;
    std::vector<std::uint32_t> pieceOf;
    std::vector<std::uint32_t> vertexOf; // per point, of the child at hand
    std::uint32_t child = kNone;
    std::size_t first = 0;
    for (const SurfacePart& part : surface.parts) {
        if (part.child != child) {
            child = part.child;
            vertexOf.assign(weld.points.size(), kNone);
        }
        for (const std::uint32_t index : part.mesh.indices) {
            const std::uint32_t point = weld.pointOf[first + index];
            if (vertexOf[point] == kNone) {
                vertexOf[point] = static_cast<std::uint32_t>(mesh.positions.size());
                mesh.positions.push_back(weld.points[point]);
                pieceOf.push_back(child);
            }
            mesh.indices.push_back(vertexOf[point]);
        }
        first += part.mesh.positions.size();
    }
    tiles3d::mesh::dropDegenerateTrianglesInPlace(mesh);
    tiles3d::mesh::zipBordersInPlace(mesh, pieceOf, kZipShare * metresPerPixel);
    tiles3d::mesh::dropSmallPiecesInPlace(mesh, metresPerPixel);
    return mesh;
}

/// The charted surface with texture coordinates: a vertex for each point of each chart.
TriangleMesh unfolded(const TriangleMesh& mesh, const Charts& charts) {
    constexpr std::uint32_t kNone = UINT32_MAX;
    TriangleMesh result;
    std::vector<std::uint32_t> vertexOf(mesh.positions.size(), kNone);
    std::vector<std::uint32_t> used;
    for (const Chart& chart : charts.charts) {
        for (const std::uint32_t triangle : chart.triangles) {
            for (std::size_t i = 0; i < 3; ++i) {
                const std::uint32_t point = mesh.indices[3 * std::size_t{triangle} + i];
                if (vertexOf[point] == kNone) {
                    vertexOf[point] = static_cast<std::uint32_t>(result.positions.size());
                    used.push_back(point);
                    const glm::vec2 texel =
                        chart.toTexels(mesh.positions[point]) +
                        glm::vec2(static_cast<float>(chart.x), static_cast<float>(chart.y));
                    result.positions.push_back(mesh.positions[point]);
                    result.uvs.push_back(texel / glm::vec2(static_cast<float>(charts.width),
                                                           static_cast<float>(charts.height)));
                }
                result.indices.push_back(vertexOf[point]);
            }
        }
        for (const std::uint32_t point : used) {
            vertexOf[point] = kNone;
        }
        used.clear();
    }
    return result;
}

Result<image::EncodedImage> textureOf(const TriangleMesh& mesh,
                                      const Charts& charts,
                                      const Surface& surface,
                                      const NodeTask& task) {
    constexpr double kReachPixels = 2.0;
    const image::Raster raster = bake(mesh, charts, surface, kReachPixels * task.metresPerPixel);
    constexpr int kQuality = 85;
    const bool isWebp = task.codecs.texture == scan::TextureCodec::Webp;
    return image::encode(raster,
                         {.format = isWebp ? image::ImageFormat::Webp : image::ImageFormat::Jpeg,
                          .quality = kQuality,
                          .halvesColour = false});
}

Result<NodeResult> write(const gltf::Model& model, const NodeTask& task) {
    const bool isPlain = task.codecs.geometry == scan::Geometry::Plain;
    const double step = positionStep(task);
    const Result<tiles3d::base::Bytes> glb =
        gltf::writeGlb(model,
                       {.codec = oblique::codecOf(task.codecs.geometry),
                        .positionStepMetres = step,
                        .isSmall = true});
    if (!glb) {
        return glb.error();
    }
    if (const auto written = tiles3d::base::writeFile(task.output, *glb); !written) {
        return written.error();
    }
    NodeResult result{.limits = oblique::decodedLimits(model, isPlain ? 0.0 : step),
                      .texels = std::uint64_t{model.images[0].width} * model.images[0].height,
                      .contentBytes = glb->size()};
    for (const gltf::Primitive& primitive : model.primitives) {
        result.triangles += primitive.mesh.indices.size() / 3;
    }
    return result;
}

} // namespace

Result<NodeResult> buildNode(const NodeTask& task) {
    const glm::dvec3 origin = originOf(task);
    const Result<Surface> surface = readSurface(task.children, task.cityFromEcef, origin);
    if (!surface) {
        return surface.error();
    }
    tiles3d::mesh::Simplified coarse = tiles3d::mesh::simplify(
        joined(*surface, task.metresPerPixel), kErrorShare * task.metresPerPixel);
    const TriangleMesh simplified = onGrid(std::move(coarse.mesh), positionStep(task));
    if (simplified.indices.empty()) {
        return Error{"its children hold no triangle"};
    }
    const Result<Charts> charts =
        chart(simplified,
              {.planTexelMetres = task.metresPerPixel / kPlanTexelsPerPixel,
               .sideTexelMetres = task.metresPerPixel / kSideTexelsPerPixel});
    if (!charts) {
        return charts.error();
    }
    Result<image::EncodedImage> texture = textureOf(simplified, *charts, *surface, task);
    if (!texture) {
        return texture.error();
    }
    TriangleMesh mesh = unfolded(simplified, *charts);
    TriangleMesh skirt = onGrid(skirtOf(mesh, task.metresPerPixel), positionStep(task));
    gltf::Model model{.origin = origin, .materials = {{.image = 0, .doubleSided = true}}};
    model.images.push_back(*std::move(texture));
    model.primitives.push_back({.mesh = std::move(mesh)});
    if (!skirt.indices.empty()) {
        model.primitives.push_back({.mesh = std::move(skirt)});
    }
    Result<NodeResult> result = write(model, task);
    if (result) {
        result->errorMetres = coarse.errorMetres;
    }
    return result;
}

Json toJson(const NodeResult& result) {
    Json limits = Json::array();
    for (const glm::dvec3& corner : {result.limits.minimum, result.limits.maximum}) {
        limits.push(corner.x).push(corner.y).push(corner.z);
    }
    return Json::object()
        .set("limits", limits)
        .set("triangles", result.triangles)
        .set("texels", result.texels)
        .set("content_bytes", result.contentBytes)
        .set("error", result.errorMetres);
}

NodeResult nodeResultFrom(const Json& json) {
    const auto count = [&](const char* name) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(json[name].integerOr(0), 0));
    };
    NodeResult result{.triangles = count("triangles"),
                      .texels = count("texels"),
                      .contentBytes = count("content_bytes"),
                      .errorMetres = json["error"].numberOr(0.0)};
    const auto& corners = json["limits"].items();
    for (int i = 0; i < 3 && corners.size() == 6; ++i) {
        result.limits.minimum[i] = corners[static_cast<std::size_t>(i)].numberOr(0.0);
        result.limits.maximum[i] = corners[static_cast<std::size_t>(i) + 3].numberOr(0.0);
    }
    return result;
}

} // namespace pipeline::overview
