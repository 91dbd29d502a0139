#include "viewer/overlay/layer_set.h"

#include "pipeline/planning/vector_reader.h"
#include "viewer/overlay/drape_pass.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace viewer::overlay {

namespace base = tiles3d::base;
using pipeline::planning::VectorLayer;

struct LayerSet::State {
    std::string plane;
    std::vector<VectorLayer> layers;
    std::vector<std::string> files; // one per layer
    std::vector<std::string> errors;
    std::vector<std::string> warnings;
    Drape drape;

    void addFile(const LayerFile& file);
};

void LayerSet::State::addFile(const LayerFile& file) {
    auto read = pipeline::planning::readVectors(file.path, plane, {.fallbackCrs = file.crs});
    if (!read) {
        errors.push_back(read.error().message);
        return;
    }
    std::ranges::move(read->warnings, std::back_inserter(warnings));
    files.insert(files.end(), read->layers.size(), file.path);
    std::ranges::move(read->layers, std::back_inserter(layers));
}

base::Result<std::shared_ptr<LayerSet>> LayerSet::read(const std::vector<LayerFile>& files,
                                                       const LayerSetOptions& options) {
    auto state = std::make_unique<State>();
    state->plane = localPlane(options.scene);
    for (const LayerFile& file : files) {
        state->addFile(file);
    }
    auto drape =
        makeDrape(state->layers,
                  options.scene,
                  {.halfExtentMetres = options.halfExtentMetres, .pixelScale = options.pixelScale});
    if (!drape) {
        return drape.error();
    }
    std::ranges::move(drape->remarks, std::back_inserter(state->warnings));
    state->drape = *std::move(drape);
    return std::shared_ptr<LayerSet>(new LayerSet(std::move(state)));
}

LayerSet::LayerSet(std::unique_ptr<State> state) : state_(std::move(state)) {}

LayerSet::~LayerSet() = default;

const std::string& LayerSet::plane() const {
    return state_->plane;
}

const std::vector<VectorLayer>& LayerSet::layers() const {
    return state_->layers;
}

const std::string& LayerSet::fileOf(std::size_t layer) const {
    return state_->files[layer];
}

void LayerSet::setOpacity(std::size_t layer, float opacity) {
    state_->drape.layers->setOpacity(layer, opacity);
}

float LayerSet::opacity(std::size_t layer) const {
    return state_->drape.layers->opacity(layer);
}

const std::vector<std::string>& LayerSet::errors() const {
    return state_->errors;
}

const std::vector<std::string>& LayerSet::warnings() const {
    return state_->warnings;
}

std::string LayerSet::summary() const {
    constexpr double kMillimetres = 1000.0;
    return fmt::format("{} features draped, index {:.1f} MB, plane within {:.2f} mm of PROJ",
                       state_->drape.features,
                       static_cast<double>(state_->drape.indexBytes) / 1e6,
                       state_->drape.planeResidualMetres * kMillimetres);
}

osg::Node* LayerSet::pass() const {
    return state_->drape.pass.get();
}

} // namespace viewer::overlay
