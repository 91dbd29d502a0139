#include "pipeline/planning/site/surface_grid.h"

#include "pipeline/planning/bare_ground.h"
#include "pipeline/planning/site/city_tiles.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/parallel.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pipeline::planning::site {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::crs::Transform;

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

Result<Transform> transformOf(const std::string& planeCrs,
                              const tiles3d::crs::HeightDatum& heights) {
    const auto crs = tiles3d::crs::understandSrs(planeCrs, true);
    return crs ? Transform::create(*crs, heights) : Result<Transform>(crs.error());
}

/// What is wanted, in the local frame of the box's middle, with room for what the frame bends.
class Window {
public:
    Window(const PlaneBox& box, const tiles3d::geo::Cartographic& middle)
        : frame_(middle), halfMetres_(glm::length(box.high - box.low) / 2.0 + 1.0) {}

    bool meets(const ts::BoundingVolume& volume) const {
        const ts::Limits limits = limitsOf(volume);
        return limits.minimum.x <= halfMetres_ && limits.maximum.x >= -halfMetres_ &&
               limits.minimum.y <= halfMetres_ && limits.maximum.y >= -halfMetres_;
    }

private:
    ts::Limits limitsOf(const ts::BoundingVolume& volume) const {
        if (const auto* sphere = std::get_if<ts::Sphere>(&volume)) {
            const glm::dvec3 centre(frame_.fromEcefMatrix() * glm::dvec4(sphere->centre, 1.0));
            return {centre - sphere->radiusMetres, centre + sphere->radiusMetres};
        }
        const auto* region = std::get_if<ts::Region>(&volume);
        const ts::Box box = region != nullptr ? ts::boxAround(*region) : std::get<ts::Box>(volume);
        return ts::limitsOf(box, frame_.fromEcefMatrix());
    }

    tiles3d::geo::EnuFrame frame_;
    double halfMetres_;
};

/// The rasters that one thread fills.
struct Layers {
    std::vector<float> surface;
    std::vector<float> uncertainty;
    std::vector<float> design;
    std::vector<float> terrain;
    std::vector<float> lowest;
    double designUncertaintyMetres = 0.0;
    std::vector<std::string> remarks;

    explicit Layers(std::size_t cells)
        : surface(cells, kNothing), uncertainty(cells, kNothing), design(cells, kNothing),
          terrain(cells, kNothing), lowest(cells, kNothing) {}
};

// With a NaN on either side the comparison is false, or the cell is still empty.
bool isHigher(float height, float than) {
    return std::isnan(than) || height > than;
}
bool isLower(float height, float than) {
    return std::isnan(than) || height < than;
}

/// Draws contents into the rasters, one after the other.
class Rasteriser {
public:
    Rasteriser(const SurfaceGrid& grid, const Transform& transform, Layers& layers)
        : grid_(grid), transform_(transform), layers_(layers) {}

    void draw(const CityContent& content) {
        const auto bytes = tiles3d::base::readFile(content.file);
        const auto readResource = [&](const std::string& uri) -> Result<tiles3d::base::Bytes> {
            const auto file = tiles3d::base::localPath(content.file.parent_path(), uri);
            return file ? tiles3d::base::readFile(*file) : file.error();
        };
        const auto models =
            bytes ? tiles3d::gltf::readTileContent(*bytes, {content.upAxis, readResource})
                  : Result<std::vector<tiles3d::gltf::Model>>(bytes.error());
        if (!models) {
            layers_.remarks.push_back(tiles3d::base::toUtf8(content.file.filename()) + ": " +
                                      models.error().message);
            return;
        }
        for (const tiles3d::gltf::Model& model : *models) {
            for (const tiles3d::gltf::Primitive& primitive : model.primitives) {
                draw(primitive.mesh, model.origin, content);
            }
        }
        if (content.part == CityPart::Design) {
            layers_.designUncertaintyMetres =
                std::max(layers_.designUncertaintyMetres, content.uncertaintyMetres);
        }
    }

private:
    /// Cells from the grid's corner, and the height; NaN for what cannot be placed.
    glm::dvec3 placed(const glm::dvec3& ecef) const {
        const auto at = transform_.fromCartographic(tiles3d::geo::toCartographic({ecef}));
        return at ? glm::dvec3((glm::dvec2(*at) - grid_.low) / grid_.cellMetres, at->z)
                  : glm::dvec3(std::numeric_limits<double>::quiet_NaN());
    }

