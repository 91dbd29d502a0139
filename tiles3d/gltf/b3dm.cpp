#include "tiles3d/gltf/b3dm.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <cstdint>

namespace tiles3d::gltf {

using base::ByteView;
using base::Error;
using base::Result;

namespace {

std::uint64_t number(ByteView bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return value;
}

glm::dvec3 rtcCentre(ByteView featureTable) {
    const auto json = base::parseJson(base::asText(featureTable));
    glm::dvec3 centre(0.0);
    if (json) {
        const auto& items = (*json)["RTC_CENTER"].items();
        for (std::size_t i = 0; i < 3 && items.size() == 3; ++i) {
            centre[static_cast<int>(i)] = items[i].numberOr(0.0);
        }
    }
    return centre;
}

} // namespace

Result<UnwrappedContent> unwrapContent(ByteView bytes) {
    constexpr std::size_t kHeader = 28;
    constexpr std::size_t kMagic = 4;
    const std::string magic(base::asText(bytes.first(std::min(kMagic, bytes.size()))));
    if (magic == "glTF") {
        return UnwrappedContent{.glb = bytes};
    }
    if (magic != "b3dm") {
        return Error{"content \"" + base::validUtf8(magic) +
                     "\" is neither GLB (\"glTF\") nor b3dm"};
    }
    if (bytes.size() < kHeader) {
        return Error{"a b3dm shorter than its header"};
    }
    const std::uint64_t featureJson = number(bytes, 12);
    const std::uint64_t tables =
        featureJson + number(bytes, 16) + number(bytes, 20) + number(bytes, 24);
    if (kHeader + tables > bytes.size()) {
        return Error{"a b3dm whose tables are longer than the file"};
    }
    return UnwrappedContent{.glb = bytes.subspan(kHeader + tables),
                            .rtcCentre = rtcCentre(bytes.subspan(kHeader, featureJson))};
}

} // namespace tiles3d::gltf
