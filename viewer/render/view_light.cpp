#include "viewer/render/view_light.h"

#include "viewer/scene/frame_graph.h"

namespace viewer::render {

scene::FrameLook frameLook(const ViewLight& light, const tiles3d::geo::EnuFrame& scene) {
    scene::FrameLook look;
    if (light.moment) {
        look.light = scene::skyLightOf(scene::sunPosition(*light.moment, scene.origin()));
    }
    if (light.hasHaze) {
        look.haze.emplace();
    }
    if (light.hasShadows) {
        look.shadows.emplace();
    }
    return look;
}

} // namespace viewer::render