    void draw(const tiles3d::mesh::TriangleMesh& mesh,
              const glm::dvec3& origin,
              const CityContent& content) {
        std::vector<glm::vec3> cells;
        cells.reserve(mesh.positions.size());
        for (const glm::vec3& position : mesh.positions) {
            const glm::dvec4 ecef = content.toEcef * glm::dvec4(origin + glm::dvec3(position), 1.0);
            cells.emplace_back(placed(glm::dvec3(ecef)));
        }
        const glm::ivec2 size(grid_.columns, grid_.rows);
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            const glm::vec3& a = cells[mesh.indices[i]];
            const glm::vec3& b = cells[mesh.indices[i + 1]];
            const glm::vec3& c = cells[mesh.indices[i + 2]];
            tiles3d::mesh::rasterise(
                glm::vec2(a), glm::vec2(b), glm::vec2(c), size, [&](int x, int y, const auto& w) {
                    put(grid_.placeOf(static_cast<std::size_t>(x), static_cast<std::size_t>(y)),
                        glm::dot(w, glm::vec3(a.z, b.z, c.z)),
                        content);
                });
        }
    }

    void put(std::size_t place, float height, const CityContent& content) {
        if (content.part == CityPart::Design) {
            layers_.design[place] =
                isHigher(height, layers_.design[place]) ? height : layers_.design[place];
            return;
        }
        if (isHigher(height, layers_.surface[place])) {
            layers_.surface[place] = height;
            layers_.uncertainty[place] = static_cast<float>(content.uncertaintyMetres);
        }
        float& low =
            content.part == CityPart::Terrain ? layers_.terrain[place] : layers_.lowest[place];
        low = isLower(height, low) ? height : low;
    }

    const SurfaceGrid& grid_;
    const Transform& transform_;
    Layers& layers_;
};

void mergeInto(Layers& all, const Layers& other) {
    for (std::size_t i = 0; i < all.surface.size(); ++i) {
        // Of equal heights the smaller uncertainty, whichever thread it came from.
        const bool isSame = other.surface[i] == all.surface[i];
        if (isHigher(other.surface[i], all.surface[i]) ||
            (isSame && other.uncertainty[i] < all.uncertainty[i])) {
            all.surface[i] = other.surface[i];
            all.uncertainty[i] = other.uncertainty[i];
        }
        all.design[i] = isHigher(other.design[i], all.design[i]) ? other.design[i] : all.design[i];
        all.terrain[i] =
            isLower(other.terrain[i], all.terrain[i]) ? other.terrain[i] : all.terrain[i];
        all.lowest[i] = isLower(other.lowest[i], all.lowest[i]) ? other.lowest[i] : all.lowest[i];
    }
    all.designUncertaintyMetres =
        std::max(all.designUncertaintyMetres, other.designUncertaintyMetres);
    all.remarks.insert(all.remarks.end(), other.remarks.begin(), other.remarks.end());
}

/// The terrain where there is one; else the surface without roofs.
std::vector<float> groundOf(const Layers& layers, const SurfaceGrid& grid) {
    const std::vector<float> bare = bareGround({layers.lowest, grid.columns, grid.cellMetres});
    std::vector<float> ground = layers.terrain;
    for (std::size_t i = 0; i < ground.size(); ++i) {
        ground[i] = std::isnan(ground[i]) ? bare[i] : ground[i];
    }
    return ground;
}

