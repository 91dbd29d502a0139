#include "pipeline/planning/geopackage_rtree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>

namespace pipeline::planning {

using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

// A node, big-endian: 2 bytes of depth (of the tree, in its root only), 2 bytes of cell count, then
// cells of 8 bytes id and 4 floats. SQLite makes nodes of 51 such cells for pages above 1.3 kB.
constexpr std::size_t kMostCells = 51;
constexpr std::size_t kCellBytes = 24;
constexpr std::size_t kHeadBytes = 4;
constexpr std::int64_t kRootNode = 1;

using NodeBytes = std::array<unsigned char, kHeadBytes + kMostCells * kCellBytes>;

float roundedDown(double value) {
    const auto rounded = static_cast<float>(value);
    return double{rounded} > value
               ? std::nextafter(rounded, -std::numeric_limits<float>::infinity())
               : rounded;
}

float roundedUp(double value) {
    return -roundedDown(-value);
}

template <typename Number>
void putBigEndian(unsigned char* place, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        place[i] = static_cast<unsigned char>(number >> (8U * (sizeof(Number) - 1 - i)));
    }
}

NodeBytes nodeBytes(const RtreeEntry* cells, std::size_t count, std::uint16_t depth) {
    NodeBytes bytes{};
    putBigEndian(bytes.data(), depth);
    putBigEndian(bytes.data() + 2, static_cast<std::uint16_t>(count));
    unsigned char* place = bytes.data() + kHeadBytes;
    for (std::size_t i = 0; i < count; ++i) {
        putBigEndian(place, static_cast<std::uint64_t>(cells[i].id));
        place += sizeof(std::uint64_t);
        for (const float value : cells[i].box) {
            putBigEndian(place, std::bit_cast<std::uint32_t>(value));
            place += sizeof(std::uint32_t);
        }
    }
    return bytes;
}

/// By tiles of equal count: slices by x, each by y.
void sortInTiles(std::vector<RtreeEntry>& entries) {
    const auto before = [](std::size_t axis) {
        return [axis](const RtreeEntry& a, const RtreeEntry& b) {
            const float left = a.box[axis] + a.box[axis + 1];
            const float right = b.box[axis] + b.box[axis + 1];
            return left != right ? left < right : a.id < b.id;
        };
    };
    const double nodes =
        std::ceil(static_cast<double>(entries.size()) / static_cast<double>(kMostCells));
    const std::size_t perSlice = kMostCells * static_cast<std::size_t>(std::ceil(std::sqrt(nodes)));
    std::ranges::sort(entries, before(0));
    for (std::size_t first = 0; first < entries.size(); first += perSlice) {
        const std::size_t last = std::min(first + perSlice, entries.size());
        std::sort(entries.begin() + static_cast<std::ptrdiff_t>(first),
                  entries.begin() + static_cast<std::ptrdiff_t>(last),
                  before(2));
    }
}

RtreeEntry nodeEntry(std::int64_t node, const RtreeEntry* cells, std::size_t count) {
    RtreeEntry all{node, cells[0].box};
    for (std::size_t i = 1; i < count; ++i) {
        all.box = {std::min(all.box[0], cells[i].box[0]),
                   std::max(all.box[1], cells[i].box[1]),
                   std::min(all.box[2], cells[i].box[2]),
                   std::max(all.box[3], cells[i].box[3])};
    }
    return all;
}

/// Fills the three shadow tables of one R-tree.
class Filler {
public:
    static Result<Filler> create(const Database& database, const std::string& name) {
        const auto insert = [&](const char* table, const char* more) {
            return database.prepare("INSERT " + std::string(more) + "INTO " +
                                    quotedName(name + table) + " VALUES (?, ?)");
        };
        Result<Statement> node = insert("_node", "OR REPLACE ");
        Result<Statement> parent = insert("_parent", "");
        Result<Statement> row = insert("_rowid", "");
        if (!node || !parent || !row) {
            return database.error("its R-tree cannot be filled");
        }
        return Filler(database, *std::move(node), *std::move(parent), *std::move(row));
    }

    Status fill(std::vector<RtreeEntry> entries) {
        sortInTiles(entries);
        std::uint16_t depth = 0;
        bool areRows = true;
        while (entries.size() > kMostCells) {
            entries = writeLevel(entries, areRows);
            areRows = false;
            ++depth;
        }
        writeNode(kRootNode, entries.data(), entries.size(), depth);
        link(kRootNode, entries.data(), entries.size(), areRows);
        return writeLinks();
    }

private:
    Filler(const Database& database, Statement node, Statement parent, Statement row)
        : database_(&database), node_(std::move(node)), parent_(std::move(parent)),
          row_(std::move(row)) {}

    std::vector<RtreeEntry> writeLevel(const std::vector<RtreeEntry>& cells, bool areRows) {
        std::vector<RtreeEntry> nodes;
        for (std::size_t first = 0; first < cells.size(); first += kMostCells) {
            const std::size_t count = std::min(kMostCells, cells.size() - first);
            const std::int64_t node = ++lastNode_;
            writeNode(node, &cells[first], count, 0);
            link(node, &cells[first], count, areRows);
            nodes.push_back(nodeEntry(node, &cells[first], count));
        }
        return nodes;
    }

    void
    writeNode(std::int64_t node, const RtreeEntry* cells, std::size_t count, std::uint16_t depth) {
        const NodeBytes bytes = nodeBytes(cells, count, depth);
        bindTo(node_.get(), 1, node);
        sqlite3_bind_blob(node_.get(), 2, bytes.data(), bytes.size(), SQLITE_STATIC);
        keep(database_->run(node_.get()));
    }

    void link(std::int64_t node, const RtreeEntry* cells, std::size_t count, bool areRows) {
        for (std::size_t i = 0; i < count; ++i) {
            (areRows ? rows_ : parents_).push_back({cells[i].id, node});
        }
    }

    /// In the order of their keys, which is far quicker.
    Status writeLinks() {
        for (auto* links : {&rows_, &parents_}) {
            std::ranges::sort(*links);
            sqlite3_stmt* statement = links == &rows_ ? row_.get() : parent_.get();
            for (const auto& [key, node] : *links) {
                bindTo(statement, 1, key);
                bindTo(statement, 2, node);
                keep(database_->run(statement));
            }
        }
        return status_;
    }

    void keep(Status status) {
        if (status_ && !status) {
            status_ = std::move(status);
        }
    }

    using Links = std::vector<std::pair<std::int64_t, std::int64_t>>;
    const Database* database_;
    Statement node_;
    Statement parent_;
    Statement row_;
    Links rows_;
    Links parents_;
    std::int64_t lastNode_ = kRootNode;
    Status status_ = ok();
};

} // namespace

RtreeEntry rtreeEntry(std::int64_t id, const PlaneBox& box) {
    return {id,
            {roundedDown(box.low.x),
             roundedUp(box.high.x),
             roundedDown(box.low.y),
             roundedUp(box.high.y)}};
}

Status
writeRtree(const Database& database, const std::string& name, std::vector<RtreeEntry> entries) {
    const Status made = database.execute("CREATE VIRTUAL TABLE " + quotedName(name) +
                                         " USING rtree(id, minx, maxx, miny, maxy)");
    if (!made || entries.empty()) {
        return made;
    }
    Result<Filler> filler = Filler::create(database, name);
    return filler ? filler->fill(std::move(entries)) : Status(filler.error());
}

} // namespace pipeline::planning
