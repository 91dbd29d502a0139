#include "tests/support/city_flight.h"

#include "tests/support/must.h"
#include "tests/support/tile_painter.h"
#include "viewer/camera/fit_view.h"
#include "viewer/render/framebuffer.h"

#include <osg/GL>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numbers>
#include <random>
#include <thread>

namespace tests {

namespace {

namespace base = tiles3d::base;
namespace camera = viewer::camera;
namespace render = viewer::render;
using tiles3d::geo::Angle;
using Clock = std::chrono::steady_clock;

constexpr double kLowMetres = 200.0; // above the ellipsoid: over the roofs of the sample cities
constexpr std::size_t kGapMarginPixels = 3;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Stand {
    glm::dvec3 place{0.0}; ///< Scene frame.
    Angle heading;
    Angle pitch;
};

camera::FlightKey keyAt(const render::CityView& city, double seconds, const Stand& stand) {
    const camera::CameraAxes axes = camera::axesAt(stand.place, {stand.heading, stand.pitch});
    return {.seconds = seconds, .view = {.pose = camera::poseOf(axes, city.sceneFrame())}};
}

double halfExtent(const render::CityView& city) {
    return camera::halfExtentOf(render::outlineOf(city), city.sceneFrame());
}

/// One and a half turns about the middle, looking inwards and ahead; `part` from 0 to 1.
Stand onSpiral(double extent, double part) {
    const double turn = 3.0 * std::numbers::pi * part;
    const double radius = extent * (1.1 - 0.9 * part);
    const double height = std::max(kLowMetres, extent * std::pow(1.0 - part, 2.0));
    return {.place = {radius * std::sin(turn), radius * std::cos(turn), height},
            .heading = Angle::radians(turn + 0.65 * std::numbers::pi),
            .pitch = Angle::degrees(-45.0 + 25.0 * part)};
}

/// Three legs from side to side; `part` from 0 to 1.
Stand onPasses(double extent, double part) {
    const double leg = std::min(std::floor(part * 3.0), 2.0);
    const bool isBack = leg == 1.0;
    const double across = (part * 3.0 - leg) * 2.0 - 1.0;
    return {.place = {extent * 0.8 * (isBack ? -across : across),
                      extent * 0.3 * (leg - 1.0),
                      kLowMetres},
            .heading = Angle::degrees(isBack ? 270.0 : 90.0),
            .pitch = Angle::degrees(-15.0)};
}

/// The picture's frame buffer and lens, and the city's own for it.
class Stage {
public:
    Stage(render::OffscreenCity& city, const FlightOptions& options)
        : target(must(render::Framebuffer::make(options.widthPixels, options.heightPixels))),
          view{.widthPixels = options.widthPixels,
               .heightPixels = options.heightPixels,
               .maxScreenSpaceErrorPixels = options.maxScreenSpaceErrorPixels} {
        const auto part = [](std::size_t i) { return static_cast<float>(kBackground[i]) / 255.0F; };
        city.canvas().setTarget(*target);
        city.city().frame().resize({options.widthPixels, options.heightPixels, 1});
        city.city().frame().setFlatBackground({part(0), part(1), part(2)});
    }

