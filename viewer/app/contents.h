#pragma once

#include "tiles3d/base/result.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/planning_layers.h"
#include "viewer/render/view_file.h"

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

/// What a path or URL that a user gives is, by its name and its first bytes.
enum class ContentKind { Tileset, View, Layers };
ContentKind kindOf(const QString& location);

/// What is open, and the opening of more: in the background, one after the other, every failure a
/// message and never an end. Lays tilesets into the city widget's viewport, and leaves layers to
/// PlanningLayers.
class Contents final : public QObject {
    Q_OBJECT

public:
    Contents(CityWidget& city, PlanningLayers& layers, QObject* parent = nullptr);
    /// Waits for what is being opened.
    ~Contents() override;

    /// Tilesets, views and layers, by kindOf(). A tileset is added to those that are there.
    void open(const QStringList& locations);
    void openTileset(const render::ShownTileset& tileset);
    /// Closes all, then opens what the view says.
    void openView(const render::ViewFile& view);

    void closeTileset(render::TilesetId id);
    void closeAll();

    const std::vector<OpenTileset>& tilesets() const { return tilesets_; }
    void setTileset(render::TilesetId id, bool isVisible, float opacity);

    /// The tilesets and layers of the window as they stand; no camera.
    render::ViewFile view() const;
    /// Something is being opened.
    bool isBusy() const { return jobs_ > 0 || layers_.isBusy(); }

signals:
    /// Other tilesets are open than before.
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
    void changeJobs(int by);

    CityWidget& city_;
    PlanningLayers& layers_;
    QThreadPool pool_; // one thread: the first tileset gives the frame of the rest
    std::vector<OpenTileset> tilesets_;
    std::optional<camera::CameraPose> startPose_; // to be taken when the first tileset is there
    std::deque<render::ShownTileset> waiting_;    // to be opened
    bool isOpening_ = false;
    int generation_ = 0; // of all that is open: what was asked for before closeAll() is dropped
    int jobs_ = 0;
};

} // namespace viewer::app
