#include "pipeline/terrain/tile.h"

#include "pipeline/oblique/tile_content.h"
#include "pipeline/terrain/surface_normal.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/mesh/border.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace pipeline::terrain {

using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
namespace fs = std::filesystem;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

namespace {

/// Ellipsoidal places of a tile's posts.
class Posts {
public:
    Posts(const CellSurface& surface, const CellGrid& grid)
        : land_(surface.land), west_(grid.westDegrees(surface.cell)),
          south_(grid.southDegrees(surface.cell)),
          step_(grid.sideDegrees(surface.cell.depth) / surface.land.intervals) {}

    Cartographic at(const glm::ivec2& post, double loweredMetres = 0.0) const {
        return {.longitude = Angle::degrees(west_ + post.x * step_),
                .latitude = Angle::degrees(south_ + post.y * step_),
                .heightMetres = static_cast<double>(land_.at(post.x, post.y)) - loweredMetres};
    }

    /// Across the cell, 0 to 1 from the south-west.
    glm::dvec2 across(const glm::ivec2& post) const {
        return glm::dvec2(post) / static_cast<double>(land_.intervals);
    }

private:
    const PostGrid& land_;
    double west_;
    double south_;
    double step_;
};

/// Both ends of the edge lie on the same side of the cell.
bool isOnBorder(const glm::ivec2& a, const glm::ivec2& b, int intervals) {
    const auto isSide = [&](int from, int to) {
        return from == to && (from == 0 || from == intervals);
    };
    return isSide(a.x, b.x) || isSide(a.y, b.y);
}

class TileMesh {
public:
    TileMesh(const CellSurface& surface, const TileStyle& style)
        : surface_(surface), style_(style), posts_(surface, style.grid),
          step_(positionStep(style.grid, surface.cell.depth)), origin_(originFor(surface, style)) {}

    gltf::Model model(image::EncodedImage picture) {
        for (const glm::ivec2& post : surface_.tin.posts) {
            addVertex(post, 0.0);
        }
        mesh_.indices = surface_.tin.indices;
        addSkirts();
        gltf::Model model{.origin = origin_, .materials = {{.image = 0}}};
        model.images.push_back(std::move(picture));
        model.primitives.push_back({.mesh = std::move(mesh_)});
        return model;
    }

    double minimumHeight() const { return minimumHeight_; }
    double maximumHeight() const { return maximumHeight_; }

private:
    /// Whole metres and whole steps, so that the grid of positions is the same in every tile.
    static glm::dvec3 originFor(const CellSurface& surface, const TileStyle& style) {
        const Posts posts(surface, style.grid);
        const glm::ivec2& middle = surface.tin.posts[surface.tin.posts.size() / 2];
        const double quantum = std::max(positionStep(style.grid, surface.cell.depth), 1.0);
        const glm::dvec3 place =
            style.frame.fromEcef(tiles3d::geo::toEcef(posts.at(middle))).metres;
        return glm::round(place / quantum) * quantum;
    }

    std::uint32_t addVertex(const glm::ivec2& post, double loweredMetres) {
        const Cartographic place = posts_.at(post, loweredMetres);
        minimumHeight_ = std::min(minimumHeight_, place.heightMetres);
        maximumHeight_ = std::max(maximumHeight_, place.heightMetres);
        const glm::dvec3 enu = style_.frame.fromEcef(tiles3d::geo::toEcef(place)).metres;
        const glm::dvec2 across = posts_.across(post);
        mesh_.positions.emplace_back(glm::round(enu / step_) * step_ - origin_);
        mesh_.uvs.emplace_back(across.x, 1.0 - across.y);
        return static_cast<std::uint32_t>(mesh_.positions.size() - 1);
    }

    void addSkirts() {
        constexpr std::uint32_t kNone = UINT32_MAX;
        const double depth = skirtMetres(style_.grid, surface_.cell.depth);
        std::vector<std::uint32_t> below(surface_.tin.posts.size(), kNone);
        const auto hung = [&](std::uint32_t vertex) {
            if (below[vertex] == kNone) {
                below[vertex] = addVertex(surface_.tin.posts[vertex], depth);
            }
            return below[vertex];
        };
        for (const tiles3d::mesh::BorderEdge& edge :
             tiles3d::mesh::borderEdges(surface_.tin.indices)) {
            const glm::ivec2& from = surface_.tin.posts[edge.from];
            const glm::ivec2& to = surface_.tin.posts[edge.to];
            if (isOnBorder(from, to, surface_.land.intervals)) {
                const std::uint32_t belowFrom = hung(edge.from);
                const std::uint32_t belowTo = hung(edge.to);
                mesh_.indices.insert(mesh_.indices.end(),
                                     {edge.from, belowFrom, edge.to, edge.to, belowFrom, belowTo});
            }
        }
    }

