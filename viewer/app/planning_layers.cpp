#include "viewer/app/planning_layers.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/style/category_tree.h"
#include "pipeline/planning/style/style_json.h"
#include "tiles3d/base/file.h"
#include "viewer/app/background.h"
#include "viewer/app/language.h"
#include "viewer/app/store_plane.h"

#include <QFileInfo>
#include <QLocale>
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;
namespace crs = tiles3d::crs;
namespace planning = pipeline::planning;
namespace style = pipeline::planning::style;
using planning::FeatureRef;
using planning::PlaneBox;
using Ids = std::vector<std::int64_t>;

// As the city draws features of shown layers that are selected.
const style::Symbol kMarkedSymbol{.fill = style::FillKind::Solid,
                                  .fillColour = {1.0F, 0.76F, 0.03F},
                                  .fillAlpha = 0.4F,
                                  .lineColour = {1.0F, 0.76F, 0.03F},
                                  .lineWidth = 3.0F,
                                  .pointPixels = 12.0F};
constexpr std::size_t kFewLayers = 8; // that come together are all shown
// Of more, the control lines that planners ask for first: the three lines and the four lines.
constexpr std::array<std::string_view, 2> kFirstGroups = {"three_lines", "four_lines"};
constexpr std::uint64_t kMostStyleBytes = std::uint64_t{64} << 20U;

/// Without a legend in the program there would be no program.
style::Legend builtInLegend() {
    auto legend = style::Legend::builtIn();
    Q_ASSERT(legend);
    return *std::move(legend);
}

std::map<std::string, style::LayerStyle> stylesIn(const std::filesystem::path& file) {
    std::map<std::string, style::LayerStyle> byTable;
    const auto text = base::readTextFile(file, kMostStyleBytes);
    const auto styles = text ? style::readStyles(*text)
                             : base::Result<std::vector<style::NamedStyle>>(text.error());
    if (styles) {
        for (const style::NamedStyle& named : *styles) {
            byTable[named.table] = named.style;
        }
    }
    return byTable;
}

} // namespace

PlanningLayers::PlanningLayers(CityWidget& city, const QString& styleFile, QObject* parent)
    : QObject(parent), city_(city), styleFile_(styleFile), legend_(builtInLegend()),
      editedStyles_(stylesIn(styleFile.toStdString())) {
    opening_.setMaxThreadCount(1);
    asking_.setMaxThreadCount(1);
    connect(&city_, &CityWidget::stepped, this, [this] {
        if (store()) {
            for (const std::string& text : city_.viewport().layers()->takeMessages()) {
                emit message(QString::fromStdString(text));
            }
        }
    });
}

PlanningLayers::~PlanningLayers() {
    opening_.waitForDone();
    asking_.waitForDone();
}

void PlanningLayers::changeJobs(int by) {
    const bool wasBusy = isBusy();
    jobs_ += by;
    if (wasBusy != isBusy()) {
        emit busyChanged();
    }
}

// Files

void PlanningLayers::open(const std::vector<render::ShownLayers>& files) {
    for (const render::ShownLayers& file : files) {
        std::erase_if(files_, [&](const auto& open) { return open.file == file.file; });
        files_.push_back(file);
    }
    lay();
}

void PlanningLayers::close(const QString& file) {
    noteStates();
    std::erase_if(files_, [&](const auto& open) { return open.file == file.toStdString(); });
    lay();
}

void PlanningLayers::closeAll() {
    files_.clear();
    takeOff();
}

void PlanningLayers::takeOff() {
    noteStates();
    ++reading_;
    drop();
    emit changed();
}

void PlanningLayers::drop() {
    opened_ = {};
    plane_.reset();
    states_.clear();
    selected_.clear();
    hovered_.reset();
    hiddenSelected_.clear();
    sketch_.clear();
    city_.change([](render::Viewport& viewport) { viewport.setLayers(nullptr); });
}

void PlanningLayers::lay() {
    if (city_.viewport().isEmpty()) {
        return;
    }
    if (files_.empty()) {
        takeOff();
        return;
    }
    noteStates();
    changeJobs(+1);
    inBackground(
        opening_,
        this,
        [wanted = render::LayerFiles{.files = files_,
                                     .scene = city_.viewport().sceneFrame(),
                                     .importFolder = imports_.path().toStdString(),
                                     .onImport =
                                         [this](const planning::ImportProgress& done) {
                                             emit progress(
                                                 tr("Reading %1: %2 features")
                                                     .arg(QString::fromStdString(done.layer))
                                                     .arg(done.features));
                                         }}] { return render::openLayers(wanted); },
        [this, reading = ++reading_](base::Result<render::OpenedLayers> opened) {
            changeJobs(-1);
            if (reading != reading_) {
                return;
            }
            if (opened) {
                take(*std::move(opened));
            } else {
                emit failed(QString::fromStdString(opened.error().message));
            }
        });
}

