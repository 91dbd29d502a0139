#include "viewer/main/parse_args.h"

#include "viewer/render/iso_time.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace viewer::main {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::within;
using tiles3d::geo::Angle;

namespace {

constexpr const char* kVersion = "city3d-viewer 0.1.0";

constexpr const char* kExamples = R"(Examples:
  city3d-viewer /data/city                                    a window; F1 in it lists the keys
  city3d-viewer /data/city --layers red_lines.shp zoning.gpkg  planning layers on the city
  city3d-viewer /data/city https://host/plan/tileset.json     a city and a plan in it
  city3d-viewer --view meeting.json --render a.png            as saved in the window by Ctrl+S
  city3d-viewer /data/city --render city.png --size 3840x2160 the whole city as a picture
  city3d-viewer /data/city --render a.png --camera 118.08,24.45,300,45,-30
  city3d-viewer /data/city --render a.png --date 2026-06-21T15:00+08:00 --shadows
  city3d-viewer /data/city --path flight.json --video flight.mp4 --size 1920x1080
  city3d-viewer /data/city --path flight.json --frames frames --fps 25 --resume

Exit codes: 0 done, 3 pictures without the tiles that failed, anything else: not done.)";

/// What the options write into; turned into a ViewCommand after parsing.
struct Raw {
    std::vector<std::string> tilesets;
    std::string picture;
    std::string size;
    std::string camera;
    std::vector<std::string> layers;
    std::string layersCrs;
    double heading = 0.0;
    double pitch = -35.0;
    double fovy = 60.0;
    double sse = 16.0;
    std::uint64_t cacheMebibytes = 1024;
    std::string date;
    bool hasShadows = false;
    bool hasHaze = true;
    bool isFit = false;
    bool asJson = false;
    bool saysProgress = false;
    std::string viewFile;
    std::string settingsFolder;
    std::string language;
    FlightCommand flight;
};

/// Several options write one picture, or fly, or open a window.
void addOutputs(CLI::App& app, Raw& raw) {
    CLI::Option* render =
        app.add_option("--render", raw.picture, "Write a PNG and end; needs no display");
    CLI::Option* path =
        app.add_option("--path",
                       raw.flight.path,
                       "A flight, JSON of keys with t, lon, lat, h, heading, pitch; with --frames "
                       "or --video")
            ->excludes(render);
    CLI::Option* frames =
        app.add_option("--frames", raw.flight.frames, "Write FOLDER/frame_000000.png and so on")
            ->needs(path);
    app.add_option("--video", raw.flight.video, "Write an MP4, by the program ffmpeg")
        ->needs(path)
        ->excludes(frames);
    app.add_flag("--resume", raw.flight.resumes, "Keep the frames that are there already")
        ->needs(frames);
    app.add_option("--fps", raw.flight.framesPerSecond, "Frames per second of the flight")
        ->needs(path)
        ->capture_default_str()
        ->check(CLI::Range(0.01, 240.0));
    app.add_option("--from", raw.flight.fromSeconds, "Begin at that second of the flight")
        ->needs(path);
    app.add_option("--to", raw.flight.toSeconds, "End at that second of the flight")->needs(path);
    app.add_option("--size",
                   raw.size,
                   "Pixels of the picture or window, up to 16384 a side (default 1920x1080, "
                   "window 1280x720)");
    app.add_flag("--json", raw.asJson, "With --render or --path: print a summary as JSON");
    app.add_flag("--progress", raw.saysProgress, "With them: lines like \"progress 0.25\"");
}

void addWindow(CLI::App& app, Raw& raw) {
    app.add_option("--settings",
                   raw.settingsFolder,
                   "Folder for what the window remembers (default: the user's own)");
    app.add_option("--lang", raw.language, "Of the window: zh_CN or en (default: as last time)")
        ->check(CLI::IsMember({"zh_CN", "en"}));
}

