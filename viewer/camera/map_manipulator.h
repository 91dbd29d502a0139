#pragma once

#include "viewer/camera/map_motion.h"
#include "viewer/scene/tile_layer.h"

#include <osgGA/GUIEventHandler>

#include <functional>
#include <optional>

namespace viewer::camera {

/// Mouse control like a map: left drag moves the ground, right drag (or Ctrl and left) orbits about
/// the point under the cursor, middle drag and the wheel zoom to it; a double click goes half way
/// there. Points come from `pick`, or from a level plane where the ray meets nothing.
/// The eye stays kClosestMetres above the surface that `pick` finds below it: an orbit stops
/// tilting there, other motions rise. Where there is no surface it orbits no lower than the point
/// that it turns about.
class MapManipulator final : public osgGA::GUIEventHandler {
public:
    using Pick = std::function<std::optional<glm::dvec3>(const scene::Ray&)>;

    /// All in the scene's frame.
    MapManipulator(CameraAxes axes, Lens lens, Pick pick);

    const CameraAxes& axes() const { return axes_; }
    void setAxes(const CameraAxes& axes) { axes_ = axes; }
    const Lens& lens() const { return lens_; }
    void setLens(const Lens& lens) { lens_ = lens; }

    bool handle(const osgGA::GUIEventAdapter& event, osgGA::GUIActionAdapter& action) override;

private:
    enum class Drag { None, Pan, Orbit, Zoom };

    void beginDrag(const osgGA::GUIEventAdapter& event);
    void continueDrag(const glm::dvec2& pixel);
    glm::dvec2 pixelOf(const osgGA::GUIEventAdapter& event) const;
    glm::dvec3 pointUnder(const glm::dvec2& pixel);
    double lowestHeight(const glm::dvec3& eye) const;
    CameraAxes keptAbove(CameraAxes axes) const;
    CameraAxes orbitedAbove(const glm::dvec2& step) const;

    CameraAxes axes_;
    Lens lens_;
    Pick pick_;
    Drag drag_ = Drag::None;
    glm::dvec3 grabbed_{0.0};
    glm::dvec2 lastPixel_{0.0};
};

} // namespace viewer::camera
