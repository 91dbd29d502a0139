#include "viewer/main/layer_files.h"

#include "pipeline/planning/vector_reader.h"
#include "pipeline/planning/vector_writer.h"
#include "viewer/overlay/layer_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <system_error>

namespace viewer::main {

namespace base = tiles3d::base;
namespace fs = std::filesystem;
using pipeline::planning::LayerStore;

namespace {

base::Result<fs::path> makeFolder() {
    std::string name = (fs::temp_directory_path() / "city3d-layers-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        return base::Error{name + ": cannot make a folder for layers"};
    }
    return fs::path(name);
}

/// The plane of the first file that is a store as it is; "" if none is.
std::string planeOf(const std::vector<render::ShownLayers>& files) {
    for (const render::ShownLayers& file : files) {
        if (const auto store = LayerStore::open({file.file})) {
            return (*store)->planeCrs();
        }
    }
    return "";
}

} // namespace

base::Status LayerFiles::import(const render::ShownLayers& file, const std::string& plane) {
    auto read = pipeline::planning::readVectors(file.file, plane, {.fallbackCrs = file.crs});
    if (!read) {
        return read.error();
    }
    std::ranges::move(read->warnings, std::back_inserter(warnings_));
    const fs::path package = folder_ / fmt::format("{}.gpkg", packages_.size());
    const base::Status written = pipeline::planning::writeGeoPackage(package, read->layers);
    packages_.push_back(package);
    named_[package] = file.file;
    return written;
}

base::Result<std::unique_ptr<LayerFiles>>
LayerFiles::open(const std::vector<render::ShownLayers>& files,
                 const tiles3d::geo::EnuFrame& scene) {
    std::unique_ptr<LayerFiles> opened(new LayerFiles);
    const std::string said = planeOf(files);
    const std::string plane = said.empty() ? overlay::localPlane(scene) : said;
    for (const render::ShownLayers& file : files) {
        const auto store = LayerStore::open({file.file});
        if (store && (*store)->planeCrs() == plane) {
            opened->packages_.emplace_back(file.file);
            opened->named_[file.file] = file.file;
            continue;
        }
        if (opened->folder_.empty()) {
            auto folder = makeFolder();
            if (!folder) {
                return folder.error();
            }
            opened->folder_ = *std::move(folder);
        }
        if (const base::Status imported = opened->import(file, plane); !imported) {
            return imported.error();
        }
    }
    auto store = LayerStore::open(opened->packages_);
    if (!store) {
        return store.error();
    }
    opened->store_ = *std::move(store);
    return opened;
}

LayerFiles::~LayerFiles() {
    store_.reset();
    if (!folder_.empty()) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
}

const std::string& LayerFiles::fileOf(std::size_t layer) const {
    return named_.at(store_->layers()[layer].file);
}

} // namespace viewer::main
