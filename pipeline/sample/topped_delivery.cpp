#include "pipeline/sample/topped_delivery.h"

#include "pipeline/sample/block_textures.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "tiles3d/base/file.h"

#include <utility>
#include <vector>

namespace pipeline::sample {

namespace {

namespace fs = std::filesystem;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

constexpr int kFirstColumn = 1;
constexpr int kFirstRow = 1;
constexpr int kTopLevel = 12;

int columnOf(int index) {
    return kFirstColumn + index % 2;
}

int rowOf(int index) {
    return kFirstRow + index / 2;
}

Window windowOf(int index) {
    const glm::dvec2 low = glm::dvec2(columnOf(index), rowOf(index)) * kBlockMetres;
    return {low, low + kBlockMetres};
}

/// How the top names block `index`.
std::string nameInTop(const ToppedDelivery& delivery, int index) {
    const int last = kToppedBlocks - 1;
    const bool isFlawed = index == last;
    const std::string block = toppedBlockName(delivery.layout, index);
    const std::string folder = delivery.layout == TopLayout::Folder ? "../"
                               : delivery.layout == TopLayout::Dji  ? ""
                                                                    : "Data/";
    if (delivery.flaw == TopFlaw::OtherBasePath) {
        return "Production/" + block + "/" + block + ".osgb";
    }
    if (delivery.flaw == TopFlaw::LeadsOut && isFlawed) {
        return "../../../../elsewhere/" + block + ".osgb";
    }
    if (delivery.flaw == TopFlaw::NamesInside && isFlawed) {
        return folder + block + "/" + block + "_L15_0u.osgb";
    }
    if (delivery.flaw == TopFlaw::NamesTwice && isFlawed) {
        return nameInTop({delivery.layout}, 0);
    }
    if (delivery.flaw == TopFlaw::Cyclic && isFlawed) {
        return "Top.osgb";
    }
    return folder + block + "/" + block + ".osgb";
}

int namedBlocks(const ToppedDelivery& delivery) {
    return kToppedBlocks - (delivery.flaw == TopFlaw::SkipsOne ? 1 : 0);
}

/// A PagedLOD per block, a level above the block's own root.
Result<OsgNode> nodesAboveBlocks(const StreetPlan& plan, const ToppedDelivery& delivery) {
    OsgNode group;
    for (int i = 0; i < namedBlocks(delivery); ++i) {
        const bool isTooFine = delivery.flaw == TopFlaw::FineRanges;
        auto node = makeFixtureNode(plan,
                                    {.window = windowOf(i),
                                     .level = isTooFine ? kTopLevel + 4 : kTopLevel + 1,
                                     .image = "Top_" + std::to_string(i) + ".jpg",
                                     .child = nameInTop(delivery, i)});
        if (!node) {
            return node.error();
        }
        group.children.push_back(*std::move(node));
    }
    return group;
}

/// As some exports write it: whatever the distance, the blocks.
OsgNode bareRoot(const ToppedDelivery& delivery) {
    constexpr double kEndless = 1e30;
    OsgNode group;
    for (int i = 0; i < namedBlocks(delivery); ++i) {
        OsgNode lod;
        lod.kind = OsgNode::Kind::PagedLod;
        const Window window = windowOf(i);
        lod.centre = glm::dvec3((window.low + window.high) * 0.5, 0.0);
        lod.radius = kBlockMetres;
        lod.ranges = {{0.0, kEndless, nameInTop(delivery, i)}};
        group.children.push_back(std::move(lod));
    }
    return group;
}

/// Files of the top by name, for the folder that topFolder() says.
Result<FileSet> topFiles(const ToppedDelivery& delivery) {
    FileSet files;
    if (delivery.layout == TopLayout::BareRoot) {
        files["root.osgb"] = writeOsgb(bareRoot(delivery));
        return files;
    }
    const StreetPlan plan(delivery.seed);
    const auto above = nodesAboveBlocks(plan, delivery);
    if (!above) {
        return above.error();
    }
    if (delivery.layout == TopLayout::Dji) {
        files["Block.osgb"] = writeOsgb(*above);
        return files;
    }
    const Window all{windowOf(0).low, windowOf(kToppedBlocks - 1).high};
    const auto root = makeFixtureNode(plan, {all, kTopLevel, "Top_root.jpg", "Top_L13_0.osgb"});
    if (!root) {
        return root.error();
    }
    files["Top.osgb"] = writeOsgb(*root);
    files["Top_L13_0.osgb"] = writeOsgb(*above);
    return files;
}

fs::path topFolder(TopLayout layout) {
    return layout == TopLayout::Folder ? "Data/Top" : layout == TopLayout::Dji ? "terra_osgbs" : "";
}

Status writeBlocks(const fs::path& folder, const ToppedDelivery& delivery) {
    for (int i = 0; i < kToppedBlocks; ++i) {
        const std::string name = toppedBlockName(delivery.layout, i);
        const auto files = makeFixtureBlock(name, columnOf(i), rowOf(i), delivery.seed);
        Status written =
            files ? writeFiles(folder / name, serialise(*files)) : Status(files.error());
        if (!written) {
            return written;
        }
    }
    return ok();
}

} // namespace

Status writeToppedDelivery(const fs::path& folder, const ToppedDelivery& delivery) {
    const bool isDji = delivery.layout == TopLayout::Dji;
    const fs::path tiles = folder / (isDji ? "terra_osgbs" : "Data");
    if (Status blocks = writeBlocks(tiles, delivery); !blocks) {
        return blocks;
    }
    const auto top = topFiles(delivery);
    Status written =
        top ? writeFiles(folder / topFolder(delivery.layout), *top) : Status(top.error());
    if (!written) {
        return written;
    }
    return tiles3d::base::writeFile((isDji ? tiles : folder) / "metadata.xml", metadataXml());
}

std::string toppedBlockName(TopLayout layout, int index) {
    return (layout == TopLayout::Dji ? "Block" : "Tile_") +
           std::string(1, static_cast<char>('A' + index));
}

} // namespace pipeline::sample
