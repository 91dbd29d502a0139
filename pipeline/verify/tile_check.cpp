#include "pipeline/verify/tile_check.h"

#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace pipeline::verify {

namespace ts = tiles3d::tileset;

namespace {

/// The promise is 1 mm; half a millimetre more for float32 positions some hundred metres away.
constexpr double kToleranceMetres = 0.0015;

constexpr std::array<double, 2> kSigns{-1.0, 1.0};

std::vector<glm::dvec3> cornersOf(const ts::Box& box) {
    std::vector<glm::dvec3> corners;
    for (const double x : kSigns) {
        for (const double y : kSigns) {
            for (const double z : kSigns) {
                corners.push_back(box.centre + box.halfAxes * glm::dvec3(x, y, z));
            }
        }
    }
    return corners;
}

/// Corners, and the middle of each face, where the ellipsoid bulges.
std::vector<glm::dvec3> samplesOf(const ts::Region& region) {
    const double west = region.west.radians();
    const double south = region.south.radians();
    const double width = region.east.radians() - west; // a region across 180 degrees goes unsampled
    const double height = region.north.radians() - south;
    std::vector<glm::dvec3> samples;
    for (const double x : {0.0, 0.5, 1.0}) {
        for (const double y : {0.0, 0.5, 1.0}) {
            for (const double metres : {region.minimumHeightMetres, region.maximumHeightMetres}) {
                samples.push_back(
                    tiles3d::geo::toEcef({tiles3d::geo::Angle::radians(west + x * width),
                                          tiles3d::geo::Angle::radians(south + y * height),
                                          metres})
                        .metres);
            }
        }
    }
    return samples;
}

std::vector<glm::dvec3> samplesOf(const ts::Sphere& sphere) {
    std::vector<glm::dvec3> samples;
    for (int axis = 0; axis < 3; ++axis) {
        for (const double sign : kSigns) {
            samples.push_back(sphere.centre);
            samples.back()[axis] += sign * sphere.radiusMetres;
        }
    }
    return samples;
}

/// Points of the volume's surface: its corners where it has some. REQUIRES: ECEF.
std::vector<glm::dvec3> samplesOf(const ts::BoundingVolume& volume) {
    if (const auto* box = std::get_if<ts::Box>(&volume)) {
        return cornersOf(*box);
    }
    if (const auto* region = std::get_if<ts::Region>(&volume)) {
        return samplesOf(*region);
    }
    return samplesOf(std::get<ts::Sphere>(volume));
}

/// How far a vertex may lie outside of its volume. A region cannot be made larger by what 16-bit
/// positions take: its sides are those of its neighbours.
double toleranceFor(const ts::BoundingVolume& volume) {
    const auto* const region = std::get_if<ts::Region>(&volume);
    if (region == nullptr) {
        return kToleranceMetres;
    }
    constexpr double kStepsAcross = 65536.0;
    const double sideMetres =
        (region->north.radians() - region->south.radians()) * tiles3d::geo::kSemiMajorMetres;
    return std::max(kToleranceMetres, sideMetres / kStepsAcross);
}

/// excess() that does not lose a NaN.
double outsideOf(const ts::BoundingVolume& volume, const glm::dvec3& point) {
    const double metres = ts::excess(volume, point);
    return std::isfinite(metres) ? metres : std::numeric_limits<double>::infinity();
}

double reachOutside(const ts::BoundingVolume& inner, const ts::BoundingVolume& outer) {
    double most = 0.0;
    for (const glm::dvec3& point : samplesOf(inner)) {
        most = std::max(most, outsideOf(outer, point));
    }
    return most;
}

glm::dvec3 centreOf(const ts::BoundingVolume& volume) {
    ts::Limits limits;
    for (const glm::dvec3& point : samplesOf(volume)) {
        limits.include(point);
    }
    return (limits.minimum + limits.maximum) / 2.0;
}

void checkPlace(const TilePath& path, const Note& note) {
    constexpr double kLowestMetres = 6'300'000.0;
    constexpr double kHighestMetres = 6'500'000.0;
    constexpr double kNullIslandDegrees = 0.01; // 1.1 km
    const glm::dvec3 centre = centreOf(path.volumes.back());
    const double radius = glm::length(centre);
    if (!(radius >= kLowestMetres && radius <= kHighestMetres)) {
        note(Severity::Error,
             path.where,
             fmt::format("stands {:.3f} km from the Earth's centre", radius / 1000.0));
        return;
    }
    const tiles3d::geo::Cartographic place = tiles3d::geo::toCartographic({centre});
    if (std::abs(place.longitude.degrees()) < kNullIslandDegrees &&
        std::abs(place.latitude.degrees()) < kNullIslandDegrees) {
        note(Severity::Error, path.where, "stands at longitude 0, latitude 0");
    }
}

/// Clients cull by the box's axes: they must span a space and stand at right angles.
void checkBox(const ts::Box& box, const std::string& where, const Note& note) {
    constexpr double kRightAngle = 1e-6; // radians
    const glm::dvec3 lengths(
        glm::length(box.halfAxes[0]), glm::length(box.halfAxes[1]), glm::length(box.halfAxes[2]));
    if (!(std::min({lengths.x, lengths.y, lengths.z}) > 0.0)) {
        note(Severity::Error, where, "its box has no inside");
        return;
    }
    const glm::dvec3 cosines(glm::dot(box.halfAxes[0], box.halfAxes[1]) / (lengths.x * lengths.y),
                             glm::dot(box.halfAxes[1], box.halfAxes[2]) / (lengths.y * lengths.z),
                             glm::dot(box.halfAxes[2], box.halfAxes[0]) / (lengths.z * lengths.x));
    if (!(std::max({std::abs(cosines.x), std::abs(cosines.y), std::abs(cosines.z)}) <=
          kRightAngle)) {
        note(Severity::Error, where, "its box's axes are not at right angles");
    }
}

void checkError(const ts::Tile& tile,
                const std::string& where,
                const ErrorAbove& above,
                const Note& note) {
    const double error = tile.geometricErrorMetres;
    // Within one file validate() has said it. Both zero counts too: clients never refine a tile of
    // error 0, so what lies below it is never seen.
    const bool isRising = above.isOtherFile && error > above.metres;
    const bool isStuck = !above.mayBeEqual && error == above.metres;
    if (isRising || isStuck) {
        note(Severity::Error,
             where,
             fmt::format(
                 "geometric error {} does not fall below the {} above it", error, above.metres));
    }
}

} // namespace

