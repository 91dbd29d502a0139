#include "pipeline/sources/model_scene.h"

#include "pipeline/sources/model_materials.h"

#include <assimp/scene.h>
#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/mat4x4.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace pipeline::sources {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace gltf = tiles3d::gltf;

namespace {

/// A mesh where a node puts it.
struct Instance {
    const aiMesh* mesh = nullptr;
    glm::dmat4 matrix{1.0};
};

glm::dmat4 matrixOf(const aiMatrix4x4& m) {
    return {glm::dvec4(m.a1, m.b1, m.c1, m.d1),
            glm::dvec4(m.a2, m.b2, m.c2, m.d2),
            glm::dvec4(m.a3, m.b3, m.c3, m.d3),
            glm::dvec4(m.a4, m.b4, m.c4, m.d4)};
}

glm::dvec3 vectorOf(const aiVector3D& v) {
    return {v.x, v.y, v.z};
}

/// From the file's axes to z up.
glm::dmat4 upright(UpAxis up) {
    return up == UpAxis::Z ? glm::dmat4(1.0)
                           : glm::dmat4(glm::dvec4(1, 0, 0, 0),
                                        glm::dvec4(0, 0, 1, 0),
                                        glm::dvec4(0, -1, 0, 0),
                                        glm::dvec4(0, 0, 0, 1));
}

bool isFinite(const glm::dvec3& v) {
    return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z);
}

/// All meshes with triangles, instance by instance, in the order of the file.
Result<std::vector<Instance>> instancesOf(const aiScene& scene, const SceneOptions& options) {
    struct Visit {
        const aiNode* node = nullptr;
        glm::dmat4 above{1.0};
    };
    std::vector<Visit> pending{{scene.mRootNode, upright(options.up)}};
    std::vector<Instance> instances;
    std::size_t vertices = 0;
    while (!pending.empty()) {
        const Visit visit = pending.back();
        pending.pop_back();
        const glm::dmat4 matrix = visit.above * matrixOf(visit.node->mTransformation);
        for (unsigned i = 0; i < visit.node->mNumMeshes; ++i) {
            const aiMesh* mesh = scene.mMeshes[visit.node->mMeshes[i]];
            if ((mesh->mPrimitiveTypes & aiPrimitiveType_TRIANGLE) != 0) {
                instances.push_back({mesh, matrix});
                vertices += mesh->mNumVertices;
            }
        }
        if (vertices > options.maxVertices) {
            return Error{fmt::format("more than {} vertices", options.maxVertices)};
        }
        for (unsigned i = visit.node->mNumChildren; i-- > 0;) {
            pending.push_back({visit.node->mChildren[i], matrix});
        }
    }
    return instances;
}

struct Extent {
    glm::dvec3 minimum{1e300};
    glm::dvec3 maximum{-1e300};
    bool isFinite = true;

    void include(const glm::dvec3& point) {
        isFinite = isFinite && sources::isFinite(point);
        minimum = glm::min(minimum, point);
        maximum = glm::max(maximum, point);
    }
};

Extent extentOf(const std::vector<Instance>& instances) {
    Extent extent;
    for (const Instance& instance : instances) {
        for (unsigned i = 0; i < instance.mesh->mNumVertices; ++i) {
            extent.include(instance.matrix *
                           glm::dvec4(vectorOf(instance.mesh->mVertices[i]), 1.0));
        }
    }
    return extent;
}

/// Meshes of one material become one primitive: a client draws a few instead of thousands.
class SceneConversion {
public:
    SceneConversion(const aiScene& scene,
                    ModelFiles& files,
                    const SceneOptions& options,
                    DesignModel& out)
        : materials_(scene, files, options.isGltf, out), out_(out) {}

