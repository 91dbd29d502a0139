#include "pipeline/terrain/quantized_mesh.h"

#include "tiles3d/geo/ellipsoid.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

namespace pipeline::terrain {
namespace {

using tiles3d::base::Bytes;
using tiles3d::geo::Angle;
using tiles3d::geo::toEcef;

const LonLatRectangle kRectangle = {Angle::degrees(118.125),
                                    Angle::degrees(24.43359375),
                                    Angle::degrees(118.212890625),
                                    Angle::degrees(24.521484375)};

/// A decoder after the specification's snippets.
struct Decoded {
    glm::dvec3 centre{0.0};
    float minimumHeight = 0.0F;
    float maximumHeight = 0.0F;
    glm::dvec3 sphereCentre{0.0};
    double radius = 0.0;
    glm::dvec3 horizonPoint{0.0};
    std::array<std::vector<std::uint16_t>, 3> coded; ///< As in the file.
    std::array<std::vector<int>, 3> uvh;
    std::vector<std::uint32_t> codes; ///< Indices as in the file.
    std::vector<std::uint32_t> indices;
    std::array<std::vector<std::uint32_t>, 4> edges; ///< West, south, east, north.
    std::vector<glm::vec3> normals;
    bool is32Bit = false;
};

class Reader {
public:
    explicit Reader(const Bytes& bytes) : bytes_(bytes) {}

