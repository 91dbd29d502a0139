#include "pipeline/planning/geopackage_geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

using Bytes = std::span<const std::byte>;

constexpr bool kIsLittleEndian = std::endian::native == std::endian::little;

template <typename T>
T decode(const std::byte* bytes, bool isSwapped) {
    std::array<std::byte, sizeof(T)> raw{};
    std::memcpy(raw.data(), bytes, sizeof(T));
    if (isSwapped) {
        std::ranges::reverse(raw);
    }
    return std::bit_cast<T>(raw);
}

/// The codes of WKB that have no curves.
enum class Type : std::uint32_t {
    Point = 1,
    LineString = 2,
    Polygon = 3,
    MultiPoint = 4,
    MultiLineString = 5,
    MultiPolygon = 6,
    GeometryCollection = 7,
    PolyhedralSurface = 15,
    Tin = 16,
    Triangle = 17
};

/// What precedes every geometry of WKB.
struct Start {
    std::uint32_t type = 0;
    std::size_t pointBytes = 0;
    bool isSwapped = false;
};

Error cutOff(const char* what) {
    return {std::string("the geometry is cut off in its ") + what};
}

/// Walks through WKB from front to back; nothing is believed that the bytes do not hold.
class WkbReader {
public:
    WkbReader(Bytes wkb, IGeometryVisitor& visitor) : rest_(wkb), visitor_(visitor) {}

    Status readGeometry(int depth = 0) {
        constexpr int kMostDepth = 16;
        const Result<Start> start = readStart();
        if (!start) {
            return start.error();
        }
        switch (Type{start->type}) {
        case Type::Point:
            return readPoint(*start);
        case Type::LineString:
            return readLine(*start);
        case Type::Polygon:
        case Type::Triangle:
            return readPolygon(*start);
        case Type::MultiPoint:
        case Type::MultiLineString:
        case Type::MultiPolygon:
        case Type::GeometryCollection:
        case Type::PolyhedralSurface:
        case Type::Tin:
            return depth < kMostDepth
                       ? readParts(*start, depth)
                       : Status(
                             Error{fmt::format("collections nested deeper than {}", kMostDepth)});
        }
        return Error{start->type >= 8 && start->type <= 14
                         ? "curves are not read; import the layer, which strokes them"
                         : fmt::format("no geometry has the type {}", start->type)};
    }

private:
    std::optional<Bytes> take(std::size_t count) {
        if (count > rest_.size()) {
            return std::nullopt;
        }
        const Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    Result<Start> readStart() {
        const auto bytes = take(5);
        if (!bytes) {
            return cutOff("head");
        }
        Start start;
        start.isSwapped = (bytes->front() == std::byte{1}) != kIsLittleEndian;
        auto code = decode<std::uint32_t>(bytes->data() + 1, start.isSwapped);
        // ISO adds 1000 for heights, 2000 for measures, 3000 for both; PostGIS sets high bits.
        constexpr std::uint32_t kHeightBit = 0x80000000;
        constexpr std::uint32_t kMeasureBit = 0x40000000;
        const bool hasHeightBit = (code & kHeightBit) != 0;
        const bool hasMeasureBit = (code & kMeasureBit) != 0;
        code &= ~(kHeightBit | kMeasureBit);
        const std::uint32_t more = code / 1000;
        if (more > 3) {
            return Error{fmt::format("no geometry has the type {}", code)};
        }
        const bool hasHeight = hasHeightBit || more == 1 || more == 3;
        const bool hasMeasure = hasMeasureBit || more >= 2;
        start.type = code % 1000;
        start.pointBytes = sizeof(double) * (2U + (hasHeight ? 1U : 0U) + (hasMeasure ? 1U : 0U));
        return start;
    }

    /// A count of things that take at least `leastBytes` each.
    Result<std::uint32_t> readCount(const Start& start, std::size_t leastBytes) {
        const auto bytes = take(sizeof(std::uint32_t));
        if (!bytes) {
            return cutOff("counts");
        }
        const auto count = decode<std::uint32_t>(bytes->data(), start.isSwapped);
        if (count > rest_.size() / leastBytes) {
            return Error{fmt::format("the geometry says {} parts or points, but holds bytes for "
                                     "{} at most",
                                     count,
                                     rest_.size() / leastBytes)};
        }
        return count;
    }

    Result<PointSequence> readPoints(const Start& start) {
        const Result<std::uint32_t> count = readCount(start, start.pointBytes);
        if (!count) {
            return count.error();
        }
        return PointSequence(*take(*count * start.pointBytes), start.pointBytes, start.isSwapped);
    }

    Status readPoint(const Start& start) {
        const auto bytes = take(start.pointBytes);
        if (!bytes) {
            return cutOff("point");
        }
        const glm::dvec2 place = PointSequence(*bytes, start.pointBytes, start.isSwapped)[0];
        if (!std::isnan(place.x) || !std::isnan(place.y)) { // both NaN: an empty point
            visitor_.point(place);
        }
        return ok();
    }

    Status readLine(const Start& start) {
        const Result<PointSequence> points = readPoints(start);
        if (!points) {
            return points.error();
        }
        if (points->size() > 0) {
            visitor_.line(*points);
        }
        return ok();
    }

    Status readPolygon(const Start& start) {
        const Result<std::uint32_t> count = readCount(start, sizeof(std::uint32_t));
        if (!count) {
            return count.error();
        }
        rings_.clear();
        for (std::uint32_t i = 0; i < *count; ++i) {
            const Result<PointSequence> ring = readPoints(start);
            if (!ring) {
                return ring.error();
            }
            rings_.push_back(*ring);
        }
        if (!rings_.empty() && rings_.front().size() > 0) {
            visitor_.polygon(rings_);
        }
        return ok();
    }

    Status readParts(const Start& start, int depth) {
        constexpr std::size_t kLeastBytes = 9; // of an empty part
        const Result<std::uint32_t> count = readCount(start, kLeastBytes);
        Status read = count ? ok() : Status(count.error());
        for (std::uint32_t i = 0; read && i < *count; ++i) {
            read = readGeometry(depth + 1);
        }
        return read;
    }

    Bytes rest_;
    IGeometryVisitor& visitor_;
    std::vector<PointSequence> rings_;
};

/// What follows the header of a GeoPackage's geometry.
Result<Bytes> wkbOf(Bytes blob) {
    constexpr std::size_t kHeadBytes = 8;
    constexpr std::array<std::size_t, 5> kEnvelopeBytes{0, 32, 48, 48, 64};
    const bool isGeoPackage = blob.size() >= kHeadBytes && blob[0] == std::byte{'G'} &&
                              blob[1] == std::byte{'P'} && blob[2] == std::byte{0};
    if (!isGeoPackage) {
        return Error{"no geometry of a GeoPackage"};
    }
    const auto flags = std::to_integer<unsigned>(blob[3]);
    constexpr unsigned kExtendedBit = 0x20;
    const std::size_t envelope = (flags >> 1U) & 7U;
    if ((flags & kExtendedBit) != 0 || envelope >= kEnvelopeBytes.size()) {
        return Error{"a geometry of an extension that is not known"};
    }
    const std::size_t head = kHeadBytes + kEnvelopeBytes[envelope];
    if (blob.size() < head) {
        return cutOff("header");
    }
    return blob.subspan(head);
}

void orient(Ring& ring, bool isCounterClockwise) {
    double twiceArea = 0.0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - ring[0];
        const glm::dvec2 b = ring[i + 1] - ring[0];
        twiceArea += a.x * b.y - a.y * b.x;
    }
    if ((twiceArea > 0.0) != isCounterClockwise) {
        std::ranges::reverse(ring);
    }
}

