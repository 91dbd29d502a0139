#include "pipeline/sample/block.h"

#include "pipeline/sample/node_mesh.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pipeline::sample {

namespace {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;

constexpr int kRootLevel = 14;
constexpr int kFirstSplitLevel = 18;

/// The digits of a file's name after the level: "0", "0u", ..., "0uuuu3".
using Path = std::string;

struct BlockPlan {
    std::string name;
    Window window;
    const BlockOptions* options = nullptr;
    const BlockTextures* textures = nullptr;
    const StreetPlan* streets = nullptr;
    std::vector<Face> things; ///< Of the level being made.
};

std::string stem(const BlockPlan& block, int level, const Path& path) {
    return level == kRootLevel ? block.name : fmt::format("{}_L{}_{}", block.name, level, path);
}

int groundDivisions(int level, Detail detail) {
    if (detail == Detail::Lean) {
        return groundDivisions(std::max(level - 1, kRootLevel), Detail::Full) / 2;
    }
    switch (level) {
    case 14:
        return 8;
    case 15:
        return 12;
    case 16:
        return 16;
    case 17:
        return 32;
    case 18:
        return 20;
    case 19:
        return 16;
    default:
        return 12;
    }
}

NodeMesh makeMesh(const BlockPlan& block, const NodeSquare& square) {
    const Window ground = square.window(block.window).grown(kOverlapMetres);
    const int divisions = groundDivisions(square.level, block.options->detail);
    std::vector<Face> faces = shapeGround(*block.streets, ground, divisions);
    faces.insert(faces.end(), block.things.begin(), block.things.end());
    return meshNode(*block.textures, faces, square, block.window);
}

/// Deliveries have 32 bits, whether they need them or not.
OsgPrimitives::Kind indexKind(const NodeMesh& mesh, Detail detail) {
    const bool isSmall = mesh.positions.size() <= std::numeric_limits<std::uint16_t>::max();
    return detail == Detail::Lean && isSmall ? OsgPrimitives::Kind::UShortIndices
                                             : OsgPrimitives::Kind::UIntIndices;
}

Result<OsgNode> makeGeode(const BlockPlan& block, NodeMesh& mesh, const std::string& imageName) {
    const auto image = tiles3d::image::encode(mesh.atlas, {.quality = block.options->jpegQuality});
    if (!image) {
        return tiles3d::base::within(imageName, image.error());
    }
    OsgGeometry geometry;
    geometry.uvs = std::move(mesh.uvs);
    geometry.primitives.push_back(
        {.kind = indexKind(mesh, block.options->detail), .numbers = std::move(mesh.indices)});
    geometry.positions = std::move(mesh.positions);
    geometry.texture = OsgTexture{imageName, image->bytes};
    OsgNode geode;
    geode.kind = OsgNode::Kind::Geode;
    geode.geometries.push_back(std::move(geometry));
    return geode;
}

/// r / P = 2^(15 - L), exactly: r is rounded to float first and P differs by a power of two only.
OsgNode wrapInLod(OsgNode geode, const NodeMesh& mesh, int level, const std::string& child) {
    constexpr double kInfinity = 1e30;
    OsgNode lod;
    lod.kind = OsgNode::Kind::PagedLod;
    lod.centre = (mesh.low + mesh.high) * 0.5;
    const glm::dvec3 half = (mesh.high - mesh.low) * 0.5;
    lod.radius = static_cast<double>(
        static_cast<float>(std::sqrt(half.x * half.x + half.y * half.y + half.z * half.z)));
    const double handover = std::ldexp(lod.radius, level - 15);
    lod.ranges.push_back({0.0, child.empty() ? kInfinity : handover, ""});
    if (!child.empty()) {
        lod.ranges.push_back({handover, kInfinity, child});
    }
    lod.children.push_back(std::move(geode));
    return lod;
}

/// Squares that one file holds: all children of one parent.
struct FileSquares {
    Path path;
    std::vector<NodeSquare> squares; ///< In the order of their digits.
};

Path childPath(const FileSquares& parent, std::size_t node, int childLevel) {
    return childLevel <= kFirstSplitLevel ? parent.path + "u" : parent.path + std::to_string(node);
}

std::vector<NodeSquare> childSquares(const NodeSquare& parent) {
    const int level = parent.level + 1;
    if (squaresPerSide(level) == squaresPerSide(parent.level)) {
        return {{level, parent.column, parent.row}};
    }
    std::vector<NodeSquare> squares;
    for (const auto& [column, row] :
         {std::pair(0, 0), std::pair(0, 1), std::pair(1, 0), std::pair(1, 1)}) {
        squares.push_back({level, parent.column * 2 + column, parent.row * 2 + row});
    }
    return squares;
}

Result<OsgNode> makeNode(const BlockPlan& block, const FileSquares& file, std::size_t index) {
    const NodeSquare& square = file.squares[index];
    const bool isLeaf = square.level == block.options->finestLevel;
    const int imageNumber = static_cast<int>(index);
    const std::string image =
        square.level == kRootLevel
            ? fmt::format("{}_L14_0_0_1.jpg", block.name)
            : fmt::format("{}_{}_1.jpg", stem(block, square.level, file.path), imageNumber);
    NodeMesh mesh = makeMesh(block, square);
    auto geode = makeGeode(block, mesh, image);
    if (!geode) {
        return geode;
    }
    const std::string child =
        isLeaf ? ""
               : stem(block, square.level + 1, childPath(file, index, square.level + 1)) +
                     block.options->extension;
    // Deliveries end in bare Geodes as well as in PagedLODs that name nothing: so does this one.
    const bool bare = isLeaf && index + 1 < file.squares.size();
    return bare ? *std::move(geode) : wrapInLod(*std::move(geode), mesh, square.level, child);
}

Result<BlockFile> makeFile(const BlockPlan& block, const FileSquares& squares) {
    const int level = squares.squares.front().level;
    BlockFile file;
    file.name = stem(block, level, squares.path) + block.options->extension;
    for (std::size_t i = 0; i < squares.squares.size(); ++i) {
        auto node = makeNode(block, squares, i);
        if (!node) {
            return node.error();
        }
        file.root.children.push_back(*std::move(node));
    }
    if (file.root.children.size() == 1) {
        OsgNode only = std::move(file.root.children.front());
        file.root = std::move(only);
    }
    return file;
}

std::vector<FileSquares> nextLevel(const std::vector<FileSquares>& parents) {
    std::vector<FileSquares> children;
    for (const FileSquares& parent : parents) {
        for (std::size_t i = 0; i < parent.squares.size(); ++i) {
            const int level = parent.squares[i].level + 1;
            children.push_back({childPath(parent, i, level), childSquares(parent.squares[i])});
        }
    }
    return children;
}

void countNodes(const OsgNode& node, BlockTotals& totals) {
    for (const OsgGeometry& geometry : node.geometries) {
        ++totals.nodes;
        for (const OsgPrimitives& set : geometry.primitives) {
            totals.triangles +=
                set.mode == OsgPrimitives::Mode::Triangles ? set.numbers.size() / 3 : 0;
        }
    }
    for (const OsgNode& child : node.children) {
        countNodes(child, totals);
    }
}

} // namespace

