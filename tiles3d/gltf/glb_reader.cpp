#include "tiles3d/gltf/accessors.h"
#include "tiles3d/gltf/document.h"
#include "tiles3d/gltf/draco_codec.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/gltf/materials.h"
#include "tiles3d/gltf/scene.h"
#include "tiles3d/gltf/tile_content.h"

#include <fmt/format.h>
#include <glm/mat4x4.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::ok;
using base::Result;
using base::Status;

namespace {

/// Vertices and indices of one content, copies included: a small file may name one large accessor,
/// or place one large mesh, a million times.
constexpr std::size_t kMostElements = std::size_t{1} << 25U;

/// From a glTF's axes to those of 3D Tiles, where z points up.
glm::dmat4 toZUp(mesh::UpAxis axis) {
    switch (axis) {
    case mesh::UpAxis::X:
        return {{0, 0, 1, 0}, {0, 1, 0, 0}, {-1, 0, 0, 0}, {0, 0, 0, 1}};
    case mesh::UpAxis::Y:
        return {{1, 0, 0, 0}, {0, 0, 1, 0}, {0, -1, 0, 0}, {0, 0, 0, 1}};
    case mesh::UpAxis::Z:
        break;
    }
    return glm::dmat4(1.0);
}

std::vector<std::uint32_t> asTriangles(const std::vector<std::uint32_t>& run, bool isFan) {
    std::vector<std::uint32_t> triangles;
    for (std::size_t i = 2; i < run.size(); ++i) {
        const std::uint32_t first = isFan ? run[0] : run[i - 2];
        const bool isOdd = !isFan && i % 2 == 1;
        triangles.insert(triangles.end(),
                         {first, isOdd ? run[i] : run[i - 1], isOdd ? run[i - 1] : run[i]});
    }
    return triangles;
}

int attribute(const tinygltf::Primitive& primitive, const std::string& name) {
    const auto found = primitive.attributes.find(name);
    return found != primitive.attributes.end() ? found->second : -1;
}

/// Reads `out` if the primitive has the accessor. Fails unless it has one element per position.
template <typename Vector>
Status readColumn(std::vector<Vector>& out,
                  Accessors& accessors,
                  Result<std::vector<Vector>> (Accessors::*read)(int),
                  int accessor,
                  std::size_t positions) {
    if (accessor < 0) {
        return ok();
    }
    auto column = (accessors.*read)(accessor);
    if (!column) {
        return column.error();
    }
    if (column->size() != positions) {
        return Error{
            fmt::format("{} elements of an attribute for {} positions", column->size(), positions)};
    }
    out = *std::move(column);
    return ok();
}

/// Draco data and node matrices of damaged files hold anything.
bool areFinite(const mesh::TriangleMesh& mesh) {
    return std::ranges::all_of(mesh.positions,
                               [](const glm::vec3& p) {
                                   return std::isfinite(p.x) && std::isfinite(p.y) &&
                                          std::isfinite(p.z);
                               }) &&
           std::ranges::all_of(mesh.uvs, [](const glm::vec2& uv) {
               return std::isfinite(uv.x) && std::isfinite(uv.y);
           });
}

/// One copy of `stored` behind what `out` has already.
void appendCopy(mesh::TriangleMesh& out,
                const mesh::TriangleMesh& stored,
                const glm::dmat4& matrix,
                const glm::dvec3& origin) {
    const auto first = static_cast<std::uint32_t>(out.positions.size());
    for (const glm::vec3& position : stored.positions) {
        const glm::dvec3 point(matrix * glm::dvec4(glm::dvec3(position), 1.0));
        out.positions.emplace_back(point - origin);
    }
    // By the inverse transpose, whatever its scale. What has no direction afterwards points up.
    const glm::dmat3 turn = glm::transpose(glm::inverse(glm::dmat3(matrix)));
    for (const glm::vec3& normal : stored.normals) {
        const glm::dvec3 turned = turn * glm::dvec3(normal);
        const double length = glm::length(turned);
        out.normals.push_back(std::isnormal(length) ? glm::vec3(turned / length)
                                                    : glm::vec3(0, 0, 1));
    }
    out.uvs.insert(out.uvs.end(), stored.uvs.begin(), stored.uvs.end());
    const bool isMirrored = glm::determinant(glm::dmat3(matrix)) < 0.0;
    for (std::size_t i = 0; i + 2 < stored.indices.size(); i += 3) {
        out.indices.insert(out.indices.end(),
                           {first + stored.indices[i],
                            first + stored.indices[i + (isMirrored ? 2 : 1)],
                            first + stored.indices[i + (isMirrored ? 1 : 2)]});
    }
}

/// Turns one piece of a tile's content into a model.
class Reader {
public:
    /// `elementsLeft`: what remains of kMostElements.
    Reader(const Document& document, std::size_t& elementsLeft)
        : gltf_(document.gltf), document_(document),
          accessors_(document.gltf, document.emptyAccessors), elementsLeft_(elementsLeft) {}

