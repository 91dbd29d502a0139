#include "viewer/render/viewport.h"

#include "viewer/camera/fit_view.h"
#include "viewer/render/city_view.h"
#include "viewer/render/embedded_viewer.h"
#include "viewer/scene/gpu_tile.h"
#include "viewer/tools/scale_bar.h"

#include <glm/geometric.hpp>
#include <osg/GLExtensions>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;

/// While tiles arrive and nothing moves, a frame is drawn this often at most: software renderers
/// share the cores with the loading threads.
constexpr double kStreamingFrameSeconds = 0.1;
/// Of tiles that take each other's place. Software renderers have no frames to spare for it.
constexpr double kFadeSeconds = 0.25;

} // namespace

struct Viewport::State {
    explicit State(const ViewportOptions& viewportOptions) : options(viewportOptions) {}

    ViewportOptions options;
    scene::FrameSize size;
    std::unique_ptr<CityView> city;
    std::unique_ptr<camera::MapManipulator> manipulator;
    std::shared_ptr<overlay::LayerSet> layers;
    std::unique_ptr<EmbeddedViewer> viewer; // while a context is attached
    osg::ref_ptr<osg::Group> root{new osg::Group};
    ViewLight light;
    bool isSoftware = false; // the renderer; known once attached
    bool isDirty = true;
    bool isMoving = false;
    bool hasNews = false; // drawn tiles have changed since the last frame
    double lastFrameSeconds = -1.0;
    std::vector<camera::CameraPose> nextPoses; // of a flight
    std::optional<glm::dvec3> firstEye;        // of the fitted pose that the city was opened with

    camera::Lens lens() const {
        return {options.verticalFovRadians,
                static_cast<double>(size.widthPixels),
                static_cast<double>(size.heightPixels)};
    }
    camera::CameraPose fitted(const stream::TilesetSession& session) const;
    void refit();
    void showPasses();
    void applyLook();
};

camera::CameraPose Viewport::State::fitted(const stream::TilesetSession& session) const {
    return camera::fitView(camera::outlineOf(session.tree()), session.sceneFrame(), lens());
}

/// What is known of a city at first may be one large box; what a look at that loads outlines it
/// better. Once, and the camera goes there only if nobody has moved it meanwhile.
void Viewport::State::refit() {
    if (firstEye && city->isSettled()) {
        if (manipulator->axes().eye == *firstEye) {
            manipulator->setPose(fitted(city->session()));
        }
        applyLook();
        firstEye.reset();
    }
}

void Viewport::State::applyLook() {
    isDirty = true;
    if (city) {
        scene::FrameLook look = frameLook(light, city->sceneFrame());
        look.smoothsEdges = !isSoftware;
        city->setLook(look);
    }
}

void Viewport::State::showPasses() {
    root->removeChildren(0, root->getNumChildren());
    if (city) {
        root->addChild(city->frame().root());
        city->setLayers(layers);
    }
    applyLook();
}

Viewport::Viewport(const ViewportOptions& options) : state_(std::make_unique<State>(options)) {}

Viewport::~Viewport() = default;

base::Status Viewport::attach() {
    state_->viewer = std::make_unique<EmbeddedViewer>(state_->root);
    state_->isSoftware = scene::isSoftwareRenderer();
    const osg::GLExtensions& gl = *state_->viewer->state().get<osg::GLExtensions>();
    constexpr float kLeastVersion = 3.3F;
    if (gl.glVersion < kLeastVersion) {
        return base::Error{"the graphics driver gives OpenGL " + std::to_string(gl.glVersion) +
                           "; 3.3 or later is needed. Update the driver, or start with "
                           "LIBGL_ALWAYS_SOFTWARE=1"};
    }
    return base::ok();
}

void Viewport::detach() {
    state_->viewer.reset();
}

void Viewport::resize(int widthPixels, int heightPixels) {
    state_->size.widthPixels = std::max(widthPixels, 1);
    state_->size.heightPixels = std::max(heightPixels, 1);
    if (state_->city) {
        state_->city->frame().resize(state_->size);
        state_->manipulator->setLens(lens());
    }
    state_->isDirty = true;
}

bool Viewport::isEmpty() const {
    return state_->city == nullptr;
}

const tiles3d::geo::EnuFrame& Viewport::sceneFrame() const {
    return state_->city->sceneFrame();
}

