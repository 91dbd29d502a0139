#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/pose_json.h"

#include <filesystem>
#include <string>
#include <vector>

namespace viewer::camera {

/// A view that someone wants to come back to. All texts are UTF-8.
struct Bookmark {
    std::string name;
    StoredView view;
    std::string note;
    std::string thumbnail;           ///< Name of a PNG in the folder of the bookmarks; "" for none.
    std::vector<std::string> hidden; ///< Names of the layers and tilesets that are not shown.
};

/// A JSON file of bookmarks:
///   {"bookmarks": [{"name": "...", "lon": .., "lat": .., "h": .., "heading": .., "pitch": ..,
///                   "fovy": .., "note": "...", "thumbnail": "a.png", "hidden": ["..."]}]}
/// where all after "pitch" may be left out.
/// Fails, naming the file, the bookmark and the value, on what is not that, above 16 MiB or 10,000
/// bookmarks, and on a thumbnail that is not a plain file name.
tiles3d::base::Result<std::vector<Bookmark>> readBookmarks(const std::filesystem::path& file);

/// Writes the file whole or not at all. Bytes that are not UTF-8 become U+FFFD.
/// Fails as readBookmarks() would, and if the file cannot be written.
tiles3d::base::Status writeBookmarks(const std::filesystem::path& file,
                                     const std::vector<Bookmark>& bookmarks);

} // namespace viewer::camera