std::string blockName(std::int64_t column, std::int64_t row) {
    return fmt::format("Tile_{:+04d}_{:+04d}", column, row);
}

Status checkOptions(const BlockOptions& options) {
    const int finest = options.detail == Detail::Full ? 20 : kFirstSplitLevel - 1;
    if (options.finestLevel < kRootLevel || options.finestLevel > finest) {
        return Error{fmt::format(
            "finest level {}: it must be from {} to {}", options.finestLevel, kRootLevel, finest)};
    }
    if (options.jpegQuality < 1 || options.jpegQuality > 100) {
        return Error{fmt::format("JPEG quality {}: it must be from 1 to 100", options.jpegQuality)};
    }
    return tiles3d::base::ok();
}

Result<std::vector<BlockFile>> makeBlock(const StreetPlan& plan,
                                         std::int64_t column,
                                         std::int64_t row,
                                         const BlockOptions& options) {
    if (const Status checked = checkOptions(options); !checked) {
        return checked.error();
    }
    BlockPlan block;
    block.name = blockName(column, row);
    block.window.low =
        glm::dvec2(static_cast<double>(column), static_cast<double>(row)) * kBlockMetres;
    block.window.high = block.window.low + kBlockMetres;
    const double reach = lightOf(options.detail).reachMetres + 4.0;
    const Scenery scenery = gatherScenery(plan, block.window.grown(reach), options.detail);
    const BlockTextures textures(
        plan, scenery, block.window, {options.finestLevel, options.detail});
    block.options = &options;
    block.textures = &textures;
    block.streets = &plan;
    std::vector<BlockFile> files;
    std::vector<FileSquares> level = {{"0", {{kRootLevel, 0, 0}}}};
    for (int number = kRootLevel; number <= options.finestLevel; ++number) {
        block.things = shapeThings(scenery, number, options.detail);
        for (const FileSquares& squares : level) {
            auto file = makeFile(block, squares);
            if (!file) {
                return file.error();
            }
            files.push_back(*std::move(file));
        }
        level = nextLevel(level);
    }
    return files;
}

Result<BlockTotals> writeBlockFiles(const std::filesystem::path& folder,
                                    const std::vector<BlockFile>& files) {
    if (auto made = tiles3d::base::makeFolder(folder); !made) {
        return made.error();
    }
    BlockTotals totals;
    for (const BlockFile& file : files) {
        const tiles3d::base::Bytes bytes = writeOsgb(file.root);
        if (auto written = tiles3d::base::writeFile(folder / file.name, bytes); !written) {
            return written.error();
        }
        ++totals.files;
        totals.bytes += bytes.size();
        countNodes(file.root, totals);
    }
    return totals;
}

} // namespace pipeline::sample
