#include "tiles3d/base/json.h"
#include "tiles3d/gltf/accessors.h"
#include "tiles3d/gltf/b3dm.h"
#include "tiles3d/gltf/draco_codec.h"
#include "tiles3d/gltf/glb.h"

#include <fmt/format.h>
#include <glm/gtc/quaternion.hpp>
#include <glm/mat4x4.hpp>
#include <tiny_gltf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::ok;
using base::Result;
using base::Status;

namespace {

/// Images stay encoded: their bytes are taken from the buffer views afterwards.
bool ignoreImage(tinygltf::Image* /*image*/,
                 const int /*index*/,
                 std::string* /*error*/,
                 std::string* /*warning*/,
                 int /*width*/,
                 int /*height*/,
                 const unsigned char* /*bytes*/,
                 int /*size*/,
                 void* /*user*/) {
    return true;
}

/// No file is opened because a GLB names it.
tinygltf::FsCallbacks closedFileSystem() {
    tinygltf::FsCallbacks callbacks{};
    callbacks.FileExists = [](const std::string&, void*) { return false; };
    callbacks.ExpandFilePath = [](const std::string& path, void*) { return path; };
    callbacks.ReadWholeFile =
        [](std::vector<unsigned char>*, std::string* error, const std::string& path, void*) {
            *error += "external file " + path;
            return false;
        };
    callbacks.WriteWholeFile =
        [](std::string*, const std::string&, const std::vector<unsigned char>&, void*) {
            return false;
        };
    return callbacks;
}

const std::set<std::string>& knownExtensions() {
    static const std::set<std::string> kKnown{"KHR_draco_mesh_compression",
                                              "EXT_meshopt_compression",
                                              "KHR_mesh_quantization",
                                              "KHR_materials_unlit",
                                              "EXT_texture_webp",
                                              "CESIUM_RTC",
                                              "EXT_mesh_features",
                                              "EXT_structural_metadata",
                                              "KHR_materials_specular",
                                              "KHR_materials_ior"};
    return kKnown;
}

Status checkExtensions(const tinygltf::Model& model) {
    for (const std::string& name : model.extensionsRequired) {
        if (name == "KHR_texture_basisu") {
            return Error{"textures are KTX2/Basis; JPEG, PNG and WebP are read here"};
        }
        if (!knownExtensions().contains(name)) {
            return Error{"the extension " + name + " is required and not known here"};
        }
    }
    return ok();
}

/// A GLB's JSON nested beyond this is an attack on a recursive parser.
bool isNestedTooDeep(ByteView glb) {
    constexpr int kMostDepth = 64;
    constexpr std::size_t kJsonStart = 20;
    int depth = 0;
    bool isText = false;
    for (std::size_t i = kJsonStart; i < glb.size(); ++i) {
        const auto c = static_cast<char>(glb[i]);
        if (c == '\0') {
            break; // the binary chunk's header has one
        }
        if (c == '\\') {
            ++i;
        } else if (c == '"') {
            isText = !isText;
        } else if (!isText && (c == '{' || c == '[')) {
            if (++depth > kMostDepth) {
                return true;
            }
        } else if (!isText && (c == '}' || c == ']') && --depth == 0) {
            break;
        }
    }
    return false;
}

std::uint64_t number32(ByteView bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return value;
}

void put32(Bytes& bytes, std::uint64_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<std::byte>(number >> shift & 0xFFU));
    }
}

/// Fallback buffers of EXT_meshopt_compression have a length and no bytes: one will do for
/// tinygltf.
bool shortenFallbacks(base::Json& json) {
    base::Json buffers = base::Json::array();
    bool isChanged = false;
    for (base::Json buffer : json["buffers"].items()) {
        if (!buffers.items().empty() && !buffer.has("uri")) {
            buffer.set("byteLength", 1);
            isChanged = true;
        }
        buffers.push(std::move(buffer));
    }
    json.set("buffers", std::move(buffers));
    return isChanged;
}

