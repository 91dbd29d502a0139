#pragma once

#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::overview {

/// A finished block as the pyramid sees it.
struct Leaf {
    std::string name;           ///< Of its unit in the ledger.
    std::filesystem::path file; ///< Its tileset.json, relative to the city's folder.
    tiles3d::tileset::Box boxEcef;
    double geometricErrorMetres = 0.0; ///< Of its root; 0 if that is a leaf.
    double metresPerPixel = 0.0; ///< What its root is good for: its handover, or its texels'; 0 if
                                 ///< neither is known: then kUnknownPixels across.
    glm::dvec2 plane{0.0};       ///< Its middle in the city's plane.
    double sizeMetres = 0.0;     ///< The longer side in plan.
    std::string fingerprint;     ///< Of its inputs and options.
};

/// Pixels across a block without ranges and texture, such as a white model.
inline constexpr double kUnknownPixels = 256.0;

/// Most pixels across a node. Blocks that are finer (single large ones without coarse
/// levels, or one with a triangle far away) give a node whose texture would be larger than clients
/// take.
inline constexpr double kMostPixels = 1024.0;

/// A quadtree's cells: squares of `pitchMetres` * 2^level, aligned to `origin` at every level, so
/// that a block that comes or goes leaves all other cells where they are.
struct Grid {
    glm::dvec2 origin{0.0};
    double pitchMetres = 100.0;
};

/// One node of the pyramid.
struct PlannedNode {
    int level = 0;           ///< Cells of pitch * 2^level.
    std::int64_t column = 0; ///< Of its cell, from the grid's origin.
    std::int64_t row = 0;
    int height = 1;              ///< One more than its highest child; blocks are 0.
    double metresPerPixel = 0.0; ///< Twice that of its coarsest child; at most kMostPixels across.
    std::vector<std::size_t> leaves; ///< Blocks that are its children, by index.
    std::vector<std::size_t> nodes;  ///< Nodes that are its children, by index.

    std::string name() const; ///< "LEVEL/COLUMN_ROW"
};

struct OverviewPlan {
    std::vector<PlannedNode> nodes;      ///< Children before parents; the root is the last.
    std::optional<std::size_t> onlyLeaf; ///< Set if the city is one block and needs no pyramid.
};

/// The side that most blocks have, to three digits: the overlap of neighbours is not part of it.
/// REQUIRES: at least one leaf.
double pitchOf(const std::vector<Leaf>& leaves);

/// The quadtree over the blocks. A block belongs to the cell of its own size that holds its middle;
/// a cell with one child alone is no node, its child moves up: such a node would show the same
/// area again. Metres per pixel and geometric error double from the blocks to the one root.
/// Linear in the blocks but for sorting. REQUIRES: at least one leaf.
OverviewPlan planOverview(const std::vector<Leaf>& leaves, const Grid& grid);

} // namespace pipeline::overview
