#include "viewer/app/contents.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "viewer/app/background.h"
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

Contents::Contents(CityWidget& city, PlanningLayers& layers, QObject* parent)
    : QObject(parent), city_(city), layers_(layers) {
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
    if (layers.empty()) {
        return;
    }
    layers_.open(layers);
    if (city_.viewport().isEmpty() && !isBusy()) {
        emit message(tr("The layers will be laid on the next city that is opened"));
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
    if (isFirst) {
        layers_.lay();
    }
}

void Contents::openView(const render::ViewFile& view) {
    closeAll();
    startPose_ = view.pose;
    layers_.open(view.layers); // laid when the first tileset is there
    for (const render::ShownTileset& tileset : view.tilesets) {
        openTileset(tileset);
    }
}

void Contents::closeTileset(render::TilesetId id) {
    city_.change([id](render::Viewport& viewport) { viewport.removeTileset(id); });
    std::erase_if(tilesets_, [id](const OpenTileset& tileset) { return tileset.id == id; });
    if (tilesets_.empty()) {
        layers_.takeOff();
    }
    emit changed();
}

void Contents::closeAll() {
    layers_.closeAll();
    waiting_.clear();
    startPose_.reset();
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

render::ViewFile Contents::view() const {
    render::ViewFile view;
    for (const OpenTileset& tileset : tilesets_) {
        view.tilesets.push_back(
            {tileset.location.toStdString(), tileset.isVisible, tileset.opacity});
    }
    view.layers = layers_.files();
    return view;
}

} // namespace viewer::app
