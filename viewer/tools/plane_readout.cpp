#include "viewer/tools/plane_readout.h"

#include "tiles3d/crs/source_crs.h"

#include <utility>

namespace viewer::tools {

namespace {

namespace base = tiles3d::base;
namespace crs = tiles3d::crs;

base::Result<crs::Transform> transformOf(const std::string& text, const crs::HeightDatum& heights) {
    constexpr bool kHeightsGivenElsewhere = true;
    const auto source = crs::understandSrs(text, kHeightsGivenElsewhere);
    return source ? crs::Transform::create(*source, heights) : source.error();
}

} // namespace

base::Result<PlaneReadout> PlaneReadout::create(const std::string& planeCrs,
                                                const std::string& geoid) {
    PlaneReadout readout;
    if (!planeCrs.empty()) {
        auto plane = transformOf(planeCrs, crs::EllipsoidalHeights{});
        if (!plane) {
            return base::within("plane CRS", plane.error());
        }
        readout.plane_.emplace(*std::move(plane));
    }
    auto heights = transformOf("EPSG:4326", crs::GeoidGrid{geoid});
    if (heights) {
        readout.geoid_.emplace(*std::move(heights));
    } else {
        readout.geoidProblem_ = heights.error().message;
    }
    return readout;
}

Readout PlaneReadout::at(const tiles3d::geo::Cartographic& place) const {
    Readout readout{.place = place};
    if (plane_) {
        if (const auto flat = plane_->fromCartographic(place)) {
            readout.plane = glm::dvec2(flat->x, flat->y);
        }
    }
    if (geoid_) {
        if (const auto onGeoid = geoid_->fromCartographic(place)) {
            readout.geoidHeightMetres = onGeoid->z;
        }
    }
    return readout;
}

} // namespace viewer::tools
