#include "tiles3d/gltf/accessors.h"

#include "tiles3d/gltf/meshopt_codec.h"

#include <fmt/format.h>
#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::Result;

/// Where an accessor's elements lie; all of them within `bytes`.
struct Accessors::Layout {
    ByteView bytes;
    std::size_t count = 0;
    std::size_t stride = 0;
    int componentType = 0;
    bool isNormalized = false;
};

namespace {

constexpr std::size_t kMostElements = std::size_t{1} << 28U;

template <typename T>
double read(const std::byte* at) {
    T value{};
    std::memcpy(&value, at, sizeof value);
    return static_cast<double>(value);
}

template <typename T>
double scaled(const std::byte* at, bool isNormalized) {
    const double value = read<T>(at);
    return isNormalized ? std::max(value / static_cast<double>(std::numeric_limits<T>::max()), -1.0)
                        : value;
}

double component(const std::byte* at, int type, bool isNormalized) {
    switch (type) {
    case TINYGLTF_COMPONENT_TYPE_BYTE:
        return scaled<std::int8_t>(at, isNormalized);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
        return scaled<std::uint8_t>(at, isNormalized);
    case TINYGLTF_COMPONENT_TYPE_SHORT:
        return scaled<std::int16_t>(at, isNormalized);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
        return scaled<std::uint16_t>(at, isNormalized);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
        return read<std::uint32_t>(at);
    default:
        return read<float>(at);
    }
}

std::size_t number(const tinygltf::Value& object, const char* name) {
    const tinygltf::Value& value = object.Get(name);
    const double number = value.IsNumber() ? value.GetNumberAsDouble() : -1.0;
    return number >= 0.0 && number < 4e9 ? static_cast<std::size_t>(number) : 0;
}

std::string word(const tinygltf::Value& object, const char* name, const char* otherwise) {
    const tinygltf::Value& value = object.Get(name);
    return value.IsString() ? value.Get<std::string>() : otherwise;
}

Result<ByteView>
slice(const tinygltf::Model& model, std::size_t buffer, std::size_t offset, std::size_t length) {
    if (buffer >= model.buffers.size()) {
        return Error{"a view of a buffer that is not there"};
    }
    const std::vector<unsigned char>& data = model.buffers[buffer].data;
    if (offset > data.size() || length > data.size() - offset) {
        return Error{fmt::format(
            "a view of {} bytes from {} in a buffer of {}", length, offset, data.size())};
    }
    return std::as_bytes(std::span(data)).subspan(offset, length);
}

} // namespace

Result<ByteView> Accessors::view(int bufferView) {
    if (bufferView < 0 || static_cast<std::size_t>(bufferView) >= model_.bufferViews.size()) {
        return Error{"a buffer view that is not there"};
    }
    const tinygltf::BufferView& view = model_.bufferViews[static_cast<std::size_t>(bufferView)];
    const auto extension = view.extensions.find("EXT_meshopt_compression");
    if (extension == view.extensions.end()) {
        return slice(model_,
                     static_cast<std::size_t>(std::max(view.buffer, 0)),
                     view.byteOffset,
                     view.byteLength);
    }
    if (const auto known = decoded_.find(bufferView); known != decoded_.end()) {
        return ByteView(known->second);
    }
    const tinygltf::Value& object = extension->second;
    const Result<ByteView> encoded = slice(model_,
                                           number(object, "buffer"),
                                           number(object, "byteOffset"),
                                           number(object, "byteLength"));
    if (!encoded) {
        return encoded.error();
    }
    Result<Bytes> bytes = decodeMeshopt(*encoded,
                                        {.mode = word(object, "mode", "ATTRIBUTES"),
                                         .filter = word(object, "filter", "NONE"),
                                         .count = number(object, "count"),
                                         .stride = number(object, "byteStride")});
    if (!bytes) {
        return bytes.error();
    }
    return ByteView(decoded_[bufferView] = *std::move(bytes));
}

