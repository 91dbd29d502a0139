#include "viewer/render/city_view.h"

#include "viewer/camera/fit_view.h"
#include "viewer/camera/frame_camera.h"
#include "viewer/scene/gpu_tile.h"
#include "viewer/tools/surface_heights.h"

#include <glm/geometric.hpp>
#include <glm/gtc/type_ptr.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace viewer::render {

namespace geo = tiles3d::geo;

namespace {

/// Orders the drawing; the same in every run, unlike the node's number.
std::string drawName(const tiles3d::select::Node& node) {
    return node.contentUris.empty() ? std::string() : node.contentUris.front();
}

glm::dmat4 toGlm(const osg::Matrixd& matrix) {
    return glm::make_mat4(matrix.ptr());
}

/// Labels are laid out over the whole picture, whatever part of it is drawn.
overlay::LabelView labelView(const overlay::DrapeView& view,
                             const scene::FrameCamera& camera,
                             const camera::Lens& lens) {
    const glm::dvec2 picture(lens.widthPixels, lens.heightPixels);
    const camera::PicturePart part = lens.part.value_or(
        camera::PicturePart{.widthPixels = picture.x, .heightPixels = picture.y});
    return {.clipFromScene =
                toGlm(camera.sceneToEye * camera.eyeToWholeClip.value_or(camera.eyeToClip)),
            .eye = view.eye,
            .picturePixels = picture,
            .partLowerLeft = {part.left, picture.y - part.top - part.heightPixels},
            .partPixels = {part.widthPixels, part.heightPixels},
            .metresPerPixelAtOne = view.metresPerPixelAtOne,
            .groundMetres = view.lowMetres};
}

} // namespace

scene::UploadBudget frameUploadBudget() {
    constexpr scene::UploadBudget kGpu{.bytes = std::size_t{8} << 20U, .milliseconds = 4.0};
    constexpr scene::UploadBudget kSoftware{.bytes = std::size_t{4} << 20U, .milliseconds = 2.0};
    return scene::isSoftwareRenderer() ? kSoftware : kGpu;
}

CityView::CityView(std::unique_ptr<stream::TilesetSession> session, const scene::FrameSize& size)
    : sceneFrame_(session->sceneFrame()), frame_(size) {
    add(std::move(session));
}

