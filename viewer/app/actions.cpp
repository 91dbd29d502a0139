#include "viewer/app/actions.h"

#include "viewer/app/icons.h"

#include <QMenuBar>
#include <QRegularExpression>
#include <array>

namespace viewer::app {

namespace {

struct ActionText {
    QAction* Actions::*action;
    const char* name;
    const char* text;
    const char* keys; ///< Letters that move the camera (W A S D Q E) are not for shortcuts.
    bool isCheckable = false;
};

constexpr std::array kActions = {
    ActionText{&Actions::openFiles,
               "openFiles",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Open files…"),
               "Ctrl+O"},
    ActionText{&Actions::openFolder,
               "openFolder",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Open a city's &folder…"),
               "Ctrl+Shift+O"},
    ActionText{&Actions::openUrl,
               "openUrl",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Open a &URL…"),
               "Ctrl+U"},
    ActionText{&Actions::saveView,
               "saveView",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Save the view…"),
               "Ctrl+S"},
    ActionText{&Actions::closeAll,
               "closeAll",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Close all"),
               "Ctrl+W"},
    ActionText{&Actions::screenshot,
               "screenshot",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Screens&hot"),
               "P"},
    ActionText{&Actions::picture,
               "picture",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Picture in any size…"),
               "Ctrl+P"},
    ActionText{&Actions::video,
               "video",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Video of the flight…"),
               "Ctrl+Shift+V"},
    ActionText{
        &Actions::quit, "quit", QT_TRANSLATE_NOOP("viewer::app::Actions", "&Quit"), "Ctrl+Q"},
    ActionText{&Actions::wholeCity,
               "wholeCity",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Whole city"),
               "F"},
    ActionText{
        &Actions::northUp, "northUp", QT_TRANSLATE_NOOP("viewer::app::Actions", "&North up"), "N"},
    ActionText{
        &Actions::topDown, "topDown", QT_TRANSLATE_NOOP("viewer::app::Actions", "&Top down"), "T"},
    ActionText{
        &Actions::walk, "walk", QT_TRANSLATE_NOOP("viewer::app::Actions", "Wal&k"), "G", true},
    ActionText{&Actions::haze,
               "haze",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Haze in the distance"),
               "",
               true},
    ActionText{&Actions::shadows,
               "shadows",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Shadows"),
               "",
               true},
    ActionText{&Actions::sun,
               "sun",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Sun by &date and time…"),
               ""},
    ActionText{&Actions::fullScreen,
               "fullScreen",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Full screen"),
               "F11",
               true},
    ActionText{&Actions::look,
               "look",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Look and click"),
               "Esc",
               true},
    ActionText{&Actions::measureDistance,
               "measureDistance",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Distance"),
               "Ctrl+1",
               true},
    ActionText{&Actions::measureArea,
               "measureArea",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Area"),
               "Ctrl+2",
               true},
    ActionText{&Actions::measureHeight,
               "measureHeight",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Height"),
               "Ctrl+3",
               true},
    ActionText{&Actions::measurePoint,
               "measurePoint",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Coordinates"),
               "Ctrl+4",
               true},
    ActionText{&Actions::exportMeasurements,
               "exportMeasurements",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Export the measurements…"),
               "Ctrl+E"},
    ActionText{&Actions::drawSite,
               "drawSite",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Check a &site"),
               "Ctrl+5",
               true},
    ActionText{&Actions::searchLayers,
               "searchLayers",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "Search &layers"),
               "Ctrl+F"},
    ActionText{&Actions::addBookmark,
               "addBookmark",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Bookmark this view"),
               "Ctrl+B"},
    ActionText{&Actions::fly,
               "fly",
               QT_TRANSLATE_NOOP("viewer::app::Actions", "&Fly through the bookmarks"),
               "Ctrl+Return",
               true},
    ActionText{
        &Actions::keys, "keys", QT_TRANSLATE_NOOP("viewer::app::Actions", "Mouse and &keys"), "F1"},
    ActionText{
        &Actions::about, "about", QT_TRANSLATE_NOOP("viewer::app::Actions", "&About city3d"), ""},
};

/// For a button: without the letter that opens a menu's entry, in brackets in Chinese, and dots.
QString barText(QString text) {
    static const QRegularExpression kBracketed("\\(&.\\)");
    return text.remove(kBracketed).remove('&').remove("…");
}

QString toolTipOf(const QAction& action) {
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    return keys.isEmpty() ? action.iconText() : QString("%1 (%2)").arg(action.iconText(), keys);
}

} // namespace