void addView(CLI::App& app, Raw& raw) {
    CLI::Option* fit = app.add_flag("--fit", raw.isFit, "Show the whole city (default)");
    app.add_option("--camera",
                   raw.camera,
                   "lon,lat,height,heading,pitch: degrees and metres above the "
                   "ellipsoid; pitch -90 looks down")
        ->excludes(fit);
    app.add_option("--heading", raw.heading, "Of the fitted view, degrees clockwise from north")
        ->capture_default_str();
    app.add_option("--pitch", raw.pitch, "Of the fitted view, degrees")
        ->capture_default_str()
        ->check(CLI::Range(-90.0, -1.0));
    app.add_option("--fovy", raw.fovy, "Vertical angle of view, degrees")
        ->capture_default_str()
        ->check(CLI::Range(5.0, 120.0));
    app.add_option("--sse", raw.sse, "Largest error on the screen, pixels; less is sharper")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1024.0));
}

void addCity(CLI::App& app, Raw& raw) {
    app.add_option(
        "PATH",
        raw.tilesets,
        "Folder of a built city, a tileset.json, a .3tz archive, or the URL of one; none: "
        "what the window had last time");
    app.add_option("--view",
                   raw.viewFile,
                   "A view saved by the window: tilesets, layers, camera and light in one file");
    app.add_option("--layers", raw.layers, "Planning layers to drape, any vector format and CRS");
    app.add_option("--layers-crs",
                   raw.layersCrs,
                   "CRS of layers that do not say theirs (DXF, CSV): EPSG:4548, WKT, PROJ");
    app.add_option("--date",
                   raw.date,
                   "Light by the sun of a moment like 2026-06-21T15:00+08:00; textures of "
                   "photogrammetry stay as they are");
    app.add_flag("--shadows", raw.hasShadows, "Shadows of the sun");
    app.add_flag("--haze,!--no-haze", raw.hasHaze, "Haze by distance (default)");
    app.add_option("--cache", raw.cacheMebibytes, "Memory for tiles, MiB")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{64}, std::uint64_t{1} << 20U));
}

/// All of `text` as a finite number.
bool parseNumber(std::string_view text, double& number) {
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(number);
}

Result<camera::CameraPose> parseCamera(const std::string& text) {
    std::array<double, 5> numbers{};
    std::string_view rest = text;
    bool isFine = true;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t comma = rest.find(',');
        const bool isLast = i + 1 == numbers.size();
        isFine = isFine && isLast == (comma == std::string_view::npos) &&
                 parseNumber(rest.substr(0, comma), numbers[i]);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    const auto [lon, lat, height, heading, pitch] = numbers;
    constexpr double kFarthest = 1e8;
    if (!isFine || std::abs(lon) > 180.0 || std::abs(lat) > 90.0 || std::abs(height) > kFarthest ||
        std::abs(pitch) > 90.0) {
        return Error{"--camera " + text +
                     ": expected lon,lat,height,heading,pitch like 118.08,24.45,300,45,-30"};
    }
    return camera::CameraPose{.position = {.longitude = Angle::degrees(lon),
                                           .latitude = Angle::degrees(lat),
                                           .heightMetres = height},
                              .heading = Angle::degrees(heading),
                              .pitch = Angle::degrees(pitch)};
}

bool parseSize(const std::string& text, int& width, int& height) {
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, width);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x') {
        return false;
    }
    const auto second = std::from_chars(first.ptr + 1, end, height);
    constexpr int kLeast = 16;
    constexpr int kMost = 16384;
    const auto isFine = [](int side) { return side >= kLeast && side <= kMost; };
    return second.ec == std::errc() && second.ptr == end && isFine(width) && isFine(height);
}

