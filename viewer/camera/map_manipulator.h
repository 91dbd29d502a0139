#pragma once

#include "tiles3d/geo/enu_frame.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/camera/fit_view.h"
#include "viewer/camera/flight.h"
#include "viewer/camera/input.h"
#include "viewer/camera/map_motion.h"
#include "viewer/camera/pick.h"
#include "viewer/camera/walk_motion.h"

#include <optional>
#include <variant>
#include <vector>

namespace viewer::camera {

struct MapOptions {
    bool hasInertia = true;             ///< A flick at the end of a pan lets the map glide on.
    double walkMetresPerSecond = 2.0;   ///< Four times as fast when running.
    double heightsPerSecond = 1.0;      ///< Pace of the keys, in heights above the ground.
    double turnDegreesPerSecond = 45.0; ///< Of the keys.
};

/// Control of a camera like a map. Left drag moves the ground under the cursor, right drag (or Ctrl
/// and left) orbits about the point under the cursor, middle drag and the wheel zoom to it; a
/// double click goes half way there. Keys move over the ground, the faster the higher. On foot,
/// drags look round and keys walk.
///
/// Points come from `pick`, or from the level of the last ground where a ray meets nothing.
/// The eye stays kClosestMetres above the surface that `pick` finds below it: an orbit stops
/// tilting there, other motions rise. Where there is no surface it orbits no lower than the point
/// that it turns about. An event or a frame picks once or twice in the air (four times where an
/// orbit is stopped); see walked() for more on foot.
///
/// Times are seconds of one steady clock with any beginning. Nothing moves but in a call: a window
/// calls advance() before each frame and draws on as long as that says so.
/// Not for several threads.
class MapManipulator {
public:
    enum class Mode { Air, Walk };

    struct Start {
        tiles3d::geo::EnuFrame scene;
        CameraPose pose;
        Lens lens;
    };

    MapManipulator(const Start& start, Pick pick, const MapOptions& options = {});

    Mode mode() const { return mode_; }
    CameraPose pose() const { return poseOf(axes_, scene_); }
    const CameraAxes& axes() const { return axes_; } ///< In the scene's frame.
    const Lens& lens() const { return lens_; }
    /// A picture without pixels (of a minimised window) is ignored.
    void setLens(const Lens& lens);
    void setOptions(const MapOptions& options) { options_ = options; }

    /// True if a frame is wanted: the view changed, or advance() has something to move.
    bool handle(const PointerEvent& event, double nowSeconds);
    void setKeys(const HeldKeys& keys);
    /// Moves what is in motion; true while a further frame is wanted. A pause of more than 0.25 s
    /// between two frames counts as 0.25 s.
    bool advance(double nowSeconds);
    /// Tiles have come or gone: the next advance() sees that the eye is still above the surface.
    void surfaceChanged() { isSurfaceNew_ = true; }

    /// Goes there at once, in the air.
    void setPose(const CameraPose& pose);
    /// Eased, rising when the way is long; without `seconds` 0.6 to 4 s. Input ends the flight.
    void flyTo(const CameraPose& pose, std::optional<double> seconds = {});
    /// Flies to where all points are in the picture. REQUIRES: at least one point.
    void fit(const std::vector<glm::dvec3>& pointsEcef, const FitOptions& options = {});
    /// Turn about what lies in the middle of the picture.
    void northUp();
    void topDown();

    /// Flies down to the ground under the pixel and walks there. False, and nothing happens, where
    /// no surface is under it.
    bool walkFrom(const glm::dvec2& pixel);
    /// Back into the air, as far from the ground as before, looking at where the person stood. On
    /// the way down it stops there.
    void leaveWalk();

private:
    enum class Drag { None, Pan, Orbit, Zoom, Look };

    struct Rest {};
    struct Glide {
        glm::dvec3 metresPerSecond{0.0};
        double slowestMetresPerSecond = 0.0;
    };
    struct Zoom {
        glm::dvec3 target{0.0};
        glm::dvec2 pixel{0.0};
        double logLeft = 0.0; // of the factor to the distance
        double easeSeconds = 0.0;
    };
    struct Flying {
        Flight flight;
        double seconds = 0.0;
        double elapsed = 0.0;
        std::optional<WalkState> landing;
    };
    /// The eye's velocity during a pan.
    struct Flick {
        glm::dvec3 eye{0.0};
        glm::dvec3 metresPerSecond{0.0};
        double atSeconds = 0.0;
    };
    struct KeyPace {
        glm::dvec3 metresPerSecond{0.0};
        glm::dvec2 radiansPerSecond{0.0}; // turn to the right, look up
    };
    /// How the air looked when the walk began.
    struct Air {
        double distanceMetres = 0.0;
        tiles3d::geo::Angle pitch;
    };

    void beginDrag(const PointerEvent& event, double nowSeconds);
    void continueDrag(const glm::dvec2& pixel, double nowSeconds);
    void endDrag(double nowSeconds);
    void noteFlick(double nowSeconds);
    void zoomTowards(const glm::dvec2& pixel, double logFactor, double easeSeconds);
    void fly(const FlightEnd& start, const FlightEnd& end, std::optional<double> seconds = {});
    void turnTo(const ViewAngles& angles);
    bool isLanding() const;

    bool isInMotion() const;
    void move(Rest& rest, double seconds);
    void move(Glide& glide, double seconds);
    void move(Zoom& zoom, double seconds);
    void move(Flying& flying, double seconds);
    void moveByKeys(double seconds);
    void walk(double seconds);
    KeyPace wantedPace() const;
    void land(WalkState walker);

    glm::dvec3 pointUnder(const glm::dvec2& pixel);
    FlightEnd endAt(const CameraAxes& axes) const;
    FlightEnd here();
    double lowestHeight(const glm::dvec3& eye);
    void place(const CameraAxes& axes);
    void placeAbove(CameraAxes axes);
    CameraAxes orbitedUpright(double turnRadians, double tiltRadians) const;
    void orbit(const glm::dvec2& step);
    void look(double turnRadians, double tiltRadians);
    CameraAxes lookingAt(const glm::dvec3& focus, double metres, const ViewAngles& angles) const;

    tiles3d::geo::EnuFrame scene_;
    CameraAxes axes_;
    Lens lens_;
    Pick pick_;
    MapOptions options_;
    Mode mode_ = Mode::Air;

    Drag drag_ = Drag::None;
    Grip grip_;
    glm::dvec2 lastPixel_{0.0};
    std::optional<Flick> flick_;

    std::variant<Rest, Glide, Zoom, Flying> motion_;
    HeldKeys keys_;
    KeyPace pace_;
    std::optional<double> lastAdvance_; // none at rest
    bool isSurfaceNew_ = false;
    double groundMetres_ = 0.0; // the last that was seen, scene height

    WalkState walker_;
    Air air_;
};

} // namespace viewer::camera
