#include "viewer/render/look.h"

#include "viewer/scene/sun_position.h"

namespace viewer::render {

scene::FrameLook lookOf(const LookOptions& options, const tiles3d::geo::EnuFrame& scene) {
    scene::FrameLook look;
    if (options.date) {
        look.light = scene::skyLightOf(scene::sunPosition(*options.date, scene.origin()));
    }
    if (options.date && options.hasShadows) {
        look.shadows.emplace();
    }
    if (options.hasHaze) {
        look.haze.emplace();
    }
    return look;
}

} // namespace viewer::render