void PlanningLayers::take(render::OpenedLayers opened) {
    for (const std::string& error : opened.errors) {
        emit failed(QString::fromStdString(error));
    }
    for (const std::string& text : opened.messages) {
        emit message(QString::fromStdString(text));
    }
    // A file without a layer gave an error; asking it again with the next one would repeat that.
    std::erase_if(files_, [&](const render::ShownLayers& file) {
        return std::ranges::none_of(opened.givenFiles,
                                    [&](const auto& given) { return given.second == file.file; });
    });
    drop();
    auto plane =
        opened.store ? planeOf(*opened.store) : base::Result<crs::Transform>(base::Error{""});
    if (opened.store && !plane) {
        emit failed(QString::fromStdString(plane.error().message));
    }
    if (plane) {
        opened_ = std::move(opened);
        plane_ = *std::move(plane);
        takeStates();
    }
    emit changed();
}

void PlanningLayers::takeStates() {
    std::size_t features = 0;
    std::vector<style::LayerStyle> styles;
    const std::vector<bool> isUsual = usuallyShown();
    for (std::size_t i = 0; i < store()->layers().size(); ++i) {
        states_.push_back(firstState(i, isUsual[i]));
        styles.push_back(states_.back().style);
        features += info(i).features;
    }
    auto set = overlay::LayerSet::create(store(),
                                         std::move(styles),
                                         {.scene = city_.viewport().sceneFrame(),
                                          .halfExtentMetres = city_.viewport().drapedExtentMetres(),
                                          .pixelScale = city_.devicePixelRatioF()});
    if (!set) {
        emit failed(QString::fromStdString(set.error().message));
        states_.clear();
        opened_ = {};
        return;
    }
    city_.change([&](render::Viewport& viewport) { viewport.setLayers(*set); });
    const std::vector<std::size_t> all = allLayers();
    apply(all);
    for (const std::size_t layer : all) {
        if (const QString condition = std::exchange(states_[layer].condition, {});
            !condition.isEmpty()) {
            setCondition(layer, condition);
        }
    }
    emit message(tr("%1 layers with %2 features")
                     .arg(states_.size())
                     .arg(QLocale().toString(static_cast<qulonglong>(features))));
}

/// What the files remember of a layer; none for a newcomer.
std::optional<float> PlanningLayers::rememberedOpacity(std::size_t layer) const {
    const std::string file = fileOf(layer).toStdString();
    const auto given = std::ranges::find(files_, file, &render::ShownLayers::file);
    const auto opacity = given->opacities.find(info(layer).table);
    return opacity == given->opacities.end() ? std::nullopt : std::optional(opacity->second);
}

/// Of layers that nothing is remembered of: all if they are few, else the newest of each control
/// line of the first groups.
std::vector<bool> PlanningLayers::usuallyShown() const {
    const std::vector<planning::LayerInfo>& infos = store()->layers();
    std::size_t newcomers = 0;
    std::map<std::string, std::size_t> newest; // by control line
    for (std::size_t i = 0; i < infos.size(); ++i) {
        newcomers += rememberedOpacity(i) ? 0U : 1U;
        const auto match = legend_.controlLineOf(infos[i]);
        const bool isGuess = match && !match->isSaid && !infos[i].category.empty();
        if (!match || isGuess || std::ranges::count(kFirstGroups, match->line->group) == 0) {
            continue;
        }
        const auto other = newest.try_emplace(match->line->id, i).first;
        const planning::LayerInfo& rival = infos[other->second];
        if (std::tie(infos[i].vintage, infos[i].title) > std::tie(rival.vintage, rival.title)) {
            other->second = i;
        }
    }
    std::vector<bool> isShown(infos.size(), newcomers <= kFewLayers);
    for (const auto& [line, layer] : newest) {
        isShown[layer] = true;
    }
    return isShown;
}

