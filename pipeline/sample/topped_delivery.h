#pragma once

#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace pipeline::sample {

/// A tiny delivery for tests with its own top: 2 x 2 fixture blocks (see makeFixtureBlock()) and
/// levels above them that continue the blocks' ranges, in one of the layouts known (scan/top.h).
enum class TopLayout {
    Folder,   ///< Data/Top/Top.osgb (L12), Top_L13_0.osgb: four PagedLODs, ../Tile_A/Tile_A.osgb.
    Dji,      ///< terra_osgbs/Block.osgb (L13): four PagedLODs that name BlockA/BlockA.osgb.
    BareRoot, ///< root.osgb beside Data: PagedLODs without geometry, Data/Tile_A/Tile_A.osgb.
};

/// What is wrong with the top, for the converter's tests.
enum class TopFlaw {
    None,
    LeadsOut,      ///< Names a file above the delivery.
    Cyclic,        ///< Names itself.
    NamesInside,   ///< Names a file below a block's root.
    NamesTwice,    ///< Names the first block in place of the second as well.
    SkipsOne,      ///< Does not name the last block.
    OtherBasePath, ///< Names relative to a folder of another machine.
    FineRanges,    ///< Its ranges are finer than its blocks'.
};

struct ToppedDelivery {
    TopLayout layout = TopLayout::Folder;
    TopFlaw flaw = TopFlaw::None;
    std::uint64_t seed = 1;
};

/// Writes metadata.xml, blocks and top. Same options, same bytes.
tiles3d::base::Status writeToppedDelivery(const std::filesystem::path& folder,
                                          const ToppedDelivery& delivery = {});

/// "Tile_A" to "Tile_D", "BlockA" to "BlockD": from west to east, then north.
std::string toppedBlockName(TopLayout layout, int index);

inline constexpr int kToppedBlocks = 4;

} // namespace pipeline::sample
