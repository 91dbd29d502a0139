#include "pipeline/oblique/superseded.h"

#include "pipeline/oblique/coarsest.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace pipeline::oblique {

using tiles3d::base::Result;
using tiles3d::geo::EnuFrame;
using tiles3d::mesh::TriangleMesh;
using tiles3d::tileset::Limits;
using tiles3d::tileset::Tile;
namespace gltf = tiles3d::gltf;

namespace {

using Corners = std::array<glm::dvec3, 3>;

/// A triangle longer than a cell may span an uncovered one between its corners.
bool isInsideBetween(const Corners& corners, const PlanGrid& grid, const CoveredArea& newer) {
    constexpr double kStepMetres = 1.7;
    std::size_t longest = 0;
    double length = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        const double own = glm::length(glm::dvec2(corners[(i + 1) % 3] - corners[i]));
        longest = own > length ? i : longest;
        length = std::max(length, own);
    }
    if (length <= kStepMetres) {
        return true;
    }
    const glm::dvec3& from = corners[longest];
    const glm::dvec3& to = corners[(longest + 1) % 3];
    const glm::dvec3& other = corners[(longest + 2) % 3];
    const glm::dvec3 middle = (from + to) / 2.0;
    return newer.contains(grid.cellAt(middle)) &&
           isInsideBetween({from, middle, other}, grid, newer) &&
           isInsideBetween({middle, to, other}, grid, newer);
}

Limits limitsOf(const TriangleMesh& mesh, const glm::dvec3& origin) {
    Limits limits;
    for (const glm::vec3& position : mesh.positions) {
        limits.include(origin + glm::dvec3(position));
    }
    return limits;
}

/// The cells of a range, one by one.
class CellRaster {
public:
    explicit CellRaster(const CellRange& range)
        : range_(range), size_(range.maximum - range.minimum + 1),
          cells_(static_cast<std::size_t>(size_.x) * static_cast<std::size_t>(size_.y)) {}

    void add(const gltf::Model& model, const PlanGrid& grid) {
        for (const gltf::Primitive& primitive : model.primitives) {
            std::vector<glm::vec2> plan;
            plan.reserve(primitive.mesh.positions.size());
            for (const glm::vec3& position : primitive.mesh.positions) {
                plan.emplace_back(grid.toCells(model.origin + glm::dvec3(position)) -
                                  glm::dvec2(range_.minimum));
            }
            const std::vector<std::uint32_t>& corners = primitive.mesh.indices;
            for (std::size_t i = 0; i + 2 < corners.size(); i += 3) {
                tiles3d::mesh::rasterise(plan[corners[i]],
                                         plan[corners[i + 1]],
                                         plan[corners[i + 2]],
                                         size_,
                                         [this](int x, int y, const glm::vec3& /*weights*/) {
                                             cells_[indexOf(x, y)] = true;
                                         });
            }
        }
    }

    Coverage coverage() const {
        Coverage coverage{.range = range_};
        bool isCovered = false;
        std::uint32_t run = 0;
        for (const bool cell : cells_) {
            if (cell != isCovered) {
                coverage.runs.push_back(run);
                run = 0;
                isCovered = cell;
            }
            ++run;
        }
        if (isCovered) {
            coverage.runs.push_back(run);
        }
        return coverage;
    }

private:
    std::size_t indexOf(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.x) +
               static_cast<std::size_t>(x);
    }

    CellRange range_;
    glm::ivec2 size_;
    std::vector<bool> cells_;
};

} // namespace

std::size_t dropSupersededInPlace(TriangleMesh& mesh,
                                  const glm::dvec3& origin,
                                  const EnuFrame& frame,
                                  const CoveredArea& newer) {
    const PlanGrid grid(frame);
    if (newer.fingerprint(grid.cellsOf(limitsOf(mesh, origin))).empty()) {
        return 0;
    }
    std::vector<bool> isInside;
    isInside.reserve(mesh.positions.size());
    for (const glm::vec3& position : mesh.positions) {
        isInside.push_back(newer.contains(grid.cellAt(origin + glm::dvec3(position))));
    }
    const auto isSuperseded = [&](const std::uint32_t* triangle) {
        if (!isInside[triangle[0]] || !isInside[triangle[1]] || !isInside[triangle[2]]) {
            return false;
        }
        const auto corner = [&](std::size_t i) {
            return origin + glm::dvec3(mesh.positions[triangle[i]]);
        };
        return isInsideBetween({corner(0), corner(1), corner(2)}, grid, newer);
    };
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        const std::uint32_t* triangle = &mesh.indices[i];
        if (!isSuperseded(triangle)) {
            kept.insert(kept.end(), triangle, triangle + 3);
        }
    }
    const std::size_t dropped = (mesh.indices.size() - kept.size()) / 3;
    mesh.indices = std::move(kept);
    return dropped;
}

Result<Coverage>
coverageOf(const Tile& root, const EnuFrame& frame, const std::filesystem::path& folder) {
    constexpr double kMostCells = 67108864.0; // 8 MiB of bits
    const PlanGrid grid(frame);
    const CellRange range = grid.cellsOf(
        tiles3d::tileset::limitsOf(std::get<tiles3d::tileset::Box>(root.boundingVolume)));
    const glm::dvec2 size = glm::dvec2(range.maximum) - glm::dvec2(range.minimum) + 1.0;
    if (size.x * size.y > kMostCells) {
        return Coverage{};
    }
    CellRaster raster(range);
    for (const PlacedContent& content : coarsestContents(root, folder)) {
        const auto glb = tiles3d::base::readFile(content.file);
        const auto model = glb ? gltf::readGlb(*glb) : Result<gltf::Model>(glb.error());
        if (!model) {
            return model.error();
        }
        raster.add(*model, grid);
    }
    return raster.coverage();
}

} // namespace pipeline::oblique
