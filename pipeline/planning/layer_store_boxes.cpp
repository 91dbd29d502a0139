#include "pipeline/planning/layer_store_boxes.h"

#include "pipeline/planning/geopackage_geometry.h"

#include <array>
#include <bit>
#include <optional>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

using Bytes = std::span<const std::byte>;

template <typename T>
T bigEndian(const std::byte* bytes) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        value = static_cast<T>(value << 8U) | std::to_integer<T>(bytes[i]);
    }
    return value;
}

/// Reads an R-tree node by node. SQLite's own way, a virtual table, gives the same rows and takes
/// ten times as long.
class NodeReader {
public:
    /// `mostBytes`: of all nodes; more means that some hang in two places.
    NodeReader(Connection& connection, sqlite3_stmt* statement, std::uintmax_t mostBytes)
        : connection_(connection), statement_(statement), bytesLeft_(mostBytes) {}

    /// False: the tree is broken.
    Result<bool> read() {
        constexpr std::int64_t kRoot = 1;
        const Result<std::vector<std::byte>> root = node(kRoot);
        if (!root) {
            return root.error();
        }
        if (root->size() < kHeadBytes) {
            return false;
        }
        constexpr unsigned kMostDepth = 40; // SQLite's
        const unsigned depth = bigEndian<std::uint16_t>(root->data());
        return depth <= kMostDepth ? readBelow(*root, depth) : false;
    }

    std::vector<BoxEntry> entries;

private:
    static constexpr std::size_t kHeadBytes = 4;  // depth (in the root), number of cells
    static constexpr std::size_t kCellBytes = 24; // id, west, east, south, north

    Result<std::vector<std::byte>> node(std::int64_t number) {
        sqlite3_reset(statement_);
        sqlite3_bind_int64(statement_, 1, number);
        const Result<bool> isRow = connection_.step(statement_);
        if (!isRow) {
            return isRow.error();
        }
        const Bytes bytes = *isRow ? bytesAt(statement_, 0) : Bytes();
        return std::vector<std::byte>(bytes.begin(), bytes.end());
    }

    Result<bool> readBelow(const std::vector<std::byte>& bytes, unsigned depth) {
        const std::size_t cells =
            bytes.size() < kHeadBytes ? 0 : bigEndian<std::uint16_t>(bytes.data() + 2);
        if (bytes.size() < kHeadBytes + cells * kCellBytes || bytes.size() > bytesLeft_) {
            return false;
        }
        bytesLeft_ -= bytes.size();
        for (std::size_t i = 0; i < cells; ++i) {
            const std::byte* cell = bytes.data() + kHeadBytes + i * kCellBytes;
            const auto id = std::bit_cast<std::int64_t>(bigEndian<std::uint64_t>(cell));
            if (depth == 0) {
                entries.push_back({boxAt(cell + sizeof id), id});
                continue;
            }
            const Result<std::vector<std::byte>> child = node(id);
            if (!child) {
                return child.error();
            }
            const Result<bool> isSound = readBelow(*child, depth - 1);
            if (!isSound || !*isSound) {
                return isSound;
            }
        }
        return true;
    }

    static SmallBox boxAt(const std::byte* bytes) {
        const auto side = [bytes](std::size_t i) {
            return std::bit_cast<float>(bigEndian<std::uint32_t>(bytes + i * sizeof(float)));
        };
        return {.west = side(0), .south = side(2), .east = side(1), .north = side(3)};
    }

    Connection& connection_;
    sqlite3_stmt* statement_;
    std::uintmax_t bytesLeft_;
};

/// Calls visit(id, blob) for every feature with a geometry, until it returns false.
template <typename Visit>
Status forEachGeometry(Connection& connection, const CatalogueLayer& layer, const Visit& visit) {
    const std::string geometry = quotedName(layer.geometryColumn);
    const Result<Statement> statement =
        connection.prepare("SELECT " + quotedName(layer.idColumn) + ", " + geometry + " FROM " +
                           quotedName(layer.info.table) + " WHERE " + geometry + " IS NOT NULL");
    if (!statement) {
        return statement.error();
    }
    while (true) {
        const Result<bool> isRow = connection.step(statement->get());
        if (!isRow) {
            return isRow.error();
        }
        const bool goesOn = *isRow && visit(sqlite3_column_int64(statement->get(), 0),
                                            bytesAt(statement->get(), 1));
        if (!goesOn) {
            return ok();
        }
    }
}

Result<std::vector<BoxEntry>> boxesOfGeometries(Connection& connection,
                                                const CatalogueLayer& layer) {
    std::vector<BoxEntry> entries;
    const Status read = forEachGeometry(connection, layer, [&entries](std::int64_t id, Bytes blob) {
        const Result<PlaneBox> box = boxOf(blob);
        if (box && !box->isEmpty()) {
            entries.push_back({roundedOutwards(*box), id});
        }
        return true;
    });
    return read ? Result<std::vector<BoxEntry>>(std::move(entries)) : read.error();
}

} // namespace

Result<std::vector<BoxEntry>> readBoxes(Connection& connection, const CatalogueLayer& layer) {
    if (layer.nodeTable.empty()) {
        return boxesOfGeometries(connection, layer);
    }
    const Result<Statement> statement =
        connection.prepare("SELECT data FROM " + quotedName(layer.nodeTable) + " WHERE nodeno = ?");
    if (!statement) {
        return statement.error();
    }
    std::error_code error;
    const std::uintmax_t fileBytes = std::filesystem::file_size(layer.info.file, error);
    NodeReader reader(connection, statement->get(), error ? 0 : fileBytes);
    const Result<bool> isSound = reader.read();
    if (!isSound) {
        return isSound.error();
    }
    return *isSound ? std::move(reader.entries) : boxesOfGeometries(connection, layer);
}

Result<GeometryKind> firstKind(Connection& connection, const CatalogueLayer& layer) {
    std::optional<GeometryKind> kind;
    const Status read = forEachGeometry(connection, layer, [&kind](std::int64_t, Bytes blob) {
        const Result<Geometry> geometry = geometryFrom(blob);
        if (geometry && !geometry->isEmpty()) {
            kind = !geometry->polygons.empty() ? GeometryKind::Polygon
                   : !geometry->lines.empty()  ? GeometryKind::Line
                                               : GeometryKind::Point;
        }
        return !kind;
    });
    return read ? Result<GeometryKind>(kind.value_or(GeometryKind::Point)) : read.error();
}

} // namespace pipeline::planning