/// tinygltf refuses accessors without a buffer view, which Draco's have. They get the first view
/// here and are remembered in `empty`: nobody may read them. Returns nothing if nothing had to
/// change.
Result<Bytes> adapted(ByteView glb, std::set<int>& empty) {
    constexpr std::size_t kJsonStart = 20;
    constexpr std::uint64_t kJsonChunk = 0x4E4F534A;
    if (glb.size() < kJsonStart || number32(glb, 16) != kJsonChunk ||
        number32(glb, 12) > glb.size() - kJsonStart) {
        return Error{"a GLB that is shorter than its header says"};
    }
    const std::size_t jsonBytes = number32(glb, 12);
    Result<base::Json> json = base::parseJson(base::asText(glb.subspan(kJsonStart, jsonBytes)));
    if (!json) {
        return json.error();
    }
    base::Json accessors = base::Json::array();
    for (base::Json accessor : (*json)["accessors"].items()) {
        if (!accessor.has("bufferView") && !(*json)["bufferViews"].items().empty()) {
            empty.insert(static_cast<int>(accessors.items().size()));
            accessor.set("bufferView", 0);
        }
        accessors.push(std::move(accessor));
    }
    const bool hasFallback = shortenFallbacks(*json);
    if (empty.empty() && !hasFallback) {
        return Bytes();
    }
    json->set("accessors", std::move(accessors));
    std::string text = json->dump();
    text.resize((text.size() + 3) / 4 * 4, ' ');
    const ByteView rest = glb.subspan(kJsonStart + jsonBytes);
    Bytes out;
    out.reserve(kJsonStart + text.size() + rest.size());
    out.assign(glb.begin(), glb.begin() + 8);
    put32(out, kJsonStart + text.size() + rest.size());
    put32(out, text.size());
    put32(out, kJsonChunk);
    const ByteView textBytes = base::asBytes(text);
    out.insert(out.end(), textBytes.begin(), textBytes.end());
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

Result<tinygltf::Model> parse(ByteView glb) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 31U;
    if (glb.size() > kMostBytes || isNestedTooDeep(glb)) {
        return Error{"a GLB that is too large or nested too deep"};
    }
    tinygltf::TinyGLTF loader;
    loader.SetImageLoader(ignoreImage, nullptr);
    loader.SetFsCallbacks(closedFileSystem());
    tinygltf::Model model;
    std::string error;
    std::string warning;
    bool isRead = false;
    try {
        isRead = loader.LoadBinaryFromMemory(&model,
                                             &error,
                                             &warning,
                                             reinterpret_cast<const unsigned char*>(glb.data()),
                                             static_cast<unsigned>(glb.size()));
    } catch (const std::exception& exception) {
        error = exception.what();
    }
    if (!isRead) {
        constexpr std::size_t kMostText = 300;
        return Error{"not a readable GLB: " + error.substr(0, kMostText)};
    }
    return model;
}

glm::dmat4 localMatrix(const tinygltf::Node& node) {
    glm::dmat4 matrix(1.0);
    if (node.matrix.size() == 16) {
        std::copy(node.matrix.begin(), node.matrix.end(), &matrix[0][0]);
        return matrix;
    }
    if (node.rotation.size() == 4) {
        const glm::dquat rotation(
            node.rotation[3], node.rotation[0], node.rotation[1], node.rotation[2]);
        matrix = glm::mat4_cast(rotation);
    }
    for (int axis = 0; axis < 3 && node.scale.size() == 3; ++axis) {
        matrix[axis] *= node.scale[static_cast<std::size_t>(axis)];
    }
    if (node.translation.size() == 3) {
        matrix[3] = glm::dvec4(node.translation[0], node.translation[1], node.translation[2], 1.0);
    }
    return matrix;
}

/// A primitive as stored, with the matrix that takes it into the tile's frame.
struct Placed {
    const tinygltf::Primitive* primitive = nullptr;
    glm::dmat4 matrix{1.0};
};

class Reader {
public:
    Reader(const tinygltf::Model& gltf, std::set<int> emptyAccessors)
        : gltf_(gltf), accessors_(gltf, std::move(emptyAccessors)) {}

