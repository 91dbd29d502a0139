#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::scan {

/// What a delivery's metadata.xml says of its place, as text: understanding it is tiles3d/crs'
/// work.
struct Metadata {
    std::string srs;    ///< Empty if the element is missing or empty.
    std::string origin; ///< SRSOrigin; empty if missing.
    std::vector<std::string> warnings;
};

/// Finds <SRS> and <SRSOrigin> in the text of a metadata.xml. Tolerates what deliveries hold: a
/// byte order mark, GBK and a wrong encoding declaration, comments, CDATA, entities, extra
/// elements, missing end tags of others. Fails only if there is no markup at all.
tiles3d::base::Result<Metadata> parseMetadata(std::string_view xml);

/// parseMetadata() of a file of at most 1 MiB; a missing file gives an empty Metadata with a
/// warning.
tiles3d::base::Result<Metadata> readMetadata(const std::filesystem::path& file);

} // namespace pipeline::scan
