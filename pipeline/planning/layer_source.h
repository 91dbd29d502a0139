#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::planning {

/// Where layers come from, and what is known of them that the data does not say.
struct LayerSource {
    /// A file, a folder (all vector files in it and below), or a connection: "PG:host=... dbname=",
    /// "postgresql://...", "WFS:https://...". Connections are only ever what a person wrote here,
    /// on the command line or in the project file; none is taken from data.
    std::string path;
    std::string layers;   ///< Names wanted, with '*' and '?'; "" = all.
    std::string category; ///< Path in the category tree, "control/ecological-red-line".
    std::string title;    ///< For people; "" = the layer's own name.
    std::string vintage;  ///< "2024-03".
    std::string crs;      ///< Overrides the data: EPSG code, WKT, PROJ string, or a PROJ pipeline
                          ///< from the layer's coordinates to the plane's.
    std::string encoding; ///< Of a Shapefile's table or a CSV file: "UTF-8", "GBK"; "" = found out.
    bool isGcj02 = false; ///< Its places carry the offset of China's web maps, which is taken off.
};

bool isConnection(const std::string& path);

/// For people and for files: without the password of a connection.
std::string withoutPassword(const std::string& path);

/// `source` with a folder replaced by the files in it, by name; one source per file. Fails on a
/// folder without any, a missing file, and a DWG drawing (with the remedy).
tiles3d::base::Result<std::vector<LayerSource>> filesOf(const LayerSource& source);

/// Changes whenever the source's bytes, in all of its side files, or what is said of it change.
/// Empty for a connection, of which that cannot be known.
std::string fingerprintOf(const LayerSource& source);

/// Whether `name` fits `pattern`, in which '*' stands for any text and '?' for one byte; an empty
/// pattern fits all.
bool fits(std::string_view pattern, std::string_view name);

} // namespace pipeline::planning