    Result<Model> read(const glm::dvec3& rtcCentre) {
        if (Status images = readImages(); !images) {
            return images.error();
        }
        readMaterials();
        const glm::dmat4 yUpToZUp(glm::dvec4(1, 0, 0, 0),
                                  glm::dvec4(0, 0, 1, 0),
                                  glm::dvec4(0, -1, 0, 0),
                                  glm::dvec4(0, 0, 0, 1));
        glm::dmat4 top = yUpToZUp;
        top[3] = glm::dvec4(rtcCentre + cesiumRtc(), 1.0);
        const Result<std::vector<Placed>> placed = placePrimitives(top);
        if (!placed) {
            return placed.error();
        }
        model_.origin = commonOrigin(*placed);
        for (const Placed& one : *placed) {
            if (Status added = addPrimitive(one); !added) {
                return added.error();
            }
        }
        return std::move(model_);
    }

private:
    glm::dvec3 cesiumRtc() const {
        const auto found = gltf_.extensions.find("CESIUM_RTC");
        glm::dvec3 centre(0.0);
        if (found != gltf_.extensions.end() && found->second.Has("center")) {
            const tinygltf::Value& value = found->second.Get("center");
            for (std::size_t i = 0; i < 3 && value.ArrayLen() == 3; ++i) {
                const tinygltf::Value& number = value.Get(static_cast<int>(i));
                centre[static_cast<int>(i)] = number.IsNumber() ? number.GetNumberAsDouble() : 0.0;
            }
        }
        return centre;
    }

    Status readImages() {
        for (const tinygltf::Image& image : gltf_.images) {
            image::EncodedImage kept;
            if (image.bufferView >= 0) {
                const Result<ByteView> bytes = accessors_.view(image.bufferView);
                if (!bytes) {
                    return bytes.error();
                }
                Result<image::EncodedImage> read =
                    image::readHeader(Bytes(bytes->begin(), bytes->end()));
                if (!read) {
                    return read.error();
                }
                kept = *std::move(read);
            }
            model_.images.push_back(std::move(kept));
        }
        return ok();
    }

    std::optional<std::size_t> imageOf(int texture) const {
        if (texture < 0 || static_cast<std::size_t>(texture) >= gltf_.textures.size()) {
            return std::nullopt;
        }
        const tinygltf::Texture& found = gltf_.textures[static_cast<std::size_t>(texture)];
        int source = found.source;
        const auto webp = found.extensions.find("EXT_texture_webp");
        if (webp != found.extensions.end() && webp->second.Get("source").IsNumber()) {
            source = webp->second.Get("source").GetNumberAsInt();
        }
        const bool isThere = source >= 0 && static_cast<std::size_t>(source) < model_.images.size();
        return isThere ? std::optional(static_cast<std::size_t>(source)) : std::nullopt;
    }

    Wrap wrapOf(int texture) const {
        if (texture < 0 || static_cast<std::size_t>(texture) >= gltf_.textures.size()) {
            return Wrap::Clamp;
        }
        const int sampler = gltf_.textures[static_cast<std::size_t>(texture)].sampler;
        const bool isThere =
            sampler >= 0 && static_cast<std::size_t>(sampler) < gltf_.samplers.size();
        const bool isClamped = isThere && gltf_.samplers[static_cast<std::size_t>(sampler)].wrapS ==
                                              TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE;
        return isClamped ? Wrap::Clamp : Wrap::Repeat; // glTF's default
    }

    void readMaterials() {
        for (const tinygltf::Material& material : gltf_.materials) {
            Material out;
            out.name = material.name;
            out.image = imageOf(material.pbrMetallicRoughness.baseColorTexture.index);
            const auto& colour = material.pbrMetallicRoughness.baseColorFactor;
            for (std::size_t i = 0; i < 4 && colour.size() == 4; ++i) {
                out.baseColour[static_cast<int>(i)] = static_cast<float>(colour[i]);
            }
            out.unlit = material.extensions.contains("KHR_materials_unlit");
            out.doubleSided = material.doubleSided;
            out.alpha = material.alphaMode == "BLEND"  ? Alpha::Blend
                        : material.alphaMode == "MASK" ? Alpha::Mask
                                                       : Alpha::Opaque;
            out.wrap = wrapOf(material.pbrMetallicRoughness.baseColorTexture.index);
            model_.materials.push_back(std::move(out));
        }
    }

