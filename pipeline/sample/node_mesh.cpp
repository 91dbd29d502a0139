#include "pipeline/sample/node_mesh.h"

#include "pipeline/sample/atlas.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_map>

namespace pipeline::sample {

namespace {

constexpr std::uint32_t kMaxAtlasSide = 2048;

struct Corner {
    glm::dvec3 position{0.0};
    glm::dvec2 onWall{0.0};
};

using Polygon = std::vector<Corner>;

Corner between(const Corner& a, const Corner& b, double share) {
    return {a.position + (b.position - a.position) * share,
            a.onWall + (b.onWall - a.onWall) * share};
}

/// Sutherland and Hodgman (1974) against one axis-parallel line.
void clip(Polygon& polygon, int axis, double limit, double sign, Polygon& scratch) {
    scratch.clear();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Corner& a = polygon[i];
        const Corner& b = polygon[(i + 1) % polygon.size()];
        const double insideA = sign * (a.position[axis] - limit);
        const double insideB = sign * (b.position[axis] - limit);
        if (insideA >= 0.0) {
            scratch.push_back(a);
        }
        if ((insideA < 0.0) != (insideB < 0.0)) {
            scratch.push_back(between(a, b, insideA / (insideA - insideB)));
        }
    }
    polygon.swap(scratch);
}

/// Leaves in `polygon` what of the face lies in the window; fewer than 3 corners if nothing.
void cutToWindow(const Face& face, const Window& window, Polygon& polygon, Polygon& scratch) {
    polygon.clear();
    glm::dvec2 low{1e30};
    glm::dvec2 high{-1e30};
    for (int i = 0; i < face.count; ++i) {
        const auto corner = static_cast<std::size_t>(i);
        const glm::dvec3& at = face.corners[corner];
        polygon.push_back({at, face.onWall[corner]});
        low = {std::min(low.x, at.x), std::min(low.y, at.y)};
        high = {std::max(high.x, at.x), std::max(high.y, at.y)};
    }
    if (high.x < window.low.x || low.x > window.high.x || high.y < window.low.y ||
        low.y > window.high.y) {
        polygon.clear();
        return;
    }
    for (int axis = 0; axis < 2 && polygon.size() >= 3; ++axis) {
        if (low[axis] < window.low[axis]) {
            clip(polygon, axis, window.low[axis], 1.0, scratch);
        }
        if (high[axis] > window.high[axis] && polygon.size() >= 3) {
            clip(polygon, axis, window.high[axis], -1.0, scratch);
        }
    }
}

struct Piece {
    Polygon polygon;
    int wall = Face::kTopDown;
};

std::vector<Piece> cutFaces(std::span<const Face> faces, const Window& window) {
    std::vector<Piece> pieces;
    Polygon polygon;
    Polygon scratch;
    for (const Face& face : faces) {
        cutToWindow(face, window, polygon, scratch);
        if (polygon.size() >= 3) {
            pieces.push_back({polygon, face.wall});
        }
    }
    return pieces;
}

/// A rectangle of one picture that a node's atlas holds.
struct Patch {
    const tiles3d::image::Raster* raster = nullptr;
    const WallPicture* picture = nullptr; ///< Null for the map.
    PixelRect part;
};

struct Extent {
    glm::dvec2 low{1e30};
    glm::dvec2 high{-1e30};
};

/// Which part of each wall the pieces use, in metres along and up it.
std::map<int, Extent> wallExtents(const std::vector<Piece>& pieces) {
    std::map<int, Extent> extents;
    for (const Piece& piece : pieces) {
        if (piece.wall == Face::kTopDown) {
            continue;
        }
        Extent& extent = extents[piece.wall];
        for (const Corner& corner : piece.polygon) {
            extent.low = {std::min(extent.low.x, corner.onWall.x),
                          std::min(extent.low.y, corner.onWall.y)};
            extent.high = {std::max(extent.high.x, corner.onWall.x),
                           std::max(extent.high.y, corner.onWall.y)};
        }
    }
    return extents;
}

Patch mapPatch(const BlockTextures& textures, const NodeSquare& square) {
    Patch patch;
    patch.raster = &textures.map(square.level);
    patch.part = {0, 0, patch.raster->width, patch.raster->height};
    const int count = squaresPerSide(square.level);
    if (count > 1) { // 500 pixels with 6 of margin on each side
        const std::int64_t margin = 6 * count;
        constexpr std::int64_t kStep = 500;
        patch.part = {margin + square.column * kStep - 6,
                      margin + (count - 1 - square.row) * kStep - 6,
                      512,
                      512};
    }
    return patch;
}

Patch wallPatch(const WallPicture& picture,
                const Extent& extent,
                double wallHeight,
                std::int64_t gutter) {
    const auto floorPixel = [&](double metres) {
        return static_cast<std::int64_t>(std::floor(metres / picture.texel));
    };
    const std::int64_t left = floorPixel(extent.low.x - picture.from) - gutter;
    const std::int64_t right = floorPixel(extent.high.x - picture.from) + 1 + gutter;
    const std::int64_t top = floorPixel(wallHeight - extent.high.y) - gutter;
    const std::int64_t bottom = floorPixel(wallHeight - extent.low.y) + 1 + gutter;
    return {&picture.raster, &picture, {left, top, right - left, bottom - top}};
}

/// The atlas of a node: its picture and where each wall's patch went.
struct Atlas {
    std::vector<Patch> patches; ///< The map first, then the walls in order of their index.
    std::map<int, std::size_t> patchOfWall;
    AtlasLayout layout;
};

/// Wall pictures are taken `coarser` levels coarser than the node's, for a node full of towers.
std::optional<Atlas> layOut(const BlockTextures& textures,
                            const std::map<int, Extent>& extents,
                            const NodeSquare& square,
                            int coarser) {
    Atlas atlas;
    atlas.patches.push_back(mapPatch(textures, square));
    const std::int64_t gutter = square.level >= 17 ? 2 : 1;
    for (const auto& [wall, extent] : extents) {
        const auto index = static_cast<std::size_t>(wall);
        const WallPicture* picture = textures.wall(index, square.level - coarser);
        if (picture != nullptr) {
            atlas.patchOfWall[wall] = atlas.patches.size();
            atlas.patches.push_back(
                wallPatch(*picture, extent, textures.walls()[index].height, gutter));
        }
    }
    std::vector<PixelRect> sizes;
    for (const Patch& patch : atlas.patches) {
        sizes.push_back(patch.part);
    }
    auto layout = packAtlas(sizes, kMaxAtlasSide);
    if (!layout) {
        return std::nullopt;
    }
    atlas.layout = *std::move(layout);
    return atlas;
}

struct Vertex {
    std::array<float, 5> values{}; ///< x, y, z, u, v

