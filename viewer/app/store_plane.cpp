#include "viewer/app/store_plane.h"

#include "tiles3d/crs/source_crs.h"

namespace viewer::app {

namespace crs = tiles3d::crs;

tiles3d::base::Result<crs::Transform> planeOf(const pipeline::planning::LayerStore& store) {
    const auto understood = crs::understandSrs(store.planeCrs(), true);
    if (!understood) {
        return understood.error();
    }
    return crs::Transform::create(*understood, crs::EllipsoidalHeights{});
}

} // namespace viewer::app
