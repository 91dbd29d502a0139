#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/render/tileset_id.h"
#include "viewer/scene/frame_graph.h"
#include "viewer/scene/tile_layer.h"
#include "viewer/stream/tileset_session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace viewer::render {

struct ViewQuality {
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t uploadBytesPerFrame = std::uint64_t{8} << 20U; ///< Taken in at once at most.
    /// For a camera that will move: also load what a turn or a way back will need.
    bool preloads = false;
    /// Where the camera will be after 1 s, 2 s, and so on; with preloads: see
    /// stream::TilesetSession::update().
    std::vector<camera::CameraPose> nextPoses;
};

/// What one frame may put on the GPU: 8 MiB and 4 ms, half of it where the processor draws, too.
/// REQUIRES: a current context.
scene::UploadBudget frameUploadBudget();

/// A tile of a tileset, and a point of it.
struct TileHit {
    TilesetId tileset = 0;
    std::size_t node = 0; ///< Of the session's tree.
    glm::dvec3 point{0.0};
};

/// A city on the screen, of one tileset or several in one frame: the sessions say which tiles, the
/// layers hold them, the passes draw them.
/// One frame = update(), the OSG viewer's rendering, uploadArrivals() with the context current.
class CityView {
public:
    /// The scene's frame is the session's.
    CityView(std::unique_ptr<stream::TilesetSession> session, const scene::FrameSize& size);

    /// One more. REQUIRES: opened with sceneFrame() as its SessionOptions::sceneFrame.
    TilesetId add(std::unique_ptr<stream::TilesetSession> session);
    /// REQUIRES: there is another one.
    void remove(TilesetId id);
    /// In order of opening; at least one.
    std::vector<TilesetId> tilesets() const;

    stream::TilesetSession& session(TilesetId id) { return *shown(id).session; }
    const stream::TilesetSession& session(TilesetId id) const { return *shown(id).session; }
    scene::TileLayer& tiles(TilesetId id) { return shown(id).tiles; }
    const std::vector<std::size_t>& drawnTiles(TilesetId id) const { return shown(id).drawn; }
    /// A hidden tileset loads nothing and keeps what it has as long as memory allows.
    void setVisible(TilesetId id, bool isVisible) { shown(id).isVisible = isVisible; }
    bool isVisible(TilesetId id) const { return shown(id).isVisible; }

    /// Of the first tileset.
    stream::TilesetSession& session() { return *shown_.front()->session; }
    const stream::TilesetSession& session() const { return *shown_.front()->session; }
    scene::TileLayer& tiles() { return shown_.front()->tiles; }
    const std::vector<std::size_t>& drawnTiles() const { return shown_.front()->drawn; }

    const tiles3d::geo::EnuFrame& sceneFrame() const { return sceneFrame_; }
    scene::FrameGraph& frame() { return frame_; }
    /// What the frame adds to the tiles; the land outside lies as high as the first tileset says by
    /// what is known of it now, whatever `look` has.
    void setLook(scene::FrameLook look);
    /// Lays layers on the city; null: none. REQUIRES: made for sceneFrame().
    void setLayers(std::shared_ptr<overlay::LayerSet> layers);
    const std::shared_ptr<overlay::LayerSet>& layers() const { return layers_; }
    /// Memory for the tiles of all tilesets together. What one does not use the others may.
    void setCacheBytes(std::uint64_t bytes) { cacheBytes_ = bytes; }
    /// How tiles take each other's place from now on, and the time that this goes by.
    void setFade(const scene::FadeOptions& fade);
    void setTime(double seconds);
    bool isFading() const;

    /// The nearest point of all that is shown.
    std::optional<TileHit> nearestHit(const scene::Ray& ray) const;

    /// Selects for this camera, takes in what has arrived, and sets what the next frame shows. True
    /// if other tiles are shown than before.
    bool update(const camera::CameraPose& pose,
                const camera::Lens& lens,
                const ViewQuality& quality = {});

    /// Puts the arrivals that update() took on the GPU; they are drawn from the next update() on.
    /// Without a budget all of them. REQUIRES: a current context, whose state this is.
    void uploadArrivals(osg::State& state,
                        const std::optional<scene::UploadBudget>& budget = std::nullopt);

    /// Takes all it has off the GPU, for a city that goes before its context does.
    void release(osg::State& state);

    /// Nothing is missing: the next frame would be the same. Preloads may be on their way.
    bool isSettled() const;
    /// Settled, and the preloads are done, too.
    bool isIdle() const;

private:
    struct HeightRange {
        std::size_t nodes = 0; // of all tilesets when it was found
        double lowMetres = 0.0;
        double highMetres = 0.0;
    };

    struct Shown {
        TilesetId id = 0;
        std::unique_ptr<stream::TilesetSession> session;
        scene::TileLayer tiles;
        std::vector<std::size_t> drawn;
        std::vector<std::size_t> uploaded; // on the GPU, the session not told yet
        bool isVisible = true;
    };

    Shown& shown(TilesetId id);
    const Shown& shown(TilesetId id) const;
    static bool update(Shown& shown,
                       const std::vector<tiles3d::select::ViewState>& views,
                       const tiles3d::select::Options& options,
                       std::uint64_t uploadBytes);
    static void takeArrivals(Shown& shown, std::uint64_t uploadBytes);
    void shareCache();
    bool stepLayers(const camera::CameraPose& pose, const camera::Lens& lens, bool isSurfaceNew);
    void updateHeights();
    std::optional<double> surfaceHeight(const tiles3d::geo::Cartographic& place) const;
    bool isSeen(const glm::dvec3& eye, const glm::dvec3& point) const;

    tiles3d::geo::EnuFrame sceneFrame_;
    scene::FrameGraph frame_;
    std::shared_ptr<overlay::LayerSet> layers_;
    HeightRange heights_; // between which the tilesets lie
    std::vector<std::unique_ptr<Shown>> shown_;
    std::vector<scene::TileLayer> closed_; // what they put on the GPU is still to be released
    TilesetId nextId_ = 0;
    scene::FadeOptions fade_;
    std::optional<std::uint64_t> cacheBytes_; // none: what each session was opened with
};

/// camera::outlineOf() of all tilesets together, ECEF.
std::vector<glm::dvec3> outlineOf(const CityView& city);

/// How far round the scene's origin layers are worth draping: a little beyond the outline, 1 to 40
/// km. Metres.
double drapedExtentMetres(const CityView& city);

} // namespace viewer::render
