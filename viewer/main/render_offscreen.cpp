#include "viewer/main/render_offscreen.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/style/legend.h"
#include "pipeline/planning/style/style_json.h"
#include "tiles3d/base/file.h"
#include "viewer/camera/fit_view.h"
#include "viewer/camera/flight_path.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/render/flight_frames.h"
#include "viewer/render/iso_time.h"
#include "viewer/render/load_report.h"
#include "viewer/render/offscreen_city.h"
#include "viewer/render/open_layers.h"
#include "viewer/render/still.h"
#include "viewer/render/view_light.h"
#include "viewer/scene/frame_graph.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace viewer::main {

namespace {

namespace base = tiles3d::base;
namespace style = pipeline::planning::style;
using render::CityView;
using render::OffscreenCity;

ExitCode failed(const base::Error& error) {
    spdlog::error("{}", error.message);
    return ExitCode::Failed;
}

void sayWarning(const std::string& warning) {
    spdlog::warn("{}", warning);
}

/// Says what the pictures lack; the exit code follows.
ExitCode said(const render::LoadReport& load) {
    std::ranges::for_each(load.warnings, sayWarning);
    for (const stream::TileFailure& failure : load.failures) {
        spdlog::error("tile {}: {}", failure.uri, failure.message);
    }
    return load.failures.empty() ? ExitCode::Done : ExitCode::DoneWithLosses;
}

void print(const base::Json& summary) {
    std::fputs((summary.dump(true) + "\n").c_str(), stdout);
}

/// A folder for what is imported, gone with this.
class ImportFolder {
public:
    ImportFolder() : path_((std::filesystem::temp_directory_path() / "city3d-XXXXXX").string()) {
        isThere_ = ::mkdtemp(path_.data()) != nullptr;
    }
    ImportFolder(const ImportFolder&) = delete;
    ImportFolder& operator=(const ImportFolder&) = delete;
    ~ImportFolder() {
        std::error_code ignored;
        if (isThere_) {
            std::filesystem::remove_all(path_, ignored);
        }
    }

    const std::string& path() const { return path_; }

private:
    std::string path_;
    bool isThere_ = false;
};

/// By table; none where the view names no style file.
base::Result<std::vector<style::NamedStyle>> stylesOf(const render::ViewFile& view) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
    if (view.styles.empty() || !std::filesystem::exists(view.styles)) {
        return std::vector<style::NamedStyle>();
    }
    const auto text = base::readTextFile(view.styles, kMostBytes);
    return text ? style::readStyles(*text)
                : base::Result<std::vector<style::NamedStyle>>(text.error());
}

/// Which layers are seen, how much, and which of their features.
base::Status
show(const render::ViewFile& view, const render::OpenedLayers& opened, overlay::LayerSet& layers) {
    const auto& infos = opened.store->layers();
    for (std::size_t i = 0; i < infos.size(); ++i) {
        const std::string& file = opened.givenFiles.at(infos[i].file);
        const float opacity = render::opacityOf(view, file, infos[i].table);
        layers.setVisible(i, opacity > 0.0F);
        layers.setOpacity(i, opacity);
        const auto given = std::ranges::find(view.layers, file, &render::ShownLayers::file);
        const auto condition = given->conditions.find(infos[i].table);
        if (condition == given->conditions.end()) {
            continue;
        }
        auto ids = opened.store->rows(static_cast<std::uint32_t>(i), {.where = condition->second});
        if (!ids) {
            return base::within(infos[i].title, ids.error());
        }
        std::ranges::sort(*ids);
        layers.setFilter(i, *std::move(ids));
    }
    return base::ok();
}

/// Lays the layers on the city, in the view's styles, else the legend's.
base::Status drape(const render::ViewFile& view, const ImportFolder& folder, CityView& city) {
    const auto legend = style::Legend::builtIn();
    const auto named = stylesOf(view);
    const auto opened = render::openLayers(
        {.files = view.layers, .scene = city.sceneFrame(), .importFolder = folder.path()});
    if (!legend || !named || !opened) {
        return !legend ? legend.error() : !named ? named.error() : opened.error();
    }
    if (!opened->errors.empty()) {
        return base::Error{opened->errors.front()};
    }
    std::ranges::for_each(opened->messages, sayWarning);
    const auto& infos = opened->store->layers();
    std::vector<style::LayerStyle> styles;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        const auto own = std::ranges::find(*named, infos[i].table, &style::NamedStyle::table);
        styles.push_back(own != named->end() ? own->style : legend->styleFor(infos[i], i));
    }
    const auto layers = overlay::LayerSet::create(
        opened->store,
        std::move(styles),
        {.scene = city.sceneFrame(), .halfExtentMetres = render::drapedExtentMetres(city)});
    if (!layers) {
        return layers.error();
    }
    city.setLayers(*layers);
    return show(view, *opened, **layers);
}

/// Visibility, opacity and light as the view says.
void dress(CityView& city, const render::ViewFile& view) {
    const auto ids = city.tilesets(); // opened in the view's order
    for (std::size_t i = 0; i < ids.size(); ++i) {
        city.setVisible(ids[i], view.tilesets[i].isVisible);
        city.tiles(ids[i]).setOpacity(static_cast<double>(view.tilesets[i].opacity));
    }
    render::ViewLight light{.hasShadows = view.hasShadows, .hasHaze = view.hasHaze};
    if (const auto date = render::parseIsoTime(view.date)) {
        light.moment = *date;
    }
    city.setLook(render::frameLook(light, city.sceneFrame()));
}

