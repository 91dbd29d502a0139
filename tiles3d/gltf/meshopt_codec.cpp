#include "tiles3d/gltf/meshopt_codec.h"

#include <meshoptimizer.h>

namespace tiles3d::gltf {

using base::Bytes;
using base::Error;
using base::Result;

namespace {

const unsigned char* octets(base::ByteView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* octets(Bytes& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

bool applyFilter(const MeshoptView& view, Bytes& bytes) {
    if (view.filter == "NONE") {
        return true;
    }
    if (view.filter == "OCTAHEDRAL" && (view.stride == 4 || view.stride == 8)) {
        meshopt_decodeFilterOct(bytes.data(), view.count, view.stride);
        return true;
    }
    if (view.filter == "QUATERNION" && view.stride == 8) {
        meshopt_decodeFilterQuat(bytes.data(), view.count, view.stride);
        return true;
    }
    if (view.filter == "EXPONENTIAL" && view.stride % 4 == 0) {
        meshopt_decodeFilterExp(bytes.data(), view.count, view.stride);
        return true;
    }
    return false;
}

} // namespace

std::vector<std::uint32_t> optimiseOrderInPlace(std::vector<std::uint32_t>& indices,
                                                std::size_t vertexCount) {
    std::vector<std::uint32_t> ordered(indices.size());
    meshopt_optimizeVertexCache(ordered.data(), indices.data(), indices.size(), vertexCount);
    std::vector<std::uint32_t> target(vertexCount);
    meshopt_optimizeVertexFetchRemap(target.data(), ordered.data(), ordered.size(), vertexCount);
    meshopt_remapIndexBuffer(indices.data(), ordered.data(), ordered.size(), target.data());
    return target;
}

Bytes encodeVertices(base::ByteView vertices, std::size_t count, std::size_t stride) {
    meshopt_encodeVertexVersion(0); // what the extension fixes
    Bytes bytes(meshopt_encodeVertexBufferBound(count, stride));
    bytes.resize(
        meshopt_encodeVertexBuffer(octets(bytes), bytes.size(), vertices.data(), count, stride));
    return bytes;
}

Bytes encodeIndices(const std::vector<std::uint32_t>& indices, std::size_t vertexCount) {
    meshopt_encodeIndexVersion(1); // what the extension fixes
    Bytes bytes(meshopt_encodeIndexBufferBound(indices.size(), vertexCount));
    bytes.resize(
        meshopt_encodeIndexBuffer(octets(bytes), bytes.size(), indices.data(), indices.size()));
    return bytes;
}

Result<Bytes> decodeMeshopt(base::ByteView encoded, const MeshoptView& view) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 30U;
    const bool isAttribute = view.mode == "ATTRIBUTES";
    const bool isStrideValid = isAttribute
                                   ? view.stride > 0 && view.stride <= 256 && view.stride % 4 == 0
                                   : view.stride == 2 || view.stride == 4;
    if (!isStrideValid || view.count > kMostBytes / view.stride) {
        return Error{"a meshopt view with a stride or count out of range"};
    }
    // The densest data of both formats (64 : 1 for attributes) needs this; the rest is a lie.
    constexpr std::size_t kMostRatio = 128;
    if (view.count * view.stride / kMostRatio > encoded.size()) {
        return Error{"a meshopt view that cannot hold the count it claims"};
    }
    Bytes bytes(view.count * view.stride);
    int failed = 1;
    if (isAttribute) {
        failed = meshopt_decodeVertexBuffer(
            bytes.data(), view.count, view.stride, octets(encoded), encoded.size());
    } else if (view.mode == "TRIANGLES" && view.count % 3 == 0) {
        failed = meshopt_decodeIndexBuffer(
            bytes.data(), view.count, view.stride, octets(encoded), encoded.size());
    } else if (view.mode == "INDICES") {
        failed = meshopt_decodeIndexSequence(
            bytes.data(), view.count, view.stride, octets(encoded), encoded.size());
    }
    if (failed != 0 || !applyFilter(view, bytes)) {
        return Error{"damaged meshopt data, or a mode or filter that is not known: " + view.mode +
                     ", " + view.filter};
    }
    return bytes;
}

} // namespace tiles3d::gltf