/// As the window had it or a view says.
LayerState PlanningLayers::firstState(std::size_t layer, bool isUsuallyShown) const {
    const planning::LayerInfo& facts = info(layer);
    const auto edited = editedStyles_.find(facts.table);
    LayerState state{.style = edited != editedStyles_.end() ? edited->second
                                                            : legend_.styleFor(facts, layer)};
    const auto given =
        std::ranges::find(files_, fileOf(layer).toStdString(), &render::ShownLayers::file);
    if (const auto condition = given->conditions.find(facts.table);
        condition != given->conditions.end()) {
        state.condition = QString::fromStdString(condition->second);
    }
    if (const auto opacity = rememberedOpacity(layer)) {
        state.isVisible = *opacity > 0.0F;
        state.opacity = state.isVisible ? *opacity : 1.0F;
    } else {
        state.isVisible = isUsuallyShown;
    }
    return state;
}

/// Into the files, which outlive the layers.
void PlanningLayers::noteStates() {
    for (std::size_t i = 0; i < count(); ++i) {
        const std::string file = fileOf(i).toStdString();
        const auto given = std::ranges::find(files_, file, &render::ShownLayers::file);
        if (given == files_.end()) {
            continue;
        }
        given->opacities[info(i).table] = state(i).isVisible ? state(i).opacity : 0.0F;
        given->conditions.erase(info(i).table);
        if (!state(i).condition.isEmpty()) {
            given->conditions[info(i).table] = state(i).condition.toStdString();
        }
    }
}

std::vector<render::ShownLayers> PlanningLayers::files() {
    noteStates();
    return files_;
}

// Layers

const planning::LayerInfo& PlanningLayers::info(std::size_t layer) const {
    return store()->layers()[layer];
}

QString PlanningLayers::fileOf(std::size_t layer) const {
    return QString::fromStdString(opened_.givenFiles.at(info(layer).file));
}

std::vector<PlacedLayer> PlanningLayers::byCategory() const {
    std::vector<PlacedLayer> placed;
    const std::function<void(const style::CategoryNode&, const QStringList&)> add =
        [&](const style::CategoryNode& node, const QStringList& categories) {
            for (const style::CategoryNode& child : node.children) {
                add(child, QStringList(categories) << nameShown(child.name, child.nameEnglish));
            }
            for (const std::uint32_t layer : node.layers) {
                placed.push_back({layer,
                                  categories.isEmpty()
                                      ? QStringList(QFileInfo(fileOf(layer)).fileName())
                                      : categories});
            }
        };
    if (store()) {
        add(style::categoryTree(store()->layers(), legend_), {});
    }
    return placed;
}

void PlanningLayers::apply(std::span<const std::size_t> layers) {
    city_.change([&](render::Viewport& viewport) {
        for (const std::size_t layer : layers) {
            viewport.layers()->setVisible(layer, states_[layer].isVisible);
            viewport.layers()->setOpacity(layer, states_[layer].opacity);
        }
    });
    emit statesChanged();
}

void PlanningLayers::setVisible(std::span<const std::size_t> layers, bool isVisible) {
    for (const std::size_t layer : layers) {
        states_[layer].isVisible = isVisible;
    }
    apply(layers);
}