    /// Every mesh of the scene's node tree. Bounded: a node is visited once.
    Result<std::vector<Placed>> placePrimitives(const glm::dmat4& top) const {
        struct Visit {
            int node = 0;
            glm::dmat4 above{1.0};
        };
        std::vector<Visit> pending;
        for (const int node : sceneNodes()) {
            pending.push_back({node, top});
        }
        std::set<int> seen;
        std::vector<Placed> placed;
        while (!pending.empty()) {
            const Visit visit = pending.back();
            pending.pop_back();
            if (visit.node < 0 || static_cast<std::size_t>(visit.node) >= gltf_.nodes.size() ||
                !seen.insert(visit.node).second) {
                return Error{"a scene whose nodes are not a tree"};
            }
            const tinygltf::Node& node = gltf_.nodes[static_cast<std::size_t>(visit.node)];
            const glm::dmat4 matrix = visit.above * localMatrix(node);
            if (node.mesh >= 0 && static_cast<std::size_t>(node.mesh) < gltf_.meshes.size()) {
                for (const auto& primitive :
                     gltf_.meshes[static_cast<std::size_t>(node.mesh)].primitives) {
                    placed.push_back({&primitive, matrix});
                }
            }
            for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
                pending.push_back({*child, matrix});
            }
        }
        return placed;
    }

    std::vector<int> sceneNodes() const {
        if (gltf_.scenes.empty()) {
            return {};
        }
        const bool isThere = gltf_.defaultScene >= 0 &&
                             static_cast<std::size_t>(gltf_.defaultScene) < gltf_.scenes.size();
        return gltf_.scenes[isThere ? static_cast<std::size_t>(gltf_.defaultScene) : 0].nodes;
    }

    /// The first primitive's translation: what float32 positions are kept relative to.
    static glm::dvec3 commonOrigin(const std::vector<Placed>& placed) {
        return placed.empty() ? glm::dvec3(0.0) : glm::dvec3(placed.front().matrix[3]);
    }

    Status addPrimitive(const Placed& placed) {
        const int mode = placed.primitive->mode;
        const bool isSurface = mode == -1 || mode == TINYGLTF_MODE_TRIANGLES ||
                               mode == TINYGLTF_MODE_TRIANGLE_STRIP ||
                               mode == TINYGLTF_MODE_TRIANGLE_FAN;
        if (!isSurface) {
            return ok();
        }
        Result<mesh::TriangleMesh> mesh = readMesh(*placed.primitive);
        if (!mesh) {
            return mesh.error();
        }
        elements_ += mesh->positions.size() + mesh->indices.size();
        if (elements_ > kMostElements) {
            return Error{fmt::format("more than {} vertices and indices", kMostElements)};
        }
        const auto outside = [&](std::uint32_t index) { return index >= mesh->positions.size(); };
        if (std::ranges::any_of(mesh->indices, outside)) {
            return Error{fmt::format("indices beyond the {} vertices", mesh->positions.size())};
        }
        if (mode == TINYGLTF_MODE_TRIANGLE_STRIP || mode == TINYGLTF_MODE_TRIANGLE_FAN) {
            mesh->indices = asTriangles(mesh->indices, mode == TINYGLTF_MODE_TRIANGLE_FAN);
        }
        mesh->indices.resize(mesh->indices.size() / 3 * 3);
        for (glm::vec3& position : mesh->positions) {
            const glm::dvec3 point(placed.matrix * glm::dvec4(glm::dvec3(position), 1.0));
            position = glm::vec3(point - model_.origin);
        }
        turnNormals(*mesh, glm::dmat3(placed.matrix));
        if (!areFinite(*mesh)) {
            return Error{"positions or texture coordinates that are not finite"};
        }
        if (glm::determinant(glm::dmat3(placed.matrix)) < 0.0) {
            for (std::size_t i = 0; i + 2 < mesh->indices.size(); i += 3) {
                std::swap(mesh->indices[i + 1], mesh->indices[i + 2]);
            }
        }
        model_.primitives.push_back(
            {.mesh = *std::move(mesh), .material = materialOf(placed.primitive->material)});
        return ok();
    }

    /// By the inverse transpose, whatever its scale. What has no direction afterwards points up.
    static void turnNormals(mesh::TriangleMesh& mesh, const glm::dmat3& matrix) {
        const glm::dmat3 turn = glm::transpose(glm::inverse(matrix));
        for (glm::vec3& normal : mesh.normals) {
            const glm::dvec3 turned = turn * glm::dvec3(normal);
            const double length = glm::length(turned);
            normal = std::isnormal(length) ? glm::vec3(turned / length) : glm::vec3(0, 0, 1);
        }
    }

    /// Draco data and node matrices of damaged files hold anything.
    static bool areFinite(const mesh::TriangleMesh& mesh) {
        return std::ranges::all_of(mesh.positions,
                                   [](const glm::vec3& p) {
                                       return std::isfinite(p.x) && std::isfinite(p.y) &&
                                              std::isfinite(p.z);
                                   }) &&
               std::ranges::all_of(mesh.uvs, [](const glm::vec2& uv) {
                   return std::isfinite(uv.x) && std::isfinite(uv.y);
               });
    }

    std::size_t materialOf(int material) {
        if (material >= 0 && static_cast<std::size_t>(material) < gltf_.materials.size()) {
            return static_cast<std::size_t>(material);
        }
        if (model_.materials.size() == gltf_.materials.size()) {
            model_.materials.push_back({.unlit = false}); // glTF's default material
        }
        return gltf_.materials.size();
    }

    static std::vector<std::uint32_t> asTriangles(const std::vector<std::uint32_t>& run,
                                                  bool isFan) {
        std::vector<std::uint32_t> triangles;
        for (std::size_t i = 2; i < run.size(); ++i) {
            const std::uint32_t first = isFan ? run[0] : run[i - 2];
            const bool isOdd = !isFan && i % 2 == 1;
            triangles.insert(triangles.end(),
                             {first, isOdd ? run[i] : run[i - 1], isOdd ? run[i - 1] : run[i]});
        }
        return triangles;
    }

    static int attribute(const tinygltf::Primitive& primitive, const char* name) {
        const auto found = primitive.attributes.find(name);
        return found != primitive.attributes.end() ? found->second : -1;
    }

    Result<mesh::TriangleMesh> readMesh(const tinygltf::Primitive& primitive) {
        const auto draco = primitive.extensions.find("KHR_draco_mesh_compression");
        if (draco != primitive.extensions.end()) {
            return readDraco(draco->second);
        }
        mesh::TriangleMesh mesh;
        auto positions = accessors_.vectors3(attribute(primitive, "POSITION"));
        if (!positions) {
            return positions.error();
        }
        mesh.positions = *std::move(positions);
        if (const int uv = attribute(primitive, "TEXCOORD_0"); uv >= 0) {
            auto uvs = accessors_.vectors2(uv);
            if (!uvs) {
                return uvs.error();
            }
            if (uvs->size() != mesh.positions.size()) {
                return Error{"another number of texture coordinates than of positions"};
            }
            mesh.uvs = *std::move(uvs);
        }
        if (const int normal = attribute(primitive, "NORMAL"); normal >= 0) {
            auto normals = accessors_.vectors3(normal);
            if (!normals) {
                return normals.error();
            }
            if (normals->size() != mesh.positions.size()) {
                return Error{"another number of normals than of positions"};
            }
            mesh.normals = *std::move(normals);
        }
        if (primitive.indices < 0) {
            mesh.indices.resize(mesh.positions.size());
            std::iota(mesh.indices.begin(), mesh.indices.end(), 0U);
            return mesh;
        }
        auto indices = accessors_.indices(primitive.indices);
        if (!indices) {
            return indices.error();
        }
        mesh.indices = *std::move(indices);
        return mesh;
    }

    Result<mesh::TriangleMesh> readDraco(const tinygltf::Value& extension) {
        const auto integer = [](const tinygltf::Value& value) {
            return value.IsNumber() ? value.GetNumberAsInt() : -1;
        };
        const Result<ByteView> bytes = accessors_.view(integer(extension.Get("bufferView")));
        if (!bytes) {
            return bytes.error();
        }
        const tinygltf::Value& attributes = extension.Get("attributes");
        return decodeDraco(*bytes,
                           {.position = integer(attributes.Get("POSITION")),
                            .uv = integer(attributes.Get("TEXCOORD_0")),
                            .normal = integer(attributes.Get("NORMAL"))});
    }

    /// Of all primitives: a small file may name one large accessor a million times.
    static constexpr std::size_t kMostElements = std::size_t{1} << 27U;

    const tinygltf::Model& gltf_;
    Accessors accessors_;
    Model model_;
    std::size_t elements_ = 0;
};

} // namespace

Result<Model> readGlb(ByteView bytes) {
    const Result<UnwrappedContent> content = unwrapContent(bytes);
    if (!content) {
        return content.error();
    }
    std::set<int> emptyAccessors;
    const Result<Bytes> patched = adapted(content->glb, emptyAccessors);
    if (!patched) {
        return patched.error();
    }
    const Result<tinygltf::Model> gltf =
        parse(patched->empty() ? content->glb : ByteView(*patched));
    if (!gltf) {
        return gltf.error();
    }
    if (const Status known = checkExtensions(*gltf); !known) {
        return known.error();
    }
    return Reader(*gltf, std::move(emptyAccessors)).read(content->rtcCentre);
}

} // namespace tiles3d::gltf