class GeometryBuilder : public IGeometryVisitor {
public:
    void point(const glm::dvec2& place) override {
        note(place);
        geometry.points.push_back(place);
    }

    void line(const PointSequence& points) override {
        std::vector<glm::dvec2> line = withoutRepeats(points);
        if (line.size() >= 2) {
            geometry.lines.push_back(std::move(line));
        }
    }

    void polygon(std::span<const PointSequence> rings) override {
        Polygon polygon;
        for (const PointSequence& points : rings) {
            Ring ring = withoutRepeats(points);
            while (ring.size() > 1 && ring.back() == ring.front()) {
                ring.pop_back();
            }
            const bool isOuter = &points == rings.data();
            if (ring.size() < 3 && isOuter) {
                return;
            }
            if (ring.size() < 3) {
                continue;
            }
            orient(ring, isOuter);
            (isOuter ? polygon.outer : polygon.holes.emplace_back()) = std::move(ring);
        }
        geometry.polygons.push_back(std::move(polygon));
    }

    Geometry geometry;
    bool isFinite = true;

private:
    void note(const glm::dvec2& place) {
        isFinite = isFinite && std::isfinite(place.x) && std::isfinite(place.y);
    }

    std::vector<glm::dvec2> withoutRepeats(const PointSequence& points) {
        std::vector<glm::dvec2> line;
        line.reserve(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            const glm::dvec2 place = points[i];
            note(place);
            if (line.empty() || line.back() != place) {
                line.push_back(place);
            }
        }
        return line;
    }
};

class BoxBuilder : public IGeometryVisitor {
public:
    void point(const glm::dvec2& place) override { box.add(place); }
    void line(const PointSequence& points) override {
        for (std::size_t i = 0; i < points.size(); ++i) {
            box.add(points[i]);
        }
    }
    void polygon(std::span<const PointSequence> rings) override { line(rings.front()); }

    PlaneBox box;
};

} // namespace

glm::dvec2 PointSequence::operator[](std::size_t i) const {
    const std::byte* at = bytes_.data() + i * stride_;
    return {decode<double>(at, isSwapped_), decode<double>(at + sizeof(double), isSwapped_)};
}

Status visitGeometry(std::span<const std::byte> blob, IGeometryVisitor& visitor) {
    const Result<Bytes> wkb = wkbOf(blob);
    return wkb ? WkbReader(*wkb, visitor).readGeometry() : Status(wkb.error());
}

Result<Geometry> geometryFrom(std::span<const std::byte> blob) {
    GeometryBuilder builder;
    const Status visited = visitGeometry(blob, builder);
    if (!visited) {
        return visited.error();
    }
    if (!builder.isFinite) {
        return Error{"a coordinate is no finite number"};
    }
    return std::move(builder.geometry);
}

Result<PlaneBox> boxOf(std::span<const std::byte> blob) {
    BoxBuilder builder;
    const Status visited = visitGeometry(blob, builder);
    return visited ? Result<PlaneBox>(builder.box) : visited.error();
}

} // namespace pipeline::planning
