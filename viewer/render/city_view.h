#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/scene/frame_graph.h"
#include "viewer/scene/tile_layer.h"
#include "viewer/stream/tileset_session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace viewer::render {

struct ViewQuality {
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t uploadBytesPerFrame = std::uint64_t{16} << 20U;
};

/// Adds to an open city what lies on it: a drape pass. Called once, before the first frame.
using Decorate =
    std::function<tiles3d::base::Status(scene::FrameGraph&, const stream::TilesetSession&)>;

/// A city on the screen: the session says which tiles, the layer holds them, the passes draw them.
/// One frame = update(), the OSG viewer's rendering, uploadArrivals() with the context current.
class CityView {
public:
    CityView(std::unique_ptr<stream::TilesetSession> session, const scene::FrameSize& size);

    stream::TilesetSession& session() { return *session_; }
    const stream::TilesetSession& session() const { return *session_; }
    scene::FrameGraph& frame() { return frame_; }
    scene::TileLayer& tiles() { return tiles_; }
    const std::vector<std::size_t>& drawnTiles() const { return drawn_; }

    /// Selects for this camera, takes in what has arrived, and sets what the next frame shows.
    void update(const camera::CameraPose& pose,
                const camera::Lens& lens,
                const ViewQuality& quality = {});

    /// Puts the arrivals that update() took on the GPU; they are drawn from the next update() on.
    /// REQUIRES: a current context, whose state this is.
    void uploadArrivals(osg::State& state);

    /// Nothing is missing and nothing waits for upload: the next frame would be the same.
    bool isSettled() const;

private:
    std::unique_ptr<stream::TilesetSession> session_;
    scene::FrameGraph frame_;
    scene::TileLayer tiles_;
    std::vector<std::size_t> drawn_;
    std::vector<std::size_t> uploaded_; // on the GPU, the session not told yet
};

} // namespace viewer::render