    Result<Model> read(const ContentPiece& piece, mesh::UpAxis upAxis) {
        auto materials = readMaterials(document_, accessors_);
        if (!materials) {
            return materials.error();
        }
        model_.materials = std::move(materials->materials);
        model_.images = std::move(materials->images);
        uses_ = std::move(materials->uses);
        setTops(piece, upAxis);
        const auto placed = placePrimitives(gltf_, accessors_);
        if (!placed) {
            return placed.error();
        }
        setOrigin(*placed);
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

    /// The glTF's frame -> the tile's, for each time that it stands there.
    void setTops(const ContentPiece& piece, mesh::UpAxis upAxis) {
        glm::dmat4 centre(1.0);
        centre[3] = glm::dvec4(piece.rtcCentre, 1.0);
        glm::dmat4 upright = toZUp(upAxis);
        upright[3] = glm::dvec4(cesiumRtc(), 1.0);
        tops_ = piece.instances;
        if (tops_.empty()) {
            tops_.emplace_back(1.0);
        }
        for (glm::dmat4& top : tops_) {
            top = centre * top * upright;
        }
    }

    /// Where the first primitive stands: what float32 positions are kept relative to.
    void setOrigin(const std::vector<Placed>& placed) {
        const auto isThere = [](const Placed& one) { return !one.instances->empty(); };
        const auto first = std::ranges::find_if(placed, isThere);
        if (first != placed.end()) {
            model_.origin =
                glm::dvec3((tops_.front() * first->node * first->instances->front())[3]);
        }
    }

    Status addPrimitive(const Placed& placed) {
        const int mode = placed.primitive->mode;
        const bool isStrip = mode == TINYGLTF_MODE_TRIANGLE_STRIP;
        const bool isFan = mode == TINYGLTF_MODE_TRIANGLE_FAN;
        if (mode != -1 && mode != TINYGLTF_MODE_TRIANGLES && !isStrip && !isFan) {
            return ok();
        }
        Primitive stored{.material = materialOf(placed.primitive->material)};
        if (Status read = readMesh(stored, *placed.primitive); !read) {
            return read;
        }
        mesh::TriangleMesh& mesh = stored.mesh;
        const auto outside = [&](std::uint32_t index) { return index >= mesh.positions.size(); };
        if (std::ranges::any_of(mesh.indices, outside)) {
            return Error{fmt::format("indices beyond the {} vertices", mesh.positions.size())};
        }
        if (isStrip || isFan) {
            mesh.indices = asTriangles(mesh.indices, isFan);
        }
        return addCopies(stored, placed);
    }

    Status addCopies(const Primitive& stored, const Placed& placed) {
        const std::size_t copies = tops_.size() * placed.instances->size();
        const std::size_t elements =
            std::max<std::size_t>(stored.mesh.positions.size() + stored.mesh.indices.size(), 1);
        if (copies > elementsLeft_ / elements) {
            return Error{fmt::format("more than {} vertices and indices", kMostElements)};
        }
        elementsLeft_ -= copies * elements;
        Primitive out{.material = stored.material};
        for (const glm::dmat4& top : tops_) {
            for (const glm::dmat4& instance : *placed.instances) {
                appendCopy(out.mesh, stored.mesh, top * placed.node * instance, model_.origin);
                out.colours.insert(out.colours.end(), stored.colours.begin(), stored.colours.end());
            }
        }
        if (!areFinite(out.mesh)) {
            return Error{"positions or texture coordinates that are not finite"};
        }
        model_.primitives.push_back(std::move(out));
        return ok();
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

    Status readMesh(Primitive& out, const tinygltf::Primitive& primitive) {
        const TextureUse use = out.material < uses_.size() ? uses_[out.material] : TextureUse{};
        const auto draco = primitive.extensions.find("KHR_draco_mesh_compression");
        Status read = draco != primitive.extensions.end() ? readDraco(out, draco->second, use)
                                                          : readArrays(out, primitive, use);
        for (glm::vec2& uv : out.mesh.uvs) {
            uv = glm::vec2(use.transform * glm::vec3(uv, 1.0F));
        }
        return read;
    }

    Status readArrays(Primitive& out, const tinygltf::Primitive& primitive, const TextureUse& use) {
        mesh::TriangleMesh& mesh = out.mesh;
        auto positions = accessors_.vectors3(attribute(primitive, "POSITION"));
        if (!positions) {
            return positions.error();
        }
        mesh.positions = *std::move(positions);
        const std::size_t count = mesh.positions.size();
        const auto read = [&](auto& column, auto reader, const std::string& name) {
            return readColumn(column, accessors_, reader, attribute(primitive, name), count);
        };
        if (Status uvs = read(mesh.uvs, &Accessors::vectors2, use.attribute); !uvs) {
            return uvs;
        }
        if (Status normals = read(mesh.normals, &Accessors::vectors3, "NORMAL"); !normals) {
            return normals;
        }
        if (Status colours = read(out.colours, &Accessors::colours, "COLOR_0"); !colours) {
            return colours;
        }
        if (primitive.indices < 0) {
            mesh.indices.resize(mesh.positions.size());
            std::iota(mesh.indices.begin(), mesh.indices.end(), 0U);
            return ok();
        }
        auto indices = accessors_.indices(primitive.indices);
        if (!indices) {
            return indices.error();
        }
        mesh.indices = *std::move(indices);
        return ok();
    }

    Status readDraco(Primitive& out, const tinygltf::Value& extension, const TextureUse& use) {
        const auto integer = [](const tinygltf::Value& value) {
            return value.IsNumber() ? value.GetNumberAsInt() : -1;
        };
        const Result<ByteView> bytes = accessors_.view(integer(extension.Get("bufferView")));
        if (!bytes) {
            return bytes.error();
        }
        const tinygltf::Value& attributes = extension.Get("attributes");
        auto decoded = decodeDraco(*bytes,
                                   {.position = integer(attributes.Get("POSITION")),
                                    .uv = integer(attributes.Get(use.attribute)),
                                    .normal = integer(attributes.Get("NORMAL")),
                                    .colour = integer(attributes.Get("COLOR_0"))});
        if (!decoded) {
            return decoded.error();
        }
        out.mesh = std::move(decoded->mesh);
        out.colours = std::move(decoded->colours);
        return ok();
    }

    const tinygltf::Model& gltf_;
    const Document& document_;
    Accessors accessors_;
    std::vector<TextureUse> uses_; ///< One per material of the file.
    std::vector<glm::dmat4> tops_;
    Model model_;
    std::size_t& elementsLeft_;
};

Result<Model>
readPiece(const ContentPiece& piece, const ReadOptions& options, std::size_t& elementsLeft) {
    Bytes file;
    if (!piece.uri.empty()) {
        auto bytes = options.readResource
                         ? options.readResource(piece.uri)
                         : Result<Bytes>(Error{"it names another file, " + piece.uri});
        if (!bytes) {
            return bytes.error();
        }
        file = *std::move(bytes);
    }
    const auto document =
        parseDocument(piece.uri.empty() ? piece.gltf : ByteView(file), options.readResource);
    return document ? Reader(*document, elementsLeft).read(piece, options.upAxis)
                    : Result<Model>(document.error());
}

} // namespace

Result<std::vector<Model>> readTileContent(ByteView bytes, const ReadOptions& options) {
    const auto pieces = unwrapContent(bytes);
    if (!pieces) {
        return pieces.error();
    }
    std::size_t elementsLeft = kMostElements;
    std::vector<Model> models;
    for (const ContentPiece& piece : *pieces) {
        auto model = readPiece(piece, options, elementsLeft);
        if (!model) {
            return model.error();
        }
        models.push_back(*std::move(model));
    }
    return models;
}

Result<Model> readGlb(ByteView bytes, const ReadOptions& options) {
    auto models = readTileContent(bytes, options);
    if (!models) {
        return models.error();
    }
    if (models->size() != 1) {
        return Error{fmt::format("{} models in one content, where one is wanted", models->size())};
    }
    return std::move(models->front());
}

} // namespace tiles3d::gltf