/// What is set only if asked for: the flight, the camera, the date.
Status setChoices(const Raw& raw, ViewCommand& command) {
    if (!raw.flight.path.empty()) {
        if (!raw.flight.frames && !raw.flight.video) {
            return Error{
                "--path needs --frames FOLDER or --video FILE.mp4. See city3d-viewer --help"};
        }
        command.flight = raw.flight;
    }
    if (!raw.camera.empty()) {
        const auto pose = parseCamera(raw.camera);
        if (!pose) {
            return pose.error();
        }
        command.view.pose = *pose;
    }
    if (!raw.date.empty()) {
        if (const auto date = render::parseIsoTime(raw.date); !date) {
            return within("--date", date.error());
        }
        command.view.date = raw.date;
    }
    return tiles3d::base::ok();
}

/// A picture needs a city; a window may begin without.
Status checkPurpose(const Raw& raw) {
    const bool isOffscreen = !raw.picture.empty() || !raw.flight.path.empty();
    if (isOffscreen && raw.tilesets.empty() && raw.viewFile.empty()) {
        return Error{
            "PATH or --view is required with --render and --path. See city3d-viewer --help"};
    }
    return tiles3d::base::ok();
}

Result<Command> commandFrom(const Raw& raw) {
    ViewCommand command{.viewFile = raw.viewFile,
                        .heading = Angle::degrees(raw.heading),
                        .pitch = Angle::degrees(raw.pitch),
                        .verticalFov = Angle::degrees(raw.fovy),
                        .maxScreenSpaceErrorPixels = raw.sse,
                        .cacheMebibytes = raw.cacheMebibytes,
                        .asJson = raw.asJson,
                        .saysProgress = raw.saysProgress,
                        .settingsFolder = raw.settingsFolder,
                        .language = raw.language};
    command.view.hasShadows = raw.hasShadows;
    command.view.hasHaze = raw.hasHaze;
    for (const std::string& path : raw.tilesets) {
        command.view.tilesets.push_back({.location = path});
    }
    for (const std::string& path : raw.layers) {
        command.view.layers.push_back({.file = path, .crs = raw.layersCrs});
    }
    if (const auto fits = checkPurpose(raw); !fits) {
        return fits.error();
    }
    if (const auto set = setChoices(raw, command); !set) {
        return set.error();
    }
    if (!raw.picture.empty()) {
        command.picture = raw.picture;
    }
    if (!raw.size.empty()) {
        int width = 0;
        int height = 0;
        if (!parseSize(raw.size, width, height)) {
            return Error{"--size " + raw.size +
                         ": expected like 1920x1080, each side from 16 to 16384"};
        }
        command.widthPixels = width;
        command.heightPixels = height;
    }
    return Command(command);
}

} // namespace

Result<Command> parseArgs(const std::vector<std::string>& args) {
    CLI::App app("Look at a city built by city3d, with planning layers draped on it",
                 "city3d-viewer");
    Raw raw;
    app.set_version_flag("--version", kVersion);
    app.footer(kExamples);
    addCity(app, raw);
    addOutputs(app, raw);
    addView(app, raw);
    addWindow(app, raw);
    std::vector<std::string> reversed(args.rbegin(), args.rend()); // CLI11 takes them from the back
    try {
        app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        return Command(PrintCommand{app.help()});
    } catch (const CLI::CallForVersion&) {
        return Command(PrintCommand{std::string(kVersion) + "\n"});
    } catch (const CLI::Error& error) {
        return Error{std::string(error.what()) + ". See city3d-viewer --help"};
    }
    return commandFrom(raw);
}

Result<render::ViewFile> completeView(const ViewCommand& command) {
    if (command.viewFile.empty()) {
        return command.view;
    }
    auto view = render::readViewFile(command.viewFile);
    if (!view) {
        return view;
    }
    const render::ViewFile& own = command.view;
    view->tilesets.insert(view->tilesets.end(), own.tilesets.begin(), own.tilesets.end());
    view->layers.insert(view->layers.end(), own.layers.begin(), own.layers.end());
    view->pose = own.pose ? own.pose : view->pose;
    if (!own.date.empty()) {
        view->date = own.date;
    }
    view->hasShadows = view->hasShadows || own.hasShadows;
    view->hasHaze = view->hasHaze && own.hasHaze;
    return view;
}

} // namespace viewer::main