render::PictureView pictureOf(const ViewCommand& command, const render::ViewFile& view) {
    constexpr int kUsualWidth = 1920;
    constexpr int kUsualHeight = 1080;
    return {.pose = view.pose.value_or(camera::CameraPose{}),
            .widthPixels = command.widthPixels.value_or(kUsualWidth),
            .heightPixels = command.heightPixels.value_or(kUsualHeight),
            .verticalFovRadians = command.verticalFov.radians(),
            .maxScreenSpaceErrorPixels = command.maxScreenSpaceErrorPixels};
}

/// Lines for a program that shows how far the work is, one per percent at most.
class ProgressLines {
public:
    bool operator()(const render::PictureProgress& progress) {
        constexpr double kPercent = 100.0;
        const double picture =
            static_cast<double>(progress.partsDone) / static_cast<double>(progress.parts);
        const double all = (static_cast<double>(progress.framesDone) + picture) /
                           static_cast<double>(progress.frames);
        const int percent = static_cast<int>(all * kPercent);
        if (percent != std::exchange(lastPercent_, percent)) {
            fmt::print(stderr, "progress {:.2f}\n", percent / kPercent);
        }
        return true;
    }

private:
    int lastPercent_ = -1;
};

ExitCode
renderPicture(const ViewCommand& command, const render::ViewFile& view, OffscreenCity& city) {
    render::StillOptions options{.picture = *command.picture, .view = pictureOf(command, view)};
    if (command.saysProgress) {
        options.drawing.keepGoing = ProgressLines();
    }
    if (!view.pose) {
        options.fit = camera::FitOptions{.heading = command.heading, .pitch = command.pitch};
    }
    const auto report = render::renderStill(city, options);
    if (!report) {
        return failed(report.error());
    }
    const ExitCode code = said(report->load);
    if (report->picture.drawnTiles == 0 && code == ExitCode::Done && view.pose) {
        spdlog::warn("nothing of the city is in the picture; --fit shows all of it");
    }
    if (command.asJson) {
        print(render::toJson(*report));
    } else {
        spdlog::info("{}: {} tiles, {} triangles, on {}; --camera {}",
                     *command.picture,
                     report->picture.drawnTiles,
                     report->picture.drawnTriangles,
                     report->renderer,
                     render::cameraText(report->pose));
    }
    return code;
}

/// Says how far a film is, now and then.
class FilmProgress {
public:
    bool operator()(const render::PictureProgress& progress) {
        constexpr std::size_t kLinesPerFilm = 20;
        const std::size_t line = progress.framesDone * kLinesPerFilm / progress.frames;
        if (line != std::exchange(lastLine_, line)) {
            spdlog::info("{} of {} frames", progress.framesDone, progress.frames);
        }
        return true;
    }

private:
    std::size_t lastLine_ = 0;
};

render::KeepGoing progressOf(const ViewCommand& command) {
    return command.saysProgress ? render::KeepGoing(ProgressLines())
                                : render::KeepGoing(FilmProgress());
}

ExitCode
renderFlight(const ViewCommand& command, const render::ViewFile& view, OffscreenCity& city) {
    const FlightCommand& wanted = *command.flight;
    auto path = camera::readFlightPath(wanted.path);
    if (!path) {
        return failed(path.error());
    }
    const render::FlightFrames flight{.path = *std::move(path),
                                      .framesPerSecond = wanted.framesPerSecond,
                                      .fromSeconds = wanted.fromSeconds,
                                      .toSeconds = wanted.toSeconds,
                                      .view = pictureOf(command, view),
                                      .drawing = {.keepGoing = progressOf(command)}};
    const std::string target = wanted.frames ? *wanted.frames : *wanted.video;
    const auto report =
        wanted.frames
            ? render::writeFrames(city.city(), city.canvas(), flight, {target, wanted.resumes})
            : render::writeVideo(city.city(), city.canvas(), flight, target);
    if (!report) {
        return failed(report.error());
    }
    const render::LoadReport load = render::loadReport(city.city());
    if (command.asJson) {
        base::Json::Object members = {{"framesMade", std::uint64_t{report->made}},
                                      {"framesKept", std::uint64_t{report->kept}},
                                      {"renderer", city.rendererName()}};
        std::ranges::copy(render::toMembers(load), std::back_inserter(members));
        print(base::Json::object(std::move(members)));
    } else {
        spdlog::info("{}: {} frames, and {} that were there; on {}",
                     target,
                     report->made,
                     report->kept,
                     city.rendererName());
    }
    return said(load);
}

} // namespace

ExitCode renderOffscreen(const ViewCommand& command, const render::ViewFile& view) {
    std::vector<std::string> locations;
    std::ranges::transform(
        view.tilesets, std::back_inserter(locations), &render::ShownTileset::location);
    const auto city = OffscreenCity::open(
        {.tilesets = locations, .session = {.cacheBytes = command.cacheMebibytes << 20U}});
    if (!city) {
        return failed(city.error());
    }
    const pipeline::planning::GdalRuntime gdal;
    const ImportFolder folder;
    if (!view.layers.empty()) {
        if (const auto draped = drape(view, folder, (*city)->city()); !draped) {
            return failed(draped.error());
        }
    }
    dress((*city)->city(), view);
    const ExitCode code = command.picture ? renderPicture(command, view, **city)
                                          : renderFlight(command, view, **city);
    if (const auto& layers = (*city)->city().layers()) {
        std::ranges::for_each(layers->takeMessages(), sayWarning);
        spdlog::info("{}", layers->summary());
        (*city)->city().setLayers(nullptr);
    }
    return code;
}

} // namespace viewer::main
