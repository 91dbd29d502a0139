#pragma once

#include "pipeline/sample/fixture.h"
#include "pipeline/sample/topped_delivery.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::sample {

/// What a build is expected to make of a defect.
enum class Outcome {
    Converted,   ///< Everything, perhaps with a note.
    Substituted, ///< Something is lost; the parent's geometry stays in its place.
    Quarantined, ///< The block gives nothing.
    Refused,     ///< The whole delivery: the job stops and says what to state.
};

/// One known irregularity of a block, as a change of a fixture block (see makeFixtureBlock()).
struct BlockDefect {
    std::string name;        ///< "missing_one_of_eight"; the block's folder is "Tile_NAME".
    std::string description; ///< One sentence.
    Outcome outcome = Outcome::Converted;
    /// Kinds of loss expected, in the converter's words: missing, unreadable, empty, cycle, orphan,
    /// geometry, image.
    std::vector<std::string> losses;
    std::function<void(std::vector<BlockFile>&)> changeTrees; ///< Before serialising; may be empty.
    std::function<void(FileSet&)> changeBytes;                ///< After it; may be empty.
};

/// Every known irregularity inside a block, in a fixed order; "intact" first.
std::vector<BlockDefect> blockDefects();

/// The files of a fixture block at a place with the defect built in.
tiles3d::base::Result<FileSet> makeDefectBlock(const BlockDefect& defect,
                                               std::int64_t column,
                                               std::int64_t row,
                                               std::uint64_t seed = 1);

/// One irregularity of a whole delivery: its folder layout or its metadata.xml.
struct DeliveryDefect {
    std::string name; ///< Its folder under defects/deliveries.
    std::string description;
    Outcome outcome = Outcome::Converted;
    std::string metadata; ///< Text of metadata.xml; empty = no such file.
    std::string blockFolder = "Data/Tile_+000_+000"; ///< Relative to `inside`; empty = no block.
    std::string inside;           ///< Folder that holds metadata.xml and the block: "terra_osgbs".
    std::optional<TopLayout> top; ///< Instead of the block: writeToppedDelivery().
};

std::vector<DeliveryDefect> deliveryDefects();

/// Writes one delivery with a fixture block.
tiles3d::base::Status writeDefectDelivery(const std::filesystem::path& folder,
                                          const DeliveryDefect& defect,
                                          std::uint64_t seed = 1);

/// Writes everything above:
///   FOLDER/blocks/metadata.xml, FOLDER/blocks/Data/Tile_NAME/...   one block per BlockDefect
///   FOLDER/deliveries/NAME/...                                     one delivery per DeliveryDefect
///   FOLDER/defects.json   [{"path", "defect", "description", "outcome", "losses"}]
/// Same seed, same bytes.
tiles3d::base::Status writeDefects(const std::filesystem::path& folder, std::uint64_t seed = 1);

/// "converted", "substituted", "quarantined", "refused".
std::string toWord(Outcome outcome);

} // namespace pipeline::sample
