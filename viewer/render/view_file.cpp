#include "viewer/render/view_file.h"

#include "tiles3d/base/file.h"
#include "viewer/camera/pose_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;
using base::Error;
using base::Json;
using base::Result;

constexpr std::size_t kMostEntries = 10000;
constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U;

Error wrong(const std::string& member, const Json& value, const std::string& wanted) {
    return Error{fmt::format("{}: {} is not {}", member, value.dump(), wanted)};
}

Result<float> opacityFrom(const Json& value) {
    const double opacity = value.isNull() ? 1.0 : value.numberOr(-1.0);
    if (!(opacity >= 0.0 && opacity <= 1.0)) {
        return wrong("opacity", value, "a number from 0 to 1");
    }
    return static_cast<float>(opacity);
}

Result<std::string> pathOf(const Json& entry) {
    const Json& path = entry["path"];
    if (path.stringOr("").empty()) {
        return wrong("path", path, "the path of a file or a URL");
    }
    return path.stringOr("");
}

Result<ShownTileset> tilesetFrom(const Json& entry) {
    const auto path = pathOf(entry);
    const auto opacity = opacityFrom(entry["opacity"]);
    if (!path || !opacity) {
        return path ? opacity.error() : path.error();
    }
    return ShownTileset{*path, entry["visible"].boolOr(true), *opacity};
}

Result<ShownLayers> layersFrom(const Json& entry) {
    const auto path = pathOf(entry);
    if (!path) {
        return path.error();
    }
    ShownLayers layers{.file = *path, .crs = entry["crs"].stringOr("")};
    for (const auto& [name, value] : entry["opacities"].members()) {
        const auto opacity = opacityFrom(value);
        if (!opacity) {
            return base::within(name, opacity.error());
        }
        layers.opacities[name] = *opacity;
    }
    for (const auto& [name, value] : entry["conditions"].members()) {
        layers.conditions[name] = value.stringOr("");
    }
    return layers;
}

/// Each element of an array through `read`.
template <typename T>
Result<std::vector<T>>
listFrom(const Json& json, const std::string& name, Result<T> (*read)(const Json&)) {
    const Json& list = json[name];
    if (!list.isNull() && !list.isArray()) {
        return Error{name + ": expected a list"};
    }
    if (list.items().size() > kMostEntries) {
        return Error{fmt::format(
            "{}: {} entries, at most {} are read", name, list.items().size(), kMostEntries)};
    }
    std::vector<T> entries;
    for (const Json& item : list.items()) {
        auto entry = read(item);
        if (!entry) {
            return base::within(fmt::format("{}[{}]", name, entries.size()), entry.error());
        }
        entries.push_back(*std::move(entry));
    }
    return entries;
}

/// As it was written, seen from anywhere.
std::string resolved(const std::string& path, const std::filesystem::path& folder) {
    const bool isUrl = path.find("://") != std::string::npos;
    return isUrl ? path : (folder / path).lexically_normal().string();
}

/// The way back, for what lies below the folder.
std::string belowFolder(const std::string& path, const std::filesystem::path& folder) {
    const std::filesystem::path way = std::filesystem::path(path).lexically_relative(folder);
    const bool isBelow = std::filesystem::path(path).is_absolute() && *way.begin() != "..";
    return isBelow ? way.string() : path;
}

/// All paths of a view through `change`.
template <typename Change>
void changePaths(ViewFile& view, Change change) {
    for (ShownTileset& tileset : view.tilesets) {
        tileset.location = change(tileset.location);
    }
    for (ShownLayers& layers : view.layers) {
        layers.file = change(layers.file);
    }
    if (!view.styles.empty()) {
        view.styles = change(view.styles);
    }
}

} // namespace

float opacityOf(const ViewFile& view, const std::string& file, const std::string& layer) {
    const auto found = std::ranges::find(view.layers, file, &ShownLayers::file);
    if (found == view.layers.end() || !found->opacities.contains(layer)) {
        return 1.0F;
    }
    return found->opacities.at(layer);
}

Json toJson(const ViewFile& view) {
    Json tilesets = Json::array();
    for (const ShownTileset& tileset : view.tilesets) {
        tilesets.push(Json::object({{"path", tileset.location},
                                    {"visible", tileset.isVisible},
                                    {"opacity", static_cast<double>(tileset.opacity)}}));
    }
    Json layers = Json::array();
    for (const ShownLayers& file : view.layers) {
        Json opacities = Json::object();
        for (const auto& [name, opacity] : file.opacities) {
            opacities.set(name, static_cast<double>(opacity));
        }
        Json conditions = Json::object();
        for (const auto& [name, condition] : file.conditions) {
            conditions.set(name, condition);
        }
        layers.push(Json::object({{"path", file.file},
                                  {"crs", file.crs},
                                  {"opacities", opacities},
                                  {"conditions", conditions}}));
    }
    Json json = Json::object({{"tilesets", tilesets}, {"layers", layers}});
    if (view.pose) {
        Json camera;
        camera::setView(camera, {.pose = *view.pose});
        json.set("camera", camera);
    }
    if (!view.styles.empty()) {
        json.set("styles", view.styles);
    }
    json.set("date", view.date);
    json.set("shadows", view.hasShadows);
    json.set("haze", view.hasHaze);
    return json;
}

Result<ViewFile> viewFileFrom(const Json& json) {
    if (!json.isObject()) {
        return Error{"not a view: expected a JSON object with tilesets, layers, camera"};
    }
    auto tilesets = listFrom<ShownTileset>(json, "tilesets", tilesetFrom);
    if (!tilesets) {
        return tilesets.error();
    }
    auto layers = listFrom<ShownLayers>(json, "layers", layersFrom);
    if (!layers) {
        return layers.error();
    }
    ViewFile view{.tilesets = *std::move(tilesets),
                  .layers = *std::move(layers),
                  .styles = json["styles"].stringOr(""),
                  .date = json["date"].stringOr(""),
                  .hasShadows = json["shadows"].boolOr(false),
                  .hasHaze = json["haze"].boolOr(true)};
    if (json.has("camera")) {
        const auto stored = camera::viewFromJson(json["camera"]);
        if (!stored) {
            return base::within("camera", stored.error());
        }
        view.pose = stored->pose;
    }
    return view;
}

Result<ViewFile> readViewFile(const std::filesystem::path& file) {
    const auto text = base::readTextFile(file, kMostBytes);
    if (!text) {
        return text.error();
    }
    const auto json = base::parseJson(*text);
    if (!json) {
        return base::within(base::toUtf8(file), json.error());
    }
    auto view = viewFileFrom(*json);
    if (!view) {
        return base::within(base::toUtf8(file), view.error());
    }
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    changePaths(*view, [&](const std::string& path) { return resolved(path, folder); });
    return view;
}

base::Status writeViewFile(const std::filesystem::path& file, const ViewFile& view) {
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    ViewFile moved = view;
    changePaths(moved, [&](const std::string& path) { return belowFolder(path, folder); });
    return base::writeFile(file, toJson(moved).dump(true) + "\n");
}

} // namespace viewer::render