Result<Accessors::Layout> Accessors::layout(int accessor, int type) {
    if (accessor < 0 || static_cast<std::size_t>(accessor) >= model_.accessors.size() ||
        empty_.contains(accessor)) {
        return Error{"an accessor that is not there or has no data"};
    }
    const tinygltf::Accessor& a = model_.accessors[static_cast<std::size_t>(accessor)];
    const int componentBytes =
        tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(a.componentType));
    const int components = tinygltf::GetNumComponentsInType(static_cast<std::uint32_t>(type));
    if (a.type != type || componentBytes <= 0 ||
        a.componentType == TINYGLTF_COMPONENT_TYPE_DOUBLE || a.sparse.isSparse ||
        a.count > kMostElements) {
        return Error{"an accessor of a type that is not supported here"};
    }
    const Result<ByteView> bytes = view(a.bufferView);
    if (!bytes) {
        return bytes.error();
    }
    const auto element = static_cast<std::size_t>(componentBytes * components);
    const std::size_t ownStride =
        model_.bufferViews[static_cast<std::size_t>(a.bufferView)].byteStride;
    const std::size_t stride = ownStride != 0 ? ownStride : element;
    const bool isInside =
        a.count == 0 || (a.byteOffset <= bytes->size() && stride <= 4096 &&
                         (a.count - 1) * stride + element <= bytes->size() - a.byteOffset);
    if (!isInside) {
        return Error{
            fmt::format("an accessor of {} elements beyond its {} bytes", a.count, bytes->size())};
    }
    return Layout{.bytes = a.count == 0 ? ByteView() : bytes->subspan(a.byteOffset),
                  .count = a.count,
                  .stride = stride,
                  .componentType = a.componentType,
                  .isNormalized = a.normalized};
}

template <typename Vector>
Result<std::vector<Vector>> Accessors::vectors(int accessor, int type) {
    const Result<Layout> where = layout(accessor, type);
    if (!where) {
        return where.error();
    }
    const auto size = static_cast<std::size_t>(
        tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(where->componentType)));
    std::vector<Vector> out(where->count);
    for (std::size_t i = 0; i < out.size(); ++i) {
        for (int c = 0; c < Vector::length(); ++c) {
            const std::byte* at =
                where->bytes.data() + i * where->stride + static_cast<std::size_t>(c) * size;
            out[i][c] =
                static_cast<float>(component(at, where->componentType, where->isNormalized));
            if (!std::isfinite(out[i][c])) {
                return Error{"an accessor with values that are not finite"};
            }
        }
    }
    return out;
}

Result<std::vector<glm::vec4>> Accessors::vectors4(int accessor) {
    return vectors<glm::vec4>(accessor, TINYGLTF_TYPE_VEC4);
}

Result<std::vector<glm::vec4>> Accessors::colours(int accessor) {
    const bool isThere =
        accessor >= 0 && static_cast<std::size_t>(accessor) < model_.accessors.size();
    if (!isThere ||
        model_.accessors[static_cast<std::size_t>(accessor)].type != TINYGLTF_TYPE_VEC3) {
        return vectors4(accessor);
    }
    const auto opaque = vectors3(accessor);
    if (!opaque) {
        return opaque.error();
    }
    std::vector<glm::vec4> colours;
    colours.reserve(opaque->size());
    for (const glm::vec3& colour : *opaque) {
        colours.emplace_back(colour, 1.0F);
    }
    return colours;
}

Result<std::vector<glm::vec3>> Accessors::vectors3(int accessor) {
    return vectors<glm::vec3>(accessor, TINYGLTF_TYPE_VEC3);
}

Result<std::vector<glm::vec2>> Accessors::vectors2(int accessor) {
    return vectors<glm::vec2>(accessor, TINYGLTF_TYPE_VEC2);
}

Result<std::vector<std::uint32_t>> Accessors::indices(int accessor) {
    const Result<Layout> where = layout(accessor, TINYGLTF_TYPE_SCALAR);
    if (!where) {
        return where.error();
    }
    std::vector<std::uint32_t> out(where->count);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::byte* at = where->bytes.data() + i * where->stride;
        switch (where->componentType) {
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
            out[i] = std::to_integer<std::uint32_t>(*at);
            break;
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
            out[i] = static_cast<std::uint32_t>(read<std::uint16_t>(at));
            break;
        case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
            std::memcpy(&out[i], at, sizeof out[i]);
            break;
        default:
            return Error{"indices of a type that glTF does not allow"};
        }
    }
    return out;
}

} // namespace tiles3d::gltf
