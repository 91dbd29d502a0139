#include "tiles3d/gltf/draco_codec.h"

#include <draco/compression/decode.h>
#include <draco/compression/encode.h>
#include <glm/common.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

namespace tiles3d::gltf {

using base::Error;
using base::Result;

namespace {

/// Adds an attribute whose value i belongs to point i and returns its id.
int addAttribute(draco::Mesh& mesh,
                 draco::GeometryAttribute::Type type,
                 std::int8_t components,
                 std::size_t count) {
    draco::GeometryAttribute attribute;
    const auto stride = static_cast<std::int64_t>(sizeof(float)) * components;
    attribute.Init(
        type, nullptr, static_cast<std::uint8_t>(components), draco::DT_FLOAT32, false, stride, 0);
    return mesh.AddAttribute(attribute, true, static_cast<std::uint32_t>(count));
}

/// Also gives the limits of the positions as they will be decoded.
std::unique_ptr<draco::Mesh> toDraco(const mesh::TriangleMesh& source,
                                     const PositionGrid& grid,
                                     glm::vec3& minimum,
                                     glm::vec3& maximum) {
    minimum = glm::vec3(3e38F);
    maximum = glm::vec3(-3e38F);
    auto mesh = std::make_unique<draco::Mesh>();
    const std::size_t points = source.positions.size();
    mesh->set_num_points(static_cast<std::uint32_t>(points));
    mesh->SetNumFaces(source.indices.size() / 3);
    for (std::uint32_t face = 0; face < mesh->num_faces(); ++face) {
        const std::size_t first = std::size_t{face} * 3;
        mesh->SetFace(draco::FaceIndex(face),
                      {draco::PointIndex(source.indices[first]),
                       draco::PointIndex(source.indices[first + 1]),
                       draco::PointIndex(source.indices[first + 2])});
    }
    draco::PointAttribute* positions =
        mesh->attribute(addAttribute(*mesh, draco::GeometryAttribute::POSITION, 3, points));
    std::vector<glm::vec3> onGrid;
    onGrid.reserve(points);
    for (const glm::vec3& position : source.positions) {
        // Rounded here once: Draco's own float rounding could differ by a step between two tiles.
        onGrid.push_back(grid.positionOf(grid.indexOf(yUp(position))));
        minimum = glm::min(minimum, onGrid.back());
        maximum = glm::max(maximum, onGrid.back());
    }
    positions->buffer()->Write(0, onGrid.data(), points * sizeof(glm::vec3));
    if (!source.uvs.empty()) {
        draco::PointAttribute* uvs =
            mesh->attribute(addAttribute(*mesh, draco::GeometryAttribute::TEX_COORD, 2, points));
        uvs->buffer()->Write(0, source.uvs.data(), points * sizeof(glm::vec2));
    }
    if (!source.normals.empty()) {
        std::vector<glm::vec3> turned;
        turned.reserve(points);
        for (const glm::vec3& normal : source.normals) {
            turned.push_back(yUp(normal));
        }
        draco::PointAttribute* normals =
            mesh->attribute(addAttribute(*mesh, draco::GeometryAttribute::NORMAL, 3, points));
        normals->buffer()->Write(0, turned.data(), points * sizeof(glm::vec3));
    }
    return mesh;
}

void setQuantization(draco::Encoder& encoder,
                     const mesh::TriangleMesh& source,
                     const DracoStep& step) {
    const int bits = bitsFor(static_cast<double>(step.grid.largestIndex), 1.0);
    const double most = std::exp2(bits) - 1.0;
    const glm::vec3 first(step.grid.first);
    encoder.SetAttributeExplicitQuantization(draco::GeometryAttribute::POSITION,
                                             bits,
                                             3,
                                             &first.x,
                                             static_cast<float>(most * step.grid.step));
    if (!source.uvs.empty()) {
        const UvRange range = uvRange(source.uvs);
        const auto extent = static_cast<double>(range.extent);
        encoder.SetAttributeExplicitQuantization(draco::GeometryAttribute::TEX_COORD,
                                                 bitsFor(extent, step.uvStep),
                                                 2,
                                                 &range.minimum.x,
                                                 range.extent);
    }
    constexpr int kNormalBits = 10; // a step of a tenth of a degree
    encoder.SetAttributeQuantization(draco::GeometryAttribute::NORMAL, kNormalBits);
}

} // namespace

Result<DracoPrimitive> encodeDraco(const mesh::TriangleMesh& source, const DracoStep& step) {
    DracoPrimitive out;
    const std::unique_ptr<draco::Mesh> mesh = toDraco(source, step.grid, out.minimum, out.maximum);
    // Photogrammetry, 320,000 triangles split along atlas seams, positions 14 and uvs 13 bits:
    //   edgebreaker, speed 5, equal positions joined   0.84 us  6.3 bytes per triangle
    //   edgebreaker, speed 10                          0.70 us  10.5
    //   sequential                                     0.41 us  17.1
    // Textures are 85 % of a source's tile, so the last costs 15 % of the bytes and halves the
    // whole build; where geometry weighs as much as its texture, the first pays.
    draco::Encoder encoder;
    if (step.isSmall) {
        constexpr int kSpeed = 5;
        mesh->DeduplicateAttributeValues();
        mesh->DeduplicatePointIds();
        encoder.SetEncodingMethod(draco::MESH_EDGEBREAKER_ENCODING);
        encoder.SetSpeedOptions(kSpeed, kSpeed);
    } else {
        constexpr int kSpeed = 10;
        encoder.SetEncodingMethod(draco::MESH_SEQUENTIAL_ENCODING);
        encoder.SetSpeedOptions(kSpeed, kSpeed);
    }
    encoder.SetTrackEncodedProperties(true);
    setQuantization(encoder, source, step);
    draco::EncoderBuffer buffer;
    const draco::Status status = encoder.EncodeMeshToBuffer(*mesh, &buffer);
    if (!status.ok()) {
        return Error{"Draco cannot encode a mesh: " + status.error_msg_string()};
    }
    const auto* begin = reinterpret_cast<const std::byte*>(buffer.data());
    out.bytes.assign(begin, begin + buffer.size());
    out.points = static_cast<std::uint32_t>(encoder.num_encoded_points());
    out.faces = static_cast<std::uint32_t>(encoder.num_encoded_faces());
    out.positionId = 0;
    out.uvId = 1;
    out.normalId = source.uvs.empty() ? 1 : 2;
    return out;
}

namespace {

template <int kComponents, typename Vector>
bool copyAttribute(const draco::Mesh& mesh, int id, std::vector<Vector>& out) {
    const draco::PointAttribute* attribute =
        mesh.GetAttributeByUniqueId(static_cast<std::uint32_t>(id));
    if (attribute == nullptr || attribute->num_components() != kComponents) {
        return false;
    }
    out.resize(mesh.num_points());
    for (std::uint32_t i = 0; i < mesh.num_points(); ++i) {
        const draco::AttributeValueIndex value = attribute->mapped_index(draco::PointIndex(i));
        if (value.value() >= attribute->size() ||
            !attribute->ConvertValue<float>(value, kComponents, &out[i][0])) {
            return false;
        }
    }
    return true;
}

/// RGB or RGBA.
bool copyColours(const draco::Mesh& mesh, int id, std::vector<glm::vec4>& out) {
    if (copyAttribute<4>(mesh, id, out)) {
        return true;
    }
    std::vector<glm::vec3> opaque;
    if (!copyAttribute<3>(mesh, id, opaque)) {
        return false;
    }
    out.clear();
    std::ranges::transform(opaque, std::back_inserter(out), [](const glm::vec3& colour) {
        return glm::vec4(colour, 1.0F);
    });
    return true;
}

/// Draco's varint: 7 bits a byte, the low ones first. Nothing at the bytes' end.
std::optional<std::uint64_t> varint(base::ByteView bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(bytes[at++]);
        value |= (byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

/// Whether the counts in the header are more than such bytes can hold. The decoder allocates by
/// them before it looks further. Source: Draco bitstream 2.2, "ParseHeader",
/// "DecodeConnectivityData".
bool claimsTooMuch(base::ByteView bytes) {
    constexpr std::size_t kHeaderBytes = 11;
    constexpr std::size_t kMethodAt = 8;
    constexpr std::size_t kFlagsAt = 10; // high byte: metadata follows, which glTF has no use for
    constexpr std::uint64_t kMostCount = std::uint64_t{1} << 25U;
    constexpr std::uint64_t kMostPerByte = 256; // a flat regular sheet takes 1/30 byte per face
    if (bytes.size() < kHeaderBytes || (std::to_integer<unsigned>(bytes[kFlagsAt]) & 0x80U) != 0) {
        return true;
    }
    const bool isEdgebreaker = std::to_integer<unsigned>(bytes[kMethodAt]) == 1;
    std::size_t at = kHeaderBytes + (isEdgebreaker ? 1 : 0); // one byte: the kind of traversal
    const std::optional<std::uint64_t> first = varint(bytes, at);
    const std::optional<std::uint64_t> second = varint(bytes, at);
    return !first || !second ||
           std::max(*first, *second) > std::min(kMostCount, bytes.size() * kMostPerByte);
}

Result<std::unique_ptr<draco::Mesh>> dracoMesh(base::ByteView bytes) {
    if (claimsTooMuch(bytes)) {
        return Error{"Draco data whose header claims more than its bytes can hold"};
    }
    draco::DecoderBuffer buffer;
    buffer.Init(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    try {
        draco::Decoder decoder;
        auto decoded = decoder.DecodeMeshFromBuffer(&buffer);
        if (!decoded.ok()) {
            return Error{"damaged Draco data: " + decoded.status().error_msg_string()};
        }
        return std::move(decoded).value();
    } catch (const std::exception& exception) { // it sizes arrays by numbers of the file
        return Error{std::string("damaged Draco data: ") + exception.what()};
    }
}

} // namespace

Result<DracoMesh> decodeDraco(base::ByteView bytes, const DracoIds& ids) {
    const Result<std::unique_ptr<draco::Mesh>> decoded = dracoMesh(bytes);
    if (!decoded) {
        return decoded.error();
    }
    const draco::Mesh& mesh = **decoded;
    DracoMesh read;
    mesh::TriangleMesh& out = read.mesh;
    if (!copyAttribute<3>(mesh, ids.position, out.positions) ||
        (ids.uv >= 0 && !copyAttribute<2>(mesh, ids.uv, out.uvs)) ||
        (ids.normal >= 0 && !copyAttribute<3>(mesh, ids.normal, out.normals)) ||
        (ids.colour >= 0 && !copyColours(mesh, ids.colour, read.colours))) {
        return Error{"Draco data without the attributes that the glTF names"};
    }
    out.indices.reserve(std::size_t{mesh.num_faces()} * 3);
    for (std::uint32_t i = 0; i < mesh.num_faces(); ++i) {
        for (const draco::PointIndex& point : mesh.face(draco::FaceIndex(i))) {
            if (point.value() >= mesh.num_points()) {
                return Error{"Draco data with an index beyond its points"};
            }
            out.indices.push_back(point.value());
        }
    }
    return read;
}

} // namespace tiles3d::gltf
