#include "viewer/camera/flight_path.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace viewer::camera {

namespace {

namespace base = tiles3d::base;
namespace geo = tiles3d::geo;
using base::Json;
using base::Result;

constexpr std::size_t kMaxKeys = 10000;
constexpr double kMaxSeconds = 86400.0;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{16} << 20U;

bool restsAt(const std::vector<FlightKey>& keys, std::size_t key) {
    return key == 0 || key + 1 == keys.size() || keys[key].dwellSeconds > 0.0;
}

int restsOf(const std::vector<FlightKey>& keys, std::size_t leg) {
    return (restsAt(keys, leg) ? 1 : 0) + (restsAt(keys, leg + 1) ? 1 : 0);
}

base::Status checkKeys(const std::vector<FlightKey>& keys) {
    if (keys.empty() || keys.size() > kMaxKeys) {
        return base::Error{fmt::format("{} keys; a flight has 1 to {}", keys.size(), kMaxKeys)};
    }
    double last = 0.0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const FlightKey& key = keys[i];
        const bool isAfter = i == 0 ? key.seconds >= 0.0 : key.seconds > last;
        const bool isFinite = key.dwellSeconds >= 0.0 &&
                              key.seconds + key.dwellSeconds <= kMaxSeconds; // false for NaN
        if (!isAfter || !isFinite) {
            return base::Error{fmt::format(
                "key {}: {} s with a dwell of {} s does not lie between {} s, where the one before "
                "ends, and {} s",
                i + 1,
                key.seconds,
                key.dwellSeconds,
                last,
                kMaxSeconds)};
        }
        last = key.seconds + key.dwellSeconds;
    }
    return base::ok();
}

SplineWay wayThrough(const std::vector<FlightKey>& keys) {
    std::vector<geo::Cartographic> places(keys.size());
    std::ranges::transform(
        keys, places.begin(), [](const FlightKey& key) { return key.view.pose.position; });
    return SplineWay(places);
}

/// One value per key, held while it dwells.
Track trackOf(const std::vector<FlightKey>& keys, const std::vector<double>& values) {
    std::vector<Track::Knot> knots;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        knots.push_back({keys[i].seconds, values[i], std::nullopt});
        if (keys[i].dwellSeconds > 0.0) {
            knots.push_back({keys[i].seconds + keys[i].dwellSeconds, values[i], std::nullopt});
        }
    }
    return Track(std::move(knots));
}

/// Metres along the way over time. Next to a rest, a leg speeds up evenly for the ease and then
/// keeps its cruising speed: length = speed * (duration - ease / 2 per rest).
Track travelOf(const std::vector<FlightKey>& keys, const SplineWay& way, double easeSeconds) {
    constexpr double kMostEase = 0.9; // of the leg, shared by its rests
    std::vector<Track::Knot> knots;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const double metres = way.metresTo(i);
        const double leaves = keys[i].seconds + keys[i].dwellSeconds;
        const bool rests = restsAt(keys, i) && easeSeconds > 0.0;
        const std::optional<double> slope = rests ? std::optional(0.0) : std::nullopt;
        knots.push_back({keys[i].seconds, metres, slope});
        if (keys[i].dwellSeconds > 0.0) {
            knots.push_back({leaves, metres, 0.0});
        }
        const int count = i + 1 < keys.size() ? restsOf(keys, i) : 0;
        if (count == 0 || easeSeconds <= 0.0) {
            continue;
        }
        const double arrives = keys[i + 1].seconds;
        const double duration = arrives - leaves;
        const double ease = std::min(easeSeconds, kMostEase * duration / count);
        const double length = way.metresTo(i + 1) - metres;
        const double speed = length / (duration - count * ease / 2.0);
        if (restsAt(keys, i)) {
            knots.push_back({leaves + ease, metres + speed * ease / 2.0, speed});
        }
        if (restsAt(keys, i + 1)) {
            knots.push_back({arrives - ease, metres + length - speed * ease / 2.0, speed});
        }
    }
    return Track(std::move(knots));
}

double turnBetween(const FlightKey& a, const FlightKey& b) {
    return std::remainder(b.view.pose.heading.radians() - a.view.pose.heading.radians(),
                          2.0 * std::numbers::pi);
}

std::vector<double> headingsOf(const std::vector<FlightKey>& keys) {
    std::vector<double> headings{keys.front().view.pose.heading.radians()};
    for (std::size_t i = 1; i < keys.size(); ++i) {
        headings.push_back(headings.back() + turnBetween(keys[i - 1], keys[i]));
    }
    return headings;
}

std::vector<double> pitchesOf(const std::vector<FlightKey>& keys) {
    std::vector<double> pitches(keys.size());
    std::ranges::transform(
        keys, pitches.begin(), [](const FlightKey& key) { return key.view.pose.pitch.radians(); });
    return pitches;
}

std::optional<Track> fovTrackOf(const std::vector<FlightKey>& keys) {
    std::vector<double> fovs;
    for (const FlightKey& key : keys) {
        if (!key.view.verticalFov) {
            return std::nullopt;
        }
        fovs.push_back(key.view.verticalFov->radians());
    }
    return trackOf(keys, fovs);
}

