#pragma once

#include "viewer/app/contents.h"

#include <QSlider>
#include <QTreeWidget>
#include <QWidget>

namespace viewer::app {

/// Tree of what is open: tilesets, and planning layers by file, each with a tick for its
/// visibility; a slider for the opacity of what is selected; a menu to look at it or close it.
class ContentPanel final : public QWidget {
    Q_OBJECT

public:
    explicit ContentPanel(Contents& contents, QWidget* parent = nullptr);

signals:
    void lookAtRequested(render::TilesetId tileset);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void retranslate();
    void take(const QTreeWidgetItem* item);
    void fade(int percent);
    void followSelection();
    void showMenu(const QPoint& at);

    Contents& contents_;
    QTreeWidget* tree_;
    QTreeWidgetItem* tilesets_;
    QTreeWidgetItem* layers_;
    QSlider* opacity_;
    bool isFilling_ = false; // the tree's own signals are not the user's
};

} // namespace viewer::app