    template <typename T>
    T take() {
        T value{};
        EXPECT_LE(at_ + sizeof(T), bytes_.size());
        std::memcpy(&value, &bytes_.at(at_), sizeof(T));
        at_ += sizeof(T);
        return value;
    }
    glm::dvec3 takePoint() {
        const auto x = take<double>();
        const auto y = take<double>();
        return {x, y, take<double>()};
    }
    void align(std::size_t multiple) {
        while (at_ % multiple != 0) {
            ++at_;
        }
    }
    bool isAtEnd() const { return at_ == bytes_.size(); }

private:
    const Bytes& bytes_;
    std::size_t at_ = 0;
};

glm::vec3 octDecode(int x, int y) {
    glm::vec3 v(static_cast<float>(x) / 127.5F - 1.0F, static_cast<float>(y) / 127.5F - 1.0F, 0.0F);
    v.z = 1.0F - std::abs(v.x) - std::abs(v.y);
    if (v.z < 0.0F) {
        const float oldX = v.x;
        v.x = (1.0F - std::abs(v.y)) * (oldX < 0.0F ? -1.0F : 1.0F);
        v.y = (1.0F - std::abs(oldX)) * (v.y < 0.0F ? -1.0F : 1.0F);
    }
    return glm::normalize(v);
}

Decoded decode(const Bytes& bytes) {
    Reader reader(bytes);
    Decoded mesh;
    mesh.centre = reader.takePoint();
    mesh.minimumHeight = reader.take<float>();
    mesh.maximumHeight = reader.take<float>();
    mesh.sphereCentre = reader.takePoint();
    mesh.radius = reader.take<double>();
    mesh.horizonPoint = reader.takePoint();
    const auto vertexCount = reader.take<std::uint32_t>();
    for (std::size_t axis = 0; axis < 3; ++axis) {
        int value = 0;
        for (std::uint32_t i = 0; i < vertexCount; ++i) {
            const auto code = reader.take<std::uint16_t>();
            mesh.coded[axis].push_back(code);
            value += (code >> 1) ^ (-(code & 1));
            mesh.uvh[axis].push_back(value);
        }
    }
    mesh.is32Bit = vertexCount > 65536;
    const auto takeIndex = [&] {
        return mesh.is32Bit ? reader.take<std::uint32_t>() : reader.take<std::uint16_t>();
    };
    reader.align(mesh.is32Bit ? 4 : 2);
    const auto triangleCount = reader.take<std::uint32_t>();
    std::uint32_t highest = 0;
    for (std::uint32_t i = 0; i < 3 * triangleCount; ++i) {
        const std::uint32_t code = takeIndex();
        mesh.codes.push_back(code);
        mesh.indices.push_back(highest - code);
        highest += code == 0 ? 1 : 0;
    }
    for (auto& edge : mesh.edges) {
        const auto count = reader.take<std::uint32_t>();
        for (std::uint32_t i = 0; i < count; ++i) {
            edge.push_back(takeIndex());
        }
    }
    EXPECT_EQ(reader.take<std::uint8_t>(), 1);
    EXPECT_EQ(reader.take<std::uint32_t>(), 2 * vertexCount);
    for (std::uint32_t i = 0; i < vertexCount; ++i) {
        const int x = reader.take<std::uint8_t>();
        mesh.normals.push_back(octDecode(x, reader.take<std::uint8_t>()));
    }
    EXPECT_TRUE(reader.isAtEnd());
    return mesh;
}

/// A lattice of n x n vertices with random heights and normals, its triangles shuffled.
TileSurface lattice(std::uint32_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<double> height(-12.5, 431.0);
    TileSurface surface{.rectangle = kRectangle};
    for (std::uint32_t i = 0; i < n * n; ++i) {
        surface.vertices.push_back(
            {{(i % n) / (n - 1.0), std::floor(i / static_cast<double>(n)) / (n - 1.0)},
             height(random),
             glm::normalize(glm::vec3(normal(random), normal(random), normal(random)))});
    }
    std::vector<std::array<std::uint32_t, 3>> triangles;
    for (std::uint32_t i = 0; i < n * (n - 1); ++i) {
        if (i % n + 1 < n) {
            triangles.push_back({i, i + 1, i + n + 1});
            triangles.push_back({i, i + n + 1, i + n});
        }
    }
    std::shuffle(triangles.begin(), triangles.end(), random);
    for (const auto& triangle : triangles) {
        surface.indices.insert(surface.indices.end(), triangle.begin(), triangle.end());
    }
    return surface;
}

glm::dvec3 positionOf(const LonLatRectangle& r, const TileSurface::Vertex& vertex) {
    const double lon = r.west.degrees() + vertex.uv.x * (r.east.degrees() - r.west.degrees());
    const double lat = r.south.degrees() + vertex.uv.y * (r.north.degrees() - r.south.degrees());
    return toEcef({Angle::degrees(lon), Angle::degrees(lat), vertex.heightMetres}).metres;
}

TEST(QuantizedMesh, comesBackWithinItsSteps) {
    for (const std::uint32_t n : {2U, 3U, 64U, 256U, 257U}) { // 256^2 and 257^2: 32-bit indices
        constexpr unsigned kSeed = 11;
        SCOPED_TRACE(testing::Message() << n << ", seed " << kSeed);
        const TileSurface surface = lattice(n, kSeed);
        const auto bytes = toQuantizedMesh(surface);
        ASSERT_TRUE(bytes) << bytes.error().message;
        const Decoded mesh = decode(*bytes);
        EXPECT_EQ(mesh.is32Bit, n >= 256);
        ASSERT_EQ(mesh.indices.size(), surface.indices.size());
        const double range = mesh.maximumHeight - mesh.minimumHeight;
        for (std::size_t i = 0; i < surface.indices.size(); ++i) {
            const TileSurface::Vertex& vertex = surface.vertices[surface.indices[i]];
            const std::uint32_t index = mesh.indices[i];
            ASSERT_LT(index, mesh.normals.size());
            EXPECT_NEAR(mesh.uvh[0][index] / 32767.0, vertex.uv.x, 0.51 / 32767.0);
            EXPECT_NEAR(mesh.uvh[1][index] / 32767.0, vertex.uv.y, 0.51 / 32767.0);
            EXPECT_NEAR(mesh.minimumHeight + mesh.uvh[2][index] / 32767.0 * range,
                        vertex.heightMetres,
                        0.51 * range / 32767.0);
            const float cosine = glm::dot(mesh.normals[index], vertex.normal);
            EXPECT_GT(cosine, std::cos(0.021F)); // 1.2 degrees
        }
    }
}

TEST(QuantizedMesh, edgesListTheirVerticesInOrder) {
    const Decoded mesh = decode(*toQuantizedMesh(lattice(9, 3)));
    const std::array<std::size_t, 4> across = {0, 1, 0, 1};
    for (std::size_t edge = 0; edge < 4; ++edge) {
        SCOPED_TRACE(edge);
        ASSERT_EQ(mesh.edges[edge].size(), 9U);
        int before = -1;
        for (const std::uint32_t vertex : mesh.edges[edge]) {
            EXPECT_EQ(mesh.uvh[across[edge]][vertex], edge < 2 ? 0 : 32767);
            EXPECT_GT(mesh.uvh[1 - across[edge]][vertex], before);
            before = mesh.uvh[1 - across[edge]][vertex];
        }
    }
}

TEST(QuantizedMesh, codesAreTheSpecifications) {
    // github.com/CesiumGS/quantized-mesh, README.md: zig-zag 0, -1, 1, -2 = 0, 1, 2, 3; an index is
    // the number of vertices used before less its code.
    TileSurface surface{.rectangle = kRectangle};
    for (const glm::dvec2 uv : {glm::dvec2(0.0, 0.0), {1.0, 0.0}, {1.0, 1.0}, {0.0, 1.0}}) {
        surface.vertices.push_back({uv, uv.x * uv.y, {0.0F, 0.0F, 1.0F}});
    }
    surface.vertices.push_back({{0.5, 0.5}, 9000.0, {0.0F, 0.0F, 1.0F}}); // unused: left out
    surface.indices = {2, 3, 0, 2, 0, 1};
    const Decoded mesh = decode(*toQuantizedMesh(surface));
    EXPECT_EQ(mesh.coded[0], (std::vector<std::uint16_t>{65534, 65533, 0, 65534}));
    EXPECT_EQ(mesh.coded[1], (std::vector<std::uint16_t>{65534, 0, 65533, 0}));
    EXPECT_EQ(mesh.coded[2], (std::vector<std::uint16_t>{65534, 65533, 0, 0}));
    EXPECT_EQ(mesh.codes, (std::vector<std::uint32_t>{0, 0, 0, 3, 1, 0}));
    EXPECT_EQ(mesh.maximumHeight, 1.0F);
}

TEST(QuantizedMesh, sphereAndHeightsHoldAllVertices) {
    const TileSurface surface = lattice(20, 5);
    const Decoded mesh = decode(*toQuantizedMesh(surface));
    double farthest = 0.0;
    for (const TileSurface::Vertex& vertex : surface.vertices) {
        farthest = std::max(
            farthest, glm::distance(mesh.sphereCentre, positionOf(surface.rectangle, vertex)));
        EXPECT_LE(mesh.minimumHeight, vertex.heightMetres);
        EXPECT_GE(mesh.maximumHeight, vertex.heightMetres);
    }
    EXPECT_NEAR(farthest, mesh.radius, 1e-6);
    EXPECT_EQ(mesh.centre, mesh.sphereCentre);
}

/// Whether the ellipsoid (the unit sphere of scaled space) hides the point from the camera.
bool isOccluded(const glm::dvec3& camera, const glm::dvec3& point) {
    const glm::dvec3 way = point - camera;
    const double share = -glm::dot(camera, way) / glm::dot(way, way);
    return share > 0.0 && share < 1.0 && glm::length(camera + share * way) < 1.0;
}

TEST(QuantizedMesh, whereTheHorizonPointIsHiddenSoIsTheTile) {
    constexpr unsigned kSeed = 21;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::normal_distribution<double> normal;
    const glm::dvec3 radii(6378137.0, 6378137.0, 6356752.314245179);
    TileSurface surface = lattice(5, kSeed);
    for (const double degrees : {0.1, 3.0, 40.0}) {
        surface.rectangle = {Angle::degrees(100.0),
                             Angle::degrees(20.0),
                             Angle::degrees(100.0 + degrees),
                             Angle::degrees(20.0 + degrees)};
        const Decoded mesh = decode(*toQuantizedMesh(surface));
        int hidden = 0;
        int seen = 0;
        for (int i = 0; i < 20000; ++i) {
            const glm::dvec3 camera =
                glm::normalize(glm::dvec3(normal(random), normal(random), normal(random))) *
                (1.0002 + std::exp(normal(random) * 2.0 - 2.0));
            if (!isOccluded(camera, mesh.horizonPoint)) {
                ++seen;
                continue;
            }
            ++hidden;
            for (const TileSurface::Vertex& vertex : surface.vertices) {
                // On the ellipsoid if below it, and with a millimetre for rounding.
                TileSurface::Vertex raised = vertex;
                raised.heightMetres = std::max(vertex.heightMetres, 0.0);
                EXPECT_TRUE(isOccluded(
                    camera, positionOf(surface.rectangle, raised) / radii * (1 - 1e-10)));
            }
        }
        EXPECT_GT(hidden, 1000);
        EXPECT_GT(seen, 1000);
    }
}

TEST(QuantizedMesh, theHorizonPointOfOnePositionIsThatPosition) {
    const glm::dvec3 position = toEcef({Angle::degrees(30.0), Angle::degrees(0.0), 1000.0}).metres;
    const glm::dvec3 point = horizonOcclusionPoint(position, {position});
    EXPECT_NEAR(glm::distance(point * 6378137.0, position), 0.0, 1e-6);
}

TEST(QuantizedMesh, badSurfacesAreRefused) {
    EXPECT_FALSE(toQuantizedMesh({.rectangle = kRectangle}));
    TileSurface surface = lattice(2, 1);
    surface.indices.push_back(0);
    EXPECT_FALSE(toQuantizedMesh(surface));
    surface = lattice(2, 1);
    surface.indices[1] = 4;
    EXPECT_FALSE(toQuantizedMesh(surface));
    surface = lattice(2, 1);
    surface.vertices[2].uv.x = 1.001;
    EXPECT_FALSE(toQuantizedMesh(surface));
    surface = lattice(2, 1);
    surface.vertices[2].heightMetres = std::nan("");
    EXPECT_FALSE(toQuantizedMesh(surface));
}

TEST(QuantizedMesh, halfTheGlobeIsHiddenFromNextToNowhere) {
    TileSurface surface = lattice(9, 1);
    surface.rectangle = {
        Angle::degrees(-180.0), Angle::degrees(-90.0), Angle::degrees(0.0), Angle::degrees(90.0)};
    const Decoded mesh = decode(*toQuantizedMesh(surface));
    EXPECT_NEAR(glm::length(mesh.horizonPoint), 1000.0, 1e-6);
}

TEST(QuantizedMesh, flatLandHasHeightZeroOfNothing) {
    TileSurface surface = lattice(3, 1);
    for (TileSurface::Vertex& vertex : surface.vertices) {
        vertex.heightMetres = 0.1;
    }
    const Decoded mesh = decode(*toQuantizedMesh(surface));
    EXPECT_LE(mesh.minimumHeight, 0.1);
    EXPECT_GE(mesh.maximumHeight, 0.1);
    EXPECT_NEAR(mesh.maximumHeight, mesh.minimumHeight, 1e-7);
}

} // namespace
} // namespace pipeline::terrain
