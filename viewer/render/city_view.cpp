#include "viewer/render/city_view.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cassert>
#include <iterator>
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
    : sceneFrame_(session->sceneFrame()), frame_(size) {
    add(std::move(session));
}

TilesetId CityView::add(std::unique_ptr<stream::TilesetSession> session) {
    auto shown = std::make_unique<Shown>();
    shown->id = nextId_++;
    shown->session = std::move(session);
    frame_.scene()->addChild(shown->tiles.node());
    shown_.push_back(std::move(shown));
    return shown_.back()->id;
}

void CityView::remove(TilesetId id) {
    const auto found = std::ranges::find(shown_, id, [](const auto& shown) { return shown->id; });
    assert(found != shown_.end() && shown_.size() > 1);
    frame_.scene()->removeChild((*found)->tiles.node());
    (*found)->tiles.clear();
    closed_.push_back(std::move((*found)->tiles));
    shown_.erase(found);
}

std::vector<TilesetId> CityView::tilesets() const {
    std::vector<TilesetId> ids;
    std::ranges::transform(
        shown_, std::back_inserter(ids), [](const auto& shown) { return shown->id; });
    return ids;
}

CityView::Shown& CityView::shown(TilesetId id) {
    const auto found = std::ranges::find(shown_, id, [](const auto& shown) { return shown->id; });
    assert(found != shown_.end());
    return **found;
}

const CityView::Shown& CityView::shown(TilesetId id) const {
    return const_cast<CityView*>(this)->shown(id);
}

std::optional<glm::dvec3> CityView::nearestHit(const scene::Ray& ray) const {
    std::optional<glm::dvec3> nearest;
    for (const auto& shown : shown_) {
        const auto hit = shown->tiles.nearestHit(ray);
        if (hit &&
            (!nearest || glm::distance(*hit, ray.origin) < glm::distance(*nearest, ray.origin))) {
            nearest = hit;
        }
    }
    return nearest;
}

void CityView::update(Shown& shown,
                      const tiles3d::select::ViewState& view,
                      const ViewQuality& quality) {
    stream::TilesetSession& session = *shown.session;
    for (const std::size_t node : std::exchange(shown.uploaded, {})) {
        session.markReady(node);
    }
    if (!shown.isVisible) {
        shown.drawn.clear();
        shown.tiles.show({});
        return;
    }
    const auto& selection =
        session.update({view}, {.maxScreenSpaceErrorPixels = quality.maxScreenSpaceErrorPixels});
    for (const std::size_t node : session.takeEvicted()) {
        shown.tiles.remove(node);
    }
    for (const stream::TileArrival& arrival : session.takeArrivals(quality.uploadBytesPerFrame)) {
        const auto& node = session.tree().nodes()[arrival.node];
        shown.tiles.add(arrival.node, drawName(node), arrival.pack);
    }
    shown.drawn = selection.render;
    shown.tiles.show(shown.drawn);
}

void CityView::update(const camera::CameraPose& pose,
                      const camera::Lens& lens,
                      const ViewQuality& quality) {
    const tiles3d::select::ViewState view = camera::viewState(pose, lens);
    for (const auto& shown : shown_) {
        update(*shown, view, quality);
    }
    frame_.setCamera(camera::frameCamera(pose, lens, sceneFrame_));
}

void CityView::uploadArrivals(osg::State& state) {
    std::erase_if(closed_, [&](scene::TileLayer& tiles) {
        tiles.releaseRemoved(state);
        return tiles.livingObjects() == 0;
    });
    for (const auto& shown : shown_) {
        for (const std::size_t id : shown->tiles.waitingForUpload()) {
            shown->tiles.upload(id, state);
            shown->uploaded.push_back(id);
        }
        shown->tiles.releaseRemoved(state);
    }
}

bool CityView::isSettled() const {
    return std::ranges::all_of(shown_, [](const auto& shown) {
        return !shown->isVisible || (shown->uploaded.empty() && shown->session->isSettled());
    });
}

} // namespace viewer::render
