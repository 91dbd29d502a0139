#include "viewer/app/contents.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "viewer/app/background.h"
#include "viewer/app/layer_colours.h"
#include "viewer/stream/open_tileset.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QUrl>
#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;

bool isUrl(const QString& location) {
    return location.startsWith("http://") || location.startsWith("https://");
}

/// A city is called what its folder is called.
QString nameOf(const QString& location) {
    if (isUrl(location)) {
        const QUrl url(location);
        const QString folder = url.path().section('/', -2, -2);
        return folder.isEmpty() ? url.host() : folder;
    }
    const QFileInfo info(location);
    const bool isTilesetJson = info.fileName() == "tileset.json";
    return isTilesetJson ? info.absoluteDir().dirName() : QDir(location).dirName();
}

ContentKind kindOfJson(const QString& file) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
    const auto text = base::readTextFile(file.toStdString(), kMostBytes);
    const auto json = text ? base::parseJson(*text) : base::Result<base::Json>(base::Json());
    if (!json) {
        return ContentKind::Layers; // its reader says what is wrong
    }
    if (json->has("asset")) {
        return ContentKind::Tileset;
    }
    return json->has("tilesets") ? ContentKind::View : ContentKind::Layers;
}

} // namespace

ContentKind kindOf(const QString& location) {
    static const QStringList kTilesetEndings = {"3tz", "glb", "b3dm"};
    const QFileInfo info(location);
    const QString ending = info.suffix().toLower();
    if (isUrl(location) || kTilesetEndings.contains(ending)) {
        return ContentKind::Tileset;
    }
    if (info.isDir()) {
        return ending == "gdb" ? ContentKind::Layers : ContentKind::Tileset;
    }
    return ending == "json" ? kindOfJson(location) : ContentKind::Layers;
}

Contents::Contents(CityWidget& city, QObject* parent) : QObject(parent), city_(city) {
    pool_.setMaxThreadCount(1);
}

Contents::~Contents() {
    pool_.waitForDone();
}

void Contents::changeJobs(int by) {
    const bool wasBusy = isBusy();
    jobs_ += by;
    if (wasBusy != isBusy()) {
        emit busyChanged();
    }
}

void Contents::open(const QStringList& locations) {
    std::vector<render::ShownLayers> layers;
    for (const QString& location : locations) {
        switch (kindOf(location)) {
        case ContentKind::Tileset:
            openTileset({.location = location.toStdString()});
            break;
        case ContentKind::Layers:
            layers.push_back({.file = location.toStdString()});
            break;
        case ContentKind::View:
            if (const auto view = render::readViewFile(location.toStdString())) {
                openView(*view);
            } else {
                emit failed(QString::fromStdString(view.error().message));
            }
            break;
        }
    }
    if (!layers.empty()) {
        openLayers(layers);
    }
}

void Contents::openTileset(const render::ShownTileset& tileset) {
    waiting_.push_back(tileset);
    if (!isOpening_) {
        openNext();
    }
}

/// One after the other: the first one gives the frame of the rest.
void Contents::openNext() {
    using Session = base::Result<std::unique_ptr<stream::TilesetSession>>;
    isOpening_ = !waiting_.empty();
    if (!isOpening_) {
        return;
    }
    const render::ShownTileset tileset = waiting_.front();
    waiting_.pop_front();
    stream::SessionOptions options;
    if (!city_.viewport().isEmpty()) {
        options.sceneFrame = city_.viewport().sceneFrame();
    }
    changeJobs(+1);
    emit message(tr("Opening %1").arg(QString::fromStdString(tileset.location)));
    inBackground(
        pool_,
        this,
        [location = tileset.location, options]() -> Session {
            return stream::openTileset(location, options);
        },
        [this, tileset, generation = generation_](Session session) {
            changeJobs(-1);
            if (!session) {
                emit failed(QString::fromStdString(session.error().message));
            } else if (generation == generation_) {
                arrive(tileset, *std::move(session));
            }
            openNext();
        });
}

void Contents::arrive(const render::ShownTileset& wanted,
                      std::unique_ptr<stream::TilesetSession> session) {
    const bool isFirst = city_.viewport().isEmpty();
    OpenTileset tileset{.location = QString::fromStdString(wanted.location)};
    tileset.name = nameOf(tileset.location);
    city_.change([&](render::Viewport& viewport) {
        tileset.id = viewport.addTileset(std::move(session));
        if (isFirst && startPose_) {
            viewport.setPose(*std::exchange(startPose_, std::nullopt));
        }
    });
    tilesets_.push_back(tileset);
    setTileset(tileset.id, wanted.isVisible, wanted.opacity);
    emit changed();
    emit opened(tileset.location);
    if (isFirst && !files_.empty()) {
        readLayers();
    }
}

void Contents::openLayers(const std::vector<render::ShownLayers>& files) {
    for (const render::ShownLayers& file : files) {
        std::erase_if(files_, [&](const auto& open) { return open.file == file.file; });
        files_.push_back(file);
    }
    if (!city_.viewport().isEmpty()) {
        readLayers();
    } else if (!isBusy()) {
        emit message(tr("The layers will be laid on the next city that is opened"));
    }
}

