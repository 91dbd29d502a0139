#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/bookmarks.h"
#include "viewer/camera/pose_json.h"
#include "viewer/camera/spline_way.h"
#include "viewer/camera/track.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace viewer::camera {

/// A view that a flight passes at a time.
struct FlightKey {
    double seconds = 0.0;
    StoredView view;
    double dwellSeconds = 0.0; ///< How long the camera stands here.
};

struct FlightOptions {
    /// How long the camera takes to its full speed, and to rest, at both ends and round each dwell;
    /// less where a leg is too short for it. 0 starts and ends at full speed.
    double easeSeconds = 1.0;
};

/// A smooth flight through views: position and direction have a continuous rate. Headings turn the
/// short way. Between two keys the camera moves as evenly as the neighbours allow, never backwards,
/// at most three times as fast as the leg's mean.
/// It knows nothing of the surface: who must stay above it asks for the height.
class FlightPath {
public:
    /// Fails, naming the key, unless there are 1 to 10,000 keys at 0 to 86,400 s, each after the
    /// end of the one before.
    static tiles3d::base::Result<FlightPath> create(std::vector<FlightKey> keys,
                                                    const FlightOptions& options = {});

    const std::vector<FlightKey>& keys() const { return keys_; }
    const FlightOptions& options() const { return options_; }

    double startSeconds() const { return keys_.front().seconds; }
    double endSeconds() const { return keys_.back().seconds + keys_.back().dwellSeconds; }
    double duration() const { return endSeconds() - startSeconds(); }

    /// The view at a time between startSeconds() and endSeconds(), or at the nearer end. At the
    /// keys their own to rounding; heading -180 to 180. The field of view is there if all keys have
    /// one.
    StoredView viewAt(double seconds) const;
    CameraPose poseAt(double seconds) const { return viewAt(seconds).pose; }

    /// The poses 1 s, 2 s, ... after that, ten of them: what streaming wants to know of a flight.
    std::vector<CameraPose> posesAfter(double seconds) const;

private:
    FlightPath(std::vector<FlightKey> keys, const FlightOptions& options);

    std::vector<FlightKey> keys_;
    FlightOptions options_;
    SplineWay way_;
    Track metres_;
    Track headingRadians_; // unwrapped
    Track pitchRadians_;
    std::optional<Track> fovRadians_;
};

/// The keys with new times, from 0, such that the camera keeps `metresPerSecond` however unevenly
/// they are spaced, but for easing, dwells, and legs that turn by more than 45 degrees per second
/// of that. REQUIRES: a speed above 0. Fails as FlightPath::create().
tiles3d::base::Result<FlightPath>
evenlyTimed(std::vector<FlightKey> keys, double metresPerSecond, const FlightOptions& options = {});

struct TourOptions {
    double metresPerSecond = 60.0;
    double dwellSeconds = 0.0; ///< At each bookmark between the ends.
    FlightOptions flight;
};

/// An evenly timed flight through bookmarks in their order. Fails as FlightPath::create().
tiles3d::base::Result<FlightPath> tourOf(const std::vector<Bookmark>& bookmarks,
                                         const TourOptions& options = {});

/// A JSON file of a flight, angles in degrees, heights in metres above the ellipsoid:
///   {"ease": 1.0, "keys": [{"t": 0, "lon": .., "lat": .., "h": .., "heading": .., "pitch": ..,
///                           "fovy": .., "dwell": 0}]}
/// where "ease", "fovy" and "dwell" may be left out. Fails, naming the file, the key and the value,
/// on what is not that or above 16 MiB, and as FlightPath::create().
tiles3d::base::Result<FlightPath> readFlightPath(const std::filesystem::path& file);

/// Writes the file whole or not at all.
tiles3d::base::Status writeFlightPath(const std::filesystem::path& file, const FlightPath& path);

} // namespace viewer::camera