    bool operator==(const Vertex& other) const = default;
};

struct VertexHash {
    std::size_t operator()(const Vertex& vertex) const {
        std::uint64_t hash = 1469598103934665603U;
        for (const float value : vertex.values) {
            hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * 1099511628211U;
        }
        return hash ^ (hash >> 29U);
    }
};

/// Collects triangles, one vertex per distinct position and texture coordinate.
class MeshBuilder {
public:
    MeshBuilder(const BlockTextures& textures, const Atlas& atlas, int level)
        : textures_(textures), atlas_(atlas), map_(textures.mapFrame(level)) {}

    void add(const Piece& piece) {
        const auto patch = patchOf(piece.wall);
        if (!patch) {
            return;
        }
        corners_.clear();
        for (const Corner& corner : piece.polygon) {
            corners_.push_back(vertexIndex(corner, *patch, piece.wall));
        }
        for (std::size_t i = 2; i < corners_.size(); ++i) {
            addTriangle(corners_[0], corners_[i - 1], corners_[i]);
        }
    }

    NodeMesh take() { return std::move(mesh_); }

private:
    std::optional<std::size_t> patchOf(int wall) const {
        if (wall == Face::kTopDown) {
            return 0;
        }
        const auto found = atlas_.patchOfWall.find(wall);
        return found == atlas_.patchOfWall.end() ? std::nullopt : std::optional(found->second);
    }