void Contents::readLayers() {
    using Layers = base::Result<std::shared_ptr<LayerLookup>>;
    changeJobs(+1);
    std::vector<overlay::LayerFile> files;
    std::ranges::transform(files_, std::back_inserter(files), [](const auto& file) {
        return overlay::LayerFile{file.file, file.crs};
    });
    const overlay::LayerSetOptions options{.scene = city_.viewport().sceneFrame(),
                                           .halfExtentMetres =
                                               city_.viewport().drapedExtentMetres(),
                                           .pixelScale = city_.devicePixelRatioF()};
    inBackground(
        pool_,
        this,
        [files, options]() -> Layers {
            auto set = overlay::LayerSet::read(files, options);
            return set ? LayerLookup::create(*std::move(set)) : Layers(set.error());
        },
        [this, reading = ++reading_](Layers layers) {
            changeJobs(-1);
            if (reading != reading_) {
                return;
            }
            if (!layers) {
                emit failed(QString::fromStdString(layers.error().message));
                return;
            }
            takeLayers(*layers);
        });
}

/// As it is now in the window, else as it was asked for.
float Contents::wantedOpacity(const QString& file, const QString& name) const {
    const auto open = std::ranges::find_if(
        layers_, [&](const OpenLayer& layer) { return layer.file == file && layer.name == name; });
    if (open != layers_.end()) {
        return open->isVisible ? open->opacity : 0.0F;
    }
    return render::opacityOf({.layers = files_}, file.toStdString(), name.toStdString());
}

void Contents::takeLayers(const std::shared_ptr<LayerLookup>& lookup) {
    const std::shared_ptr<overlay::LayerSet>& set = lookup->layers();
    lookup_ = lookup;
    std::vector<OpenLayer> layers;
    for (std::size_t i = 0; i < set->layers().size(); ++i) {
        OpenLayer layer{.file = QString::fromStdString(set->fileOf(i)),
                        .name = QString::fromStdString(set->layers()[i].name),
                        .features = set->layers()[i].features.size(),
                        .colours = coloursOf(*set, i)};
        const float opacity = wantedOpacity(layer.file, layer.name);
        layer.isVisible = opacity > 0.0F;
        layer.opacity = layer.isVisible ? opacity : 1.0F;
        layers.push_back(layer);
    }
    layers_ = std::move(layers);
    for (const std::string& error : set->errors()) {
        emit failed(QString::fromStdString(error));
    }
    for (const std::string& warning : set->warnings()) {
        emit message(QString::fromStdString(warning));
    }
    if (!set->layers().empty()) {
        emit message(QString::fromStdString(set->summary()));
    }
    // A file without a layer gave an error; asking it again with the next one would repeat that.
    std::erase_if(files_, [this](const render::ShownLayers& file) {
        return std::ranges::none_of(
            layers_, [&](const OpenLayer& layer) { return layer.file.toStdString() == file.file; });
    });
    city_.change([&](render::Viewport& viewport) { viewport.setLayers(set); });
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        applyLayer(i);
    }
    emit changed();
}

void Contents::openView(const render::ViewFile& view) {
    closeAll();
    startPose_ = view.pose;
    files_ = view.layers; // read when the first tileset is there
    for (const render::ShownTileset& tileset : view.tilesets) {
        openTileset(tileset);
    }
}

void Contents::closeTileset(render::TilesetId id) {
    city_.change([id](render::Viewport& viewport) { viewport.removeTileset(id); });
    std::erase_if(tilesets_, [id](const OpenTileset& tileset) { return tileset.id == id; });
    if (tilesets_.empty()) {
        layers_.clear(); // files_ stay: the next city gets them
        lookup_.reset();
    }
    emit changed();
}

void Contents::closeLayers(const QString& file) {
    std::erase_if(files_, [&](const auto& open) { return open.file == file.toStdString(); });
    if (files_.empty()) {
        ++reading_;
        layers_.clear();
        lookup_.reset();
        city_.change([](render::Viewport& viewport) { viewport.setLayers(nullptr); });
        emit changed();
    } else {
        readLayers();
    }
}

void Contents::closeAll() {
    files_.clear();
    waiting_.clear();
    startPose_.reset();
    ++reading_;
    ++generation_;
    while (!tilesets_.empty()) {
        closeTileset(tilesets_.back().id);
    }
}

void Contents::setTileset(render::TilesetId id, bool isVisible, float opacity) {
    const auto found = std::ranges::find(tilesets_, id, &OpenTileset::id);
    found->isVisible = isVisible;
    found->opacity = opacity;
    city_.change([&](render::Viewport& viewport) {
        viewport.setTilesetVisible(id, isVisible);
        viewport.setTilesetOpacity(id, opacity);
    });
}

void Contents::setLayer(std::size_t layer, bool isVisible, float opacity) {
    layers_[layer].isVisible = isVisible;
    layers_[layer].opacity = opacity;
    applyLayer(layer);
}

void Contents::applyLayer(std::size_t layer) {
    const OpenLayer& open = layers_[layer];
    city_.change([&](render::Viewport& viewport) {
        viewport.layers()->setOpacity(layer, open.isVisible ? open.opacity : 0.0F);
    });
}

render::ViewFile Contents::view() const {
    render::ViewFile view;
    for (const OpenTileset& tileset : tilesets_) {
        view.tilesets.push_back(
            {tileset.location.toStdString(), tileset.isVisible, tileset.opacity});
    }
    view.layers = files_;
    for (render::ShownLayers& file : view.layers) {
        for (const OpenLayer& layer : layers_) {
            if (layer.file.toStdString() == file.file) {
                file.opacities[layer.name.toStdString()] = layer.isVisible ? layer.opacity : 0.0F;
            }
        }
    }
    return view;
}

} // namespace viewer::app
