#include "viewer/app/used_classes.h"

#include <algorithm>
#include <set>

namespace viewer::app {

namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;

tiles3d::base::Result<std::vector<std::size_t>> usedClasses(const planning::LayerStore& store,
                                                            std::uint32_t layer,
                                                            const style::LayerStyle& style) {
    constexpr std::size_t kAtOnce = 1000;
    const auto ids = store.rows(layer, {});
    if (!ids) {
        return ids.error();
    }
    std::set<std::size_t> used;
    for (std::size_t first = 0; first < ids->size(); first += kAtOnce) {
        std::vector<planning::FeatureRef> refs;
        for (std::size_t i = first; i < std::min(first + kAtOnce, ids->size()); ++i) {
            refs.push_back({layer, (*ids)[i]});
        }
        const auto features = store.read(refs, planning::Parts::Attributes);
        if (!features) {
            return features.error();
        }
        for (const planning::StoredFeature& feature : *features) {
            used.insert(style::classOf(style, store.layers()[layer].fields, feature.values));
        }
    }
    return std::vector<std::size_t>(used.begin(), used.end());
}

} // namespace viewer::app