void checkTile(const ts::Tile& tile,
               const TilePath& path,
               const std::optional<ErrorAbove>& above,
               const Note& note) {
    if (above) {
        checkError(tile, path.where, *above, note);
    }
    if (const auto* box = std::get_if<ts::Box>(&path.volumes.back())) {
        checkBox(*box, path.where, note);
    }
    if (path.volumes.size() >= 2) {
        const double outside =
            reachOutside(path.volumes.back(), path.volumes[path.volumes.size() - 2]);
        if (outside > kToleranceMetres) {
            note(Severity::Error,
                 path.where,
                 fmt::format("its volume reaches {:.4f} m out of its parent's", outside));
        }
    }
    checkPlace(path, note);
}

namespace {

/// A JPEG cut short lacks it: that is no flaw of the source's pixels, but a file that is not whole.
bool hasEndMark(tiles3d::base::ByteView jpeg) {
    return tiles3d::base::asText(jpeg).ends_with("\xFF\xD9");
}

void checkImages(const tiles3d::gltf::Model& model, const std::string& where, const Note& note) {
    for (const tiles3d::image::EncodedImage& image : model.images) {
        // An eighth of the size decodes every block of a JPEG all the same.
        const auto decoded = tiles3d::image::decode(image.bytes, {.jpegScaleDenominator = 8});
        if (!decoded) {
            const bool isShown =
                hasEndMark(image.bytes) &&
                static_cast<bool>(tiles3d::image::decode(
                    image.bytes, {.jpegScaleDenominator = 8, .toleratesDamage = true}));
            note(isShown ? Severity::Warning : Severity::Error, where, decoded.error().message);
        }
    }
}

glm::dvec3
inEcef(const tiles3d::gltf::Model& model, const glm::dmat4& toEcef, const glm::vec3& at) {
    return glm::dvec3(toEcef * glm::dvec4(model.origin + glm::dvec3(at), 1.0));
}

/// The corners of the box round all vertices; a NaN among them makes them NaN.
std::vector<glm::dvec3> boundsOf(const tiles3d::gltf::Model& model, const glm::dmat4& toEcef) {
    ts::Limits limits;
    bool isFinite = true;
    for (const tiles3d::gltf::Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            isFinite = isFinite && std::isfinite(position.x + position.y + position.z);
            limits.include(glm::dvec3(position));
        }
    }
    if (limits.isEmpty() && isFinite) {
        return {};
    }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const ts::Box box{
        (limits.minimum + limits.maximum) / 2.0 + (isFinite ? 0.0 : nan),
        glm::dmat3(glm::dvec3((limits.maximum.x - limits.minimum.x) / 2.0, 0.0, 0.0),
                   glm::dvec3(0.0, (limits.maximum.y - limits.minimum.y) / 2.0, 0.0),
                   glm::dvec3(0.0, 0.0, (limits.maximum.z - limits.minimum.z) / 2.0))};
    std::vector<glm::dvec3> corners = cornersOf(box);
    for (glm::dvec3& corner : corners) {
        corner = glm::dvec3(toEcef * glm::dvec4(model.origin + corner, 1.0));
    }
    return corners;
}

