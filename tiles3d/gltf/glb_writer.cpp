#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "tiles3d/gltf/draco_codec.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/gltf/glb_container.h"
#include "tiles3d/gltf/meshopt_codec.h"
#include "tiles3d/gltf/model_check.h"
#include "tiles3d/gltf/quantization.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <tiny_gltf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sstream>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::ok;
using base::Result;
using base::Status;

namespace {

template <typename T>
ByteView bytesOf(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

const char* mimeType(image::ImageFormat format) {
    switch (format) {
    case image::ImageFormat::Png:
        return "image/png";
    case image::ImageFormat::Webp:
        return "image/webp";
    default:
        return "image/jpeg";
    }
}

/// Where the file has what the model has at `index`: parts get their numbers in order of first use,
/// so that those without a use get none.
int numberOf(std::size_t index, std::vector<std::size_t>& used) {
    const auto known = std::ranges::find(used, index);
    const auto number = static_cast<int>(known - used.begin());
    if (known == used.end()) {
        used.push_back(index);
    }
    return number;
}

/// Writes one model. glTF's structure goes through tinygltf; the binary chunk, and the two members
/// that tinygltf cannot express (the buffers, extensions of buffer views), are put in here.
class Writer {
public:
    Writer(const Model& model, const WriteOptions& options) : model_(model), options_(options) {}

    Result<Bytes> write() {
        gltf_.asset.version = "2.0";
        gltf_.asset.generator = "city3d";
        chooseCodec();
        tinygltf::Mesh mesh;
        for (const Primitive& primitive : model_.primitives) {
            if (primitive.mesh.indices.empty()) {
                continue; // glTF has no accessor without elements
            }
            Result<tinygltf::Primitive> written = isTextured(primitive)
                                                      ? addPrimitive(primitive)
                                                      : addPrimitive(withoutUvs(primitive));
            if (!written) {
                return written.error();
            }
            mesh.primitives.push_back(*std::move(written));
        }
        if (!mesh.primitives.empty()) {
            gltf_.meshes.push_back(std::move(mesh));
        }
        addScene();
        addMaterials();
        addImages();
        nameExtensions();
        std::string text = json();
        return glbOf(std::move(text), binary_);
    }

private:
    // --- what is written -----------------------------------------------------------------------

    void chooseCodec() {
        codec_ = options_.codec;
        if (codec_ == GeometryCodec::Plain || model_.primitives.empty()) {
            codec_ = GeometryCodec::Plain;
            return;
        }
        const auto grid = positionGrid(model_, options_.positionStepMetres);
        constexpr std::uint32_t kMost16 = 65535;
        const bool fits = grid && (codec_ == GeometryCodec::Draco || grid->largestIndex <= kMost16);
        if (grid) {
            grid_ = *grid;
        }
        hasGrid_ = fits;
        if (!fits && codec_ != GeometryCodec::Meshopt) {
            codec_ = GeometryCodec::Plain;
        }
    }

    void addScene() {
        tinygltf::Scene scene;
        if (!gltf_.meshes.empty()) {
            tinygltf::Node node;
            node.mesh = 0;
            glm::dvec3 translation = yUp(model_.origin);
            if (hasGrid_ && codec_ != GeometryCodec::Draco) {
                translation += grid_.first;
                node.scale = {grid_.step, grid_.step, grid_.step};
            }
            if (translation != glm::dvec3(0.0)) {
                node.translation = {translation.x, translation.y, translation.z};
            }
            gltf_.nodes.push_back(std::move(node));
            scene.nodes = {0};
        } else {
            scene.name = "empty"; // tinygltf makes null of a scene without any member
        }
        gltf_.scenes.push_back(std::move(scene));
        gltf_.defaultScene = 0;
    }

    void addImages() {
        for (const std::size_t index : usedImages_) {
            const image::EncodedImage& image = model_.images[index];
            tinygltf::Image out;
            out.mimeType = mimeType(image.format);
            out.bufferView = addView(image.bytes, nullptr, 0, 0);
            gltf_.images.push_back(std::move(out));
        }
    }

    void addMaterials() {
        for (const std::size_t index : usedMaterials_) {
            const Material& material = model_.materials[index];
            tinygltf::Material out;
            out.name = base::validUtf8(material.name); // tinygltf's JSON throws otherwise
            auto& surface = out.pbrMetallicRoughness;
            const glm::vec4& c = material.baseColour;
            surface.baseColorFactor = {c.r, c.g, c.b, c.a};
            surface.metallicFactor = 0.0;
            out.doubleSided = material.doubleSided;
            if (material.alpha != Alpha::Opaque) {
                out.alphaMode = material.alpha == Alpha::Mask ? "MASK" : "BLEND";
                out.alphaCutoff = static_cast<double>(material.alphaCutoff);
            }
            if (material.unlit) {
                out.extensions["KHR_materials_unlit"] = tinygltf::Value(tinygltf::Value::Object());
                used_.insert("KHR_materials_unlit");
            }
            if (material.image) {
                surface.baseColorTexture.index = textureOf(*material.image, material.wrap);
            }
            gltf_.materials.push_back(std::move(out));
        }
    }

    /// The texture of an image; both have the same number in the file.
    int textureOf(std::size_t image, Wrap wrap) {
        const int number = numberOf(image, usedImages_);
        if (static_cast<std::size_t>(number) == gltf_.textures.size()) {
            addTexture(number, model_.images[image].format, samplerOf(wrap));
        }
        return number;
    }

    int samplerOf(Wrap wrap) {
        tinygltf::Sampler sampler;
        sampler.magFilter = TINYGLTF_TEXTURE_FILTER_LINEAR;
        sampler.minFilter = TINYGLTF_TEXTURE_FILTER_LINEAR_MIPMAP_LINEAR;
        // Atlases must not wrap round into their other side.
        sampler.wrapS = wrap == Wrap::Repeat ? TINYGLTF_TEXTURE_WRAP_REPEAT
                                             : TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE;
        sampler.wrapT = sampler.wrapS;
        const auto known =
            std::ranges::find(gltf_.samplers, sampler.wrapS, &tinygltf::Sampler::wrapS);
        const auto number = static_cast<int>(known - gltf_.samplers.begin());
        if (known == gltf_.samplers.end()) {
            gltf_.samplers.push_back(sampler);
        }
        return number;
    }

    void addTexture(int image, image::ImageFormat format, int sampler) {
        tinygltf::Texture texture;
        texture.sampler = sampler;
        if (format == image::ImageFormat::Webp) {
            tinygltf::Value::Object source;
            source["source"] = tinygltf::Value(image);
            texture.extensions["EXT_texture_webp"] = tinygltf::Value(std::move(source));
            used_.insert("EXT_texture_webp");
            required_.insert("EXT_texture_webp");
        } else {
            texture.source = image;
        }
        gltf_.textures.push_back(std::move(texture));
    }

    void nameExtensions() {
        gltf_.extensionsUsed.assign(used_.begin(), used_.end());
        gltf_.extensionsRequired.assign(required_.begin(), required_.end());
    }

    // --- primitives ----------------------------------------------------------------------------

    Result<tinygltf::Primitive> addPrimitive(const Primitive& primitive) {
        tinygltf::Primitive out;
        out.mode = TINYGLTF_MODE_TRIANGLES;
        out.material = numberOf(primitive.material, usedMaterials_);
        if (codec_ == GeometryCodec::Draco) {
            const Status added = addDraco(primitive, out);
            return added ? Result<tinygltf::Primitive>(std::move(out)) : added.error();
        }
        if (codec_ == GeometryCodec::Meshopt) {
            addMeshopt(primitive, out);
        } else {
            addArrays(primitive.mesh, out, uvStep(primitive));
        }
        return out;
    }

    bool isTextured(const Primitive& primitive) const {
        return model_.materials[primitive.material].image.has_value();
    }

    static Primitive withoutUvs(Primitive primitive) {
        primitive.mesh.uvs.clear();
        return primitive;
    }

    double uvStep(const Primitive& primitive) const {
        if (!isTextured(primitive)) {
            return 1.0; // there are no texture coordinates
        }
        const image::EncodedImage& image =
            model_.images[*model_.materials[primitive.material].image];
        return options_.uvStepTexels /
               static_cast<double>(std::max({image.width, image.height, 1U}));
    }

    Status addDraco(const Primitive& primitive, tinygltf::Primitive& out) {
        Result<DracoPrimitive> encoded =
            encodeDraco(primitive.mesh,
                        {.grid = grid_, .uvStep = uvStep(primitive), .isSmall = options_.isSmall});
        if (!encoded) {
            return encoded.error();
        }
        tinygltf::Value::Object attributes;
        out.attributes["POSITION"] = addAccessor({.componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                                                  .type = TINYGLTF_TYPE_VEC3,
                                                  .count = encoded->points,
                                                  .minimum = encoded->minimum,
                                                  .maximum = encoded->maximum});
        attributes["POSITION"] = tinygltf::Value(encoded->positionId);
        if (!primitive.mesh.uvs.empty()) {
            out.attributes["TEXCOORD_0"] =
                addAccessor({.componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                             .type = TINYGLTF_TYPE_VEC2,
                             .count = encoded->points});
            attributes["TEXCOORD_0"] = tinygltf::Value(encoded->uvId);
        }
        if (!primitive.mesh.normals.empty()) {
            out.attributes["NORMAL"] = addAccessor({.componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                                                    .type = TINYGLTF_TYPE_VEC3,
                                                    .count = encoded->points});
            attributes["NORMAL"] = tinygltf::Value(encoded->normalId);
        }
        out.indices = addAccessor({.componentType = indexType(encoded->points),
                                   .type = TINYGLTF_TYPE_SCALAR,
                                   .count = std::size_t{encoded->faces} * 3});
        tinygltf::Value::Object extension;
        extension["bufferView"] = tinygltf::Value(addView(std::move(encoded->bytes), 0, 0));
        extension["attributes"] = tinygltf::Value(std::move(attributes));
        out.extensions["KHR_draco_mesh_compression"] = tinygltf::Value(std::move(extension));
        used_.insert("KHR_draco_mesh_compression");
        required_.insert("KHR_draco_mesh_compression");
        return ok();
    }

    void addMeshopt(const Primitive& primitive, tinygltf::Primitive& out) {
        mesh::TriangleMesh source = primitive.mesh;
        mesh::compactVerticesInPlace(source); // vertices without a use have no place in the order
        mesh::TriangleMesh ordered = source;
        const std::vector<std::uint32_t> target =
            optimiseOrderInPlace(ordered.indices, ordered.positions.size());
        for (std::size_t i = 0; i < target.size(); ++i) {
            ordered.positions[target[i]] = source.positions[i];
            if (!ordered.uvs.empty()) {
                ordered.uvs[target[i]] = source.uvs[i];
            }
            if (!ordered.normals.empty()) {
                ordered.normals[target[i]] = source.normals[i];
            }
        }
        addArrays(ordered, out, uvStep(primitive));
    }

    void addArrays(const mesh::TriangleMesh& mesh, tinygltf::Primitive& out, double uvStep) {
        out.attributes["POSITION"] = hasGrid_ ? addGridPositions(mesh) : addFloatPositions(mesh);
        if (!mesh.uvs.empty()) {
            out.attributes["TEXCOORD_0"] = addUvs(mesh.uvs, uvStep);
        }
        if (!mesh.normals.empty()) {
            out.attributes["NORMAL"] = addNormals(mesh.normals);
        }
        out.indices = addIndices(mesh);
    }

    int addNormals(const std::vector<glm::vec3>& normals) {
        if (!hasGrid_) {
            std::vector<glm::vec3> turned;
            turned.reserve(normals.size());
            for (const glm::vec3& normal : normals) {
                turned.push_back(yUp(normal));
            }
            return addAccessor({.view = addVertexView(std::move(turned)),
                                .componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                                .type = TINYGLTF_TYPE_VEC3,
                                .count = normals.size()});
        }
        // 16 bits: with 8 a normal's length differs from 1 by more than validators accept.
        constexpr float kMost = 32767.0F;
        std::vector<std::array<std::int16_t, 4>> quantized;
        quantized.reserve(normals.size());
        for (const glm::vec3& normal : normals) {
            const glm::vec3 steps = glm::round(yUp(normal) * kMost);
            quantized.push_back({static_cast<std::int16_t>(steps.x),
                                 static_cast<std::int16_t>(steps.y),
                                 static_cast<std::int16_t>(steps.z),
                                 0});
        }
        return addAccessor({.view = addVertexView(std::move(quantized)),
                            .componentType = TINYGLTF_COMPONENT_TYPE_SHORT,
                            .type = TINYGLTF_TYPE_VEC3,
                            .count = normals.size(),
                            .isNormalized = true});
    }

    int addFloatPositions(const mesh::TriangleMesh& mesh) {
        std::vector<glm::vec3> positions;
        positions.reserve(mesh.positions.size());
        Accessor accessor{.componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                          .type = TINYGLTF_TYPE_VEC3,
                          .count = mesh.positions.size(),
                          .minimum = glm::vec3(3e38F),
                          .maximum = glm::vec3(-3e38F)};
        for (const glm::vec3& position : mesh.positions) {
            const glm::vec3 turned = yUp(position);
            *accessor.minimum = glm::min(*accessor.minimum, turned);
            *accessor.maximum = glm::max(*accessor.maximum, turned);
            positions.push_back(turned);
        }
        accessor.view = addVertexView(std::move(positions));
        return addAccessor(accessor);
    }

    int addGridPositions(const mesh::TriangleMesh& mesh) {
        std::vector<std::array<std::uint16_t, 4>> positions; // three and one to keep the alignment
        positions.reserve(mesh.positions.size());
        glm::uvec3 low(65535U);
        glm::uvec3 high(0U);
        for (const glm::vec3& position : mesh.positions) {
            const glm::uvec3 index = grid_.indexOf(yUp(position));
            low = glm::min(low, index);
            high = glm::max(high, index);
            positions.push_back({static_cast<std::uint16_t>(index.x),
                                 static_cast<std::uint16_t>(index.y),
                                 static_cast<std::uint16_t>(index.z),
                                 0});
        }
        used_.insert("KHR_mesh_quantization");
        required_.insert("KHR_mesh_quantization");
        return addAccessor({.view = addVertexView(std::move(positions)),
                            .componentType = TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT,
                            .type = TINYGLTF_TYPE_VEC3,
                            .count = mesh.positions.size(),
                            .minimum = glm::vec3(low),
                            .maximum = glm::vec3(high)});
    }

    int addUvs(const std::vector<glm::vec2>& uvs, double step) {
        constexpr float kMost = 65535.0F;
        const bool isUnit = std::ranges::all_of(uvs, [](const glm::vec2& uv) {
            return uv.x >= 0.0F && uv.x <= 1.0F && uv.y >= 0.0F && uv.y <= 1.0F;
        });
        const bool isFineEnough = 1.0 / static_cast<double>(kMost) <= step;
        if (codec_ == GeometryCodec::Plain || !isUnit || !isFineEnough) {
            return addAccessor({.view = addVertexView(uvs),
                                .componentType = TINYGLTF_COMPONENT_TYPE_FLOAT,
                                .type = TINYGLTF_TYPE_VEC2,
                                .count = uvs.size()});
        }
        std::vector<std::array<std::uint16_t, 2>> quantized;
        quantized.reserve(uvs.size());
        for (const glm::vec2& uv : uvs) {
            quantized.push_back({static_cast<std::uint16_t>(std::lround(uv.x * kMost)),
                                 static_cast<std::uint16_t>(std::lround(uv.y * kMost))});
        }
        return addAccessor({.view = addVertexView(std::move(quantized)),
                            .componentType = TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT,
                            .type = TINYGLTF_TYPE_VEC2,
                            .count = uvs.size(),
                            .isNormalized = true});
    }

    static int indexType(std::size_t vertices) {
        constexpr std::size_t kMost16 = 65535; // the last value restarts strips on some hardware
        return vertices <= kMost16 ? TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT
                                   : TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
    }

    int addIndices(const mesh::TriangleMesh& mesh) {
        Accessor accessor{.componentType = indexType(mesh.positions.size()),
                          .type = TINYGLTF_TYPE_SCALAR,
                          .count = mesh.indices.size()};
        const bool isShort = accessor.componentType == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT;
        if (codec_ == GeometryCodec::Meshopt) {
            accessor.view = addMeshoptView(
                encodeIndices(mesh.indices, mesh.positions.size()),
                {.mode = "TRIANGLES", .count = mesh.indices.size(), .stride = isShort ? 2U : 4U},
                TINYGLTF_TARGET_ELEMENT_ARRAY_BUFFER);
        } else if (isShort) {
            accessor.view =
                addView(std::vector<std::uint16_t>(mesh.indices.begin(), mesh.indices.end()),
                        0,
                        TINYGLTF_TARGET_ELEMENT_ARRAY_BUFFER);
        } else {
            accessor.view = addView(mesh.indices, 0, TINYGLTF_TARGET_ELEMENT_ARRAY_BUFFER);
        }
        return addAccessor(accessor);
    }

    // --- buffers -------------------------------------------------------------------------------

    struct Accessor {
        int view = -1;
        int componentType = 0;
        int type = 0;
        std::size_t count = 0;
        std::optional<glm::vec3> minimum;
        std::optional<glm::vec3> maximum;
        bool isNormalized = false;
    };

    int addAccessor(const Accessor& accessor) {
        tinygltf::Accessor out;
        out.bufferView = accessor.view;
        out.componentType = accessor.componentType;
        out.type = accessor.type;
        out.count = accessor.count;
        out.normalized = accessor.isNormalized;
        if (accessor.minimum && accessor.maximum) {
            const glm::vec3& low = *accessor.minimum;
            const glm::vec3& high = *accessor.maximum;
            out.minValues = {low.x, low.y, low.z};
            out.maxValues = {high.x, high.y, high.z};
        }
        gltf_.accessors.push_back(std::move(out));
        return static_cast<int>(gltf_.accessors.size()) - 1;
    }

    template <typename T>
    int addView(std::vector<T> values, std::size_t stride, int target) {
        const auto owner = std::make_shared<const std::vector<T>>(std::move(values));
        return addView(bytesOf(*owner), owner, stride, target);
    }

    int addView(ByteView bytes, std::shared_ptr<const void> owner, std::size_t stride, int target) {
        tinygltf::BufferView view;
        view.buffer = 0;
        view.byteOffset = binary_.append(bytes, std::move(owner));
        view.byteLength = bytes.size();
        view.byteStride = stride;
        view.target = target;
        gltf_.bufferViews.push_back(std::move(view));
        return static_cast<int>(gltf_.bufferViews.size()) - 1;
    }

    template <typename T>
    int addVertexView(std::vector<T> values) {
        if (codec_ == GeometryCodec::Meshopt) {
            return addMeshoptView(encodeVertices(bytesOf(values), values.size(), sizeof(T)),
                                  {.count = values.size(), .stride = sizeof(T)},
                                  TINYGLTF_TARGET_ARRAY_BUFFER);
        }
        return addView(std::move(values), sizeof(T), TINYGLTF_TARGET_ARRAY_BUFFER);
    }

    /// A view of the fallback buffer, which has no bytes, with the encoded ones in the extension.
    int addMeshoptView(Bytes encoded, const MeshoptView& decoded, int target) {
        const bool isAttribute = decoded.mode == "ATTRIBUTES";
        tinygltf::BufferView view;
        view.buffer = 1;
        view.byteOffset = fallbackBytes_;
        view.byteLength = decoded.count * decoded.stride;
        view.byteStride = isAttribute ? decoded.stride : 0;
        view.target = target;
        fallbackBytes_ += alignedSize(view.byteLength);
        gltf_.bufferViews.push_back(std::move(view));
        const int index = static_cast<int>(gltf_.bufferViews.size()) - 1;
        const auto owner = std::make_shared<const Bytes>(std::move(encoded));
        const std::size_t offset = binary_.append(*owner, owner);
        meshoptViews_[index] = base::Json::object()
                                   .set("buffer", 0)
                                   .set("byteOffset", std::uint64_t{offset})
                                   .set("byteLength", std::uint64_t{owner->size()})
                                   .set("byteStride", std::uint64_t{decoded.stride})
                                   .set("count", std::uint64_t{decoded.count})
                                   .set("mode", decoded.mode);
        used_.insert("EXT_meshopt_compression");
        required_.insert("EXT_meshopt_compression");
        return index;
    }

    std::string json() {
        binary_.pad();
        std::ostringstream text;
        tinygltf::TinyGLTF().WriteGltfSceneToStream(&gltf_, text, false, false);
        base::Json json = *base::parseJson(text.str());
        if (!meshoptViews_.empty()) {
            base::Json views = base::Json::array();
            int index = 0;
            for (base::Json view : json["bufferViews"].items()) {
                const auto known = meshoptViews_.find(index++);
                if (known != meshoptViews_.end()) {
                    view.set("extensions",
                             base::Json::object().set("EXT_meshopt_compression", known->second));
                }
                views.push(std::move(view));
            }
            json.set("bufferViews", std::move(views));
        }
        base::Json buffers = base::Json::array();
        buffers.push(base::Json::object().set("byteLength", std::uint64_t{binary_.size()}));
        if (fallbackBytes_ > 0) {
            const auto fallback = base::Json::object().set("fallback", true);
            buffers.push(base::Json::object()
                             .set("byteLength", std::uint64_t{fallbackBytes_})
                             .set("extensions",
                                  base::Json::object().set("EXT_meshopt_compression", fallback)));
        }
        if (binary_.size() > 0) {
            json.set("buffers", std::move(buffers));
        }
        return json.dump();
    }

    const Model& model_;
    const WriteOptions& options_;
    GeometryCodec codec_ = GeometryCodec::Plain;
    bool hasGrid_ = false;
    PositionGrid grid_;
    tinygltf::Model gltf_;
    BinaryChunk binary_;
    std::size_t fallbackBytes_ = 0;
    std::map<int, base::Json> meshoptViews_;
    std::vector<std::size_t> usedMaterials_; ///< Of the model, in the file's order.
    std::vector<std::size_t> usedImages_;
    std::set<std::string> used_;
    std::set<std::string> required_;
};

} // namespace

Result<Bytes> writeGlb(const Model& model, const WriteOptions& options) {
    if (const Status writable = checkWritable(model); !writable) {
        return writable.error();
    }
    return Writer(model, options).write();
}

} // namespace tiles3d::gltf
