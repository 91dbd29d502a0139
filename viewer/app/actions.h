#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QObject>
#include <QToolBar>

namespace viewer::app {

/// The commands of the main window, its menus and its tool bar; what they do is connected by the
/// window. Each action's object name is that of its member.
class Actions final : public QObject {
    Q_OBJECT

public:
    explicit Actions(QMainWindow& window);

    /// Texts in the language of now.
    void retranslate();
    /// Commands that need a city can be given only while there is one.
    void setCityIsOpen(bool isOpen);

    QAction* openFiles;
    QAction* openFolder;
    QAction* openUrl;
    QAction* saveView;
    QAction* closeAll;
    QAction* screenshot;
    QAction* picture;
    QAction* video;
    QAction* quit;

    QAction* wholeCity;
    QAction* northUp;
    QAction* topDown;
    QAction* walk;    ///< Checkable.
    QAction* haze;    ///< Checkable.
    QAction* shadows; ///< Checkable.
    QAction* sun;
    QAction* fullScreen; ///< Checkable.

    QAction* look; ///< The first of the tools, of which one is checked: no tool.
    QAction* measureDistance;
    QAction* measureArea;
    QAction* measureHeight;
    QAction* measurePoint;
    QAction* exportMeasurements;
    QAction* drawSite; ///< One of the tools.
    QAction* searchLayers;

    QAction* addBookmark;
    QAction* fly;

    QAction* keys;
    QAction* about;

    QMenu* file;
    QMenu* recent;
    QMenu* view;
    QMenu* panels;
    QMenu* quality;
    QMenu* language;
    QMenu* tools;
    QMenu* flight;
    QMenu* help;
    QToolBar* bar;

private:
    void fillMenus();
    void fillBar();
};

} // namespace viewer::app
