// How a city is drawn while it streams, without a display, on whatever OpenGL there is.
//   bench_viewer flight CITY [--seconds S] [--cache MB] [--path FILE] [--frames FILE.jsonl]
//                       [--pictures FOLDER, for the frames that are looked at]
//   bench_viewer settle CITY
//   bench_viewer lockstep CITY [--seconds S]
//   bench_viewer soak CITY [--seconds S] [--cache MB]
//   bench_viewer drape CITY [--layers FILE.gpkg] [--rounds N]
// Flight: a spiral down to the city and low passes over it (or --path), 1280 x 720, 16 pixels of
// error, the flight's time in steps of 1/30 s, loading in real time. Holes are looked for in every
// tenth frame once the flight is over, so that it is not disturbed: background where the same view,
// fully loaded, shows the city three pixels around.
// Settle: five views of that flight, from opening to the picture, and once more after the others
// ("warm"), against reading and decoding exactly the tiles of the final picture on all cores in the
// same run. The system's cache is warm.
// Lockstep: the same flight without drawing, four loads a frame: a hash of all that is selected and
// asked for, twice.
// Soak: random places, as long as asked for: the memory of the last third against the first.
// Drape: what layers add to a frame (drape_cost.h).
// Exit code 1 if a limit that is printed does not hold.

#include "tests/bench/drape_cost.h"
#include "tests/support/city_flight.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/parallel.h"
#include "viewer/render/offscreen_city.h"
#include "viewer/stream/lockstep_loader.h"
#include "viewer/stream/open_tileset.h"
#include "viewer/stream/tile_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace camera = viewer::camera;
namespace render = viewer::render;
namespace stream = viewer::stream;
using tests::FlownFrame;
using tests::must;
using tiles3d::image::Raster;

struct Arguments {
    std::string mode;
    std::string city;
    double seconds = 60.0;
    std::uint64_t cacheBytes = std::uint64_t{512} << 20U;
    std::string path;
    std::string frames;
    std::string pictures;
    std::string layers;
    std::size_t rounds = 7;
};

Arguments argumentsOf(const std::vector<std::string>& words) {
    if (words.size() < 2 || words.size() % 2 != 0) {
        throw std::runtime_error(
            "bench_viewer flight|settle|lockstep|soak|drape CITY [OPTION VALUE ...]");
    }
    Arguments arguments{.mode = words[0], .city = words[1]};
    for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
        if (words[i] == "--seconds") {
            arguments.seconds = std::stod(words[i + 1]);
        } else if (words[i] == "--cache") {
            arguments.cacheBytes = std::stoull(words[i + 1]) << 20U;
        } else if (words[i] == "--path") {
            arguments.path = words[i + 1];
        } else if (words[i] == "--pictures") {
            arguments.pictures = words[i + 1];
        } else if (words[i] == "--layers") {
            arguments.layers = words[i + 1];
        } else if (words[i] == "--rounds") {
            arguments.rounds = std::stoul(words[i + 1]);
        } else if (words[i] == "--frames") {
            arguments.frames = words[i + 1];
        } else {
            throw std::runtime_error("bench_viewer has no option " + words[i]);
        }
    }
    return arguments;
}

/// Prints a limit and remembers whether all held.
class Verdicts {
public:
    void atMost(const char* what, double value, double limit) {
        const bool holds = value <= limit;
        fmt::print("{:<44}{:>12.2f}   at most {:<10g} {}\n",
                   what,
                   value,
                   limit,
                   holds ? "holds" : "DOES NOT HOLD");
        std::fflush(stdout);
        allHold_ = allHold_ && holds;
    }
    bool allHold() const { return allHold_; }

private:
    bool allHold_ = true;
};

/// The value below which that share of the values lies. REQUIRES: some values.
double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double residentMegabytes() {
    std::ifstream statm("/proc/self/statm");
    double total = 0.0;
    double resident = 0.0;
    statm >> total >> resident;
    return resident * 4096.0 / 1e6;
}

