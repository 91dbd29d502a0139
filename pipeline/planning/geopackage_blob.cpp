#include "pipeline/planning/geopackage_blob.h"

#include <array>
#include <bit>
#include <cstring>

namespace pipeline::planning {

namespace {

static_assert(std::endian::native == std::endian::little, "points are copied as they stand");

constexpr std::uint32_t kPoint = 1;
constexpr std::uint32_t kLine = 2;
constexpr std::uint32_t kPolygon = 3;
constexpr std::uint32_t kToMulti = 3; // from each of these to its multi-

constexpr std::size_t kHeaderBytes = 40; // GP, version, flags, CRS, box
constexpr std::size_t kTypeBytes = 5;

class Bytes {
public:
    explicit Bytes(std::size_t size) { bytes_.reserve(size); }

    template <typename Value>
    void put(const Value& value) {
        putAll(&value, sizeof value);
    }
    void putType(std::uint32_t type) {
        put(std::uint8_t{1}); // little-endian
        put(type);
    }
    void putPoints(const std::vector<glm::dvec2>& points, bool isClosed) {
        put(static_cast<std::uint32_t>(points.size() + (isClosed ? 1U : 0U)));
        putAll(points.data(), points.size() * sizeof(glm::dvec2));
        if (isClosed) {
            put(points.front());
        }
    }
    std::vector<unsigned char> take() { return std::move(bytes_); }

private:
    void putAll(const void* from, std::size_t size) {
        const std::size_t start = bytes_.size();
        bytes_.resize(start + size);
        std::memcpy(bytes_.data() + start, from, size);
    }

    std::vector<unsigned char> bytes_;
};

std::size_t bytesOf(const std::vector<glm::dvec2>& points) {
    return sizeof(std::uint32_t) + (points.size() + 1) * sizeof(glm::dvec2);
}

std::size_t bytesOf(const Polygon& polygon) {
    std::size_t size = kTypeBytes + sizeof(std::uint32_t) + bytesOf(polygon.outer);
    for (const Ring& hole : polygon.holes) {
        size += bytesOf(hole);
    }
    return size;
}

std::size_t countOf(const Geometry& geometry, GeometryKind kind) {
    return kind == GeometryKind::Polygon ? geometry.polygons.size()
           : kind == GeometryKind::Line  ? geometry.lines.size()
                                         : geometry.points.size();
}

std::size_t bytesOf(const Geometry& geometry, GeometryKind kind) {
    std::size_t size = kHeaderBytes + kTypeBytes + sizeof(std::uint32_t);
    if (kind == GeometryKind::Polygon) {
        for (const Polygon& polygon : geometry.polygons) {
            size += bytesOf(polygon);
        }
    } else if (kind == GeometryKind::Line) {
        for (const auto& line : geometry.lines) {
            size += kTypeBytes + bytesOf(line);
        }
    } else {
        size += geometry.points.size() * (kTypeBytes + sizeof(glm::dvec2));
    }
    return size;
}

PlaneBox boxOf(const Geometry& geometry, GeometryKind kind) {
    PlaneBox box;
    const auto addAll = [&](const std::vector<glm::dvec2>& points) {
        for (const glm::dvec2& point : points) {
            box.add(point);
        }
    };
    if (kind == GeometryKind::Polygon) {
        for (const Polygon& polygon : geometry.polygons) {
            addAll(polygon.outer); // holes lie inside
        }
    } else if (kind == GeometryKind::Line) {
        for (const auto& line : geometry.lines) {
            addAll(line);
        }
    } else {
        addAll(geometry.points);
    }
    return box;
}

void putHeader(Bytes& bytes, const PlaneBox& box, std::int32_t srsId) {
    constexpr std::uint8_t kBoxAndLittleEndian = 0b0000'0011;
    bytes.put(std::array<char, 3>{'G', 'P', 0});
    bytes.put(kBoxAndLittleEndian);
    bytes.put(srsId);
    bytes.put(std::array<double, 4>{box.low.x, box.high.x, box.low.y, box.high.y});
}

void putPolygon(Bytes& bytes, const Polygon& polygon) {
    bytes.putType(kPolygon);
    bytes.put(static_cast<std::uint32_t>(1 + polygon.holes.size()));
    bytes.putPoints(polygon.outer, true);
    for (const Ring& hole : polygon.holes) {
        bytes.putPoints(hole, true);
    }
}

} // namespace

GeometryBlob blobOf(const Geometry& geometry, GeometryKind kind, std::int32_t srsId) {
    const std::size_t count = countOf(geometry, kind);
    if (count == 0) {
        return {};
    }
    GeometryBlob blob{.box = boxOf(geometry, kind)};
    Bytes bytes(bytesOf(geometry, kind));
    putHeader(bytes, blob.box, srsId);
    const std::uint32_t type = kind == GeometryKind::Polygon ? kPolygon
                               : kind == GeometryKind::Line  ? kLine
                                                             : kPoint;
    bytes.putType(type + kToMulti);
    bytes.put(static_cast<std::uint32_t>(count));
    if (kind == GeometryKind::Polygon) {
        for (const Polygon& polygon : geometry.polygons) {
            putPolygon(bytes, polygon);
        }
    } else if (kind == GeometryKind::Line) {
        for (const auto& line : geometry.lines) {
            bytes.putType(kLine);
            bytes.putPoints(line, false);
        }
    } else {
        for (const glm::dvec2& point : geometry.points) {
            bytes.putType(kPoint);
            bytes.put(point);
        }
    }
    blob.bytes = bytes.take();
    return blob;
}

} // namespace pipeline::planning
