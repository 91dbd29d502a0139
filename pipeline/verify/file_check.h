#pragma once

#include "pipeline/verify/findings.h"
#include "pipeline/verify/tile_check.h"
#include "pipeline/verify/verify.h"
#include "tiles3d/base/json.h"
#include "tiles3d/tileset/tileset.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::verify {

/// A tileset or subtree file still to be read, with what stands above it.
struct Pending {
    std::filesystem::path file;
    TilePath above;
    std::optional<ErrorAbove> errorAbove; ///< Nothing above the city's own root.
    /// That of the city's tileset.json; null for that file itself.
    std::shared_ptr<const tiles3d::base::Json> citySchema;
    /// Of a subtree file: the tile that carries its implicitTiling, in the frame of above.toEcef.
    std::optional<tiles3d::tileset::Tile> implicitTile;
    std::filesystem::path tilesetFile; ///< Of a subtree file: what its tiles' URIs are relative to.
};

/// What one file gave.
struct FileResult {
    Findings findings;
    std::vector<Pending> externals;             ///< Files below it, subtrees included.
    std::vector<ContentJob> contents;           ///< Of its tiles, not checked yet.
    std::vector<std::filesystem::path> buffers; ///< Files that a subtree keeps bits and rows in.
    Totals totals;
};

/// `file` relative to the city's folder, UTF-8.
std::string nameIn(const std::filesystem::path& out, const std::filesystem::path& file);

/// Reads a tileset or a subtree and checks its tiles without their contents; implicit tiles as
/// those of any tileset, once their subtree has been expanded.
/// REQUIRES: out is canonical.
FileResult
checkFile(const std::filesystem::path& out, const Pending& pending, std::size_t maxFindings);

} // namespace pipeline::verify
