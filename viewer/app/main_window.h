#pragma once

#include "viewer/app/actions.h"
#include "viewer/app/attribute_panel.h"
#include "viewer/app/bookmark_panel.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/content_panel.h"
#include "viewer/app/contents.h"
#include "viewer/app/language.h"
#include "viewer/app/log_panel.h"
#include "viewer/app/measure_panel.h"
#include "viewer/app/place_readout.h"
#include "viewer/app/render_job.h"
#include "viewer/app/run_app.h"
#include "viewer/app/status_readout.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QSettings>

#include <vector>

namespace viewer::app {

/// The city in the middle, panels round it, commands above, facts below. Wires the parts together
/// and keeps what the user has set.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(const AppOptions& options, const QString& settingsFolder, Language& language);
    ~MainWindow() override;

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addPanels();
    QDockWidget* addPanel(QWidget* panel, const char* name, Qt::DockWidgetArea area);
    void connectFile();
    void connectView();
    void connectTools();
    void connectFlight();
    void retranslate();
    void fillQualityMenu();
    void fillLanguageMenu();
    void fillRecentMenu();
    void start(const AppOptions& options);

    void askForFiles();
    void askForFolder();
    void askForUrl();
    void askForView();
    void askForPicture();
    void askForVideo();
    void askForSun();
    void takeScreenshot();
    void showKeys();
    void remember(const QString& location);

    void followStep();
    void followCursor(const QPointF& position);
    void click(const QPointF& position, Qt::MouseButton button);
    void paintForeground(QPainter& painter);
    void flyTo(const camera::CameraPose& pose);
    void fly(bool isOn);
    void applyLight();
    void complain(const QString& text);
    render::ViewFile view() const;

    QString settingsFolder_;
    QSettings settings_;
    Language& language_;
    CityWidget* city_;
    Contents contents_;
    Actions actions_;
    StatusReadout status_;
    PlaceReadout place_;
    LogPanel* log_;
    ContentPanel* contentPanel_;
    AttributePanel* attributes_;
    BookmarkPanel* bookmarks_;
    MeasurePanel* measures_;
    QList<QDockWidget*> docks_;
    QString date_; ///< ISO 8601; empty: no special hour.
    std::size_t toldFailures_ = 0;
};

} // namespace viewer::app
