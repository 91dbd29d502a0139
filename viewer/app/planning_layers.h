#pragma once

#include "pipeline/planning/style/legend.h"
#include "tiles3d/crs/transform.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/sketch.h"
#include "viewer/render/open_layers.h"
#include "viewer/render/view_file.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QThreadPool>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace viewer::app {

/// A layer in the tree of categories.
struct PlacedLayer {
    std::size_t layer = 0;
    QStringList categories; ///< From the top, in the window's language; at least one.
};

/// How a layer is shown.
struct LayerState {
    bool isVisible = false;
    float opacity = 1.0F;
    QString condition; ///< SQL; only what satisfies it is shown. "": all.
    std::optional<std::vector<std::int64_t>> satisfying; ///< Its features, ascending.
    pipeline::planning::style::LayerStyle style;
};

/// The planning layers of the window: the files that are open, as one store that lies on the city,
/// and how each layer is shown. Files that are no such store are imported first. All that takes
/// time goes on in the background; every failure is a message and never an end.
class PlanningLayers final : public QObject {
    Q_OBJECT

public:
    using Store = std::shared_ptr<const pipeline::planning::LayerStore>;

    /// Styles that the user has edited are kept in `styleFile`.
    PlanningLayers(CityWidget& city, const QString& styleFile, QObject* parent = nullptr);
    /// Waits for what is going on.
    ~PlanningLayers() override;

    /// Adds files, in the place of those of the same path. Waits for a city to lie on.
    void open(const std::vector<render::ShownLayers>& files);
    void close(const QString& file);
    void closeAll();
    /// Reads all files for the city that is there now.
    void lay();
    /// The city has gone; the files wait for the next one.
    void takeOff();

    /// All that reads or writes vector files goes through this one thread.
    QThreadPool& vectorPool() { return opening_; }
    /// The files, and how their layers are shown.
    std::vector<render::ShownLayers> files();
    bool hasFiles() const { return !files_.empty(); }
    bool isBusy() const { return jobs_ > 0; }

    // The layers that lie on the city, by their places in store().

    /// Null while there are none.
    const Store& store() const { return opened_.store; }
    std::size_t count() const { return states_.size(); }
    const pipeline::planning::LayerInfo& info(std::size_t layer) const;
    const LayerState& state(std::size_t layer) const { return states_[layer]; }
    /// The file that the user gave.
    QString fileOf(std::size_t layer) const;
    /// All layers in the order of the legend's categories; those without one stand under their
    /// file's name.
    std::vector<PlacedLayer> byCategory() const;
    const pipeline::planning::style::Legend& legend() const { return legend_; }
    /// From the store's plane. REQUIRES: store().
    const tiles3d::crs::Transform& plane() const { return *plane_; }

    void setVisible(std::span<const std::size_t> layers, bool isVisible);
    /// All others are hidden.
    void showOnly(std::span<const std::size_t> layers);
    void setOpacity(std::span<const std::size_t> layers, float opacity);
    void setStyle(std::size_t layer, const pipeline::planning::style::LayerStyle& style);
    const QString& styleFile() const { return styleFile_; }
    /// Of all layers, as JSON; whole or not at all.
    tiles3d::base::Status saveStyles(const QString& file) const;
    /// Those that the user has edited, for the next start.
    tiles3d::base::Status keepEditedStyles() const;
    /// Once the store has found the features; else conditionFailed(), and all stays as it was.
    void setCondition(std::size_t layer, const QString& condition);

    /// The city shows it as far as its layer's tick and condition go.
    bool isShown(const pipeline::planning::FeatureRef& feature) const;
    /// Highlights features on the city, those of hidden layers too.
    void select(const std::vector<pipeline::planning::FeatureRef>& features);
    const std::vector<pipeline::planning::FeatureRef>& selected() const { return selected_; }
    /// Marks the feature below the cursor, or none.
    void hover(const std::optional<pipeline::planning::FeatureRef>& feature);
    /// Geometry on top of all layers, in the store's plane: a site, conflicts.
    void sketch(const Sketch& sketch);
    /// Finds out where features lie; located() follows.
    void locate(const std::vector<pipeline::planning::FeatureRef>& features);

signals:
    /// Other layers lie on the city than before, or none.
    void changed();
    /// Layers are shown otherwise.
    void statesChanged();
    void styleChanged(std::size_t layer);
    void conditionChanged(std::size_t layer);
    /// `why` in the store's words.
    void conditionFailed(std::size_t layer, const QString& why);
    void located(const pipeline::planning::PlaneBox& box);
    /// How far an import has come.
    void progress(const QString& text);
    void message(const QString& text);
    void failed(const QString& text);
    /// Whether isBusy().
    void busyChanged();

private:
    void take(render::OpenedLayers opened);
    void takeStates();
    std::optional<float> rememberedOpacity(std::size_t layer) const;
    std::vector<bool> usuallyShown() const;
    LayerState firstState(std::size_t layer, bool isUsuallyShown) const;
    void apply(std::span<const std::size_t> layers);
    std::vector<std::size_t> allLayers() const;
    void noteStates();
    void drop();
    Sketch sketchOfHidden(const std::vector<pipeline::planning::FeatureRef>& features) const;
    void showSketches();
    void changeJobs(int by);

    CityWidget& city_;
    QString styleFile_;
    pipeline::planning::style::Legend legend_;
    std::map<std::string, pipeline::planning::style::LayerStyle> editedStyles_; // by table
    QThreadPool opening_; // one thread: vector readers are not shared
    QThreadPool asking_;
    std::vector<render::ShownLayers> files_; // in the user's order
    QTemporaryDir imports_;
    render::OpenedLayers opened_;
    std::optional<tiles3d::crs::Transform> plane_;
    std::vector<LayerState> states_;
    std::vector<pipeline::planning::FeatureRef> selected_;
    std::optional<pipeline::planning::FeatureRef> hovered_;
    Sketch hiddenSelected_; // features of layers that are not shown
    Sketch sketch_;
    int reading_ = 0; // an older reading is dropped
    int jobs_ = 0;
};

} // namespace viewer::app
