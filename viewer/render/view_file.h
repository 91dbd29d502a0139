#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace viewer::render {

struct ShownTileset {
    std::string location; ///< As stream::openTileset() takes it.
    bool isVisible = true;
    float opacity = 1.0F;

    bool operator==(const ShownTileset&) const = default;
};

/// The layers of one file.
struct ShownLayers {
    std::string file;
    std::string crs; ///< Of layers that do not say theirs; empty if all do.
    /// By layer name, 0 hidden; those not listed are shown as their style says.
    std::map<std::string, float> opacities;
    /// By layer name: SQL; only what satisfies it is shown.
    std::map<std::string, std::string> conditions;

    bool operator==(const ShownLayers&) const = default;
};

/// All that makes a picture of a city but its size: what a window keeps from one start to the next,
/// what a user saves to send to a colleague, and what a picture is rendered from.
struct ViewFile {
    std::vector<ShownTileset> tilesets;
    std::vector<ShownLayers> layers;
    std::optional<camera::CameraPose> pose; ///< None: the whole city.
    std::string styles; ///< A style file for the layers' tables; "": the legend's styles.
    std::string date;   ///< ISO 8601, "" for none: the light of no special hour.
    bool hasShadows = false;
    bool hasHaze = true;
};

/// Of a layer of a file; 1 if the view says nothing of it.
float opacityOf(const ViewFile& view, const std::string& file, const std::string& layer);

/// JSON, in UTF-8:
///   { "tilesets": [{"path": "…", "visible": true, "opacity": 1}],
///     "layers": [{"path": "…", "crs": "…", "opacities": {"layer": 0.5},
///                 "conditions": {"layer": "HEIGHT > 24"}}],
///     "camera": {"lon": 118.1, "lat": 24.4, "h": 300, "heading": 0, "pitch": -30},
///     "styles": "styles.json",
///     "date": "2026-06-21T15:00+08:00", "shadows": false, "haze": true }
/// All members may be missing. Degrees, and metres above the ellipsoid.
tiles3d::base::Json toJson(const ViewFile& view);
/// Fails with the member and its value on what has the wrong type or range, and on more than 10,000
/// tilesets or layers.
tiles3d::base::Result<ViewFile> viewFileFrom(const tiles3d::base::Json& json);

/// Relative paths in the file are relative to its folder; they are absolute in the view. Fails as
/// parseJson() and viewFileFrom() do, naming the file, and above 16 MiB.
tiles3d::base::Result<ViewFile> readViewFile(const std::filesystem::path& file);
/// Whole or not at all. Paths at or below the file's folder are written relative to it, so that the
/// folder can be moved and sent as one; all others as they are.
tiles3d::base::Status writeViewFile(const std::filesystem::path& file, const ViewFile& view);

} // namespace viewer::render
