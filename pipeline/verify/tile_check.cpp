#include "pipeline/verify/tile_check.h"

#include "tiles3d/base/file.h"
#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <glm/geometric.hpp>

namespace pipeline::verify {

namespace ts = tiles3d::tileset;

namespace {

/// The promise is 1 mm; half a millimetre more for float32 positions some hundred metres away.
constexpr double kToleranceMetres = 0.0015;

std::array<glm::dvec3, 8> corners(const ts::Box& box) {
    std::array<glm::dvec3, 8> all{};
    for (unsigned i = 0; i < all.size(); ++i) {
        const glm::dvec3 sign((i & 1U) != 0 ? 1.0 : -1.0,
                              (i & 2U) != 0 ? 1.0 : -1.0,
                              (i & 4U) != 0 ? 1.0 : -1.0);
        all.at(i) = box.centre + box.halfAxes * sign;
    }
    return all;
}

/// How far a box reaches out of `outer`; spheres and regions of parts are not compared.
double reachOutside(const ts::BoundingVolume& inner, const ts::BoundingVolume& outer) {
    double most = 0.0;
    if (const auto* box = std::get_if<ts::Box>(&inner)) {
        for (const glm::dvec3& corner : corners(*box)) {
            most = std::max(most, ts::excess(outer, corner));
        }
    }
    return most;
}

void checkPlace(const TilePath& path, const Note& note) {
    const auto* box = std::get_if<ts::Box>(&path.volumes.back());
    if (box == nullptr) {
        return;
    }
    constexpr double kLowestMetres = 6'300'000.0;
    constexpr double kHighestMetres = 6'500'000.0;
    const double radius = glm::length(box->centre);
    if (radius < kLowestMetres || radius > kHighestMetres) {
        note(Severity::Error,
             path.where,
             fmt::format("stands {:.0f} km from the Earth's centre", radius / 1000.0));
        return;
    }
    constexpr double kNullIslandDegrees = 0.01;
    const auto place = tiles3d::geo::toCartographic({box->centre});
    if (std::abs(place.longitude.degrees()) < kNullIslandDegrees &&
        std::abs(place.latitude.degrees()) < kNullIslandDegrees) {
        note(Severity::Error, path.where, "stands at longitude 0, latitude 0");
    }
}

} // namespace

void checkTile(const TilePath& path, double parentError, bool isExternalRoot, const Note& note) {
    const double error = path.tile->geometricErrorMetres;
    const bool isFalling = isExternalRoot ? error <= parentError : error < parentError;
    // A leaf below a leaf-like tile: both have error 0, and nothing is left to fall.
    const bool isBothZero = error == 0.0 && parentError == 0.0 && path.tile->isLeaf();
    if (!isFalling && !isBothZero) {
        note(Severity::Error,
             path.where,
             fmt::format("geometric error {} does not fall below its parent's {}", error, parentError));
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

void checkImages(const tiles3d::gltf::Model& model, const TilePath& path, const Note& note) {
    for (const tiles3d::image::EncodedImage& image : model.images) {
        // An eighth of the size decodes every block of a JPEG all the same.
        const auto decoded = tiles3d::image::decode(image.bytes, {.jpegScaleDenominator = 8});
        if (!decoded) {
            note(Severity::Error, path.where, decoded.error().message);
        }
    }
}

void checkVertices(const tiles3d::gltf::Model& model, const TilePath& path, const Note& note) {
    std::vector<double> worst(path.volumes.size(), 0.0);
    for (const tiles3d::gltf::Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            const glm::dvec3 local = model.origin + glm::dvec3(position);
            const glm::dvec3 ecef(path.toEcef * glm::dvec4(local, 1.0));
            for (std::size_t i = 0; i < worst.size(); ++i) {
                worst[i] = std::max(worst[i], ts::excess(path.volumes[i], ecef));
            }
        }
    }
    for (std::size_t i = 0; i < worst.size(); ++i) {
        if (worst[i] > kToleranceMetres) {
            note(Severity::Error,
                 path.where,
                 fmt::format("a vertex lies {:.4f} m outside of the volume {}",
                             worst[i],
                             i + 1 == worst.size()
                                 ? "of its tile"
                                 : fmt::format("{} levels above", worst.size() - 1 - i)));
        }
    }
}

} // namespace

void checkContent(const std::filesystem::path& file,
                  const TilePath& path,
                  const Note& note,
                  Totals& totals) {
    const auto bytes = tiles3d::base::readFile(file);
    if (!bytes) {
        note(Severity::Error, path.where, bytes.error().message);
        return;
    }
    const auto model = tiles3d::gltf::readGlb(*bytes);
    if (!model) {
        note(Severity::Error, path.where, model.error().message);
        return;
    }
    ++totals.contents;
    totals.contentBytes += bytes->size();
    totals.images += model->images.size();
    for (const tiles3d::gltf::Primitive& primitive : model->primitives) {
        totals.triangles += primitive.mesh.indices.size() / 3;
    }
    if (model->primitives.empty()) {
        note(Severity::Warning, path.where, "its content has no triangles");
    }
    checkImages(*model, path, note);
    checkVertices(*model, path, note);
}

} // namespace pipeline::verify