std::unique_ptr<render::OffscreenCity> open(const Arguments& arguments) {
    return must(render::OffscreenCity::open(
        {.tilesets = {arguments.city}, .session = {.cacheBytes = arguments.cacheBytes}}));
}

camera::FlightPath pathOf(const Arguments& arguments, const render::CityView& city) {
    return arguments.path.empty() ? tests::spiralAndPasses(city, arguments.seconds)
                                  : must(camera::readFlightPath(arguments.path));
}

template <typename Value>
std::vector<double> column(const std::vector<FlownFrame>& frames, const Value& value) {
    std::vector<double> numbers;
    std::ranges::transform(frames, std::back_inserter(numbers), value);
    return numbers;
}

void printTimes(const char* what, const std::vector<double>& milliseconds) {
    fmt::print("{:<24}p50 {:8.2f}   p95 {:8.2f}   p99 {:8.2f}   max {:8.2f} ms\n",
               what,
               quantile(milliseconds, 0.5),
               quantile(milliseconds, 0.95),
               quantile(milliseconds, 0.99),
               quantile(milliseconds, 1.0));
}

void printFlight(const std::vector<FlownFrame>& frames, Verdicts& verdicts, double capBytes) {
    const auto whole = column(frames, [](const FlownFrame& frame) { return frame.wholeMs(); });
    const auto outside =
        column(frames, [](const FlownFrame& frame) { return frame.outsideDrawMs(); });
    printTimes("whole frame", whole);
    printTimes("update", column(frames, [](const FlownFrame& frame) { return frame.updateMs; }));
    printTimes("upload", column(frames, [](const FlownFrame& frame) { return frame.uploadMs; }));
    printTimes("both, without waiting",
               column(frames, [](const FlownFrame& frame) { return frame.workedMs; }));
    printTimes("cull and draw",
               column(frames, [](const FlownFrame& frame) { return frame.drawMs; }));
    const stream::SessionStatistics& last = frames.back().session;
    fmt::print("{} frames; {} tiles loaded, {} dropped, {:.1f} MB read, at most {} drawn\n",
               frames.size(),
               last.loadedContents,
               last.evictedContents,
               static_cast<double>(last.readBytes) / 1e6,
               std::ranges::max(frames, {}, &FlownFrame::drawnTiles).drawnTiles);
    verdicts.atMost("frame time, p99 / p50", quantile(whole, 0.99) / quantile(whole, 0.5), 2.0);
    verdicts.atMost("outside of draw, p99, ms", quantile(outside, 0.99), 4.0);
    verdicts.atMost("peak bytes / cap", static_cast<double>(last.peakBytes) / capBytes, 1.0);
    verdicts.atMost("loaded again within 10 s", static_cast<double>(last.reloadedContents), 0.0);
    verdicts.atMost("failed loads", static_cast<double>(last.failedLoads), 0.0);
}

/// A frame to be looked at once the flight is over.
struct Suspect {
    std::size_t frame = 0;
    tests::Silhouette silhouette;
};

void savePicture(const std::string& folder, std::size_t number, const Raster& picture) {
    if (!folder.empty()) {
        const auto png =
            must(tiles3d::image::encode(picture, {.format = tiles3d::image::ImageFormat::Png}));
        must(tiles3d::base::writeFile(
            std::filesystem::path(folder) / fmt::format("flown_{:06}.png", number), png.bytes));
    }
}