Actions::Actions(QMainWindow& window) : QObject(&window) {
    for (const ActionText& row : kActions) {
        auto* action = new QAction(this);
        action->setObjectName(row.name);
        action->setShortcut(QKeySequence(row.keys));
        action->setCheckable(row.isCheckable);
        action->setIcon(iconOf(row.name));
        action->setIconVisibleInMenu(false);
        this->*row.action = action;
        window.addAction(action); // its keys work in full screen, without a menu
    }
    auto* oneTool = new QActionGroup(this);
    for (QAction* tool :
         {look, measureDistance, measureArea, measureHeight, measurePoint, drawSite}) {
        oneTool->addAction(tool);
    }
    look->setChecked(true);
    for (QMenu** menu :
         {&file, &recent, &view, &panels, &quality, &language, &tools, &flight, &help}) {
        *menu = new QMenu(&window);
    }
    for (QMenu* menu : {file, view, tools, flight, help}) {
        window.menuBar()->addMenu(menu);
    }
    bar = new QToolBar(&window);
    bar->setObjectName("bar");
    bar->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    window.addToolBar(bar);
    fillMenus();
    fillBar();
    retranslate();
}

void Actions::fillMenus() {
    file->addActions({openFiles, openFolder, openUrl});
    file->addMenu(recent);
    file->addSeparator();
    file->addActions({saveView, closeAll});
    file->addSeparator();
    file->addActions({screenshot, picture, video});
    file->addSeparator();
    file->addAction(quit);
    view->addActions({wholeCity, northUp, topDown, walk});
    view->addSeparator();
    view->addActions({haze, shadows, sun});
    view->addMenu(quality);
    view->addSeparator();
    view->addMenu(panels);
    view->addMenu(language);
    view->addAction(fullScreen);
    tools->addActions({look, measureDistance, measureArea, measureHeight, measurePoint});
    tools->addSeparator();
    tools->addAction(exportMeasurements);
    tools->addSeparator();
    tools->addActions({drawSite, searchLayers});
    flight->addActions({addBookmark, fly});
    help->addActions({keys, about});
}

void Actions::fillBar() {
    bar->addActions({openFiles});
    bar->addSeparator();
    bar->addActions({wholeCity, northUp, topDown, walk});
    bar->addSeparator();
    bar->addActions({look, measureDistance, measureArea, measureHeight, measurePoint});
    bar->addSeparator();
    bar->addActions({drawSite});
    bar->addSeparator();
    bar->addActions({addBookmark, fly, screenshot});
}

void Actions::setCityIsOpen(bool isOpen) {
    for (QAction* action : {saveView,
                            closeAll,
                            screenshot,
                            picture,
                            video,
                            wholeCity,
                            northUp,
                            topDown,
                            walk,
                            sun,
                            measureDistance,
                            measureArea,
                            measureHeight,
                            measurePoint,
                            drawSite,
                            addBookmark,
                            fly}) {
        action->setEnabled(isOpen);
    }
}

void Actions::retranslate() {
    for (const ActionText& row : kActions) {
        QAction* action = this->*row.action;
        action->setText(tr(row.text));
        action->setIconText(barText(action->text()));
        action->setToolTip(toolTipOf(*action));
    }
    file->setTitle(tr("&File"));
    recent->setTitle(tr("&Recent"));
    view->setTitle(tr("&View"));
    panels->setTitle(tr("&Panels"));
    quality->setTitle(tr("&Quality"));
    language->setTitle(tr("&Language"));
    tools->setTitle(tr("&Measure"));
    flight->setTitle(tr("F&light"));
    help->setTitle(tr("&Help"));
    bar->setWindowTitle(tr("Tool bar"));
}

} // namespace viewer::app
