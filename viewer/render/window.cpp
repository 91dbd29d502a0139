#include "viewer/render/window.h"

#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/camera/map_manipulator.h"
#include "viewer/render/city_view.h"
#include "viewer/render/still.h"
#include "viewer/stream/open_tileset.h"

#include <fmt/format.h>
#include <osg/Image>
#include <osgViewer/GraphicsWindow>
#include <osgViewer/Viewer>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;

constexpr std::chrono::milliseconds kIdleWait{15};
constexpr const char* kNoDisplay =
    "there is no display to open a window on; --render FILE.png makes a picture without one";

/// Uploads while the context is current, right after each frame is drawn.
class UploadOperation final : public osg::GraphicsOperation {
public:
    explicit UploadOperation(CityView& city)
        : osg::GraphicsOperation("upload", true), city_(city) {}

    void operator()(osg::GraphicsContext* context) override {
        city_.uploadArrivals(*context->getState());
    }

private:
    CityView& city_;
};

/// Saves the picture on the screen when asked to.
class ScreenshotCallback final : public osg::Camera::DrawCallback {
public:
    void request(std::string file) { file_ = std::move(file); }
    /// What became of the last request, once; empty if there was none.
    std::string takeMessage() { return std::exchange(message_, {}); }

    void operator()(osg::RenderInfo& info) const override {
        if (file_.empty()) {
            return;
        }
        const osg::Viewport& viewport = *info.getCurrentCamera()->getViewport();
        const osg::ref_ptr<osg::Image> image(new osg::Image);
        image->readPixels(0,
                          0,
                          static_cast<int>(viewport.width()),
                          static_cast<int>(viewport.height()),
                          GL_RGB,
                          GL_UNSIGNED_BYTE,
                          1);
        image->flipVertical();
        message_ = save(*image, std::exchange(file_, {}));
    }

private:
    static std::string save(const osg::Image& image, const std::string& file) {
        tiles3d::image::Raster raster;
        raster.width = static_cast<std::uint32_t>(image.s());
        raster.height = static_cast<std::uint32_t>(image.t());
        raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
        std::memcpy(raster.pixels.data(), image.data(), raster.pixels.size());
        const auto png =
            tiles3d::image::encode(raster, {.format = tiles3d::image::ImageFormat::Png});
        if (!png) {
            return "screenshot: " + png.error().message;
        }
        const auto written = base::writeFile(file, png->bytes);
        return written ? "screenshot: " + file : "screenshot: " + written.error().message;
    }

    mutable std::string file_; // OSG's interface is const, the request is used up
    mutable std::string message_;
};

/// The first city3d-N.png that does not exist in the current folder.
std::string freeScreenshotName() {
    constexpr int kMost = 10000;
    for (int number = 1; number < kMost; ++number) {
        std::string name = fmt::format("city3d-{}.png", number);
        std::error_code error;
        if (!std::filesystem::exists(name, error)) {
            return name;
        }
    }
    return "city3d.png";
}

double nowSeconds() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

camera::PointerButton buttonOf(int osgButton) {
    switch (osgButton) {
    case osgGA::GUIEventAdapter::LEFT_MOUSE_BUTTON:
        return camera::PointerButton::Left;
    case osgGA::GUIEventAdapter::MIDDLE_MOUSE_BUTTON:
        return camera::PointerButton::Middle;
    case osgGA::GUIEventAdapter::RIGHT_MOUSE_BUTTON:
        return camera::PointerButton::Right;
    default:
        return camera::PointerButton::None;
    }
}

std::optional<camera::PointerEvent::Kind> kindOf(osgGA::GUIEventAdapter::EventType type) {
    using Kind = camera::PointerEvent::Kind;
    switch (type) {
    case osgGA::GUIEventAdapter::PUSH:
        return Kind::Press;
    case osgGA::GUIEventAdapter::DRAG:
        return Kind::Move;
    case osgGA::GUIEventAdapter::RELEASE:
        return Kind::Release;
    case osgGA::GUIEventAdapter::DOUBLECLICK:
        return Kind::DoubleClick;
    case osgGA::GUIEventAdapter::SCROLL:
        return Kind::Wheel;
    default:
        return std::nullopt;
    }
}

