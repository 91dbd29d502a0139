// What a session costs without a picture: the selection, the way to a settled view, flights.
//   bench_streaming CITY
// CITY is the output folder of `city3d build`.
// Settle: cameras as in bench_loading. A cold session, files warm in the system's cache, against an
// oracle that reads and decodes exactly the tiles of the final picture with as many threads of the
// same low priority; medians of five alternating rounds. "Not drawn" are contents loaded on the way
// that are not in the final picture.
// Flight: 60 s at 30 frames a second over the city at a tenth of the height a second, with turns by
// formula, in lockstep with 4 loads a frame; views of 1 s and 2 s later are prefetched. "Twice" are
// tiles loaded again within 10 s of being dropped.
// Selection: time for a node visited, per view, of the flight's selections without I/O.

#include "tests/support/must.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/stream/background_thread.h"
#include "viewer/stream/lockstep_loader.h"
#include "viewer/stream/open_tileset.h"
#include "viewer/stream/tile_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace camera = viewer::camera;
namespace select = tiles3d::select;
namespace stream = viewer::stream;
using tests::must;

constexpr int kRounds = 5;
constexpr double kMostRatio = 1.3;
constexpr double kFrameSeconds = 1.0 / 30.0;
constexpr int kFlightFrames = 1800;

double secondsNow() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double medianOf(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::size_t threads() {
    return std::max<std::size_t>(std::thread::hardware_concurrency(), 2);
}

/// A camera over the city: metres from the middle of its root's box, radians.
struct Stand {
    glm::dvec3 offset{0.0};
    double headingRadians = 0.0;
    double pitchRadians = 0.0;
};

select::ViewState viewOf(const stream::TilesetSession& session, const Stand& stand) {
    const auto& frame = session.sceneFrame();
    const auto& box = std::get<tiles3d::tileset::Box>(session.tree().nodes().front().volumeEcef);
    const glm::dvec3 middle = frame.fromEcef({box.centre}).metres;
    const glm::dvec3 ahead{std::sin(stand.headingRadians), std::cos(stand.headingRadians), 0.0};
    const glm::dvec3 up{0.0, 0.0, 1.0};
    const double cosPitch = std::cos(stand.pitchRadians);
    const double sinPitch = std::sin(stand.pitchRadians);
    const camera::CameraAxes axes{.eye = middle + stand.offset,
                                  .direction = cosPitch * ahead + sinPitch * up,
                                  .up = cosPitch * up - sinPitch * ahead};
    return camera::viewState(camera::poseOf(axes, frame), {});
}

/// Frames until settled, without a scene. Returns the final picture's nodes.
std::vector<std::size_t> settle(stream::TilesetSession& session, const Stand& stand) {
    const select::ViewState view = viewOf(session, stand);
    while (true) {
        const auto& selection = session.update({view});
        for (const auto& arrival : session.takeArrivals(std::uint64_t{1} << 40U)) {
            session.markReady(arrival.node);
        }
        if (session.isSettled()) {
            return selection.render;
        }
        session.waitForLoad();
    }
}

/// Seconds to read and decode exactly these tiles.
double decodeExactly(const stream::TilesetSession& session,
                     const std::string& city,
                     const std::vector<std::size_t>& nodes) {
    const stream::FileSource source(city);
    std::atomic<std::size_t> next = 0;
    const double start = secondsNow();
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < threads(); ++i) {
            workers.emplace_back([&] {
                stream::yieldToOtherThreads();
                for (std::size_t at = next++; at < nodes.size(); at = next++) {
                    const select::Node& node = session.tree().nodes()[nodes[at]];
                    const auto bytes = must(source.read(node.contentUris.front()));
                    must(stream::decodeTile(bytes,
                                            session.sceneFrame().fromEcefMatrix() * node.toEcef));
                }
            });
        }
    }
    return secondsNow() - start;
}

