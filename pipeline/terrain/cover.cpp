#include "pipeline/terrain/cover.h"

#include "pipeline/oblique/coarsest.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/vec2.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pipeline::terrain {

using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace gltf = tiles3d::gltf;

namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();

/// How far above the land photogrammetry still counts as its surface.
constexpr float kFloorMetres = 3.0F;

/// A vertex in the lattice: posts from the apron's south-west, and the ellipsoidal height.
struct Corner {
    glm::vec2 post{0.0F};
    float height = 0.0F;
};

} // namespace

CoverRaster::CoverRaster(const Lattice& lattice, const LatticePlace& place)
    : place_(place), apron_(lattice.apron), side_(lattice.side()),
      lowest_(lattice.heights.size(), kNothing) {}

Status CoverRaster::add(const std::filesystem::path& blockTileset) {
    const auto contents = oblique::coarsestContents(blockTileset);
    if (!contents) {
        return contents.error();
    }
    const auto toCorner = [&](const glm::dvec3& ecef) {
        const tiles3d::geo::Cartographic place = tiles3d::geo::toCartographic({ecef});
        const double x = (place.longitude.degrees() - place_.westDegrees) / place_.stepDegrees;
        const double y = (place.latitude.degrees() - place_.southDegrees) / place_.stepDegrees;
        constexpr double kCentre = 0.5; // rasterise() visits centres of cells: those are the posts
        return Corner{.post = glm::vec2(glm::dvec2(x, y) + glm::dvec2(apron_) + kCentre),
                      .height = static_cast<float>(place.heightMetres)};
    };
    for (const oblique::PlacedContent& content : *contents) {
        const auto bytes = tiles3d::base::readFile(content.file);
        const auto model = bytes ? gltf::readGlb(*bytes) : Result<gltf::Model>(bytes.error());
        if (!model) {
            return tiles3d::base::within(tiles3d::base::toUtf8(content.file), model.error());
        }
        for (const gltf::Primitive& primitive : model->primitives) {
            std::vector<Corner> corners;
            corners.reserve(primitive.mesh.positions.size());
            for (const glm::vec3& position : primitive.mesh.positions) {
                const glm::dvec3 inTile = model->origin + glm::dvec3(position);
                corners.push_back(
                    toCorner(glm::dvec3(content.transform * glm::dvec4(inTile, 1.0))));
            }
            const std::vector<std::uint32_t>& indices = primitive.mesh.indices;
            for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
                const Corner& a = corners[indices[i]];
                const Corner& b = corners[indices[i + 1]];
                const Corner& c = corners[indices[i + 2]];
                tiles3d::mesh::rasterise(
                    a.post, b.post, c.post, {side_, side_}, [&](int x, int y, const glm::vec3& w) {
                        float& lowest =
                            lowest_[static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
                                    static_cast<std::size_t>(x)];
                        lowest = std::min(lowest, w.x * a.height + w.y * b.height + w.z * c.height);
                        isEmpty_ = false;
                    });
            }
        }
    }
    return ok();
}

void CoverRaster::applyTo(Lattice& lattice) && {
    if (isEmpty_) {
        return;
    }
    lattice.covered.assign(lowest_.size(), kUncovered);
    lattice.ceilings.assign(lowest_.size(), kNothing);
    const auto at = [&](int x, int y) {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
               static_cast<std::size_t>(x);
    };
    for (int y = 0; y < side_; ++y) {
        for (int x = 0; x < side_; ++x) {
            constexpr int kMostNeighbours = 6; // of eight: a pinhole
            int neighbours = 0;
            float lowest = kNothing;
            for (int v = std::max(y - 1, 0); v <= std::min(y + 1, side_ - 1); ++v) {
                for (int u = std::max(x - 1, 0); u <= std::min(x + 1, side_ - 1); ++u) {
                    const float height = lowest_[at(u, v)];
                    neighbours += std::isinf(height) ? 0 : 1;
                    lowest = std::min(lowest, height);
                }
            }
            const bool isDrawn = !std::isinf(lowest_[at(x, y)]);
            if (isDrawn && lowest_[at(x, y)] > lattice.heights[at(x, y)] + kFloorMetres) {
                lattice.covered[at(x, y)] = kRoof;
            } else if (isDrawn || neighbours >= kMostNeighbours) {
                lattice.covered[at(x, y)] = kFloor;
            }
            lattice.ceilings[at(x, y)] = lowest;
        }
    }
}

} // namespace pipeline::terrain
