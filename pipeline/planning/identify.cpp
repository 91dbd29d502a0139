#include "pipeline/planning/identify.h"

#include "pipeline/planning/geopackage_geometry.h"
#include "pipeline/planning/plane_ring.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <limits>
#include <tuple>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

/// How far a place is from a geometry, reckoned as the geometry is walked through.
class DistanceFinder : public IGeometryVisitor {
public:
    explicit DistanceFinder(const glm::dvec2& place) : place_(place) {}

    void point(const glm::dvec2& place) override { note(glm::distance(place, place_)); }

    void line(const PointSequence& points) override {
        glm::dvec2 before = points[0];
        for (std::size_t i = 0; i < points.size(); ++i) {
            const glm::dvec2 here = points[i];
            note(distanceToSegment(place_, before, here));
            before = here;
        }
    }

    void polygon(std::span<const PointSequence> rings) override {
        bool isIn = false;
        for (const PointSequence& ring : rings) {
            for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
                isIn ^= isWestOf(place_, ring[i], ring[i + 1]);
            }
        }
        if (isIn) {
            note(0.0);
        }
    }

    double metres = std::numeric_limits<double>::infinity();

private:
    void note(double distance) { metres = std::min(metres, distance); }

    glm::dvec2 place_;
};

struct Hit {
    FeatureRef ref;
    double metres = 0.0;
};

/// Those of `candidates` that are near enough, in their order.
Result<std::vector<Hit>> hitsAmong(const LayerStore& store,
                                   const std::vector<FeatureRef>& candidates,
                                   const glm::dvec2& place,
                                   double toleranceMetres) {
    std::vector<Hit> hits;
    const Status visited = store.visitGeometries(
        candidates, [&](const FeatureRef& ref, std::span<const std::byte> blob) {
            DistanceFinder finder(place);
            // What is broken is found out, and said, where it is read.
            const bool isHit = !visitGeometry(blob, finder) || finder.metres <= toleranceMetres;
            if (isHit) {
                hits.push_back({ref, finder.metres});
            }
            return ok();
        });
    return visited ? Result<std::vector<Hit>>(std::move(hits)) : visited.error();
}

void sortByCategory(std::vector<Hit>& hits, const std::vector<LayerInfo>& layers) {
    std::ranges::stable_sort(hits, std::ranges::less(), [&layers](const Hit& hit) {
        const std::string& category = layers[hit.ref.layer].category;
        return std::tuple(category.empty(), std::string_view(category));
    });
}

} // namespace

Result<Identified>
identify(const LayerStore& store, const glm::dvec2& place, const IdentifyOptions& options) {
    Identified identified;
    if (options.layers && options.layers->empty()) {
        return identified;
    }
    const std::vector<std::uint32_t> layers = options.layers.value_or(std::vector<std::uint32_t>());
    const PlaneBox reach = PlaneBox{place, place}.grownBy(options.toleranceMetres);
    Result<std::vector<Hit>> hits =
        hitsAmong(store, store.near(reach, layers), place, options.toleranceMetres);
    if (!hits) {
        return hits.error();
    }
    sortByCategory(*hits, store.layers());
    for (const Hit& hit : *hits) {
        Result<std::vector<StoredFeature>> read = store.read({&hit.ref, 1}, options.parts);
        if (!read) {
            identified.warnings.push_back(read.error().message);
        } else if (!read->empty()) {
            identified.features.push_back({std::move(read->front()), hit.metres});
        }
    }
    return identified;
}

} // namespace pipeline::planning
