#include "pipeline/scan/layer_sources.h"

#include <array>
#include <utility>

namespace pipeline::scan {

using planning::LayerSource;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;

namespace {

constexpr std::array<std::pair<const char*, std::string LayerSource::*>, 7> kTexts{{
    {"path", &LayerSource::path},
    {"layers", &LayerSource::layers},
    {"category", &LayerSource::category},
    {"title", &LayerSource::title},
    {"vintage", &LayerSource::vintage},
    {"crs", &LayerSource::crs},
    {"encoding", &LayerSource::encoding},
}};

Result<LayerSource> readLayer(const Json& item, const std::filesystem::path& folder) {
    LayerSource source;
    source.path = item.stringOr("");
    for (const auto& [name, text] : kTexts) {
        const Json& member = item[name];
        if (!member.isNull() && !member.isString()) {
            return Error{std::string("layers.") + name + " is no text"};
        }
        source.*text = member.stringOr(source.*text);
    }
    if (source.path.empty()) {
        return Error{"a \"layers\" entry has no \"path\""};
    }
    if (!item["gcj02"].isNull() && !item["gcj02"].isBool()) {
        return Error{"layers.gcj02 is neither true nor false"};
    }
    source.isGcj02 = item["gcj02"].boolOr(false);
    if (!planning::isConnection(source.path)) {
        source.path = (folder / source.path).lexically_normal().string();
    }
    return source;
}

} // namespace

Result<std::vector<LayerSource>> readLayers(const Json& list, const std::filesystem::path& folder) {
    if (!list.isNull() && !list.isArray()) {
        return Error{"layers is no list"};
    }
    std::vector<LayerSource> sources;
    for (const Json& item : list.items()) {
        Result<LayerSource> source = readLayer(item, folder);
        if (!source) {
            return source.error();
        }
        sources.push_back(*std::move(source));
    }
    return sources;
}

} // namespace pipeline::scan
