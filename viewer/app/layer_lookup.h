#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"
#include "viewer/app/attribute_panel.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/tools/identify.h"

#include <memory>
#include <vector>

namespace viewer::app {

/// Answers what lies at a place in the layers of a set. Made in any thread, used by one.
class LayerLookup {
public:
    /// Fails as PROJ does on the layers' plane.
    static tiles3d::base::Result<std::shared_ptr<LayerLookup>>
    create(std::shared_ptr<overlay::LayerSet> layers);

    const std::shared_ptr<overlay::LayerSet>& layers() const { return layers_; }

    /// A section per feature of the layers that are not hidden, the topmost first: layer, size,
    /// attributes. Lines and points count within `toleranceMetres`.
    std::vector<AttributeSection> at(const tiles3d::geo::Cartographic& place,
                                     double toleranceMetres) const;

private:
    LayerLookup(std::shared_ptr<overlay::LayerSet> layers, tiles3d::crs::Transform plane);

    AttributeSection describe(const tools::FeatureHit& hit) const;

    std::shared_ptr<overlay::LayerSet> layers_;
    tools::FeatureIndex index_;
    tiles3d::crs::Transform plane_;
};

} // namespace viewer::app
