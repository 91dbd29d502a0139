#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/subtree_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace tiles3d::tileset {

using base::Error;
using base::Json;
using base::Result;

namespace {

constexpr const char* kTileClass = "tile";
constexpr const char* kMinimumHeight = "minimumHeight";
constexpr const char* kGeometricError = "geometricError";
constexpr const char* kMaximumHeight = "maximumHeight";

void padTo8(base::Bytes& bytes, std::byte filler) {
    bytes.resize((bytes.size() + kSubtreeAlignment - 1) / kSubtreeAlignment * kSubtreeAlignment,
                 filler);
}

void appendUnsigned(base::Bytes& bytes, std::uint64_t value, std::size_t byteCount) {
    for (std::size_t i = 0; i < byteCount; ++i) {
        bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
}

/// The internal buffer with its views.
class Buffer {
public:
    /// Appends a view and gives its number.
    std::uint64_t add(const base::Bytes& bytes) {
        views_.push(Json::object()
                        .set("buffer", 0)
                        .set("byteOffset", std::uint64_t{bytes_.size()})
                        .set("byteLength", std::uint64_t{bytes.size()}));
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        padTo8(bytes_, std::byte{0});
        return count_++;
    }

    std::uint64_t addDoubles(const std::vector<double>& values) {
        base::Bytes bytes;
        for (const double value : values) {
            appendUnsigned(bytes, std::bit_cast<std::uint64_t>(value), sizeof(double));
        }
        return add(bytes);
    }

    const base::Bytes& bytes() const { return bytes_; }
    const Json& views() const { return views_; }

private:
    base::Bytes bytes_;
    Json views_ = Json::array();
    std::uint64_t count_ = 0;
};

/// Availability as JSON, its bits in the buffer. `indices` ascend.
Json availabilityJson(const std::vector<std::uint64_t>& indices,
                      std::uint64_t bitCount,
                      Buffer& buffer) {
    if (indices.empty() || indices.size() == bitCount) {
        return Json::object().set("constant", indices.empty() ? 0 : 1);
    }
    base::Bytes bits(bytesOfBits(bitCount));
    for (const std::uint64_t index : indices) {
        bits[index / 8] |= std::byte{1} << (index % 8);
    }
    return Json::object()
        .set("bitstream", buffer.add(bits))
        .set("availableCount", std::uint64_t{indices.size()});
}

base::Bytes fileOf(const Json& json, const base::Bytes& binary) {
    const std::string text = json.dump();
    base::Bytes chunk(base::asBytes(text).begin(), base::asBytes(text).end());
    padTo8(chunk, std::byte{' '});
    base::Bytes file;
    appendUnsigned(file, kSubtreeMagic, sizeof(std::uint32_t));
    appendUnsigned(file, kSubtreeVersion, sizeof(std::uint32_t));
    appendUnsigned(file, chunk.size(), sizeof(std::uint64_t));
    appendUnsigned(file, binary.size(), sizeof(std::uint64_t));
    file.insert(file.end(), chunk.begin(), chunk.end());
    file.insert(file.end(), binary.begin(), binary.end());
    return file;
}

/// A tile with its bit in its subtree.
struct Row {
    std::uint64_t index = 0;
    ImplicitTile tile;
};

/// What one subtree file will hold.
struct Draft {
    std::vector<Row> rows;
    std::vector<std::uint64_t> childSubtrees;
};

Json metadataJson(const std::vector<Row>& rows, Buffer& buffer) {
    std::vector<double> minimum;
    std::vector<double> maximum;
    std::vector<double> errors;
    for (const Row& row : rows) {
        errors.push_back(row.tile.geometricErrorMetres);
        minimum.push_back(row.tile.minimumHeightMetres);
        maximum.push_back(row.tile.maximumHeightMetres);
    }
    const auto values = [&buffer](const std::vector<double>& numbers) {
        return Json::object().set("values", buffer.addDoubles(numbers));
    };
    return Json::object()
        .set("class", kTileClass)
        .set("count", std::uint64_t{rows.size()})
        .set("properties",
             Json::object()
                 .set(kMinimumHeight, values(minimum))
                 .set(kMaximumHeight, values(maximum))
                 .set(kGeometricError, values(errors)));
}

base::Bytes bytesOf(const ImplicitTiling& tiling, Draft draft) {
    std::ranges::sort(draft.rows, {}, &Row::index);
    std::ranges::sort(draft.childSubtrees);
    std::vector<std::uint64_t> indices;
    std::vector<std::uint64_t> withContent;
    for (const Row& row : draft.rows) {
        indices.push_back(row.index);
        if (row.tile.hasContent) {
            withContent.push_back(row.index);
        }
    }
    Buffer buffer;
    const std::uint64_t all = tilesAbove(tiling.subdivision, tiling.subtreeLevels);
    const Json tiles = availabilityJson(indices, all, buffer);
    const Json contents =
        withContent == indices ? tiles : availabilityJson(withContent, all, buffer);
    const Json children = availabilityJson(
        draft.childSubtrees, tilesOfLevel(tiling.subdivision, tiling.subtreeLevels), buffer);
    const Json heights = metadataJson(draft.rows, buffer);
    const Json json = Json::object()
                          .set("buffers",
                               Json::array().push(Json::object().set(
                                   "byteLength", std::uint64_t{buffer.bytes().size()})))
                          .set("bufferViews", buffer.views())
                          .set("propertyTables", Json::array().push(heights))
                          .set("tileMetadata", 0)
                          .set("tileAvailability", tiles)
                          .set("contentAvailability", Json::array().push(contents))
                          .set("childSubtreeAvailability", children);
    return fileOf(json, buffer.bytes());
}

std::string nameOf(const TileCoordinates& tile) {
    return fillTemplate("implicit tile {level}/{x}/{y}/{z}", tile);
}

/// Empty if the tile can be where it says.
std::string problemOf(const ImplicitTiling& tiling, const ImplicitTile& tile) {
    const TileCoordinates& at = tile.at;
    if (at.level < 0 || at.level >= tiling.availableLevels) {
        return fmt::format("its level is not 0 to {}", tiling.availableLevels - 1);
    }
    const std::uint64_t side = std::uint64_t{1} << static_cast<unsigned>(at.level);
    const std::uint64_t height = tiling.subdivision == Subdivision::Octree ? side : 1;
    if (at.x >= side || at.y >= side || at.z >= height) {
        return fmt::format("its coordinates are not below {}", side);
    }
    if (!std::isfinite(tile.minimumHeightMetres) || !std::isfinite(tile.maximumHeightMetres) ||
        tile.minimumHeightMetres > tile.maximumHeightMetres) {
        return fmt::format(
            "its heights are {} to {} m", tile.minimumHeightMetres, tile.maximumHeightMetres);
    }
    if (!std::isfinite(tile.geometricErrorMetres) || tile.geometricErrorMetres < 0.0) {
        return fmt::format("its geometric error is {} m", tile.geometricErrorMetres);
    }
    return {};
}

/// REQUIRES: tiles sorted.
base::Status checkTiles(const ImplicitTiling& tiling, const std::vector<ImplicitTile>& tiles) {
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        const TileCoordinates& at = tiles[i].at;
        if (const std::string problem = problemOf(tiling, tiles[i]); !problem.empty()) {
            return Error{nameOf(at) + ": " + problem};
        }
        if (i > 0 && tiles[i - 1].at == at) {
            return Error{nameOf(at) + ": comes twice"};
        }
        const TileCoordinates parent{at.level - 1, at.x / 2, at.y / 2, at.z / 2};
        if (at.level > 0 && !std::ranges::binary_search(tiles, parent, {}, &ImplicitTile::at)) {
            return Error{nameOf(at) + ": its parent is not there"};
        }
    }
    return base::ok();
}

} // namespace