/// Boxes and spheres are convex: what holds the corners holds every vertex. Only where it does not
/// (or for a region, which is not convex) are the vertices asked one by one.
double vertexOutside(const tiles3d::gltf::Model& model,
                     const glm::dmat4& toEcef,
                     const ts::BoundingVolume& volume,
                     const std::vector<glm::dvec3>& bounds) {
    const bool isConvex = !std::holds_alternative<ts::Region>(volume);
    const auto isInside = [&volume](const glm::dvec3& corner) {
        return outsideOf(volume, corner) <= kToleranceMetres;
    };
    if (isConvex && std::ranges::all_of(bounds, isInside)) {
        return 0.0;
    }
    double most = 0.0;
    for (const tiles3d::gltf::Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            most = std::max(most, outsideOf(volume, inEcef(model, toEcef, position)));
        }
    }
    return most;
}

/// A region that holds all of another, and so the vertices that the other holds.
bool holdsRegion(const ts::BoundingVolume& outer, const ts::BoundingVolume& inner) {
    const auto* large = std::get_if<ts::Region>(&outer);
    const auto* small = std::get_if<ts::Region>(&inner);
    return large != nullptr && small != nullptr && large->west <= small->west &&
           small->west <= small->east && small->east <= large->east &&
           large->south <= small->south && small->north <= large->north &&
           large->minimumHeightMetres <= small->minimumHeightMetres &&
           small->maximumHeightMetres <= large->maximumHeightMetres;
}

void checkVertices(const tiles3d::gltf::Model& model, const ContentJob& job, const Note& note) {
    const std::vector<glm::dvec3> bounds = boundsOf(model, job.path.toEcef);
    const auto isInside = [&](const ts::BoundingVolume& volume, const std::string& whose) {
        const double outside = vertexOutside(model, job.path.toEcef, volume, bounds);
        const double tolerance = toleranceFor(volume);
        if (outside > tolerance) {
            note(Severity::Error,
                 job.path.where,
                 fmt::format("a vertex lies {:.4f} m outside of the volume {}", outside, whose));
        }
        return outside <= tolerance;
    };
    const auto& volumes = job.path.volumes;
    bool isInsideBelow = false;
    for (std::size_t above = 0; above < volumes.size(); ++above) {
        const std::size_t i = volumes.size() - 1 - above;
        if (isInsideBelow && holdsRegion(volumes[i], volumes[i + 1])) {
            continue;
        }
        isInsideBelow = isInside(
            volumes[i], above == 0 ? "of its tile" : fmt::format("{} levels above", above));
    }
    if (job.ownVolume) {
        isInside(*job.ownVolume, "of its content");
    }
}

} // namespace

void checkContent(const ContentJob& job, const Note& note, Totals& totals) {
    const auto bytes = tiles3d::base::readFile(job.file);
    if (!bytes) {
        note(Severity::Error, job.path.where, bytes.error().message);
        return;
    }
    const auto model = tiles3d::gltf::readGlb(*bytes);
    if (!model) {
        note(Severity::Error,
             job.path.where,
             tiles3d::base::toUtf8(job.file.filename()) + ": " + model.error().message);
        return;
    }
    ++totals.contents;
    totals.contentBytes += bytes->size();
    totals.images += model->images.size();
    for (const tiles3d::image::EncodedImage& image : model->images) {
        totals.imageBytes += image.bytes.size();
    }
    bool isEmpty = true;
    for (const tiles3d::gltf::Primitive& primitive : model->primitives) {
        totals.triangles += primitive.mesh.indices.size() / 3;
        isEmpty = isEmpty && primitive.mesh.indices.empty();
    }
    if (isEmpty) {
        note(Severity::Warning, job.path.where, "its content has no triangles");
    }
    checkImages(*model, job.path.where, note);
    checkVertices(*model, job, note);
}

} // namespace pipeline::verify