    /// Positions are relative to `origin`.
    void add(const Instance& instance, const glm::dvec3& origin) {
        const aiMesh& mesh = *instance.mesh;
        const unsigned uvSet = uvSetOf(mesh);
        const bool hasUvs = mesh.HasTextureCoords(uvSet);
        const std::size_t material = materials_.materialOf(mesh.mMaterialIndex, hasUvs);
        const auto [known, isNew] = primitives_.try_emplace(material, out_.model.primitives.size());
        if (isNew) {
            out_.model.primitives.push_back({.material = material});
        }
        tiles3d::mesh::TriangleMesh& target = out_.model.primitives[known->second].mesh;
        const auto first = static_cast<std::uint32_t>(target.positions.size());
        const glm::dmat3 turn = glm::transpose(glm::inverse(glm::dmat3(instance.matrix)));
        for (unsigned i = 0; i < mesh.mNumVertices; ++i) {
            const glm::dvec3 point(instance.matrix * glm::dvec4(vectorOf(mesh.mVertices[i]), 1.0));
            target.positions.emplace_back(point - origin);
            target.normals.push_back(normalOf(mesh, i, turn));
            if (hasUvs) {
                const aiVector3D& uv = mesh.mTextureCoords[uvSet][i];
                target.uvs.push_back(uvOf(uv));
            }
        }
        addFaces(mesh, first, glm::determinant(glm::dmat3(instance.matrix)) < 0.0, target);
    }

private:
    unsigned uvSetOf(const aiMesh& mesh) const {
        const unsigned wanted = materials_.uvSetOf(mesh.mMaterialIndex);
        return mesh.HasTextureCoords(wanted) ? wanted : 0;
    }

    /// What has no direction points up.
    static glm::vec3 normalOf(const aiMesh& mesh, unsigned i, const glm::dmat3& turn) {
        const glm::dvec3 normal =
            mesh.HasNormals() ? turn * vectorOf(mesh.mNormals[i]) : glm::dvec3(0.0);
        const double length = glm::length(normal);
        return std::isnormal(length) ? glm::vec3(normal / length) : glm::vec3(0, 0, 1);
    }

    /// Assimp's v points up.
    static glm::vec2 uvOf(const aiVector3D& uv) {
        const glm::vec2 turned(uv.x, 1.0F - uv.y);
        return std::isfinite(turned.x) && std::isfinite(turned.y) ? turned : glm::vec2(0.0F);
    }

    static void addFaces(const aiMesh& mesh,
                         std::uint32_t first,
                         bool isMirrored,
                         tiles3d::mesh::TriangleMesh& target) {
        for (unsigned i = 0; i < mesh.mNumFaces; ++i) {
            const aiFace& face = mesh.mFaces[i];
            if (face.mNumIndices != 3) {
                continue;
            }
            const std::uint32_t a = first + face.mIndices[0];
            const std::uint32_t b = first + face.mIndices[1];
            const std::uint32_t c = first + face.mIndices[2];
            target.indices.insert(target.indices.end(),
                                  {a, isMirrored ? c : b, isMirrored ? b : c});
        }
    }

    ModelMaterials materials_;
    DesignModel& out_;
    std::map<std::size_t, std::size_t> primitives_; ///< Material -> primitive.
};

/// Drops what has no area, and vertices without a use.
void tidy(DesignModel& out) {
    for (gltf::Primitive& primitive : out.model.primitives) {
        out.degenerateTriangles += tiles3d::mesh::dropDegenerateTrianglesInPlace(primitive.mesh);
        tiles3d::mesh::compactVerticesInPlace(primitive.mesh);
    }
    std::erase_if(out.model.primitives,
                  [](const gltf::Primitive& primitive) { return primitive.mesh.indices.empty(); });
}

void noteCoarseness(const Extent& extent, DesignModel& out) {
    constexpr double kCoarse = 0.005; // metres
    const glm::dvec3 most = glm::max(glm::abs(extent.minimum), glm::abs(extent.maximum));
    const double largest = std::max({most.x, most.y, most.z});
    const double step = std::exp2(std::floor(std::log2(largest)) - 23.0) * out.metresPerUnit;
    if (step > kCoarse) {
        out.irregularities.push_back(fmt::format(
            "coordinates so far from their origin that they are held to {:.2g} m only", step));
    }
}

} // namespace

Status convertScene(const aiScene& scene,
                    ModelFiles& files,
                    const SceneOptions& options,
                    DesignModel& out) {
    const auto instances = instancesOf(scene, options);
    if (!instances) {
        return instances.error();
    }
    const Extent extent = extentOf(*instances);
    if (!extent.isFinite) {
        return Error{"positions that are not finite"};
    }
    if (!instances->empty()) {
        noteCoarseness(extent, out);
    }
    const glm::dvec3 origin = glm::floor((extent.minimum + extent.maximum) / 2.0);
    SceneConversion conversion(scene, files, options, out);
    for (const Instance& instance : *instances) {
        conversion.add(instance, origin);
    }
    tidy(out);
    if (out.model.primitives.empty()) {
        return Error{"it has no triangles"};
    }
    out.model.origin = origin + glm::dvec3(upright(options.up) * glm::dvec4(options.shift, 0.0));
    return ok();
}

} // namespace pipeline::sources