TilesetId Viewport::addTileset(std::unique_ptr<stream::TilesetSession> session) {
    State& state = *state_;
    state.isDirty = true;
    if (state.city) {
        return state.city->add(std::move(session));
    }
    state.city = std::make_unique<CityView>(std::move(session), state.size);
    state.city->setCacheBytes(state.options.cacheBytes);
    state.city->setFade({.seconds = state.isSoftware ? 0.0 : kFadeSeconds});
    const camera::MapManipulator::Start start{.scene = state.city->sceneFrame(),
                                              .pose = state.fitted(state.city->session()),
                                              .lens = state.lens()};
    state.manipulator = std::make_unique<camera::MapManipulator>(
        start, [this](const scene::Ray& ray) { return nearestHit(ray); });
    state.firstEye = state.manipulator->axes().eye;
    state.showPasses();
    return state.city->tilesets().front();
}

void Viewport::removeTileset(TilesetId id) {
    State& state = *state_;
    state.isDirty = true;
    if (state.city->tilesets().size() > 1) {
        state.city->remove(id);
        return;
    }
    if (state.viewer) {
        state.city->release(state.viewer->state());
    }
    state.layers.reset();
    state.manipulator.reset();
    state.city.reset();
    state.showPasses();
}

void Viewport::setTilesetVisible(TilesetId id, bool isVisible) {
    state_->city->setVisible(id, isVisible);
    state_->isDirty = true;
}

void Viewport::setTilesetOpacity(TilesetId id, float opacity) {
    state_->city->tiles(id).setOpacity(static_cast<double>(opacity));
    state_->isDirty = true;
}

const stream::TilesetSession& Viewport::session(TilesetId id) const {
    return state_->city->session(id);
}

void Viewport::setLayers(std::shared_ptr<overlay::LayerSet> layers) {
    state_->layers = std::move(layers);
    state_->showPasses();
}

const std::shared_ptr<overlay::LayerSet>& Viewport::layers() const {
    return state_->layers;
}

double Viewport::drapedExtentMetres() const {
    return render::drapedExtentMetres(*state_->city);
}

void Viewport::setLight(const ViewLight& light) {
    state_->light = light;
    state_->applyLook();
}

const ViewportOptions& Viewport::options() const {
    return state_->options;
}

void Viewport::setQuality(double maxScreenSpaceErrorPixels) {
    state_->options.maxScreenSpaceErrorPixels = maxScreenSpaceErrorPixels;
    state_->isDirty = true;
}

camera::MapManipulator* Viewport::manipulator() {
    return state_->manipulator.get();
}

camera::Lens Viewport::lens() const {
    return state_->lens();
}

camera::CameraPose Viewport::pose() const {
    return state_->manipulator->pose();
}

void Viewport::setPose(const camera::CameraPose& pose,
                       const std::vector<camera::CameraPose>& next) {
    state_->nextPoses = next;
    state_->manipulator->setPose(pose);
    state_->firstEye.reset();
    state_->isDirty = true;
}

bool Viewport::isWalking() const {
    return state_->manipulator && state_->manipulator->mode() == camera::MapManipulator::Mode::Walk;
}

camera::CameraPose Viewport::fittedPose(std::optional<TilesetId> id) const {
    const CityView& city = *state_->city;
    return state_->fitted(id ? city.session(*id) : city.session());
}

bool Viewport::step(double nowSeconds) {
    State& state = *state_;
    if (!state.city) {
        return std::exchange(state.isDirty, false);
    }
    state.isMoving = state.manipulator->advance(nowSeconds);
    state.city->setTime(nowSeconds);
    const bool isNew =
        state.city->update(pose(),
                           state.lens(),
                           {.maxScreenSpaceErrorPixels = state.options.maxScreenSpaceErrorPixels,
                            .preloads = true,
                            .nextPoses = state.nextPoses});
    if (isNew) {
        state.hasNews = true;
        state.manipulator->surfaceChanged();
    }
    state.city->uploadArrivals(state.viewer->state(), frameUploadBudget());
    state.refit();
    const bool isTime = nowSeconds - state.lastFrameSeconds >= kStreamingFrameSeconds;
    const bool isWanted =
        state.isDirty || state.isMoving || (state.hasNews && (isTime || state.city->isSettled()));
    if (isWanted) {
        state.isDirty = false;
        state.hasNews = false;
        state.lastFrameSeconds = nowSeconds;
    }
    return isWanted;
}