TilesetId CityView::add(std::unique_ptr<stream::TilesetSession> session) {
    auto shown = std::make_unique<Shown>();
    shown->id = nextId_++;
    shown->session = std::move(session);
    frame_.scene()->addChild(shown->tiles.node());
    shown->tiles.setFade(fade_);
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

std::optional<TileHit> CityView::nearestHit(const scene::Ray& ray) const {
    std::optional<TileHit> nearest;
    double distance = std::numeric_limits<double>::infinity();
    for (const auto& shown : shown_) {
        const auto hit = shown->tiles.nearestTile(ray);
        if (hit && glm::distance(hit->point, ray.origin) < distance) {
            distance = glm::distance(hit->point, ray.origin);
            nearest = TileHit{shown->id, hit->id, hit->point};
        }
    }
    return nearest;
}

void CityView::setLook(scene::FrameLook look) {
    look.groundHeightMetres = camera::groundHeightOf(camera::outlineOf(session().tree()));
    frame_.setLook(look);
}

void CityView::setFade(const scene::FadeOptions& fade) {
    fade_ = fade;
    for (const auto& shown : shown_) {
        shown->tiles.setFade(fade);
    }
}

void CityView::setTime(double seconds) {
    for (const auto& shown : shown_) {
        shown->tiles.setTime(seconds);
    }
}

bool CityView::isFading() const {
    return std::ranges::any_of(shown_, [](const auto& shown) { return shown->tiles.isFading(); });
}

/// A session may have what the others do not hold now, and an equal share in any case.
void CityView::shareCache() {
    if (!cacheBytes_) {
        return;
    }
    std::uint64_t held = 0;
    for (const auto& shown : shown_) {
        held += shown->session->statistics().cachedBytes;
    }
    const std::uint64_t share = *cacheBytes_ / shown_.size();
    for (const auto& shown : shown_) {
        const std::uint64_t others = held - shown->session->statistics().cachedBytes;
        shown->session->setCacheBytes(
            std::max(share, *cacheBytes_ - std::min(others, *cacheBytes_)));
    }
}

/// Tiles are uploaded in the order they are added, the session hands out what the views need first:
/// so no more is taken than the next frames upload, or preloads would stand before needs.
void CityView::takeArrivals(Shown& shown, std::uint64_t uploadBytes) {
    stream::TilesetSession& session = *shown.session;
    if (!shown.tiles.waitingForUpload().empty()) {
        return;
    }
    for (const stream::TileArrival& arrival : session.takeArrivals(uploadBytes)) {
        const auto& node = session.tree().nodes()[arrival.node];
        shown.tiles.add(arrival.node, drawName(node), arrival.pack);
    }
}

bool CityView::update(Shown& shown,
                      const std::vector<tiles3d::select::ViewState>& views,
                      const tiles3d::select::Options& options,
                      std::uint64_t uploadBytes) {
    stream::TilesetSession& session = *shown.session;
    for (const std::size_t node : std::exchange(shown.uploaded, {})) {
        session.markReady(node);
    }
    if (!shown.isVisible) {
        shown.tiles.show({});
        return !std::exchange(shown.drawn, {}).empty();
    }
    const auto& selection = session.update(views, options);
    for (const std::size_t node : session.takeEvicted()) {
        shown.tiles.remove(node);
    }
    takeArrivals(shown, uploadBytes);
    const bool isNew = shown.drawn != selection.render;
    shown.drawn = selection.render;
    shown.tiles.show(shown.drawn);
    return isNew;
}

bool CityView::update(const camera::CameraPose& pose,
                      const camera::Lens& lens,
                      const ViewQuality& quality) {
    const std::vector<tiles3d::select::ViewState> views = camera::viewStates(pose, lens);
    tiles3d::select::Options options{.maxScreenSpaceErrorPixels = quality.maxScreenSpaceErrorPixels,
                                     .preloadAncestors = quality.preloads,
                                     .preloadSiblings = quality.preloads};
    for (const camera::CameraPose& next : quality.nextPoses) {
        options.prefetchViews.push_back(camera::viewState(next, lens));
    }
    shareCache();
    bool isNew = false;
    for (const auto& shown : shown_) {
        isNew = update(*shown, views, options, quality.uploadBytesPerFrame) || isNew;
    }
    frame_.setCamera(camera::frameCamera(pose, lens, sceneFrame_));
    return stepLayers(pose, lens, isNew) || isNew;
}

void CityView::setLayers(std::shared_ptr<overlay::LayerSet> layers) {
    layers_ = std::move(layers);
    frame_.setDrapePass(layers_ ? layers_->pass() : nullptr);
    frame_.setMarks(layers_ ? layers_->marks() : nullptr);
}

bool CityView::stepLayers(const camera::CameraPose& pose,
                          const camera::Lens& lens,
                          bool isSurfaceNew) {
    if (!layers_) {
        return false;
    }
    updateHeights();
    const scene::FrameCamera camera = camera::frameCamera(pose, lens, sceneFrame_);
    const overlay::DrapeView view{
        .clipFromScene = toGlm(camera.sceneToEye * camera.eyeToClip),
        .eye = glm::dvec3(camera.eyeInScene.x(), camera.eyeInScene.y(), camera.eyeInScene.z()),
        .metresPerPixelAtOne = 2.0 * std::tan(lens.verticalFovRadians / 2.0) / lens.heightPixels,
        .widthPixels = frame_.targets().widthPixels,
        .heightPixels = frame_.targets().heightPixels,
        .lowMetres = heights_.lowMetres,
        .highMetres = heights_.highMetres};
    const auto meshes = [this] {
        overlay::Meshes all;
        for (const auto& shown : shown_) {
            std::ranges::move(shown->tiles.shownPacks(), std::back_inserter(all));
        }
        return all;
    };
    const bool isGroundNew = layers_->stepGround(view, meshes, isSurfaceNew);
    const bool areLayersNew = layers_->step(view);
    const bool areLabelsNew = layers_->stepLabels(
        labelView(view, camera, lens),
        {.height = [this](const geo::Cartographic& place) { return surfaceHeight(place); },
         .isSeen = [this](const glm::dvec3& eye,
                          const glm::dvec3& point) { return isSeen(eye, point); }},
        isSurfaceNew);
    return isGroundNew || areLayersNew || areLabelsNew;
}

void CityView::updateHeights() {
    std::size_t nodes = 0;
    for (const auto& shown : shown_) {
        nodes += shown->session->tree().nodes().size();
    }
    if (nodes != heights_.nodes) {
        heights_ = {nodes, 0.0, 0.0};
        for (const glm::dvec3& corner : outlineOf(*this)) {
            const double height = sceneFrame_.fromEcef({corner}).metres.z;
            heights_.lowMetres = std::min(heights_.lowMetres, height);
            heights_.highMetres = std::max(heights_.highMetres, height);
        }
    }
}

std::optional<double> CityView::surfaceHeight(const geo::Cartographic& place) const {
    constexpr double kClearMetres = 1000.0; // above all: outlines are boxes
    geo::Cartographic above = place;
    above.heightMetres = sceneFrame_.origin().heightMetres + heights_.highMetres + kClearMetres;
    const camera::Pick pick = [this](const scene::Ray& ray) -> std::optional<glm::dvec3> {
        const std::optional<TileHit> hit = nearestHit(ray);
        return hit ? std::optional(hit->point) : std::nullopt;
    };
    return tools::surfaceHeights(pick, sceneFrame_)(above);
}

bool CityView::isSeen(const glm::dvec3& eye, const glm::dvec3& point) const {
    const double distance = glm::distance(eye, point);
    const std::optional<TileHit> hit = nearestHit({eye, (point - eye) / distance});
    return !hit || glm::distance(eye, hit->point) > overlay::hidingDistance(distance);
}

void CityView::release(osg::State& state) {
    for (const auto& shown : shown_) {
        shown->tiles.clear();
        closed_.push_back(std::move(shown->tiles));
    }
    for (scene::TileLayer& tiles : closed_) {
        while (tiles.livingObjects() > 0) {
            tiles.releaseRemoved(state);
        }
    }
    frame_.root()->releaseGLObjects(&state);
}

void CityView::uploadArrivals(osg::State& state, const std::optional<scene::UploadBudget>& budget) {
    constexpr double kNoLimit = std::numeric_limits<double>::infinity();
    scene::UploadBudget left = budget.value_or(scene::UploadBudget{
        .bytes = std::numeric_limits<std::size_t>::max(), .milliseconds = kNoLimit});
    for (const auto& shown : shown_) {
        const scene::UploadReport report = shown->tiles.uploadSome(state, left);
        std::ranges::copy(report.completed, std::back_inserter(shown->uploaded));
        shown->tiles.releaseRemoved(state);
        left.bytes -= std::min(left.bytes, report.bytes);
        left.milliseconds = std::max(left.milliseconds - report.milliseconds, 0.0);
    }
    std::erase_if(closed_, [&state](scene::TileLayer& tiles) {
        tiles.releaseRemoved(state);
        return tiles.livingObjects() == 0;
    });
}

bool CityView::isSettled() const {
    const auto isDone = [](const auto& shown) {
        return !shown->isVisible || shown->session->isSettled();
    };
    return (!layers_ || layers_->isSettled()) && std::ranges::all_of(shown_, isDone);
}

bool CityView::isIdle() const {
    return (!layers_ || layers_->isSettled()) && std::ranges::all_of(shown_, [](const auto& shown) {
               return !shown->isVisible || (shown->uploaded.empty() && shown->session->isIdle());
           });
}

std::vector<glm::dvec3> outlineOf(const CityView& city) {
    std::vector<glm::dvec3> outline;
    for (const TilesetId tileset : city.tilesets()) {
        std::ranges::copy(camera::outlineOf(city.session(tileset).tree()),
                          std::back_inserter(outline));
    }
    return outline;
}

double drapedExtentMetres(const CityView& city) {
    constexpr double kLeast = 1000.0;
    constexpr double kMost = 40000.0;
    constexpr double kBeyondOutline = 1.05;
    const double extent = camera::halfExtentOf(outlineOf(city), city.sceneFrame());
    return std::clamp(extent * kBeyondOutline, kLeast, kMost);
}

} // namespace viewer::render
