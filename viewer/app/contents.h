#pragma once

#include "tiles3d/base/result.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/layer_lookup.h"
#include "viewer/render/view_file.h"

#include <QColor>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace viewer::app {

/// A tileset in the window.
struct OpenTileset {
    render::TilesetId id = 0;
    QString location;
    QString name;
    bool isVisible = true;
    float opacity = 1.0F;
};

/// A planning layer in the window.
struct OpenLayer {
    QString file;
    QString name;
    std::size_t features = 0;
    std::vector<QColor> colours; ///< Some of those that it is drawn in.
    bool isVisible = true;
    float opacity = 1.0F;
};

/// What a path or URL that a user gives is, by its name and its first bytes.
enum class ContentKind { Tileset, View, Layers };
ContentKind kindOf(const QString& location);

/// What is open, and the opening of more: in the background, one after the other, every failure a
/// message and never an end. Lays it into the city widget's viewport.
class Contents final : public QObject {
    Q_OBJECT

public:
    explicit Contents(CityWidget& city, QObject* parent = nullptr);
    /// Waits for what is being opened.
    ~Contents() override;

    /// Tilesets, views and layers, by kindOf(). A tileset is added to those that are there.
    void open(const QStringList& locations);
    void openTileset(const render::ShownTileset& tileset);
    /// `crs` for layers that do not say theirs. Waits for a city to lie on.
    void openLayers(const std::vector<render::ShownLayers>& files);
    /// Closes all, then opens what the view says.
    void openView(const render::ViewFile& view);

    void closeTileset(render::TilesetId id);
    void closeLayers(const QString& file);
    void closeAll();

    const std::vector<OpenTileset>& tilesets() const { return tilesets_; }
    const std::vector<OpenLayer>& layers() const { return layers_; }
    /// Null while there are no layers.
    const LayerLookup* lookup() const { return lookup_.get(); }
    void setTileset(render::TilesetId id, bool isVisible, float opacity);
    /// By place in layers().
    void setLayer(std::size_t layer, bool isVisible, float opacity);

    /// The tilesets and layers of the window as they stand; no camera.
    render::ViewFile view() const;
    /// Something is being opened.
    bool isBusy() const { return jobs_ > 0; }

signals:
    /// Other tilesets or layers are open than before.
    void changed();
    /// A tileset is there.
    void opened(const QString& location);
    void message(const QString& text);
    void failed(const QString& text);
    /// Whether isBusy().
    void busyChanged();

private:
    void openNext();
    void arrive(const render::ShownTileset& wanted,
                std::unique_ptr<stream::TilesetSession> session);
    void readLayers();
    void takeLayers(const std::shared_ptr<LayerLookup>& lookup);
    float wantedOpacity(const QString& file, const QString& name) const;
    void applyLayer(std::size_t layer);
    void changeJobs(int by);

    CityWidget& city_;
    QThreadPool pool_; // one thread: vector readers and geoid grids are not shared
    std::vector<OpenTileset> tilesets_;
    std::vector<OpenLayer> layers_;
    std::shared_ptr<LayerLookup> lookup_;
    std::vector<render::ShownLayers> files_;      // of all layers, read or to be read
    std::optional<camera::CameraPose> startPose_; // to be taken when the first tileset is there
    std::deque<render::ShownTileset> waiting_;    // to be opened
    bool isOpening_ = false;
    int generation_ = 0; // of all that is open: what was asked for before closeAll() is dropped
    int reading_ = 0;    // of layers: an older reading is dropped
    int jobs_ = 0;
};

} // namespace viewer::app