    std::unique_ptr<render::Framebuffer> target;
    render::PictureView view;
};

/// What this thread has worked, without what it waited for others on the same core.
double workedMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// As a window does it, that knows where it flies.
FlownFrame flyFrame(render::OffscreenCity& offscreen,
                    const Stage& stage,
                    const camera::FlightPath& path,
                    double seconds) {
    render::CityView& city = offscreen.city();
    FlownFrame frame;
    double worked = workedMilliseconds();
    auto start = Clock::now();
    city.update(path.poseAt(seconds),
                stage.view.lens(),
                {.maxScreenSpaceErrorPixels = stage.view.maxScreenSpaceErrorPixels,
                 .preloads = true,
                 .nextPoses = path.posesAfter(seconds)});
    frame.updateMs = millisecondsSince(start);
    frame.workedMs = workedMilliseconds() - worked;
    start = Clock::now();
    offscreen.canvas().draw();
    glFinish();
    frame.drawMs = millisecondsSince(start);
    worked = workedMilliseconds();
    start = Clock::now();
    city.uploadArrivals(offscreen.canvas().state(), render::frameUploadBudget());
    frame.uploadMs = millisecondsSince(start);
    frame.workedMs += workedMilliseconds() - worked;
    frame.drawnTiles = city.drawnTiles(0).size();
    frame.triangles = city.tiles(0).shownTriangles();
    frame.glObjects = city.tiles(0).livingObjects();
    frame.session = city.session().statistics();
    return frame;
}

} // namespace

camera::FlightPath spiralAndPasses(const render::CityView& city, double seconds) {
    constexpr int kKeys = 24; // of each half
    const double extent = halfExtent(city);
    std::vector<camera::FlightKey> keys;
    for (int i = 0; i < 2 * kKeys; ++i) {
        const double part = static_cast<double>(i % kKeys) / (kKeys - 1);
        const Stand stand = i < kKeys ? onSpiral(extent, part) : onPasses(extent, part);
        keys.push_back(keyAt(city, seconds * i / (2 * kKeys - 1), stand));
    }
    return must(camera::FlightPath::create(std::move(keys)));
}

camera::FlightPath wanderings(const render::CityView& city, double seconds, unsigned seed) {
    constexpr double kKeySeconds = 4.0;
    const double extent = halfExtent(city);
    std::mt19937 random(seed);
    const auto between = [&random](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    std::vector<camera::FlightKey> keys;
    for (double at = 0.0; at <= seconds + kKeySeconds; at += kKeySeconds) {
        keys.push_back(keyAt(city,
                             at,
                             {.place = {between(-extent, extent),
                                        between(-extent, extent),
                                        between(0.3 * kLowMetres, extent)},
                              .heading = Angle::degrees(between(0.0, 360.0)),
                              .pitch = Angle::degrees(between(-80.0, -5.0))}));
    }
    return must(camera::FlightPath::create(std::move(keys)));
}

std::string toJsonLine(const FlownFrame& frame) {
    const auto count = [](std::uint64_t value) { return base::Json(value); };
    const viewer::stream::SessionStatistics& session = frame.session;
    return base::Json::object({{"frame", count(frame.number)},
                               {"updateMs", frame.updateMs},
                               {"drawMs", frame.drawMs},
                               {"uploadMs", frame.uploadMs},
                               {"workedMs", frame.workedMs},
                               {"drawn", count(frame.drawnTiles)},
                               {"triangles", count(frame.triangles)},
                               {"visited", count(session.visited)},
                               {"culled", count(session.culled)},
                               {"kicked", count(session.kicked)},
                               {"pending", count(session.pending)},
                               {"inFlight", count(session.inFlight)},
                               {"loaded", count(session.loadedContents)},
                               {"evicted", count(session.evictedContents)},
                               {"reloaded", count(session.reloadedContents)},
                               {"failed", count(session.failedLoads)},
                               {"bytesRead", count(session.readBytes)},
                               {"bytesHeld", count(session.cachedBytes)},
                               {"maxSse", session.maxScreenSpaceErrorPixels},
                               {"glObjects", count(frame.glObjects)}})
        .dump();
}

base::Status
fly(render::OffscreenCity& city, const camera::FlightPath& path, const FlightOptions& options) {
    const Stage stage(city, options);
    const auto frameTime = std::chrono::duration<double>(1.0 / options.framesPerSecond);
    const auto frames = static_cast<std::size_t>(path.duration() * options.framesPerSecond);
    render::settle(city.city(),
                   city.canvas(),
                   path.poseAt(path.startSeconds()),
                   stage.view.lens(),
                   {.maxScreenSpaceErrorPixels = options.maxScreenSpaceErrorPixels});
    city.canvas().draw(); // compiles the programs
    for (std::size_t number = 0; number < frames; ++number) {
        const auto start = Clock::now();
        const double seconds = static_cast<double>(number) / options.framesPerSecond;
        FlownFrame frame = flyFrame(city, stage, path, path.startSeconds() + seconds);
        frame.number = number;
        if (options.onFrame) {
            options.onFrame(frame, stage.target->readPixels());
        }
        std::this_thread::sleep_until(start + frameTime);
    }
    return base::ok();
}

base::Result<std::size_t> holePixels(render::OffscreenCity& city,
                                     const camera::CameraPose& pose,
                                     const FlightOptions& options,
                                     const Silhouette& inFlight) {
    const Stage stage(city, options);
    render::settle(city.city(),
                   city.canvas(),
                   pose,
                   stage.view.lens(),
                   {.maxScreenSpaceErrorPixels = options.maxScreenSpaceErrorPixels});
    city.canvas().draw();
    const Silhouette whole(stage.target->readPixels());
    const auto pixels = static_cast<std::size_t>(options.widthPixels) *
                        static_cast<std::size_t>(options.heightPixels);
    std::size_t holes = 0;
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        const bool isHole =
            !inFlight.isCityAround(pixel, 0) && whole.isCityAround(pixel, kGapMarginPixels);
        holes += isHole ? 1U : 0U;
    }
    return holes;
}

} // namespace tests
