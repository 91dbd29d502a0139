#include "pipeline/terrain/quantized_mesh.h"

#include "tiles3d/geo/ellipsoid.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

namespace pipeline::terrain {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;

namespace {

constexpr int kMaximum = 32767; // of u, v and height
constexpr std::size_t kMostVerticesOf16Bits = 65536;
constexpr std::uint8_t kOctVertexNormals = 1; // the extension's number

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

/// Appends numbers to a file.
class Writer {
public:
    template <typename T>
    void add(T value) {
        static_assert(std::is_arithmetic_v<T>);
        const auto raw = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    void add(const glm::dvec3& value) {
        add(value.x);
        add(value.y);
        add(value.z);
    }
    void padTo(std::size_t multiple) {
        while (bytes_.size() % multiple != 0) {
            bytes_.push_back(std::byte{0});
        }
    }
    base::Bytes take() { return std::move(bytes_); }

private:
    base::Bytes bytes_;
};

/// Vertices in the order in which triangles use them, with the numbers that the file has.
struct Quantized {
    std::vector<std::uint32_t> sources; ///< Numbers in the surface.
    std::vector<std::uint32_t> indices;
    std::array<std::vector<int>, 3> uvh; ///< 0 to 32767.
    float minimumHeightMetres = 0.0F;
    float maximumHeightMetres = 0.0F;
};

std::optional<base::Error> defectOf(const TileSurface& surface) {
    if (surface.indices.empty() || surface.indices.size() % 3 != 0) {
        return base::Error{"terrain tile: " + std::to_string(surface.indices.size()) +
                           " indices are no triangles"};
    }
    for (const std::uint32_t index : surface.indices) {
        if (index >= surface.vertices.size()) {
            return base::Error{"terrain tile: index " + std::to_string(index) + " of " +
                               std::to_string(surface.vertices.size()) + " vertices"};
        }
        const TileSurface::Vertex& vertex = surface.vertices[index];
        const auto isWithin = [](double value) { return value >= 0.0 && value <= 1.0; };
        if (!isWithin(vertex.uv.x) || !isWithin(vertex.uv.y) ||
            !std::isfinite(vertex.heightMetres)) {
            return base::Error{"terrain tile: vertex " + std::to_string(index) +
                               " leaves the rectangle or has no height"};
        }
    }
    return std::nullopt;
}

void order(const TileSurface& surface, Quantized& quantized) {
    constexpr auto kUnused = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> numbers(surface.vertices.size(), kUnused);
    for (const std::uint32_t index : surface.indices) {
        if (numbers[index] == kUnused) {
            numbers[index] = static_cast<std::uint32_t>(quantized.sources.size());
            quantized.sources.push_back(index);
        }
        quantized.indices.push_back(numbers[index]);
    }
    if (quantized.sources.size() == kMostVerticesOf16Bits) {
        // The code of the first vertex after the last would be 65,536: an unused one makes it 32
        // bits.
        quantized.sources.push_back(quantized.sources.front());
    }
}

/// Rounded to floats away from the heights between.
void boundHeights(const TileSurface& surface, Quantized& quantized) {
    double lowest = std::numeric_limits<double>::max();
    double highest = std::numeric_limits<double>::lowest();
    for (const std::uint32_t source : quantized.sources) {
        lowest = std::min(lowest, surface.vertices[source].heightMetres);
        highest = std::max(highest, surface.vertices[source].heightMetres);
    }
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const auto low = static_cast<float>(lowest);
    const auto high = static_cast<float>(highest);
    quantized.minimumHeightMetres = low > lowest ? std::nextafter(low, -kInfinity) : low;
    quantized.maximumHeightMetres = high < highest ? std::nextafter(high, kInfinity) : high;
}

int quantise(double share) {
    return static_cast<int>(std::lround(share * kMaximum));
}

Quantized quantised(const TileSurface& surface) {
    Quantized quantized;
    order(surface, quantized);
    boundHeights(surface, quantized);
    const double base = quantized.minimumHeightMetres;
    const double range = quantized.maximumHeightMetres - base;
    for (const std::uint32_t source : quantized.sources) {
        const TileSurface::Vertex& vertex = surface.vertices[source];
        quantized.uvh[0].push_back(quantise(vertex.uv.x));
        quantized.uvh[1].push_back(quantise(vertex.uv.y));
        quantized.uvh[2].push_back(range > 0.0 ? quantise((vertex.heightMetres - base) / range)
                                               : 0);
    }
    return quantized;
}

std::vector<glm::dvec3> positionsOf(const TileSurface& surface, const Quantized& quantized) {
    const LonLatRectangle& rectangle = surface.rectangle;
    const auto between = [](geo::Angle from, geo::Angle to, double share) {
        return geo::Angle::radians(std::lerp(from.radians(), to.radians(), share));
    };
    std::vector<glm::dvec3> positions;
    for (const std::uint32_t source : quantized.sources) {
        const TileSurface::Vertex& vertex = surface.vertices[source];
        positions.push_back(
            geo::toEcef({.longitude = between(rectangle.west, rectangle.east, vertex.uv.x),
                         .latitude = between(rectangle.south, rectangle.north, vertex.uv.y),
                         .heightMetres = vertex.heightMetres})
                .metres);
    }
    return positions;
}

void addHeader(const Quantized& quantized,
               const std::vector<glm::dvec3>& positions,
               const glm::dvec3& centre,
               const glm::dvec3& horizonPoint,
               Writer& writer) {
    double radius = 0.0;
    for (const glm::dvec3& position : positions) {
        radius = std::max(radius, glm::distance(centre, position));
    }
    writer.add(centre);
    writer.add(quantized.minimumHeightMetres);
    writer.add(quantized.maximumHeightMetres);
    writer.add(centre);
    writer.add(radius);
    writer.add(horizonPoint);
}

/// Differences from the value before, the sign in the lowest bit.
void addZigZag(const std::vector<int>& values, Writer& writer) {
    int before = 0;
    for (const int value : values) {
        const int difference = value - before;
        writer.add(static_cast<std::uint16_t>((difference << 1) ^ (difference >> 31)));
        before = value;
    }
}

/// Vertices whose `across` has that value, in the order of `along`.
std::vector<std::uint32_t>
edgeVertices(const std::vector<int>& across, int value, const std::vector<int>& along) {
    std::vector<std::uint32_t> edge;
    for (std::uint32_t i = 0; i < across.size(); ++i) {
        if (across[i] == value) {
            edge.push_back(i);
        }
    }
    std::stable_sort(edge.begin(), edge.end(), [&](std::uint32_t a, std::uint32_t b) {
        return along[a] < along[b];
    });
    return edge;
}

template <typename Index>
void addTriangles(const Quantized& quantized, Writer& writer) {
    writer.padTo(sizeof(Index));
    writer.add(static_cast<std::uint32_t>(quantized.indices.size() / 3));
    std::uint32_t next = 0; // the high-water mark: indices say how far below it they are
    for (const std::uint32_t index : quantized.indices) {
        writer.add(static_cast<Index>(next - index));
        next += index == next ? 1 : 0;
    }
    const auto& [u, v, unused] = quantized.uvh;
    for (const auto& edge : {edgeVertices(u, 0, v),
                             edgeVertices(v, 0, u),
                             edgeVertices(u, kMaximum, v),
                             edgeVertices(v, kMaximum, u)}) {
        writer.add(static_cast<std::uint32_t>(edge.size()));
        for (const std::uint32_t vertex : edge) {
            writer.add(static_cast<Index>(vertex));
        }
    }
}

/// The unit sphere unfolded onto a square, a byte each way.
glm::u8vec2 octEncode(const glm::vec3& normal) {
    const float sum = std::abs(normal.x) + std::abs(normal.y) + std::abs(normal.z);
    glm::vec2 folded = glm::vec2(normal) / std::max(sum, std::numeric_limits<float>::min());
    if (normal.z < 0.0F) {
        folded = {std::copysign(1.0F - std::abs(folded.y), folded.x),
                  std::copysign(1.0F - std::abs(folded.x), folded.y)};
    }
    return glm::round((glm::clamp(folded, -1.0F, 1.0F) * 0.5F + 0.5F) * 255.0F);
}

void addNormals(const TileSurface& surface, const Quantized& quantized, Writer& writer) {
    writer.add(kOctVertexNormals);
    writer.add(static_cast<std::uint32_t>(2 * quantized.sources.size()));
    for (const std::uint32_t source : quantized.sources) {
        const glm::u8vec2 code = octEncode(surface.vertices[source].normal);
        writer.add(code.x);
        writer.add(code.y);
    }
}

glm::dvec3 middleOf(const std::vector<glm::dvec3>& positions) {
    glm::dvec3 low = positions.front();
    glm::dvec3 high = positions.front();
    for (const glm::dvec3& position : positions) {
        low = glm::min(low, position);
        high = glm::max(high, position);
    }
    return (low + high) / 2.0;
}

/// Both in ECEF divided by the radii: how far out in `direction` a point has to be that is seen
/// whenever `position` is; 0 or less where none is.
double occlusionMagnitude(const glm::dvec3& position, const glm::dvec3& direction) {
    const double length = glm::length(position);
    const double magnitude = std::max(length, 1.0); // below the ellipsoid counts as on it
    const double cosAlpha = glm::dot(position, direction) / length;
    const double sinAlpha = glm::length(glm::cross(position, direction)) / length;
    const double cosBeta = 1.0 / magnitude;
    const double sinBeta = std::sqrt(magnitude * magnitude - 1.0) * cosBeta;
    return 1.0 / (cosAlpha * cosBeta - sinAlpha * sinBeta);
}

} // namespace

glm::dvec3 horizonOcclusionPoint(const glm::dvec3& centre,
                                 const std::vector<glm::dvec3>& positions) {
    constexpr double kSemiMinorMetres =
        geo::kSemiMajorMetres * (1.0 - 1.0 / geo::kInverseFlattening);
    constexpr double kFarthest = 1e3; // radii
    const glm::dvec3 radii(geo::kSemiMajorMetres, geo::kSemiMajorMetres, kSemiMinorMetres);
    const glm::dvec3 direction = glm::normalize(centre / radii);
    double farthest = 0.0;
    for (const glm::dvec3& position : positions) {
        const double magnitude = occlusionMagnitude(position / radii, direction);
        const bool hasHorizon = magnitude > 0.0 && magnitude < kFarthest;
        farthest = std::max(farthest, hasHorizon ? magnitude : kFarthest);
    }
    return farthest * direction;
}

base::Result<base::Bytes> toQuantizedMesh(const TileSurface& surface) {
    if (const auto defect = defectOf(surface)) {
        return *defect;
    }
    const Quantized quantized = quantised(surface);
    const std::vector<glm::dvec3> positions = positionsOf(surface, quantized);
    const glm::dvec3 centre = middleOf(positions);
    const glm::dvec3 horizonPoint = horizonOcclusionPoint(centre, positions);
    Writer writer;
    addHeader(quantized, positions, centre, horizonPoint, writer);
    writer.add(static_cast<std::uint32_t>(quantized.sources.size()));
    for (const std::vector<int>& values : quantized.uvh) {
        addZigZag(values, writer);
    }
    if (quantized.sources.size() <= kMostVerticesOf16Bits) {
        addTriangles<std::uint16_t>(quantized, writer);
    } else {
        addTriangles<std::uint32_t>(quantized, writer);
    }
    addNormals(surface, quantized, writer);
    return writer.take();
}

} // namespace pipeline::terrain
