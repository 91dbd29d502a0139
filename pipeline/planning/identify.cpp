#include "pipeline/planning/identify.h"

#include "pipeline/planning/geopackage_geometry.h"
#include "pipeline/planning/plane_ring.h"
#include "tiles3d/base/parallel.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <thread>
#include <tuple>

namespace pipeline::planning {

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
            glm::dvec2 before = ring.size() > 0 ? ring[0] : place_;
            for (std::size_t i = 1; i < ring.size(); ++i) {
                const glm::dvec2 here = ring[i];
                isIn ^= isWestOf(place_, before, here);
                before = here;
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

/// Finds hits among candidates in one go through the store.
class HitReader {
public:
    HitReader(const LayerStore& store, const glm::dvec2& place, const IdentifyOptions& options)
        : store_(store), place_(place), options_(options) {}

    Identified read(std::span<const FeatureRef> candidates) const {
        Identified identified;
        if (const Status all = add(candidates, identified); !all) {
            identified = {};
            for (const FeatureRef& one : candidates) { // to leave out those that are broken
                if (const Status added = add({&one, 1}, identified); !added) {
                    identified.warnings.push_back(added.error().message);
                }
            }
        }
        return identified;
    }

private:
    /// Adds the hits among the candidates. Fails on the first that is broken.
    Status add(std::span<const FeatureRef> candidates, Identified& identified) const {
        std::vector<double> metres; // of the hits
        const auto isHit = [&](const FeatureRef&, std::span<const std::byte> blob) {
            DistanceFinder finder(place_);
            // What is broken counts as a hit: it is decoded then, and the reason said.
            const bool isWanted =
                !visitGeometry(blob, finder) || finder.metres <= options_.toleranceMetres;
            if (isWanted) {
                metres.push_back(finder.metres);
            }
            return isWanted;
        };
        Result<std::vector<StoredFeature>> hits = store_.readIf(candidates, options_.parts, isHit);
        if (!hits) {
            return hits.error();
        }
        for (std::size_t i = 0; i < hits->size(); ++i) {
            identified.features.push_back({std::move((*hits)[i]), metres[i]});
        }
        return ok();
    }

    const LayerStore& store_;
    glm::dvec2 place_;
    const IdentifyOptions& options_;
};

/// Reads the candidates in shares, one per thread: most of the time goes into vertices on disk.
Identified readHits(const HitReader& reader, std::span<const FeatureRef> candidates) {
    constexpr std::size_t kLeastShare = 64; // below, a thread costs more than it saves
    const std::size_t threads = std::clamp<std::size_t>(
        candidates.size() / kLeastShare, 1, std::max(std::thread::hardware_concurrency(), 1U));
    std::vector<Identified> shares(threads);
    tiles3d::base::parallelFor(threads, threads, [&](std::size_t i) {
        const std::size_t first = candidates.size() * i / threads;
        const std::size_t last = candidates.size() * (i + 1) / threads;
        shares[i] = reader.read(candidates.subspan(first, last - first));
    });
    for (Identified& share : std::span(shares).subspan(1)) {
        std::ranges::move(share.features, std::back_inserter(shares[0].features));
        std::ranges::move(share.warnings, std::back_inserter(shares[0].warnings));
    }
    return std::move(shares[0]);
}

void sortByCategory(std::vector<IdentifiedFeature>& found, const std::vector<LayerInfo>& layers) {
    std::ranges::stable_sort(found, std::ranges::less(), [&layers](const IdentifiedFeature& one) {
        const std::string& category = layers[one.feature.ref.layer].category;
        return std::tuple(category.empty(), std::string_view(category));
    });
}

} // namespace

Result<Identified>
identify(const LayerStore& store, const glm::dvec2& place, const IdentifyOptions& options) {
    if (options.layers && options.layers->empty()) {
        return Identified();
    }
    const std::vector<std::uint32_t> layers = options.layers.value_or(std::vector<std::uint32_t>());
    const PlaneBox reach = PlaneBox{place, place}.grownBy(options.toleranceMetres);
    Identified identified = readHits(HitReader(store, place, options), store.near(reach, layers));
    sortByCategory(identified.features, store.layers());
    return identified;
}

} // namespace pipeline::planning