bool measureSettle(const std::string& city, const Stand& stand) {
    std::vector<double> ratios;
    std::vector<double> seconds;
    std::size_t drawn = 0;
    std::size_t loaded = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto session = must(stream::openTileset(city, {.threads = threads()}));
        const double start = secondsNow();
        const auto nodes = settle(*session, stand);
        seconds.push_back(secondsNow() - start);
        const auto statistics = session->statistics();
        loaded = statistics.loadedContents;
        drawn = nodes.size();
        ratios.push_back(seconds.back() / decodeExactly(*session, city, nodes));
    }
    const double ratio = medianOf(ratios);
    const double notDrawn =
        100.0 * (static_cast<double>(loaded) / std::max(1.0, static_cast<double>(drawn)) - 1.0);
    fmt::print("{:>10.0f}{:>8.0f}{:>8}{:>10}{:>12.1f}{:>10.0f}{:>9.2f}\n",
               stand.offset.z,
               stand.pitchRadians * 180.0 / 3.14159265358979,
               drawn,
               loaded,
               notDrawn,
               1e3 * medianOf(seconds),
               ratio);
    std::fflush(stdout);
    return ratio <= kMostRatio;
}

Stand standAt(double seconds, double heightMetres) {
    const double along = 0.1 * heightMetres * seconds;
    const double half = 3.0 * heightMetres;
    return {.offset = {along - half, 0.2 * along, heightMetres},
            .headingRadians = 1.37 + 0.4 * std::sin(0.2 * seconds),
            .pitchRadians = -0.6};
}

void measureFlight(const std::string& city, double heightMetres, std::uint64_t capBytes) {
    double seconds = 0.0;
    const auto session = must(stream::openTileset(city,
                                                  {.cacheBytes = capBytes,
                                                   .secondsNow = [&] { return seconds; },
                                                   .makeLoader = stream::lockstep(4)}));
    std::size_t visited = 0;
    double most = 0.0;
    double total = 0.0;
    for (int frame = 0; frame < kFlightFrames; ++frame) {
        seconds += kFrameSeconds;
        const auto viewAt = [&](double later) {
            return viewOf(*session, standAt(seconds + later, heightMetres));
        };
        session->update({viewAt(0.0)}, {.prefetchViews = {viewAt(1.0), viewAt(2.0)}});
        const std::vector<select::ContentState> ready(session->tree().nodes().size(),
                                                      select::ContentState::Ready);
        const double start = secondsNow();
        const auto selection = select::select(session->tree(), {viewAt(0.0)}, ready);
        const double taken = secondsNow() - start;
        visited += selection.visited;
        total += taken;
        most = std::max(most, taken);
        for (const auto& arrival : session->takeArrivals(std::uint64_t{16} << 20U)) {
            session->markReady(arrival.node);
        }
    }
    const auto statistics = session->statistics();
    fmt::print("{:>10.0f}{:>8}{:>9.1f}{:>9}{:>9}{:>7}{:>10.1f}{:>12.0f}{:>12.2f}{:>10.2f}\n",
               heightMetres,
               capBytes >> 20U,
               static_cast<double>(statistics.peakBytes) / 1048576.0,
               statistics.loadedContents,
               statistics.evictedContents,
               statistics.reloadedContents,
               statistics.maxScreenSpaceErrorPixels,
               1e9 * total / static_cast<double>(visited),
               1e3 * total / kFlightFrames,
               1e3 * most);
    std::fflush(stdout);
}

bool measure(const std::string& city) {
    bool holds = true;
    fmt::print("{:>10}{:>8}{:>8}{:>10}{:>12}{:>10}{:>9}\n",
               "height m",
               "pitch",
               "drawn",
               "loaded",
               "not drawn %",
               "ms",
               "/ oracle");
    for (const double pitch : {-90.0, -45.0}) {
        for (const double height : {500.0, 1000.0, 2000.0, 10'000.0}) {
            const double radians = pitch * 3.14159265358979 / 180.0;
            const double south = pitch < -89.0 ? 0.0 : -height;
            holds = measureSettle(city, {{0.0, south, height}, 0.0, radians}) && holds;
        }
    }
    fmt::print("\n{:>10}{:>8}{:>9}{:>9}{:>9}{:>7}{:>10}{:>12}{:>12}{:>10}\n",
               "height m",
               "cap MB",
               "peak MB",
               "loaded",
               "dropped",
               "twice",
               "last SSE",
               "ns / node",
               "select ms",
               "most ms");
    for (const double height : {300.0, 1000.0}) {
        for (const std::uint64_t megabytes : {512U, 128U, 32U}) {
            measureFlight(city, height, megabytes << 20U);
        }
    }
    return holds;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "bench_streaming CITY\n");
        return 2;
    }
    return tests::exitCodeOf([&] { return measure(argv[1]); });
}
