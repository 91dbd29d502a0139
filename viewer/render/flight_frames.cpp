#include "viewer/render/flight_frames.h"

#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/render/video_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>

namespace viewer::render {

namespace {

namespace fs = std::filesystem;
namespace base = tiles3d::base;

/// i / rate is rounded: a flight of 0.1 s at 30 frames a second has frame 3.
constexpr double kFrameSlack = 1e-6;

constexpr std::string_view kPrefix = "frame_";
constexpr std::string_view kSuffix = ".png";

std::string frameName(std::size_t number) {
    return fmt::format("{}{:06}{}", kPrefix, number, kSuffix);
}

/// The number of a file that frameName() could have named.
std::optional<std::size_t> frameNumber(const std::string& name) {
    std::size_t number = 0;
    const bool isLong = name.size() > kPrefix.size() + kSuffix.size();
    if (!isLong || !name.starts_with(kPrefix) || !name.ends_with(kSuffix)) {
        return std::nullopt;
    }
    const char* begin = name.data() + kPrefix.size();
    const char* end = name.data() + name.size() - kSuffix.size();
    const auto parsed = std::from_chars(begin, end, number);
    const bool isNumber = parsed.ec == std::errc() && parsed.ptr == end;
    return isNumber && frameName(number) == name ? std::optional(number) : std::nullopt;
}

std::size_t lastFrame(const FlightFrames& flight) {
    return static_cast<std::size_t>(
        std::floor(flight.path.duration() * flight.framesPerSecond + kFrameSlack));
}

/// The folder, ready to be written into.
base::Status prepareFolder(const fs::path& folder, std::size_t lastOfFlight) {
    if (const auto made = base::makeFolder(folder); !made) {
        return made;
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto number = frameNumber(base::toUtf8(entry.path().filename()));
        if (number && *number > lastOfFlight) {
            return base::Error{
                fmt::format("{} is not of this flight, whose last frame is {}; remove it or name "
                            "another folder",
                            base::toUtf8(entry.path()),
                            lastOfFlight)};
        }
    }
    return error ? base::Error{base::toUtf8(folder) + ": " + error.message()}
                 : base::Status(base::ok());
}

bool isWholeFrame(const fs::path& file, const PictureView& view) {
    auto bytes = base::readFile(file);
    const auto header = bytes ? tiles3d::image::readHeader(*std::move(bytes)) : bytes.error();
    return header && header->width == static_cast<std::uint32_t>(view.widthPixels) &&
           header->height == static_cast<std::uint32_t>(view.heightPixels);
}

/// Asks with the film's progress added.
PictureOptions
drawingOf(const FlightFrames& flight, const FrameNumbers& numbers, std::size_t frame) {
    PictureOptions drawing = flight.drawing;
    if (flight.drawing.keepGoing) {
        drawing.keepGoing = [&flight, numbers, frame](PictureProgress progress) {
            progress.framesDone = frame - numbers.first;
            progress.frames = numbers.count();
            return flight.drawing.keepGoing(progress);
        };
    }
    return drawing;
}

PictureView viewAt(const FlightFrames& flight, std::size_t frame) {
    const camera::StoredView stored = flight.path.viewAt(
        flight.path.startSeconds() + static_cast<double>(frame) / flight.framesPerSecond);
    PictureView view = flight.view;
    view.pose = stored.pose;
    if (stored.verticalFov) {
        view.verticalFovRadians = stored.verticalFov->radians();
    }
    return view;
}

} // namespace

base::Result<FrameNumbers> frameNumbers(const FlightFrames& flight) {
    constexpr double kMostPerSecond = 1000.0;
    const double rate = flight.framesPerSecond;
    if (!(rate > 0.0 && rate <= kMostPerSecond)) {
        return base::Error{fmt::format(
            "{} frames per second: must be above 0 and at most {}", rate, kMostPerSecond)};
    }
    const double start = flight.path.startSeconds();
    const double from = flight.fromSeconds.value_or(start);
    const double to = flight.toSeconds.value_or(flight.path.endSeconds());
    const double first = std::max(0.0, std::ceil((from - start) * rate - kFrameSlack));
    const double last = std::min(static_cast<double>(lastFrame(flight)),
                                 std::floor((to - start) * rate + kFrameSlack));
    if (first > last) {
        return base::Error{fmt::format("no frame from second {} to {} of a flight from {} to {}",
                                       from,
                                       to,
                                       start,
                                       flight.path.endSeconds())};
    }
    return FrameNumbers{static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
}

base::Result<FramesReport> writeFrames(CityView& city,
                                       ICanvas& canvas,
                                       const FlightFrames& flight,
                                       const FrameFolder& folder) {
    const auto numbers = frameNumbers(flight);
    if (!numbers) {
        return numbers.error();
    }
    if (const auto prepared = prepareFolder(folder.folder, lastFrame(flight)); !prepared) {
        return prepared.error();
    }
    FramesReport report;
    for (std::size_t frame = numbers->first; frame <= numbers->last; ++frame) {
        const fs::path file = folder.folder / frameName(frame);
        if (folder.resumes && isWholeFrame(file, flight.view)) {
            ++report.kept;
            continue;
        }
        const auto saved = savePicture(
            city, canvas, viewAt(flight, frame), file, drawingOf(flight, *numbers, frame));
        if (!saved) {
            return saved.error();
        }
        ++report.made;
    }
    return report;
}

base::Result<FramesReport>
writeVideo(CityView& city, ICanvas& canvas, const FlightFrames& flight, const fs::path& file) {
    const auto numbers = frameNumbers(flight);
    if (!numbers) {
        return numbers.error();
    }
    const auto video = VideoFile::create(file,
                                         {.widthPixels = flight.view.widthPixels,
                                          .heightPixels = flight.view.heightPixels,
                                          .framesPerSecond = flight.framesPerSecond});
    if (!video) {
        return video.error();
    }
    const auto take = [&video](const tiles3d::image::Raster& rows) {
        return (*video)->append(rows);
    };
    for (std::size_t frame = numbers->first; frame <= numbers->last; ++frame) {
        const auto drawn = drawPicture(
            city, canvas, viewAt(flight, frame), take, drawingOf(flight, *numbers, frame));
        if (!drawn) {
            return drawn.error();
        }
    }
    if (const auto finished = (*video)->finish(); !finished) {
        return finished.error();
    }
    return FramesReport{.made = numbers->count()};
}

} // namespace viewer::render