/// Hands the window's mouse to the camera.
class Pointer final : public osgGA::GUIEventHandler {
public:
    explicit Pointer(camera::MapManipulator& manipulator) : manipulator_(manipulator) {}

    bool handle(const osgGA::GUIEventAdapter& event, osgGA::GUIActionAdapter&) override {
        const auto kind = kindOf(event.getEventType());
        if (!kind) {
            return false;
        }
        const camera::Lens& lens = manipulator_.lens();
        const bool isCtrl = (event.getModKeyMask() & event.MODKEY_CTRL) != 0;
        const bool isCloser = event.getScrollingMotion() == event.SCROLL_UP;
        manipulator_.handle(
            {.kind = *kind,
             .button = buttonOf(event.getButton()),
             .isCtrlHeld = isCtrl,
             .pixel = {(static_cast<double>(event.getXnormalized()) + 1.0) / 2.0 * lens.widthPixels,
                       (static_cast<double>(event.getYnormalized()) + 1.0) / 2.0 *
                           lens.heightPixels},
             .wheelSteps = isCloser ? 1.0 : -1.0},
            nowSeconds());
        return true;
    }

private:
    camera::MapManipulator& manipulator_;
};

/// The city's name is that of its folder.
std::string titleOf(const std::string& tileset) {
    const std::filesystem::path path = std::filesystem::absolute(tileset).lexically_normal();
    const bool isFile = path.extension() == ".json";
    const std::filesystem::path folder = isFile || !path.has_filename() ? path.parent_path() : path;
    return base::toUtf8(folder.filename()) + " - city3d (H: help)";
}

/// A window with its city; run() is the program's main loop.
class CityWindow {
public:
    CityWindow(std::unique_ptr<stream::TilesetSession> session, const WindowOptions& options);

    base::Status open();
    void run();

private:
    class Keys;

    camera::Lens lens() const;
    camera::CameraPose startPose() const;
    void fit();
    void followSize();
    bool drawFrame();
    void sayWhatIsNew();

    const WindowOptions& options_;
    scene::FrameSize size_;
    CityView city_;
    osgViewer::Viewer viewer_;
    camera::MapManipulator manipulator_;
    osg::ref_ptr<ScreenshotCallback> screenshot_;
    std::size_t saidFailures_ = 0;
    bool wantsFrame_ = true;
};

class CityWindow::Keys final : public osgGA::GUIEventHandler {
public:
    explicit Keys(CityWindow& window) : window_(window) {}

    bool handle(const osgGA::GUIEventAdapter& event, osgGA::GUIActionAdapter&) override {
        // Anything that happens may change the picture: exposure, resize, a drag.
        window_.wantsFrame_ = window_.wantsFrame_ || event.getEventType() != event.FRAME;
        if (event.getEventType() != osgGA::GUIEventAdapter::KEYDOWN) {
            return false;
        }
        switch (event.getUnmodifiedKey()) {
        case 'f':
            window_.fit();
            return true;
        case 'h':
            window_.options_.say(windowHelp());
            return true;
        case 'p':
            window_.screenshot_->request(freeScreenshotName());
            return true;
        default:
            return false;
        }
    }

private:
    CityWindow& window_;
};

CityWindow::CityWindow(std::unique_ptr<stream::TilesetSession> session,
                       const WindowOptions& options)
    : options_(options), size_{options.widthPixels, options.heightPixels, 1},
      city_(std::move(session), size_),
      manipulator_({city_.session().sceneFrame(), startPose(), lens()},
                   [this](const scene::Ray& ray) { return city_.tiles().nearestHit(ray); }),
      screenshot_(new ScreenshotCallback) {}

camera::Lens CityWindow::lens() const {
    return {options_.verticalFovRadians,
            static_cast<double>(size_.widthPixels),
            static_cast<double>(size_.heightPixels)};
}

camera::CameraPose CityWindow::startPose() const {
    const stream::TilesetSession& city = city_.session();
    return options_.pose
               ? *options_.pose
               : camera::fitView(
                     camera::outlineOf(city.tree()), city.sceneFrame(), lens(), options_.fit);
}

void CityWindow::fit() {
    manipulator_.fit(camera::outlineOf(city_.session().tree()), options_.fit);
}

