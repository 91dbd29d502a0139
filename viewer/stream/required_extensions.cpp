#include "viewer/stream/required_extensions.h"

#include <algorithm>

namespace viewer::stream {

namespace base = tiles3d::base;

base::Status checkRequired(const tiles3d::tileset::Tileset& tileset) {
    const auto isRequired = [&](const char* name) {
        return std::ranges::find(tileset.extensionsRequired, name) !=
               tileset.extensionsRequired.end();
    };
    if (isRequired("KHR_texture_basisu")) {
        return base::Error{"textures are KTX2/Basis; this viewer reads JPEG, PNG, WebP. "
                           "Use the web client or a desktop export."};
    }
    return base::ok();
}

} // namespace viewer::stream
