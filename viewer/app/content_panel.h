#pragma once

#include "viewer/app/content_filter.h"
#include "viewer/app/contents.h"
#include "viewer/app/kept_layers.h"
#include "viewer/app/planning_layers.h"

#include <QLineEdit>
#include <QSlider>
#include <QToolButton>
#include <QTreeView>
#include <QWidget>
#include <set>

namespace viewer::app {

/// Tree of what is open: favourite layers, tilesets, and planning layers by category, each with a
/// tick; a search that follows every key; presets of layers; a slider for the opacity of what is
/// selected; a menu.
class ContentPanel final : public QWidget {
    Q_OBJECT

public:
    ContentPanel(Contents& contents,
                 PlanningLayers& layers,
                 KeptLayers& kept,
                 QWidget* parent = nullptr);

    /// The cursor goes to the search.
    void editSearch();

signals:
    void lookAtRequested(render::TilesetId tileset);
    void lookAtLayerRequested(std::size_t layer);
    void tableRequested(std::size_t layer);
    void conditionRequested(std::size_t layer);
    void styleRequested(std::size_t layer);

protected:
    void changeEvent(QEvent* event) override;

private:
    void arrange();
    void connectTree();
    void retranslate();
    void fillTilesets();
    void fillLayers();
    void followFavourites();
    void followStates();
    void followSelection();
    void search();
    void goToFirstLayer();
    void fade(int percent);
    QString tableOf(std::size_t layer) const;
    void toggleFavourite(std::size_t layer);
    void showMenu(const QPoint& at);
    void fillLayerMenu(QMenu& menu, std::size_t layer);
    ContentRow rowOf(const PlacedLayer& placed) const;
    /// Of the selected rows, by kind.
    std::vector<std::size_t> selected(ContentNode kind) const;

    Contents& contents_;
    PlanningLayers& layers_;
    KeptLayers& kept_;
    ContentModel model_;
    ContentFilter filter_;
    QLineEdit* search_;
    QToolButton* onlyVisible_;
    QToolButton* presets_;
    QTreeView* tree_;
    QSlider* opacity_;
    std::set<QString> expanded_; // by path, while nothing is searched
    bool isFilling_ = false;     // the slider's own signals are not the user's
};

} // namespace viewer::app