/// An empty grid over the box and what is needed around it to find the ground.
SurfaceGrid gridOver(const PlaneBox& box, const SurfaceOptions& options) {
    const PlaneBox wide = box.grownBy(2.0 * kGroundReachMetres);
    const glm::dvec2 size = wide.high - wide.low;
    SurfaceGrid grid{.low = wide.low};
    const double least = std::sqrt(size.x * size.y / static_cast<double>(options.maxCells));
    grid.cellMetres = std::max(options.cellMetres, least);
    grid.columns = static_cast<std::size_t>(std::ceil(size.x / grid.cellMetres));
    grid.rows = static_cast<std::size_t>(std::ceil(size.y / grid.cellMetres));
    return grid;
}

/// Ellipsoidal height of the datum's zero at a place of the plane.
std::optional<double> zeroAt(const glm::dvec2& place,
                             const std::string& planeCrs,
                             SurfaceGrid& grid,
                             const SurfaceOptions& options) {
    if (!options.heights) {
        return std::nullopt;
    }
    const Result<Transform> transform = transformOf(planeCrs, *options.heights);
    const auto zero = transform ? transform->toCartographic({place, 0.0})
                                : Result<tiles3d::geo::Cartographic>(transform.error());
    if (!zero) {
        grid.remarks.push_back(zero.error().message);
        return std::nullopt;
    }
    return zero->heightMetres;
}

/// Every thread draws each of its contents into rasters of its own.
Result<Layers> drawAll(const SurfaceGrid& grid,
                       const std::string& planeCrs,
                       const std::vector<CityContent>& contents,
                       std::size_t threads) {
    const std::size_t workers = std::clamp<std::size_t>(contents.size(), 1, threads);
    std::vector<Layers> layers(workers, Layers(grid.columns * grid.rows));
    std::vector<Status> done(workers, tiles3d::base::ok());
    tiles3d::base::parallelFor(workers, workers, [&](std::size_t worker) {
        const Result<Transform> transform =
            transformOf(planeCrs, tiles3d::crs::EllipsoidalHeights{});
        if (!transform) {
            done[worker] = transform.error();
            return;
        }
        Rasteriser rasteriser(grid, *transform, layers[worker]);
        for (std::size_t i = worker; i < contents.size(); i += workers) {
            rasteriser.draw(contents[i]);
        }
    });
    for (std::size_t worker = 0; worker < workers; ++worker) {
        if (!done[worker]) {
            return done[worker].error();
        }
        if (worker > 0) {
            mergeInto(layers.front(), layers[worker]);
        }
    }
    std::ranges::sort(layers.front().remarks); // threads leave no trace
    return std::move(layers.front());
}

} // namespace

Result<SurfaceGrid> readSurface(const fs::path& folder,
                                const std::string& planeCrs,
                                const PlaneBox& box,
                                const SurfaceOptions& options) {
    const Result<Transform> transform = transformOf(planeCrs, tiles3d::crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    const glm::dvec2 middle = (box.low + box.high) / 2.0;
    const auto place = transform->toCartographic({middle, 0.0});
    if (!place) {
        return place.error();
    }
    SurfaceGrid grid = gridOver(box, options);
    const Window window(box.grownBy(2.0 * kGroundReachMetres), *place);
    Result<CityContents> city = finestContents(
        folder, [&](const ts::BoundingVolume& volume) { return window.meets(volume); });
    if (!city) {
        return city.error();
    }
    grid.remarks = std::move(city->remarks);
    Result<Layers> layers = drawAll(grid, planeCrs, city->contents, options.threads);
    if (!layers) {
        return layers.error();
    }
    grid.ground = groundOf(*layers, grid);
    grid.hasTerrain = std::ranges::any_of(layers->terrain, [](float h) { return !std::isnan(h); });
    grid.remarks.insert(grid.remarks.end(), layers->remarks.begin(), layers->remarks.end());
    grid.surface = std::move(layers->surface);
    grid.uncertainty = std::move(layers->uncertainty);
    grid.design = std::move(layers->design);
    grid.designUncertaintyMetres = layers->designUncertaintyMetres;
    grid.zeroMetres = zeroAt(middle, planeCrs, grid, options);
    return grid;
}

} // namespace pipeline::planning::site