Result<std::vector<SubtreeFile>> subtreesOf(const ImplicitTiling& tiling,
                                            std::vector<ImplicitTile> tiles) {
    if (const auto problems = problemsOf(tiling); !problems.empty()) {
        return Error{problems.front()};
    }
    if (tiles.empty()) {
        return Error{"an implicit tree without tiles has no subtrees"};
    }
    std::ranges::sort(tiles, {}, &ImplicitTile::at);
    if (const auto checked = checkTiles(tiling, tiles); !checked) {
        return checked.error();
    }
    std::map<TileCoordinates, Draft> drafts;
    for (const ImplicitTile& tile : tiles) {
        const TileCoordinates root = subtreeRootOf(tiling, tile.at);
        const TileCoordinates local = relativeTo(root, tile.at);
        drafts[root].rows.push_back(
            {tilesAbove(tiling.subdivision, local.level) + mortonIndex(tiling.subdivision, local),
             tile});
        if (tile.at == root && root.level > 0) {
            const TileCoordinates parent{root.level - 1, root.x / 2, root.y / 2, root.z / 2};
            const TileCoordinates above = subtreeRootOf(tiling, parent);
            drafts[above].childSubtrees.push_back(
                mortonIndex(tiling.subdivision, relativeTo(above, root)));
        }
    }
    std::vector<SubtreeFile> files;
    files.reserve(drafts.size());
    for (auto& [root, draft] : drafts) {
        files.push_back({root, bytesOf(tiling, std::move(draft))});
    }
    return files;
}

Json subtreeSchema() {
    const auto number = [](const char* semantic) {
        return Json::object()
            .set("type", "SCALAR")
            .set("componentType", "FLOAT64")
            .set("required", true)
            .set("semantic", semantic);
    };
    return Json::object()
        .set("id", "city3d")
        .set("classes",
             Json::object().set(
                 kTileClass,
                 Json::object().set("properties",
                                    Json::object()
                                        .set(kMinimumHeight, number("TILE_MINIMUM_HEIGHT"))
                                        .set(kMaximumHeight, number("TILE_MAXIMUM_HEIGHT"))
                                        .set(kGeometricError, number("TILE_GEOMETRIC_ERROR")))));
}

} // namespace tiles3d::tileset