bool Viewport::wantsStep() const {
    const bool isAtWork = state_->city && (state_->city->isFading() || !state_->city->isIdle());
    return state_->isDirty || state_->isMoving || state_->hasNews || isAtWork;
}

void Viewport::markDirty() {
    state_->isDirty = true;
}

void Viewport::draw(unsigned framebuffer) {
    state_->viewer->setTarget(framebuffer, state_->size.widthPixels, state_->size.heightPixels);
    state_->viewer->draw();
}

bool Viewport::isSettled() const {
    return !state_->city || state_->city->isSettled();
}

ViewportStatistics Viewport::statistics() const {
    ViewportStatistics total;
    if (!state_->city) {
        return total;
    }
    CityView& city = *state_->city;
    for (const TilesetId id : city.tilesets()) {
        const auto one = city.session(id).statistics();
        total.pendingTiles += one.pending;
        total.residentBytes += one.cachedBytes;
        total.failedTiles += city.session(id).failures().size();
        total.screenSpaceErrorPixels =
            std::max(total.screenSpaceErrorPixels, one.maxScreenSpaceErrorPixels);
        total.drawnTiles += city.drawnTiles(id).size();
        total.drawnTriangles += city.tiles(id).shownTriangles();
    }
    return total;
}

std::vector<stream::TileFailure> Viewport::failures() const {
    std::vector<stream::TileFailure> all;
    if (state_->city) {
        for (const TilesetId id : state_->city->tilesets()) {
            std::ranges::move(state_->city->session(id).failures(), std::back_inserter(all));
        }
    }
    return all;
}

std::optional<glm::dvec3> Viewport::pointUnder(const glm::dvec2& pixel) const {
    if (!state_->city) {
        return std::nullopt;
    }
    const camera::CameraAxes& axes = state_->manipulator->axes();
    return nearestHit({axes.eye, camera::directionThrough(axes, lens(), pixel)});
}

tiles3d::geo::Cartographic Viewport::placeOf(const glm::dvec3& point) const {
    return tiles3d::geo::toCartographic(sceneFrame().toEcef({point}));
}

glm::dvec3 Viewport::pointAt(const tiles3d::geo::Cartographic& place) const {
    return sceneFrame().fromEcef(tiles3d::geo::toEcef(place)).metres;
}

double Viewport::metresPerPixel() const {
    const camera::Lens now = lens();
    const auto middle = pointUnder({now.widthPixels / 2.0, now.heightPixels / 2.0});
    return middle ? metresPerPixelAt(*middle) : 0.0;
}

double Viewport::metresPerPixelAt(const glm::dvec3& point) const {
    return tools::metresPerPixelAt(point, state_->manipulator->axes(), lens());
}

std::optional<glm::dvec3> Viewport::nearestHit(const scene::Ray& ray) const {
    const auto hit = state_->city ? state_->city->nearestHit(ray) : std::nullopt;
    return hit ? std::optional(hit->point) : std::nullopt;
}

std::optional<glm::dvec2> Viewport::pixelOf(const glm::dvec3& point) const {
    if (!state_->city) {
        return std::nullopt;
    }
    const camera::CameraAxes& axes = state_->manipulator->axes();
    const glm::dvec3 offset = point - axes.eye;
    const double ahead = glm::dot(offset, axes.direction);
    if (ahead <= 0.0) {
        return std::nullopt;
    }
    const camera::Lens now = lens();
    const double focal = now.heightPixels / (2.0 * std::tan(now.verticalFovRadians / 2.0));
    const glm::dvec3 right = glm::cross(axes.direction, axes.up);
    return glm::dvec2(now.widthPixels, now.heightPixels) / 2.0 +
           glm::dvec2(glm::dot(offset, right), glm::dot(offset, axes.up)) * (focal / ahead);
}

std::optional<TileUnder> Viewport::tileUnder(const glm::dvec2& pixel) const {
    if (!state_->city) {
        return std::nullopt;
    }
    const camera::CameraAxes& axes = state_->manipulator->axes();
    const auto hit =
        state_->city->nearestHit({axes.eye, camera::directionThrough(axes, lens(), pixel)});
    if (!hit) {
        return std::nullopt;
    }
    const auto& node = session(hit->tileset).tree().nodes()[hit->node];
    return TileUnder{.tileset = hit->tileset,
                     .uri = node.contentUris.front(),
                     .geometricErrorMetres = node.geometricErrorMetres,
                     .depth = node.depth};
}

} // namespace viewer::render
