#pragma once

#include "viewer/camera/camera_pose.h"
#include "viewer/camera/map_manipulator.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/render/tileset_id.h"
#include "viewer/render/view_light.h"
#include "viewer/stream/tileset_session.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viewer::render {

struct ViewportOptions {
    double verticalFovRadians = 1.0471975511965976; ///< 60 degrees.
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t cacheBytes = std::uint64_t{1} << 30U; ///< Of all tilesets together.
};

/// The tile that lies under a pixel.
struct TileUnder {
    TilesetId tileset = 0;
    std::string uri;
    double geometricErrorMetres = 0.0;
    std::size_t depth = 0; ///< Levels below the root.
};

struct ViewportStatistics {
    std::size_t pendingTiles = 0;
    std::size_t drawnTiles = 0;
    std::size_t drawnTriangles = 0;
    std::size_t failedTiles = 0;
    std::uint64_t residentBytes = 0;
    double screenSpaceErrorPixels = 0.0; ///< The limit that holds now; memory may raise it.
};

/// What a window shows, without a word of OpenSceneGraph or of a window toolkit: tilesets with
/// layers on them, a camera, and frames drawn into whatever framebuffer the window gives.
/// All members are called from the window's thread. Positions are in the scene's frame, that of the
/// first tileset; pixels are the framebuffer's, from its lower left corner.
/// Its life:
///
///   attach() once a context is current
///   whenever something may have happened: if (step(now)) draw(framebuffer), while wantsStep()
///   detach() before the context goes
class Viewport {
public:
    explicit Viewport(const ViewportOptions& options = {});
    Viewport(const Viewport&) = delete;
    Viewport& operator=(const Viewport&) = delete;
    ~Viewport();

    // The context. attach(), detach(), step() and draw() REQUIRE that it is current.

    /// Fails if the context is none that we can draw in: older than OpenGL 3.3, a core profile, no
    /// float depth with clip control.
    tiles3d::base::Status attach();
    void detach();
    void resize(int widthPixels, int heightPixels);

    // What is shown.

    bool isEmpty() const;
    /// The first tileset's frame, for SessionOptions::sceneFrame of the next. REQUIRES: !isEmpty().
    const tiles3d::geo::EnuFrame& sceneFrame() const;
    /// The first one is looked at as a whole.
    TilesetId addTileset(std::unique_ptr<stream::TilesetSession> session);
    /// Takes the layers with it if it is the last.
    void removeTileset(TilesetId id);
    void setTilesetVisible(TilesetId id, bool isVisible);
    /// 1 solid to 0 not there.
    void setTilesetOpacity(TilesetId id, float opacity);
    const stream::TilesetSession& session(TilesetId id) const;
    /// Null: no layers. REQUIRES: made for sceneFrame().
    void setLayers(std::shared_ptr<overlay::LayerSet> layers);
    /// Null if there are none. Changes of opacity need markDirty().
    const std::shared_ptr<overlay::LayerSet>& layers() const;
    /// How far layers are worth draping: a little beyond the city's outline, 1 to 40 km.
    double drapedExtentMetres() const;
    void setQuality(double maxScreenSpaceErrorPixels);
    /// Those of now, with the quality that was set.
    const ViewportOptions& options() const;
    /// Holds for the city that is there and for those to come.
    void setLight(const ViewLight& light);

    // The camera.

    /// Null while the viewport is empty.
    camera::MapManipulator* manipulator();
    camera::Lens lens() const;
    /// REQUIRES: !isEmpty().
    camera::CameraPose pose() const;
    /// `next`: where it will be after 1 s, 2 s, and so on, if that is known; loaded ahead until the
    /// next call.
    void setPose(const camera::CameraPose& pose, const std::vector<camera::CameraPose>& next = {});
    bool isWalking() const;
    /// The pose that has all of a tileset in the picture, or of the first one, which is the city.
    /// REQUIRES: !isEmpty().
    camera::CameraPose fittedPose(std::optional<TilesetId> id = std::nullopt) const;

    // Frames.

    /// Moves the camera, selects, takes in and uploads what has arrived. True if the picture has
    /// changed and is to be drawn.
    bool step(double nowSeconds);
    /// Something is in motion or on its way: step() again soon.
    bool wantsStep() const;
    /// The next step() asks for a frame whatever happens.
    void markDirty();
    void draw(unsigned framebuffer);
    /// All that the view needs is on the screen.
    bool isSettled() const;
    ViewportStatistics statistics() const;
    /// Of all tilesets that are open, in order of opening.
    std::vector<stream::TileFailure> failures() const;

    // Places.

    std::optional<glm::dvec3> pointUnder(const glm::dvec2& pixel) const;
    tiles3d::geo::Cartographic placeOf(const glm::dvec3& point) const;
    glm::dvec3 pointAt(const tiles3d::geo::Cartographic& place) const;
    /// Of what the middle of the picture shows, across; 0 where that is the sky.
    double metresPerPixel() const;
    double metresPerPixelAt(const glm::dvec3& point) const;
    /// The nearest point of what is shown on a ray.
    std::optional<glm::dvec3> nearestHit(const scene::Ray& ray) const;
    /// Where a point appears; none behind the camera.
    std::optional<glm::dvec2> pixelOf(const glm::dvec3& point) const;
    std::optional<TileUnder> tileUnder(const glm::dvec2& pixel) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace viewer::render
