#include "viewer/render/city_view.h"

#include "viewer/camera/frame_camera.h"

#include <string>
#include <utility>

namespace viewer::render {

namespace {

/// Orders the drawing; the same in every run, unlike the node's number.
std::string drawName(const tiles3d::select::Node& node) {
    return node.contentUris.empty() ? std::string() : node.contentUris.front();
}

} // namespace

CityView::CityView(std::unique_ptr<stream::TilesetSession> session, const scene::FrameSize& size)
    : session_(std::move(session)), frame_(size) {
    frame_.scene()->addChild(tiles_.node());
}

void CityView::update(const camera::CameraPose& pose,
                      const camera::Lens& lens,
                      const ViewQuality& quality) {
    for (const std::size_t node : std::exchange(uploaded_, {})) {
        session_->markReady(node);
    }
    const auto& selection =
        session_->update({camera::viewState(pose, lens)},
                         {.maxScreenSpaceErrorPixels = quality.maxScreenSpaceErrorPixels});
    for (const std::size_t node : session_->takeEvicted()) {
        tiles_.remove(node);
    }
    for (const stream::TileArrival& arrival : session_->takeArrivals(quality.uploadBytesPerFrame)) {
        const auto& node = session_->tree().nodes()[arrival.node];
        tiles_.add(arrival.node, drawName(node), arrival.pack);
    }
    drawn_ = selection.render;
    tiles_.show(drawn_);
    frame_.setCamera(camera::frameCamera(pose, lens, session_->sceneFrame()));
}

void CityView::uploadArrivals(osg::State& state) {
    for (const std::size_t id : tiles_.waitingForUpload()) {
        tiles_.upload(id, state);
        uploaded_.push_back(id);
    }
    tiles_.releaseRemoved(state);
}

bool CityView::isSettled() const {
    return uploaded_.empty() && session_->isSettled();
}

} // namespace viewer::render