Result<FlightPath> flightFromJson(const Json& document) {
    const Json& list = document["keys"];
    if (!list.isArray()) {
        return base::Error{"\"keys\" is not a list"};
    }
    std::vector<FlightKey> keys;
    for (const Json& object : list.items()) {
        const auto seconds = numberIn(object, "t", 0.0, kMaxSeconds);
        const auto view = seconds ? viewFromJson(object) : seconds.error();
        const auto dwell = object.has("dwell") ? numberIn(object, "dwell", 0.0, kMaxSeconds) : 0.0;
        if (!view || !dwell) {
            return base::within(fmt::format("key {}", keys.size() + 1),
                                view ? dwell.error() : view.error());
        }
        keys.push_back({*seconds, *view, *dwell});
    }
    FlightOptions options;
    if (document.has("ease")) {
        const auto ease = numberIn(document, "ease", 0.0, kMaxSeconds);
        if (!ease) {
            return ease.error();
        }
        options.easeSeconds = *ease;
    }
    return FlightPath::create(std::move(keys), options);
}

} // namespace

FlightPath::FlightPath(std::vector<FlightKey> keys, const FlightOptions& options)
    : keys_(std::move(keys)), options_(options), way_(wayThrough(keys_)),
      metres_(travelOf(keys_, way_, options.easeSeconds)),
      headingRadians_(trackOf(keys_, headingsOf(keys_))),
      pitchRadians_(trackOf(keys_, pitchesOf(keys_))), fovRadians_(fovTrackOf(keys_)) {}

Result<FlightPath> FlightPath::create(std::vector<FlightKey> keys, const FlightOptions& options) {
    if (const auto checked = checkKeys(keys); !checked) {
        return checked.error();
    }
    return FlightPath(std::move(keys), options);
}

std::vector<CameraPose> FlightPath::posesAfter(double seconds) const {
    constexpr int kPoses = 10;
    std::vector<CameraPose> poses;
    for (int i = 1; i <= kPoses; ++i) {
        poses.push_back(poseAt(seconds + i));
    }
    return poses;
}

StoredView FlightPath::viewAt(double seconds) const {
    const double heading = std::remainder(headingRadians_.at(seconds), 2.0 * std::numbers::pi);
    StoredView view{.pose = {.position = way_.at(metres_.at(seconds)),
                             .heading = geo::Angle::radians(heading),
                             .pitch = geo::Angle::radians(pitchRadians_.at(seconds))}};
    if (fovRadians_) {
        view.verticalFov = geo::Angle::radians(fovRadians_->at(seconds));
    }
    return view;
}

Result<FlightPath>
evenlyTimed(std::vector<FlightKey> keys, double metresPerSecond, const FlightOptions& options) {
    if (keys.empty()) {
        return FlightPath::create({}, options);
    }
    constexpr double kFastestTurn = std::numbers::pi / 4.0; // per second
    constexpr double kShortestSeconds = 0.1;
    const SplineWay way = wayThrough(keys);
    double seconds = 0.0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        keys[i].seconds = seconds;
        if (i + 1 == keys.size()) {
            break;
        }
        const double length = way.metresTo(i + 1) - way.metresTo(i);
        const double cruise = std::max({length / metresPerSecond,
                                        std::abs(turnBetween(keys[i], keys[i + 1])) / kFastestTurn,
                                        kShortestSeconds});
        seconds += keys[i].dwellSeconds + cruise + restsOf(keys, i) * options.easeSeconds / 2.0;
    }
    return FlightPath::create(std::move(keys), options);
}

Result<FlightPath> tourOf(const std::vector<Bookmark>& bookmarks, const TourOptions& options) {
    std::vector<FlightKey> keys;
    for (const Bookmark& bookmark : bookmarks) {
        const bool isBetween = !keys.empty() && keys.size() + 1 < bookmarks.size();
        keys.push_back(
            {.view = bookmark.view, .dwellSeconds = isBetween ? options.dwellSeconds : 0.0});
    }
    return evenlyTimed(std::move(keys), options.metresPerSecond, options.flight);
}

Result<FlightPath> readFlightPath(const std::filesystem::path& file) {
    const auto text = base::readTextFile(file, kMaxFileBytes);
    if (!text) {
        return text.error();
    }
    const auto document = base::parseJson(*text);
    auto path = document ? flightFromJson(*document) : document.error();
    return path ? std::move(path) : base::within(base::toUtf8(file), path.error());
}

base::Status writeFlightPath(const std::filesystem::path& file, const FlightPath& path) {
    Json list = Json::array();
    for (const FlightKey& key : path.keys()) {
        Json object = Json::object({{"t", key.seconds}});
        setView(object, key.view);
        if (key.dwellSeconds > 0.0) {
            object.set("dwell", key.dwellSeconds);
        }
        list.push(std::move(object));
    }
    const Json document =
        Json::object({{"ease", path.options().easeSeconds}, {"keys", std::move(list)}});
    return base::writeFile(file, document.dump(true));
}

} // namespace viewer::camera