std::vector<std::size_t> PlanningLayers::allLayers() const {
    std::vector<std::size_t> all(count());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

void PlanningLayers::showOnly(std::span<const std::size_t> layers) {
    for (LayerState& state : states_) {
        state.isVisible = false;
    }
    for (const std::size_t layer : layers) {
        states_[layer].isVisible = true;
    }
    apply(allLayers());
}

void PlanningLayers::setOpacity(std::span<const std::size_t> layers, float opacity) {
    for (const std::size_t layer : layers) {
        states_[layer].opacity = opacity;
    }
    apply(layers);
}

void PlanningLayers::setStyle(std::size_t layer, const style::LayerStyle& style) {
    states_[layer].style = style;
    editedStyles_[info(layer).table] = style;
    city_.change([&](render::Viewport& viewport) { viewport.layers()->setStyle(layer, style); });
    emit styleChanged(layer);
}

base::Status PlanningLayers::saveStyles(const QString& file) const {
    std::vector<style::NamedStyle> styles;
    for (std::size_t i = 0; i < count(); ++i) {
        styles.push_back({info(i).table, state(i).style});
    }
    return base::writeFile(file.toStdString(), style::writeStyles(styles));
}

base::Status PlanningLayers::keepEditedStyles() const {
    if (editedStyles_.empty()) {
        return base::ok();
    }
    std::vector<style::NamedStyle> styles;
    for (const auto& [table, style] : editedStyles_) {
        styles.push_back({table, style});
    }
    return base::writeFile(styleFile_.toStdString(), style::writeStyles(styles));
}

void PlanningLayers::setCondition(std::size_t layer, const QString& condition) {
    const auto take = [this, layer, condition](std::optional<Ids> shown) {
        states_[layer].condition = condition;
        states_[layer].satisfying = std::move(shown);
        city_.change([&](render::Viewport& viewport) {
            viewport.layers()->setFilter(layer, states_[layer].satisfying);
        });
        emit conditionChanged(layer);
    };
    if (condition.isEmpty()) {
        take(std::nullopt);
        return;
    }
    changeJobs(+1);
    inBackground(
        asking_,
        this,
        [store = store(), layer, where = condition.toStdString()]() -> base::Result<Ids> {
            auto ids = store->rows(static_cast<std::uint32_t>(layer), {.where = where});
            if (ids) {
                std::ranges::sort(*ids);
            }
            return ids;
        },
        [this, layer, take, asked = store()](base::Result<Ids> ids) {
            changeJobs(-1);
            if (asked != store()) {
                return; // other layers lie there by now
            }
            if (ids) {
                take(*std::move(ids));
            } else {
                emit conditionFailed(layer, QString::fromStdString(ids.error().message));
            }
        });
}

// Features

bool PlanningLayers::isShown(const FeatureRef& feature) const {
    const LayerState& layer = states_[feature.layer];
    return layer.isVisible && layer.opacity > 0.0F &&
           (!layer.satisfying || std::ranges::binary_search(*layer.satisfying, feature.id));
}

void PlanningLayers::select(const std::vector<FeatureRef>& features) {
    selected_ = features;
    if (!store()) {
        return;
    }
    hiddenSelected_ = sketchOfHidden(features);
    city_.change([&](render::Viewport& viewport) { viewport.layers()->setSelected(features); });
    showSketches();
}

/// The city itself marks features of layers that it shows only.
Sketch PlanningLayers::sketchOfHidden(const std::vector<FeatureRef>& features) const {
    constexpr std::size_t kMostFeatures = 100; // read while the user waits
    std::vector<FeatureRef> hidden;
    std::ranges::copy_if(features, std::back_inserter(hidden), [this](const FeatureRef& feature) {
        return !isShown(feature);
    });
    hidden.resize(std::min(hidden.size(), kMostFeatures));
    Sketch sketch;
    if (const auto read = store()->read(hidden, planning::Parts::Geometry);
        read && !read->empty()) {
        planning::Geometry all; // as one part: there are few symbols for sketches
        for (const planning::StoredFeature& feature : *read) {
            append(all, feature.geometry);
        }
        sketch.emplace_back(std::move(all), kMarkedSymbol);
    }
    return sketch;
}

void PlanningLayers::hover(const std::optional<FeatureRef>& feature) {
    if (store() && feature != hovered_) {
        hovered_ = feature;
        city_.change([&](render::Viewport& viewport) { viewport.layers()->setHovered(feature); });
    }
}

void PlanningLayers::sketch(const Sketch& sketch) {
    sketch_ = sketch;
    showSketches();
}

void PlanningLayers::showSketches() {
    if (store()) {
        Sketch all = sketch_;
        std::ranges::copy(hiddenSelected_, std::back_inserter(all));
        city_.change([&](render::Viewport& viewport) { viewport.layers()->setSketch(all); });
    }
}

void PlanningLayers::locate(const std::vector<FeatureRef>& features) {
    inBackground(
        asking_,
        this,
        [store = store(), features]() -> base::Result<PlaneBox> {
            const auto read = store->read(features, planning::Parts::Geometry);
            if (!read) {
                return read.error();
            }
            PlaneBox box;
            for (const planning::StoredFeature& feature : *read) {
                const PlaneBox bounds = planning::boundsOf(feature.geometry);
                if (!bounds.isEmpty()) {
                    box.add(bounds.low);
                    box.add(bounds.high);
                }
            }
            return box;
        },
        [this](const base::Result<PlaneBox>& box) {
            if (box && !box->isEmpty()) {
                emit located(*box);
            } else if (!box) {
                emit failed(QString::fromStdString(box.error().message));
            }
        });
}

} // namespace viewer::app
