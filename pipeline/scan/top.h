#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// A delivery's own rebuilt top: coarse levels above all blocks, whose PagedLODs name the blocks'
/// roots.
///
/// Known, from public code and users' reports (no set of ours has one):
/// - DJI Terra puts Block.osgb beside the block folders BlockABA, BlockABX, ... in terra_osgbs, or
///   both below Data: groups and PagedLODs that lead to the blocks' roots.
/// - Smart3D-like exports put root.osgb beside Data or Data/main.osgb: a group with one PagedLOD
///   per tile, without geometry of its own; names relative to the file or, by DatabasePath, to
///   Data.
/// - Programs that rebuild tops ("top rebuilding", "merged root nodes") add a folder Data/Top.
///
/// Assumed: a folder called Top, whatever the case, is one; its root is Top/Top.osgb, and names of
/// blocks are relative to the file that holds them, such as ../Tile_+000_+000/Tile_+000_+000.osgb.
/// Other names, like Hill_Top, could be a block: they and loose files are believed only if a
/// block's name stands in their bytes, which it does not if the file is compressed as a whole.
struct Top {
    enum class Kind { Folder, RootFile };
    Kind kind = Kind::Folder;
    std::filesystem::path delivery; ///< Holds the top and all blocks: no name may lead out of it.
    std::filesystem::path folder; ///< Its files: all below for a Folder, the loose ones otherwise.
    std::filesystem::path root;   ///< May be missing in a Folder: files nobody names start then.
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::string fingerprint; ///< Of names, sizes and modification times of its files.
};

/// "folder" or "root file".
std::string toWord(Top::Kind kind);

struct TopSearch {
    std::filesystem::path delivery;                 ///< The folder of metadata.xml.
    std::filesystem::path tiles;                    ///< `delivery` or its Data folder.
    std::vector<std::filesystem::path> tileFolders; ///< In `tiles`; the top may be one of them.
};

struct FoundTop {
    std::optional<Top> top;
    std::vector<std::filesystem::path> others; ///< Folders of further tops: no blocks either.
    std::vector<std::string> warnings; ///< Of further tops, and of loose files that are none.
};

/// Looks among the tile folders and beside them, and beside Data. At least one other tile folder
/// must be there for a top to stand above. Loads nothing: candidates by name, then at most 64 MiB
/// of a candidate's bytes are searched for the name of a tile folder in front of a .osgb file's.
FoundTop findTop(const TopSearch& search);

} // namespace pipeline::scan
