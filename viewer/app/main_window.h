#pragma once

#include "viewer/app/actions.h"
#include "viewer/app/bookmark_panel.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/content_panel.h"
#include "viewer/app/contents.h"
#include "viewer/app/flight_player.h"
#include "viewer/app/kept_layers.h"
#include "viewer/app/language.h"
#include "viewer/app/light_control.h"
#include "viewer/app/log_panel.h"
#include "viewer/app/measure_panel.h"
#include "viewer/app/measure_tool.h"
#include "viewer/app/picture_maker.h"
#include "viewer/app/place_readout.h"
#include "viewer/app/planning_desk.h"
#include "viewer/app/planning_layers.h"
#include "viewer/app/quality_menu.h"
#include "viewer/app/recent_menu.h"
#include "viewer/app/run_app.h"
#include "viewer/app/status_readout.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QSettings>
#include <optional>
#include <set>
#include <string>

namespace viewer::app {

/// The city in the middle, panels round it, commands above, facts below. Wires the parts together
/// and keeps what the user has set.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(const AppOptions& options, const QString& settingsFolder, Language& language);
    ~MainWindow() override;

    /// Tells of an error, in the log and below the city.
    void complain(const QString& text);

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addPanels();
    QDockWidget* addPanel(QWidget* panel, const char* name, Qt::DockWidgetArea area);
    void start(const AppOptions& options);
    void retranslate();
    void followContents();
    QString lastViewFile() const;
    render::ViewFile view() const;
    void openView(const render::ViewFile& view);

    void connectFile();
    void askForFiles();
    void askForFolder();
    void askForUrl();
    void askForView();
    void welcome(const QString& location);

    void connectView();
    void addLanguages();
    void flyTo(const camera::CameraPose& pose);
    void walk(bool isOn);

    void connectTools();
    void connectPlanning();
    MeasureTool* activeTool();
    void click(const QPointF& position, Qt::MouseButton button);

    void connectFlight();
    void addBookmark();
    void fly(bool isOn);
    std::optional<camera::FlightPath> tour();

    void connectPictures();

    void followStep();
    void tellFailures();
    void followCursor(const QPointF& position);
    void paintForeground(QPainter& painter);

    QString settingsFolder_;
    QSettings settings_;
    Language& language_;
    CityWidget* city_;
    PlanningLayers layers_;
    Contents contents_;
    KeptLayers kept_;
    Actions actions_;
    RecentMenu recent_;
    QualityMenu quality_;
    StatusReadout status_;
    PlaceReadout place_;
    LogPanel* log_;
    ContentPanel* contentPanel_;
    BookmarkPanel* bookmarks_;
    MeasurePanel* measures_;
    MeasureTool tool_;
    PlanningDesk desk_;
    QList<QDockWidget*> docks_;
    std::set<std::string> toldFailures_;
    LightControl light_;
    FlightPlayer player_;
    PictureMaker pictures_;
};

} // namespace viewer::app
