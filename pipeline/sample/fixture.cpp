#include "pipeline/sample/fixture.h"

#include "pipeline/sample/ground.h"
#include "pipeline/sample/node_mesh.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pipeline::sample {

namespace {

using tiles3d::base::Result;

constexpr int kLeafColumns = 4;
constexpr int kLeafRows = 2;

/// A flat picture of the ground, without light.
tiles3d::image::Raster groundPicture(const StreetPlan& plan, const Window& window) {
    constexpr std::uint32_t kSide = 64;
    tiles3d::image::Raster raster;
    raster.width = kSide;
    raster.height = kSide;
    raster.pixels.resize(std::size_t{3} * kSide * kSide);
    Ground ground(plan);
    for (std::size_t i = 0; i < raster.pixels.size(); i += 3) {
        const std::size_t pixel = i / 3;
        const glm::dvec2 share{(static_cast<double>(pixel % kSide) + 0.5) / kSide,
                               1.0 - (static_cast<double>(pixel / kSide) + 0.5) / kSide};
        Spot spot;
        spot.world = window.low + (window.high - window.low) * share;
        spot.inland = plan.land().inland(spot.world);
        spot.hilliness = plan.land().hilliness(spot.world);
        const glm::vec3 colour = ground.colour(spot);
        for (int channel = 0; channel < 3; ++channel) {
            raster.pixels[i + static_cast<std::size_t>(channel)] =
                static_cast<std::byte>(std::clamp(colour[channel], 0.0F, 1.0F) * 255.0F);
        }
    }
    return raster;
}

OsgGeometry gridGeometry(const StreetPlan& plan, const Window& window) {
    OsgGeometry geometry;
    for (std::uint32_t row = 0; row < kFixtureGrid; ++row) {
        for (std::uint32_t column = 0; column < kFixtureGrid; ++column) {
            const glm::dvec2 share = glm::dvec2(column, row) / (kFixtureGrid - 1.0);
            const glm::dvec2 at = window.low + (window.high - window.low) * share;
            geometry.positions.emplace_back(at.x, at.y, plan.land().height(at));
            geometry.uvs.emplace_back(share.x, share.y);
        }
    }
    OsgPrimitives triangles;
    for (std::uint32_t row = 0; row + 1 < kFixtureGrid; ++row) {
        for (std::uint32_t column = 0; column + 1 < kFixtureGrid; ++column) {
            const std::uint32_t low = row * kFixtureGrid + column;
            const std::uint32_t high = low + kFixtureGrid;
            for (const std::uint32_t index : {low, low + 1, high + 1, low, high + 1, high}) {
                triangles.numbers.push_back(index);
            }
        }
    }
    geometry.primitives.push_back(std::move(triangles));
    return geometry;
}

Window leafWindow(const Window& block, int index) {
    const glm::dvec2 size = (block.high - block.low) / glm::dvec2(kLeafColumns, kLeafRows);
    const glm::dvec2 low =
        block.low + size * glm::dvec2(index % kLeafColumns, index / kLeafColumns);
    return {low, low + size};
}

} // namespace

Result<OsgNode> makeFixtureNode(const StreetPlan& plan, const FixtureNode& node) {
    auto image = tiles3d::image::encode(groundPicture(plan, node.window), {.quality = 80});
    if (!image) {
        return image.error();
    }
    OsgGeometry geometry = gridGeometry(plan, node.window.grown(kOverlapMetres));
    geometry.texture = OsgTexture{node.image, std::move(image->bytes)};
    OsgNode geode;
    geode.kind = OsgNode::Kind::Geode;
    geode.geometries.push_back(std::move(geometry));
    if (node.child.empty()) {
        return geode;
    }
    const glm::dvec2 centre = (node.window.low + node.window.high) * 0.5;
    const glm::dvec2 half = (node.window.high - node.window.low) * 0.5;
    OsgNode lod;
    lod.kind = OsgNode::Kind::PagedLod;
    lod.centre = {centre.x, centre.y, plan.land().height(centre)};
    lod.radius = static_cast<double>(static_cast<float>(std::hypot(half.x, half.y)));
    const double handover = std::ldexp(lod.radius, node.level - 15);
    lod.ranges = {{0.0, handover, ""}, {handover, 1e30, node.child}};
    lod.children.push_back(std::move(geode));
    return lod;
}

Result<std::vector<BlockFile>> makeFixtureBlock(const std::string& name,
                                                std::int64_t column,
                                                std::int64_t row,
                                                std::uint64_t seed) {
    const StreetPlan plan(seed);
    const glm::dvec2 low{static_cast<double>(column) * kBlockMetres,
                         static_cast<double>(row) * kBlockMetres};
    const Window block{low, low + kBlockMetres};
    std::vector<BlockFile> files(2);
    files[0].name = name + ".osgb";
    files[1].name = name + "_L15_0u.osgb";
    auto root = makeFixtureNode(plan, {block, 14, name + "_L14_0_0_1.jpg", files[1].name});
    if (!root) {
        return root.error();
    }
    files[0].root = *std::move(root);
    for (int i = 0; i < kLeafColumns * kLeafRows; ++i) {
        BlockFile leaf;
        leaf.name = fmt::format("{}_L16_0u{}.osgb", name, i);
        const Window window = leafWindow(block, i);
        auto middle = makeFixtureNode(
            plan, {window, 15, fmt::format("{}_L15_0u_{}_1.jpg", name, i), leaf.name});
        auto fine =
            makeFixtureNode(plan, {window, 16, fmt::format("{}_L16_0u{}_0_1.jpg", name, i), ""});
        if (!middle || !fine) {
            return middle ? fine.error() : middle.error();
        }
        files[1].root.children.push_back(*std::move(middle));
        leaf.root = *std::move(fine);
        files.push_back(std::move(leaf));
    }
    return files;
}

OsgGeometry& geometryOf(BlockFile& file, std::size_t index) {
    OsgNode* node = &file.root;
    if (node->kind == OsgNode::Kind::Group) {
        node = &node->children[index];
    }
    while (node->kind != OsgNode::Kind::Geode) {
        node = &node->children.front();
    }
    return node->geometries.front();
}

FileSet serialise(const std::vector<BlockFile>& files) {
    FileSet set;
    for (const BlockFile& file : files) {
        set[file.name] = writeOsgb(file.root);
    }
    return set;
}

tiles3d::base::Status writeFiles(const std::filesystem::path& folder, const FileSet& files) {
    if (auto made = tiles3d::base::makeFolder(folder); !made) {
        return made;
    }
    for (const auto& [name, bytes] : files) {
        if (auto written = tiles3d::base::writeFile(folder / name, bytes); !written) {
            return written;
        }
    }
    return tiles3d::base::ok();
}

} // namespace pipeline::sample