bool flight(const Arguments& arguments) {
    constexpr std::size_t kLookedAt = 10; // one frame in so many
    const auto city = open(arguments);
    const camera::FlightPath path = pathOf(arguments, city->city());
    fmt::print("{}; cap {} MB\n", city->rendererName(), arguments.cacheBytes >> 20U);
    std::ofstream lines(arguments.frames);
    std::vector<FlownFrame> frames;
    std::vector<Suspect> suspects;
    tests::FlightOptions options;
    options.onFrame = [&](const FlownFrame& frame, const Raster& picture) {
        frames.push_back(frame);
        lines << tests::toJsonLine(frame) << '\n';
        if (frame.number % kLookedAt == 0) {
            suspects.push_back({frame.number, tests::Silhouette(picture)});
            savePicture(arguments.pictures, frame.number, picture);
        }
    };
    must(tests::fly(*city, path, options));
    Verdicts verdicts;
    printFlight(frames, verdicts, static_cast<double>(arguments.cacheBytes));
    std::size_t holes = 0;
    std::size_t framesWithHoles = 0;
    for (const Suspect& suspect : suspects) {
        const double seconds = static_cast<double>(suspect.frame) / options.framesPerSecond;
        const std::size_t pixels = must(tests::holePixels(
            *city, path.poseAt(path.startSeconds() + seconds), options, suspect.silhouette));
        holes += pixels;
        framesWithHoles += pixels > 0 ? 1U : 0U;
        if (pixels > 0) {
            fmt::print("frame {}: {} pixels\n", suspect.frame, pixels);
        }
    }
    fmt::print("{} frames looked at for holes, {} pixels in all\n", suspects.size(), holes);
    verdicts.atMost("frames with holes", static_cast<double>(framesWithHoles), 0.0);
    return verdicts.allHold();
}

