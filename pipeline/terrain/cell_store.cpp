#include "pipeline/terrain/cell_store.h"

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

namespace pipeline::terrain {

using tiles3d::base::Bytes;
using tiles3d::base::ByteView;
using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
namespace fs = std::filesystem;
namespace image = tiles3d::image;

namespace {

/// Of a file of this machine's own, read back by the same build: no byte order, no versions.
struct Header {
    std::array<char, 8> magic{};
    std::int32_t intervals = 0;
    std::int32_t hasCeilings = 0;
    double deviationMetres = 0.0;
};
constexpr std::array<char, 8> kMagic = {'c', '3', 'd', 'l', 'a', 'n', 'd', '1'};
constexpr int kMostIntervals = 4096;

template <typename Value>
void append(Bytes& bytes, const Value* values, std::size_t count) {
    const auto* const first = reinterpret_cast<const std::byte*>(values);
    bytes.insert(bytes.end(), first, first + count * sizeof(Value));
}

/// Takes values off the front; false if there are not so many.
template <typename Value>
bool take(ByteView& bytes, Value* values, std::size_t count) {
    if (bytes.size() < count * sizeof(Value)) {
        return false;
    }
    std::memcpy(values, bytes.data(), count * sizeof(Value));
    bytes = bytes.subspan(count * sizeof(Value));
    return true;
}

bool takeLand(ByteView& bytes, StoredCell& stored) {
    Header header;
    if (!take(bytes, &header, 1) || header.magic != kMagic || header.intervals < 1 ||
        header.intervals > kMostIntervals) {
        return false;
    }
    stored.deviationMetres = header.deviationMetres;
    stored.land.intervals = header.intervals;
    const auto side = static_cast<std::size_t>(header.intervals) + 1;
    stored.land.heights.resize(side * side);
    bool isWhole = take(bytes, stored.land.heights.data(), side * side);
    if (header.hasCeilings != 0) {
        stored.land.ceilings.resize(side * side);
        stored.land.covered.resize(side * side);
        isWhole = isWhole && take(bytes, stored.land.ceilings.data(), side * side) &&
                  take(bytes, stored.land.covered.data(), side * side);
    }
    return isWhole;
}

/// RGBA, opaque.
image::Raster withAlpha(const image::Raster& rgb) {
    image::Raster picture{.width = rgb.width, .height = rgb.height, .channels = 4};
    picture.pixels.reserve(std::size_t{rgb.width} * rgb.height * 4);
    for (std::size_t i = 0; i + 2 < rgb.pixels.size(); i += 3) {
        picture.pixels.insert(
            picture.pixels.end(),
            {rgb.pixels[i], rgb.pixels[i + 1], rgb.pixels[i + 2], std::byte{255}});
    }
    return picture;
}

/// A place in a lattice between posts.
struct Spot {
    int column = 0;
    int row = 0;
    float u = 0.0F;
    float v = 0.0F;
};

/// Calls visit(index, weight) for the posts round the spot whose weight is not 0.
template <typename Visit>
void forCorners(const Lattice& lattice, const Spot& spot, const Visit& visit) {
    for (int north = 0; north <= 1; ++north) {
        for (int east = 0; east <= 1; ++east) {
            const float weight =
                (east == 1 ? spot.u : 1.0F - spot.u) * (north == 1 ? spot.v : 1.0F - spot.v);
            if (weight > 0.0F) {
                visit(lattice.at(spot.column + east, spot.row + north), weight);
            }
        }
    }
}

} // namespace

fs::path storePath(const fs::path& folder, const Cell& cell) {
    return folder / fmt::format("{}_{}_{}.land", cell.depth, cell.x, cell.y);
}

Status storeCell(const fs::path& folder, const Cell& cell, const StoredCell& stored) {
    const Lattice& land = stored.land;
    const Header header{.magic = kMagic,
                        .intervals = land.intervals,
                        .hasCeilings = land.ceilings.empty() ? 0 : 1,
                        .deviationMetres = stored.deviationMetres};
    constexpr int kQuality = 95;
    const auto picture =
        image::encode(stored.picture, {.quality = kQuality, .halvesColour = false});
    if (!picture) {
        return picture.error();
    }
    Bytes bytes;
    append(bytes, &header, 1);
    append(bytes, land.heights.data(), land.heights.size());
    append(bytes, land.ceilings.data(), land.ceilings.size());
    append(bytes, land.covered.data(), land.covered.size());
    append(bytes, picture->bytes.data(), picture->bytes.size());
    return tiles3d::base::writeFile(storePath(folder, cell), bytes);
}

Result<StoredCell> readCell(const fs::path& folder, const Cell& cell) {
    const fs::path file = storePath(folder, cell);
    const auto bytes = tiles3d::base::readFile(file);
    if (!bytes) {
        return bytes.error();
    }
    ByteView rest = *bytes;
    StoredCell stored;
    if (!takeLand(rest, stored)) {
        return Error{toUtf8(file) + ": damaged; remove it and build again"};
    }
    const auto picture = image::decode(rest);
    if (!picture || picture->width != kTexels || picture->height != kTexels) {
        return Error{toUtf8(file) + ": damaged; remove it and build again"};
    }
    stored.picture = withAlpha(*picture);
    return stored;
}

CellStore::CellStore(fs::path folder, const TerrainPlan& plan, const Cell& cell)
    : folder_(std::move(folder)), cell_(cell) {
    for (const PlannedCell& planned : plan.cells) {
        if (planned.isBase || planned.cell.depth > cell.depth) {
            stored_.insert(planned.cell);
        }
    }
}

const StoredCell* CellStore::find(const Cell& cell) {
    const auto known = read_.find(cell);
    if (known != read_.end()) {
        return known->second ? &*known->second : nullptr;
    }
    std::optional<StoredCell>& stored = read_[cell];
    std::error_code error;
    if (stored_.contains(cell) && fs::exists(storePath(folder_, cell), error)) {
        Result<StoredCell> read = readCell(folder_, cell);
        if (read) {
            stored = *std::move(read);
        } else if (failure_) {
            failure_ = read.error();
        }
    }
    return stored ? &*stored : nullptr;
}

/// The stored cell that holds post (x, y) of a lattice with `intervals` in each cell of the depth
/// of cell_, counted from the root's south-west: one level below, else a base cell that is coarser.
const StoredCell* CellStore::ownerOf(std::int64_t x, std::int64_t y, int intervals, Cell& owner) {
    const std::int64_t half = intervals / 2;
    const std::int64_t cells = std::int64_t{1} << static_cast<unsigned>(cell_.depth + 1);
    // A border post belongs to the cell's own side.
    const auto within = [&](std::int64_t post, std::uint32_t own) {
        const std::int64_t first = std::int64_t{own} * intervals;
        const bool isLast = post == first + intervals;
        return (isLast ? post - 1 : post) >= 0 ? (isLast ? post - 1 : post) / half : -1;
    };
    const std::int64_t column = within(x, cell_.x);
    const std::int64_t row = within(y, cell_.y);
    if (column < 0 || row < 0 || column >= cells || row >= cells) {
        return nullptr;
    }
    owner = {.depth = cell_.depth + 1,
             .x = static_cast<std::uint32_t>(column),
             .y = static_cast<std::uint32_t>(row)};
    while (!stored_.contains(owner)) {
        if (owner.depth == 0) {
            return nullptr;
        }
        owner = owner.parent();
    }
    return find(owner);
}

void CellStore::fill(Lattice& land) {
    for (int row = -land.apron; row <= land.intervals + land.apron; ++row) {
        for (int column = -land.apron; column <= land.intervals + land.apron; ++column) {
            const std::int64_t x = std::int64_t{cell_.x} * land.intervals + column;
            const std::int64_t y = std::int64_t{cell_.y} * land.intervals + row;
            Cell owner;
            const StoredCell* const stored = ownerOf(x, y, land.intervals, owner);
            if (stored == nullptr) {
                continue;
            }
            // Posts of the joined lattice along the owner, and the owner's own along one of them.
            const double span = std::ldexp(land.intervals, cell_.depth - owner.depth);
            const double scale = stored->land.intervals / span;
            const auto along = [&](std::int64_t post, std::uint32_t own, int& whole, float& rest) {
                const double place = (static_cast<double>(post) - own * span) * scale;
                whole = std::min(static_cast<int>(place), stored->land.intervals - 1);
                rest = static_cast<float>(place - whole);
            };
            Spot spot;
            along(x, owner.x, spot.column, spot.u);
            along(y, owner.y, spot.row, spot.v);
            const std::size_t to = land.at(column, row);
            land.heights[to] = 0.0F;
            forCorners(stored->land, spot, [&](std::size_t from, float weight) {
                land.heights[to] += weight * stored->land.heights[from];
                if (!stored->land.ceilings.empty()) {
                    land.ceilings[to] = std::min(land.ceilings[to], stored->land.ceilings[from]);
                    land.covered[to] = std::max(land.covered[to], stored->land.covered[from]);
                }
            });
        }
    }
}

Result<CellStore::Joined> CellStore::join(int apron) {
    Joined joined;
    int finest = 0;
    for (const std::uint32_t north : {0U, 1U}) {
        for (const std::uint32_t east : {0U, 1U}) {
            if (const StoredCell* const stored = find(cell_.child(east, north))) {
                finest = std::max(finest, stored->land.intervals);
                joined.deviationMetres = std::max(joined.deviationMetres, stored->deviationMetres);
            }
        }
    }
    if (!failure_) {
        return failure_.error();
    }
    if (finest == 0) {
        return joined;
    }
    joined.land = {.intervals = 2 * finest, .apron = apron};
    const auto side = static_cast<std::size_t>(joined.land.side());
    joined.land.heights.assign(side * side, std::numeric_limits<float>::quiet_NaN());
    joined.land.ceilings.assign(side * side, std::numeric_limits<float>::infinity());
    joined.land.covered.assign(side * side, 0);
    fill(joined.land);
    if (!failure_) {
        return failure_.error();
    }
    if (std::ranges::all_of(joined.land.ceilings,
                            [](float height) { return std::isinf(height); })) {
        joined.land.ceilings.clear();
        joined.land.covered.clear();
    }
    return joined;
}

Result<image::Raster> CellStore::joinPictures() {
    constexpr std::uint32_t side = kTexels;
    image::Raster joined{.width = 2 * side, .height = 2 * side, .channels = 4};
    joined.pixels.assign(std::size_t{4} * joined.width * joined.height, std::byte{160});
    for (std::uint32_t row = 0; row < joined.height; ++row) {
        for (std::uint32_t column = 0; column < joined.width; ++column) {
            const Cell below = cell_.child(column / side, row < side ? 1 : 0);
            const StoredCell* const stored = find(below);
            if (stored == nullptr) {
                continue;
            }
            const std::size_t from = std::size_t{row % side} * side + column % side;
            std::memcpy(&joined.pixels[4 * (std::size_t{row} * joined.width + column)],
                        &stored->picture.pixels[4 * from],
                        4);
        }
    }
    return joined;
}

} // namespace pipeline::terrain