    const CellSurface& surface_;
    const TileStyle& style_;
    Posts posts_;
    double step_;
    glm::dvec3 origin_;
    tiles3d::mesh::TriangleMesh mesh_;
    double minimumHeight_ = 1e300;
    double maximumHeight_ = -1e300;
};

Result<image::EncodedImage> encoded(const image::Raster& picture, const TileStyle& style) {
    constexpr int kQuality = 85;
    const bool isWebp = style.codecs.texture == scan::TextureCodec::Webp;
    return image::encode(picture,
                         {.format = isWebp ? image::ImageFormat::Webp : image::ImageFormat::Jpeg,
                          .quality = kQuality});
}

/// The surface for web globes: without picture and skirts.
TileSurface globeSurface(const CellSurface& surface, const CellGrid& grid) {
    const Extent extent = extentOf(grid, surface.cell);
    const Posts posts(surface, grid);
    const PostNormals normals(surface.land, extent);
    TileSurface result{.rectangle = {.west = Angle::degrees(extent.west),
                                     .south = Angle::degrees(extent.south),
                                     .east = Angle::degrees(extent.east),
                                     .north = Angle::degrees(extent.north)},
                       .indices = surface.tin.indices};
    for (const glm::ivec2& post : surface.tin.posts) {
        result.vertices.push_back({.uv = posts.across(post),
                                   .heightMetres = posts.at(post).heightMetres,
                                   .normal = normals.at(post)});
    }
    return result;
}

Status write(const fs::path& file, const tiles3d::base::Bytes& bytes) {
    if (const Status made = tiles3d::base::makeFolder(file.parent_path()); !made) {
        return made;
    }
    return tiles3d::base::writeFile(file, bytes);
}

} // namespace

double positionStep(const CellGrid& grid, int depth) {
    constexpr double kLargestShare = 1.0 / 128.0;   // of a pixel: nothing that can be seen
    constexpr double kSmallestShare = 1.0 / 8192.0; // 2^23 steps to a cell: Draco errs beyond
    constexpr double kPlacedMetres = 1.0 / 128.0;   // half a step along three axes: 7 mm
    const double pixel = grid.metresPerPixel(depth);
    const double limit = std::clamp(kPlacedMetres, pixel * kSmallestShare, pixel * kLargestShare);
    return std::exp2(std::floor(std::log2(limit)));
}

double skirtMetres(const CellGrid& grid, int depth) {
    constexpr double kPixels = 3.0; // a pixel each, and two of the coarser one's
    return kPixels * grid.metresPerPixel(depth);
}

fs::path contentPath(const Cell& cell) {
    return fs::path(cell.name() + ".glb");
}

TmsTile tmsTileOf(const CellGrid& grid, const Cell& cell) {
    const auto global = [&](std::uint32_t root, std::uint32_t own) {
        return static_cast<int>((std::uint64_t{root} << static_cast<unsigned>(cell.depth - 1)) +
                                own);
    };
    return {.level = grid.levelOf(cell.depth),
            .x = global(grid.rootX, cell.x),
            .y = global(grid.rootY, cell.y)};
}

fs::path quantizedMeshPath(const TmsTile& tile) {
    return fs::path("quantized-mesh") / std::to_string(tile.level) / std::to_string(tile.x) /
           (std::to_string(tile.y) + ".terrain");
}

Result<TileRecord> writeTile(const CellSurface& surface, const TileStyle& style) {
    Result<image::EncodedImage> picture = encoded(surface.picture, style);
    if (!picture) {
        return picture.error();
    }
    TileMesh mesh(surface, style);
    const gltf::Model model = mesh.model(*std::move(picture));
    const double step = positionStep(style.grid, surface.cell.depth);
    const auto glb = gltf::writeGlb(model,
                                    {.codec = oblique::codecOf(style.codecs.geometry),
                                     .positionStepMetres = step,
                                     .isSmall = true});
    if (!glb) {
        return glb.error();
    }
    if (const Status written = write(style.folder / contentPath(surface.cell), *glb); !written) {
        return written.error();
    }
    if (style.writesQuantizedMesh && surface.cell.depth > 0) {
        const auto globe = toQuantizedMesh(globeSurface(surface, style.grid));
        const Status written =
            globe ? write(style.folder / quantizedMeshPath(tmsTileOf(style.grid, surface.cell)),
                          *globe)
                  : Status(globe.error());
        if (!written) {
            return written.error();
        }
    }
    // Rounded outward by what quantised positions may take.
    constexpr double kPerMetre = 100.0;
    return TileRecord{
        .cell = surface.cell,
        .minimumHeightMetres = std::floor((mesh.minimumHeight() - step) * kPerMetre) / kPerMetre,
        .maximumHeightMetres = std::ceil((mesh.maximumHeight() + step) * kPerMetre) / kPerMetre,
        .vertices = surface.tin.posts.size(),
        .triangles = model.primitives.front().mesh.indices.size() / 3,
        .texels = std::uint64_t{surface.picture.width} * surface.picture.height,
        .bytes = glb->size()};
}

Json toJson(const TileRecord& record) {
    return Json::array()
        .push(record.cell.depth)
        .push(std::uint64_t{record.cell.x})
        .push(std::uint64_t{record.cell.y})
        .push(record.minimumHeightMetres)
        .push(record.maximumHeightMetres)
        .push(record.errorMetres)
        .push(record.vertices)
        .push(record.triangles)
        .push(record.texels)
        .push(record.bytes);
}

TileRecord tileRecordFrom(const Json& json) {
    const Json::Array& items = json.items();
    const auto at = [&](std::size_t i) { return i < items.size() ? items[i] : Json(0); };
    const auto count = [&](std::size_t i) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(at(i).integerOr(0), 0));
    };
    return {.cell = {.depth = static_cast<int>(count(0)),
                     .x = static_cast<std::uint32_t>(count(1)),
                     .y = static_cast<std::uint32_t>(count(2))},
            .minimumHeightMetres = at(3).numberOr(0.0),
            .maximumHeightMetres = at(4).numberOr(0.0),
            .errorMetres = at(5).numberOr(0.0),
            .vertices = count(6),
            .triangles = count(7),
            .texels = count(8),
            .bytes = count(9)};
}

} // namespace pipeline::terrain