base::Status CityWindow::open() {
    const osg::ref_ptr<osg::GraphicsContext::Traits> traits(new osg::GraphicsContext::Traits);
    traits->readDISPLAY();
    traits->setUndefinedScreenDetailsToDefaultScreen();
    traits->x = 60;
    traits->y = 60;
    traits->width = size_.widthPixels;
    traits->height = size_.heightPixels;
    traits->windowDecoration = true;
    traits->windowName = titleOf(options_.tileset);
    traits->doubleBuffer = true;
    const osg::ref_ptr<osg::GraphicsContext> context(
        osg::GraphicsContext::createGraphicsContext(traits));
    if (!context) {
        return base::Error{kNoDisplay};
    }
    viewer_.setThreadingModel(osgViewer::ViewerBase::SingleThreaded);
    osg::Camera& camera = *viewer_.getCamera();
    camera.setGraphicsContext(context);
    camera.setViewport(0, 0, size_.widthPixels, size_.heightPixels);
    camera.setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    camera.setCullingMode(osg::CullSettings::NO_CULLING);
    camera.setFinalDrawCallback(screenshot_);
    viewer_.setLightingMode(osg::View::NO_LIGHT);
    viewer_.addEventHandler(new Pointer(manipulator_));
    viewer_.addEventHandler(new Keys(*this));
    viewer_.setSceneData(city_.frame().root());
    viewer_.realize();
    context->add(new UploadOperation(city_));
    if (options_.decorate) {
        return options_.decorate(city_.frame(), city_.session());
    }
    return base::ok();
}

void CityWindow::followSize() {
    const osg::Viewport& viewport = *viewer_.getCamera()->getViewport();
    const auto width = static_cast<int>(viewport.width());
    const auto height = static_cast<int>(viewport.height());
    if (width < 1 || height < 1 || (width == size_.widthPixels && height == size_.heightPixels)) {
        return;
    }
    size_.widthPixels = width;
    size_.heightPixels = height;
    city_.frame().resize(size_);
    manipulator_.setLens(lens());
}

/// True if the city has more to show than this frame did.
bool CityWindow::drawFrame() {
    followSize();
    const bool isMoving = manipulator_.advance(nowSeconds());
    city_.update(manipulator_.pose(),
                 lens(),
                 {.maxScreenSpaceErrorPixels = options_.maxScreenSpaceErrorPixels});
    const bool isMoreToCome = isMoving || !city_.isSettled();
    viewer_.renderingTraversals();
    return isMoreToCome;
}

void CityWindow::sayWhatIsNew() {
    if (const std::string message = screenshot_->takeMessage(); !message.empty()) {
        options_.say(message);
    }
    const auto failures = city_.session().failures();
    if (failures.size() > saidFailures_) {
        options_.say(fmt::format("{} tile(s) could not be loaded; the last: {}: {}",
                                 failures.size(),
                                 failures.back().uri,
                                 failures.back().message));
        saidFailures_ = failures.size();
    }
}

void CityWindow::run() {
    while (!viewer_.done()) {
        viewer_.advance();
        viewer_.eventTraversal();
        viewer_.updateTraversal();
        if (!std::exchange(wantsFrame_, false)) {
            std::this_thread::sleep_for(kIdleWait);
            continue;
        }
        wantsFrame_ = drawFrame();
        sayWhatIsNew();
    }
}

} // namespace

std::string windowHelp() {
    return "left drag    move the ground\n"
           "right drag   orbit about the point under the cursor (also Ctrl + left drag)\n"
           "wheel        zoom to the cursor (also middle drag, double click)\n"
           "F            show the whole city\n"
           "P            save a screenshot\n"
           "H            this help\n"
           "Esc          quit";
}

base::Status runWindow(const WindowOptions& options) {
    const char* display = std::getenv("DISPLAY");
    if (display == nullptr || *display == '\0') {
        return base::Error{kNoDisplay};
    }
    auto session = stream::openTileset(options.tileset, options.session);
    if (!session) {
        return session.error();
    }
    CityWindow window(*std::move(session), options);
    if (const auto opened = window.open(); !opened) {
        return opened.error();
    }
    window.run();
    return base::ok();
}

} // namespace viewer::render