    glm::dvec2 pixelOf(const Corner& corner, const Patch& patch, int wall) const {
        if (patch.picture == nullptr) {
            return {(corner.position.x - map_.west) / map_.texel,
                    (map_.north - corner.position.y) / map_.texel};
        }
        const double height = textures_.walls()[static_cast<std::size_t>(wall)].height;
        return {(corner.onWall.x - patch.picture->from) / patch.picture->texel,
                (height - corner.onWall.y) / patch.picture->texel};
    }

    std::uint32_t vertexIndex(const Corner& corner, std::size_t patchIndex, int wall) {
        const Patch& patch = atlas_.patches[patchIndex];
        const PixelRect& place = atlas_.layout.places[patchIndex];
        const glm::dvec2 pixel = pixelOf(corner, patch, wall);
        const double x = pixel.x - static_cast<double>(patch.part.x) + static_cast<double>(place.x);
        const double y = pixel.y - static_cast<double>(patch.part.y) + static_cast<double>(place.y);
        const Vertex vertex{{static_cast<float>(corner.position.x),
                             static_cast<float>(corner.position.y),
                             static_cast<float>(corner.position.z),
                             static_cast<float>(x / atlas_.layout.width),
                             static_cast<float>(1.0 - y / atlas_.layout.height)}};
        const auto next = static_cast<std::uint32_t>(mesh_.positions.size());
        const auto [entry, isNew] = known_.try_emplace(vertex, next);
        if (isNew) {
            mesh_.positions.emplace_back(vertex.values[0], vertex.values[1], vertex.values[2]);
            mesh_.uvs.emplace_back(vertex.values[3], vertex.values[4]);
        }
        return entry->second;
    }

    void addTriangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        if (a != b && b != c && c != a) {
            mesh_.indices.insert(mesh_.indices.end(), {a, b, c});
        }
    }

    const BlockTextures& textures_;
    const Atlas& atlas_;
    MapFrame map_;
    NodeMesh mesh_;
    std::vector<std::uint32_t> corners_;
    std::unordered_map<Vertex, std::uint32_t, VertexHash> known_;
};

tiles3d::image::Raster drawAtlas(const Atlas& atlas) {
    constexpr std::byte kPadding{0x30};
    tiles3d::image::Raster raster = filled(atlas.layout.width, atlas.layout.height, kPadding);
    for (std::size_t i = 0; i < atlas.patches.size(); ++i) {
        copyPatch(*atlas.patches[i].raster, atlas.patches[i].part, raster, atlas.layout.places[i]);
    }
    return raster;
}

void measure(NodeMesh& mesh) {
    mesh.low = glm::dvec3(1e30);
    mesh.high = glm::dvec3(-1e30);
    for (const glm::vec3& position : mesh.positions) {
        for (int axis = 0; axis < 3; ++axis) {
            mesh.low[axis] = std::min(mesh.low[axis], static_cast<double>(position[axis]));
            mesh.high[axis] = std::max(mesh.high[axis], static_cast<double>(position[axis]));
        }
    }
}

} // namespace

int squaresPerSide(int level) {
    return level <= 17 ? 1 : 1 << (level - 17);
}

Window NodeSquare::window(const Window& block) const {
    const double side = kBlockMetres / squaresPerSide(level);
    const glm::dvec2 low = block.low + glm::dvec2(column, row) * side;
    return {low, low + side};
}

NodeMesh meshNode(const BlockTextures& textures,
                  std::span<const Face> faces,
                  const NodeSquare& square,
                  const Window& block) {
    const Window window = square.window(block).grown(kOverlapMetres);
    const std::vector<Piece> pieces = cutFaces(faces, window);
    const std::map<int, Extent> extents = wallExtents(pieces);
    std::optional<Atlas> atlas;
    for (int coarser = 0; !atlas; ++coarser) { // ends: walls shrink to a few pixels each
        atlas = layOut(textures, extents, square, coarser);
    }
    MeshBuilder builder(textures, *atlas, square.level);
    for (const Piece& piece : pieces) {
        builder.add(piece);
    }
    NodeMesh mesh = builder.take();
    mesh.atlas = drawAtlas(*atlas);
    measure(mesh);
    return mesh;
}

} // namespace pipeline::sample
