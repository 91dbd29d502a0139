#include "viewer/render/open_layers.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"
#include "viewer/overlay/layer_set.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;
namespace planning = pipeline::planning;
using planning::LayerStore;
using Files = std::vector<std::filesystem::path>;

bool isGeoPackage(const std::filesystem::path& file) {
    return file.extension() == ".gpkg" || file.extension() == ".GPKG";
}

/// The files that make one store as they are, and the plane of the first.
struct Stores {
    Files files;
    std::optional<std::string> plane;
};

/// All of them at once in the usual case; else one by one, to tell which.
Stores storesAmong(const std::vector<ShownLayers>& files) {
    Stores stores;
    for (const ShownLayers& file : files) {
        if (isGeoPackage(file.file)) {
            stores.files.emplace_back(file.file);
        }
    }
    if (const auto all = LayerStore::open(stores.files); all && !stores.files.empty()) {
        stores.plane = (*all)->planeCrs();
        return stores;
    }
    std::erase_if(stores.files, [&](const std::filesystem::path& file) {
        const auto store = LayerStore::open({file});
        const bool fits = store && (!stores.plane || *stores.plane == (*store)->planeCrs());
        if (fits) {
            stores.plane = (*store)->planeCrs();
        }
        return !fits;
    });
    return stores;
}

/// Another one as soon as the file or the plane is another.
std::filesystem::path
importOf(const ShownLayers& file, const std::string& plane, const std::filesystem::path& folder) {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(file.file, error);
    base::Fingerprint what;
    for (const std::string& text : {file.file, file.crs, plane}) {
        what.add(text);
    }
    what.add(error ? 0U : static_cast<std::uint64_t>(written.time_since_epoch().count()));
    return folder / (what.hex() + ".gpkg");
}

/// Into a GeoPackage of its own; what is lost is an error, what was assumed a message.
bool import(const ShownLayers& file,
            const std::filesystem::path& target,
            const planning::ImportOptions& options,
            OpenedLayers& opened) {
    const auto report = planning::importLayers({{.path = file.file}}, target, options);
    if (!report) {
        opened.errors.push_back(report.error().message);
        return false;
    }
    bool hasLayers = false;
    for (const planning::ImportedLayer& layer : report->layers) {
        const std::string name = layer.source + ": " + layer.layer;
        if (!layer.lost.empty()) {
            opened.errors.push_back(name + ": " + layer.lost);
        }
        hasLayers = hasLayers || !layer.tables.empty();
        for (const std::string& note : layer.notes) {
            opened.messages.push_back(name + ": " + note);
        }
    }
    std::ranges::copy(report->warnings, std::back_inserter(opened.messages));
    return hasLayers;
}

} // namespace

base::Result<OpenedLayers> openLayers(const LayerFiles& wanted) {
    OpenedLayers opened;
    const Stores stores = storesAmong(wanted.files);
    const std::string plane = stores.plane.value_or(overlay::localPlane(wanted.scene));
    Files files;
    for (const ShownLayers& given : wanted.files) {
        std::filesystem::path file = given.file;
        if (std::ranges::find(stores.files, file) == stores.files.end()) {
            file = importOf(given, plane, wanted.importFolder);
            if (!std::filesystem::exists(file) &&
                !import(
                    given,
                    file,
                    {.planeCrs = plane, .fallbackCrs = given.crs, .onProgress = wanted.onImport},
                    opened)) {
                std::error_code ignored;
                std::filesystem::remove(file, ignored);
                continue;
            }
        }
        files.push_back(file);
        opened.givenFiles[file] = given.file;
    }
    if (files.empty()) {
        return opened;
    }
    auto store = LayerStore::open(files);
    if (!store) {
        return store.error();
    }
    opened.store = *std::move(store);
    return opened;
}

} // namespace viewer::render