double secondsOf(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Reads and decodes what the city draws, on all cores.
double oracleSeconds(const Arguments& arguments, const render::CityView& city) {
    const stream::FileSource source{std::filesystem::path(arguments.city)};
    const auto& nodes = city.session().tree().nodes();
    const std::vector<std::size_t>& drawn = city.drawnTiles(0);
    return secondsOf([&] {
        tiles3d::base::parallelFor(
            drawn.size(), std::thread::hardware_concurrency(), [&](std::size_t i) {
                for (const std::string& uri : nodes[drawn[i]].contentUris) {
                    must(stream::decodeTile(must(source.read(uri)), nodes[drawn[i]].toEcef));
                }
            });
    });
}

bool settle(const Arguments& arguments) {
    constexpr int kViews = 5;
    constexpr double kMostRatio = 1.3;
    const auto warm = open(arguments);
    const camera::FlightPath path = pathOf(arguments, warm->city());
    fmt::print("{}\n{:>8}{:>8}{:>12}{:>12}{:>12}{:>8}\n",
               warm->rendererName(),
               "view",
               "tiles",
               "cold s",
               "warm s",
               "oracle s",
               "ratio");
    std::vector<double> ratios;
    const render::PictureView view{.widthPixels = 1280, .heightPixels = 720};
    const auto settled = [&](render::OffscreenCity& city, int number) {
        const double part = (number + 0.5) / kViews;
        const auto pose = path.poseAt(path.startSeconds() + part * path.duration());
        return secondsOf(
            [&] { render::settle(city.city(), city.canvas(), pose, view.lens(), {}); });
    };
    for (int number = 0; number < kViews; ++number) {
        settled(*warm, number);
    }
    for (int number = 0; number < kViews; ++number) {
        const double warmSeconds = settled(*warm, number);
        const double oracle = oracleSeconds(arguments, warm->city());
        stream::SessionOptions session{.cacheBytes = arguments.cacheBytes};
        const auto cold =
            must(render::OffscreenCity::open({.tilesets = {arguments.city}, .session = session}));
        const double coldSeconds = settled(*cold, number);
        ratios.push_back(coldSeconds / oracle);
        fmt::print("{:>8}{:>8}{:>12.3f}{:>12.3f}{:>12.3f}{:>8.2f}\n",
                   number,
                   warm->city().drawnTiles(0).size(),
                   coldSeconds,
                   warmSeconds,
                   oracle,
                   ratios.back());
    }
    Verdicts verdicts;
    verdicts.atMost("cold / oracle, median", quantile(ratios, 0.5), kMostRatio);
    return verdicts.allHold();
}

/// Of all that a flight without drawing selects and asks for.
std::uint64_t lockstepHash(const Arguments& arguments, std::size_t threads) {
    constexpr std::size_t kLoadsPerFrame = 4;
    constexpr double kFramesPerSecond = 30.0;
    double now = 0.0; // of the flight
    const auto session =
        must(stream::openTileset(arguments.city,
                                 {.threads = threads,
                                  .cacheBytes = arguments.cacheBytes,
                                  .secondsNow = [&now] { return now; },
                                  .makeLoader = stream::lockstep(kLoadsPerFrame)}));
    render::CityView outline(must(stream::openTileset(arguments.city)), {});
    const camera::FlightPath path = pathOf(arguments, outline);
    std::uint64_t hash = 0;
    const auto add = [&hash](std::size_t number) {
        constexpr std::uint64_t kPrime = 1099511628211U; // FNV-1a
        hash = (hash ^ number) * kPrime;
    };
    const auto frames = static_cast<std::size_t>(path.duration() * kFramesPerSecond);
    for (std::size_t number = 0; number < frames; ++number) {
        now = static_cast<double>(number) / kFramesPerSecond;
        const auto& selection =
            session->update({camera::viewState(path.poseAt(path.startSeconds() + now), {})}, {});
        for (const stream::TileArrival& arrival : session->takeArrivals(~std::uint64_t{0})) {
            session->markReady(arrival.node);
        }
        std::ranges::for_each(session->takeEvicted(), add);
        std::ranges::for_each(selection.render, add);
        std::ranges::for_each(selection.load, [&add](const auto& wish) { add(wish.node); });
    }
    fmt::print("{} threads: {} frames, {} tiles loaded, hash {:016x}\n",
               threads,
               frames,
               session->statistics().loadedContents,
               hash);
    return hash;
}

bool lockstep(const Arguments& arguments) {
    const std::uint64_t first = lockstepHash(arguments, 1);
    const std::uint64_t second = lockstepHash(arguments, 1);
    const std::uint64_t third = lockstepHash(arguments, 4);
    Verdicts verdicts;
    verdicts.atMost("different hashes", (first != second) + (first != third), 0.0);
    return verdicts.allHold();
}

bool soak(const Arguments& arguments) {
    constexpr double kMostGrowthMegabytes = 20.0;
    const auto city = open(arguments);
    fmt::print("{}; cap {} MB\n", city->rendererName(), arguments.cacheBytes >> 20U);
    std::vector<double> megabytes;
    std::vector<FlownFrame> frames;
    tests::FlightOptions options;
    options.onFrame = [&](const FlownFrame& frame, const Raster&) {
        frames.push_back(frame);
        megabytes.push_back(residentMegabytes());
    };
    must(tests::fly(*city, tests::wanderings(city->city(), arguments.seconds, 1), options));
    const auto third = static_cast<std::ptrdiff_t>(megabytes.size() / 3);
    const double early = *std::max_element(megabytes.begin(), megabytes.begin() + third);
    const double late = *std::max_element(megabytes.end() - third, megabytes.end());
    fmt::print("resident: most {:.0f} MB in the first third, {:.0f} MB in the last\n", early, late);
    fmt::print("GL objects: {} at the end, at most {}\n",
               frames.back().glObjects,
               std::ranges::max(frames, {}, &FlownFrame::glObjects).glObjects);
    Verdicts verdicts;
    printFlight(frames, verdicts, static_cast<double>(arguments.cacheBytes));
    verdicts.atMost("growth of resident memory, MB", late - early, kMostGrowthMegabytes);
    return verdicts.allHold();
}

bool run(const Arguments& arguments) {
    if (arguments.mode == "flight") {
        return flight(arguments);
    }
    if (arguments.mode == "settle") {
        return settle(arguments);
    }
    if (arguments.mode == "lockstep") {
        return lockstep(arguments);
    }
    if (arguments.mode == "soak") {
        return soak(arguments);
    }
    if (arguments.mode == "drape") {
        return drapeCost({.city = arguments.city,
                          .layers = arguments.layers,
                          .rounds = arguments.rounds});
    }
    throw std::runtime_error("bench_viewer has no mode " + arguments.mode);
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] { return run(argumentsOf({argv + 1, argv + argc})); });
}
