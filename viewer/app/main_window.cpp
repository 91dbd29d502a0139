#include "viewer/app/main_window.h"

#include "viewer/app/dialogs.h"
#include "viewer/app/foreground.h"

#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QStatusBar>
#include <QUrl>
#include <algorithm>
#include <array>

namespace viewer::app {

namespace {

constexpr int kMessageMilliseconds = 8000;
constexpr int kLowHeight = 190; // of the panels below the city
constexpr int kPanelWidth = 290;
constexpr int kWidePanelWidth = 310;
constexpr int kTallShare = 3; // of a column of panels
constexpr int kLowShare = 2;
constexpr const char* kGeometryKey = "window/geometry";
constexpr const char* kStateKey = "window/state";
constexpr const char* kLanguageKey = "language";
constexpr const char* kFolderKey = "folder";

/// None unless the command line asks for another one than is usual.
std::optional<double> askedQuality(const AppOptions& options) {
    const double asked = options.viewport.maxScreenSpaceErrorPixels;
    return asked == render::ViewportOptions().maxScreenSpaceErrorPixels ? std::nullopt
                                                                        : std::optional(asked);
}

} // namespace

MainWindow::MainWindow(const AppOptions& options, const QString& settingsFolder, Language& language)
    : settingsFolder_(settingsFolder),
      settings_(QDir(settingsFolder).filePath("settings.ini"), QSettings::IniFormat),
      language_(language), city_(new CityWidget(options.viewport)),
      layers_(*city_, QDir(settingsFolder).filePath("styles.json")), contents_(*city_, layers_),
      kept_(settings_), actions_(*this), recent_(*actions_.recent, settings_),
      quality_(*actions_.quality, settings_), status_(*statusBar()), log_(new LogPanel),
      contentPanel_(new ContentPanel(contents_, layers_, kept_)),
      bookmarks_(new BookmarkPanel(QDir(settingsFolder).filePath("bookmarks"))),
      measures_(new MeasurePanel), tool_(*city_), desk_(*city_, layers_, *contentPanel_, place_),
      light_(actions_, *city_), player_(*city_), pictures_(*city_) {
    setCentralWidget(city_);
    setAcceptDrops(true);
    addPanels();
    addLanguages();
    connectFile();
    connectView();
    connectTools();
    connectPlanning();
    connectFlight();
    connectPictures();
    city_->setForeground([this](QPainter& painter) { paintForeground(painter); });
    start(options);
}

MainWindow::~MainWindow() = default;

QDockWidget* MainWindow::addPanel(QWidget* panel, const char* name, Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(this);
    dock->setObjectName(name);
    dock->setWidget(panel);
    addDockWidget(area, dock);
    actions_.panels->addAction(dock->toggleViewAction());
    docks_.append(dock);
    return dock;
}

void MainWindow::addPanels() {
    QDockWidget* contents = addPanel(contentPanel_, "contentPanel", Qt::LeftDockWidgetArea);
    QDockWidget* legend = addPanel(desk_.legend(), "legendPanel", Qt::LeftDockWidgetArea);
    tabifyDockWidget(legend, addPanel(bookmarks_, "bookmarkPanel", Qt::LeftDockWidgetArea));
    legend->raise();
    QDockWidget* here = addPanel(desk_.attributes(), "attributePanel", Qt::RightDockWidgetArea);
    QDockWidget* site = addPanel(desk_.site(), "sitePanel", Qt::RightDockWidgetArea);
    tabifyDockWidget(site, addPanel(measures_, "measurePanel", Qt::RightDockWidgetArea));
    site->raise();
    QDockWidget* table = addPanel(desk_.table(), "tablePanel", Qt::BottomDockWidgetArea);
    QDockWidget* log = addPanel(log_, "logPanel", Qt::BottomDockWidgetArea);
    tabifyDockWidget(table, log);
    resizeDocks({contents, here}, {kPanelWidth, kWidePanelWidth}, Qt::Horizontal);
    resizeDocks({contents, legend}, {kTallShare, kLowShare}, Qt::Vertical);
    resizeDocks({log}, {kLowHeight}, Qt::Vertical);
    table->hide();
    log->hide();
}

/// What the user had, over what the program brings, over it what the command line says.
void MainWindow::start(const AppOptions& options) {
    resize(1280, 800);
    restoreGeometry(settings_.value(kGeometryKey).toByteArray());
    restoreState(settings_.value(kStateKey).toByteArray());
    if (options.widthPixels && options.heightPixels) {
        resize(*options.widthPixels, *options.heightPixels);
    }
    const QString language = options.language.empty() ? settings_.value(kLanguageKey).toString()
                                                      : QString::fromStdString(options.language);
    language_.use(language);
    retranslate();
    followContents();
    quality_.start(askedQuality(options));
    actions_.fullScreen->setChecked(isFullScreen());
    const auto last = render::readViewFile(lastViewFile().toStdString());
    const bool isAsked = !options.view.tilesets.empty() || !options.view.layers.empty();
    if (isAsked || last) {
        openView(isAsked ? options.view : *last);
    }
}

QString MainWindow::lastViewFile() const {
    return QDir(settingsFolder_).filePath("last_view.json");
}

void MainWindow::openView(const render::ViewFile& view) {
    light_.take(view);
    contents_.openView(view);
}

/// Of the window as it stands, to be saved, rendered, or restored by the next start.
render::ViewFile MainWindow::view() const {
    render::ViewFile view = contents_.view();
    if (!city_->viewport().isEmpty()) {
        view.pose = city_->viewport().pose();
    }
    if (const auto kept = layers_.keepEditedStyles(); !kept) {
        std::fprintf(stderr, "%s\n", kept.error().message.c_str());
    }
    view.styles = layers_.styleFile().toStdString();
    light_.note(view);
    return view;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (pictures_.isBusy() &&
        QMessageBox::question(
            this, "city3d", tr("A picture or a video is still being made. Close all the same?")) !=
            QMessageBox::Yes) {
        event->ignore();
        return;
    }
    settings_.setValue(kGeometryKey, saveGeometry());
    settings_.setValue(kStateKey, saveState());
    settings_.sync();
    if (const auto written = render::writeViewFile(lastViewFile().toStdString(), view());
        !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
    }
    event->accept();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::retranslate() {
    const std::array titles = {tr("Contents"),
                               tr("Legend"),
                               tr("Bookmarks"),
                               tr("What is here"),
                               tr("Site check"),
                               tr("Measurements"),
                               tr("Attribute table"),
                               tr("Log")};
    for (qsizetype i = 0; i < docks_.size(); ++i) {
        docks_[i]->setWindowTitle(titles.at(static_cast<std::size_t>(i)));
    }
    actions_.retranslate();
    desk_.retranslate();
    status_.retranslate();
    quality_.retranslate();
    for (QAction* language : actions_.language->actions()) {
        language->setChecked(language->data().toString() == language_.name());
    }
    city_->redraw();
}

/// The title, and what can be done with what is open.
void MainWindow::followContents() {
    const auto& tilesets = contents_.tilesets();
    setWindowTitle(tilesets.empty() ? "city3d" : tilesets.front().name + " - city3d");
    actions_.setCityIsOpen(!tilesets.empty());
    if (tilesets.empty()) {
        player_.stop();
        bookmarks_->closeCity();
        actions_.look->trigger();
    }
}

void MainWindow::complain(const QString& text) {
    log_->complain(text);
    findChild<QDockWidget*>("logPanel")->show();
    statusBar()->showMessage(text, kMessageMilliseconds);
}

// File

void MainWindow::connectFile() {
    connect(actions_.openFiles, &QAction::triggered, this, &MainWindow::askForFiles);
    connect(actions_.openFolder, &QAction::triggered, this, &MainWindow::askForFolder);
    connect(actions_.openUrl, &QAction::triggered, this, &MainWindow::askForUrl);
    connect(actions_.saveView, &QAction::triggered, this, &MainWindow::askForView);
    connect(actions_.closeAll, &QAction::triggered, &contents_, &Contents::closeAll);
    connect(actions_.quit, &QAction::triggered, this, &QWidget::close);
    connect(&recent_, &RecentMenu::chosen, this, [this](const QString& location) {
        contents_.closeAll();
        contents_.open({location});
    });
    connect(&contents_, &Contents::opened, this, &MainWindow::welcome);
    connect(&contents_, &Contents::message, log_, &LogPanel::say);
    connect(&contents_, &Contents::failed, this, &MainWindow::complain);
    connect(&contents_, &Contents::changed, this, &MainWindow::followContents);
    connect(&contents_, &Contents::busyChanged, this, &MainWindow::followStep);
    connect(&layers_, &PlanningLayers::busyChanged, this, &MainWindow::followStep);
    connect(&layers_, &PlanningLayers::progress, this, [this](const QString& text) {
        statusBar()->showMessage(text, kMessageMilliseconds);
    });
    connect(&layers_, &PlanningLayers::message, log_, &LogPanel::say);
    connect(&layers_, &PlanningLayers::failed, this, &MainWindow::complain);
    connect(city_, &CityWidget::failed, this, &MainWindow::complain);
}

void MainWindow::askForFiles() {
    const QStringList files = QFileDialog::getOpenFileNames(
        this,
        tr("Open"),
        settings_.value(kFolderKey).toString(),
        tr("Cities, layers and views (*.json *.3tz *.glb *.b3dm *.shp *.gpkg *.geojson *.kml "
           "*.dxf *.csv *.fgb *.tab);;All files (*)"));
    if (!files.isEmpty()) {
        settings_.setValue(kFolderKey, QFileInfo(files.front()).absolutePath());
        contents_.open(files);
    }
}

void MainWindow::askForFolder() {
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder that holds a tileset.json"), settings_.value(kFolderKey).toString());
    if (!folder.isEmpty()) {
        settings_.setValue(kFolderKey, QFileInfo(folder).absolutePath());
        contents_.open({folder});
    }
}

void MainWindow::askForUrl() {
    const QString url = QInputDialog::getText(
        this, tr("Open a URL"), tr("Address of a tileset.json"), QLineEdit::Normal, "https://");
    if (QUrl(url).isValid() && !QUrl(url).host().isEmpty()) {
        contents_.open({url});
    }
}

void MainWindow::askForView() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the view"), "view.json", tr("View (*.json)"));
    if (file.isEmpty()) {
        return;
    }
    if (const auto written = render::writeViewFile(file.toStdString(), view()); !written) {
        complain(QString::fromStdString(written.error().message));
    }
}

/// A tileset is there: its facts, its bookmarks, its place among the recent ones.
void MainWindow::welcome(const QString& location) {
    const QString absolute =
        QFileInfo::exists(location) ? QFileInfo(location).absoluteFilePath() : location;
    recent_.add(absolute);
    log_->say(tr("Opened %1").arg(location));
    if (contents_.tilesets().size() == 1) {
        toldFailures_.clear();
        bookmarks_->openCity(absolute);
        if (const auto set = place_.setPlane(planeCrsOf(location)); !set) {
            complain(QString::fromStdString(set.error().message));
        }
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList locations;
    for (const QUrl& url : event->mimeData()->urls()) {
        locations << (url.isLocalFile() ? url.toLocalFile() : url.toString());
    }
    contents_.open(locations);
    event->acceptProposedAction();
}

// View

void MainWindow::connectView() {
    const auto withCamera = [this](void (camera::MapManipulator::*motion)()) {
        return [this, motion] {
            player_.stop();
            if (camera::MapManipulator* manipulator = city_->viewport().manipulator()) {
                (manipulator->*motion)();
                city_->wake();
            }
        };
    };
    connect(actions_.wholeCity, &QAction::triggered, this, [this] {
        if (!city_->viewport().isEmpty()) {
            flyTo(city_->viewport().fittedPose());
        }
    });
    connect(
        actions_.northUp, &QAction::triggered, this, withCamera(&camera::MapManipulator::northUp));
    connect(
        actions_.topDown, &QAction::triggered, this, withCamera(&camera::MapManipulator::topDown));
    connect(actions_.walk, &QAction::triggered, this, &MainWindow::walk);
    connect(actions_.fullScreen, &QAction::toggled, this, [this](bool isOn) {
        setWindowState(windowState().setFlag(Qt::WindowFullScreen, isOn));
        menuBar()->setVisible(!isOn);
    });
    connect(&quality_, &QualityMenu::chosen, this, [this](double pixels) {
        city_->change([pixels](render::Viewport& viewport) { viewport.setQuality(pixels); });
    });
    connect(actions_.keys, &QAction::triggered, this, [this] {
        QMessageBox::information(this, tr("Mouse and keys"), keysText());
    });
    connect(actions_.about, &QAction::triggered, this, [this] {
        QMessageBox::about(this,
                           tr("About city3d"),
                           tr("city3d: realistic 3D cities with their plans on them.\n"
                              "Apache License 2.0"));
    });
    connect(contentPanel_, &ContentPanel::lookAtRequested, this, [this](render::TilesetId id) {
        flyTo(city_->viewport().fittedPose(id));
    });
    connect(city_, &CityWidget::stepped, this, &MainWindow::followStep);
    connect(city_, &CityWidget::hovered, this, &MainWindow::followCursor);
    connect(city_, &CityWidget::left, this, [this] {
        status_.showPlace({}, {});
        desk_.leave();
    });
    connect(&status_, &StatusReadout::failuresClicked, this, [this] {
        findChild<QDockWidget*>("logPanel")->show();
    });
}

void MainWindow::flyTo(const camera::CameraPose& pose) {
    player_.stop();
    if (camera::MapManipulator* manipulator = city_->viewport().manipulator()) {
        manipulator->flyTo(pose);
        city_->wake();
    }
}

void MainWindow::walk(bool isOn) {
    camera::MapManipulator* manipulator = city_->viewport().manipulator();
    if (manipulator == nullptr) {
        return;
    }
    player_.stop();
    if (!isOn) {
        manipulator->leaveWalk();
    } else if (!manipulator->walkFrom(city_->pixelAt(city_->rect().center()))) {
        statusBar()->showMessage(tr("There is no ground in the middle of the picture"),
                                 kMessageMilliseconds);
        actions_.walk->setChecked(false);
    }
    city_->setFocus();
    city_->wake();
}

void MainWindow::addLanguages() {
    auto* group = new QActionGroup(this);
    for (const auto& [name, text] : {std::pair("zh_CN", "中文"), std::pair("en", "English")}) {
        QAction* action = actions_.language->addAction(text, this, [this, name = QString(name)] {
            settings_.setValue(kLanguageKey, name);
            language_.use(name); // every widget hears of it
        });
        action->setCheckable(true);
        action->setData(name);
        group->addAction(action);
    }
}

// Tools

void MainWindow::connectTools() {
    const auto use = [this](QAction* action, std::optional<MeasureKind> kind) {
        connect(action, &QAction::triggered, this, [this, kind, action] {
            const bool isSite = action == actions_.drawSite;
            tool_.start(isSite ? std::nullopt : kind);
            desk_.siteTool().start(isSite ? kind : std::nullopt);
            desk_.site()->setDrawing(isSite);
            city_->setCursor(kind ? Qt::CrossCursor : Qt::ArrowCursor);
            city_->setFocus();
        });
    };
    use(actions_.look, std::nullopt);
    use(actions_.measureDistance, MeasureKind::Distance);
    use(actions_.measureArea, MeasureKind::Area);
    use(actions_.measureHeight, MeasureKind::Height);
    use(actions_.measurePoint, MeasureKind::Point);
    use(actions_.drawSite, MeasureKind::Area);
    connect(city_, &CityWidget::clicked, this, &MainWindow::click);
    connect(&tool_, &MeasureTool::changed, city_, &CityWidget::redraw);
    connect(&tool_, &MeasureTool::measured, measures_, &MeasurePanel::add);
    connect(actions_.exportMeasurements, &QAction::triggered, measures_, &MeasurePanel::exportCsv);
    connect(measures_, &MeasurePanel::changed, city_, &CityWidget::redraw);
    connect(measures_, &MeasurePanel::failed, this, &MainWindow::complain);
}

MeasureTool* MainWindow::activeTool() {
    return tool_.isActive() ? &tool_ : desk_.siteTool().isActive() ? &desk_.siteTool() : nullptr;
}

void MainWindow::click(const QPointF& position, Qt::MouseButton button) {
    if (city_->viewport().isEmpty()) {
        return;
    }
    if (MeasureTool* tool = activeTool()) {
        button == Qt::RightButton ? tool->finish() : tool->addPoint(position);
    } else if (button == Qt::LeftButton) {
        desk_.ask(position);
    }
}

// Planning layers

void MainWindow::connectPlanning() {
    const auto showPanel = [this](QWidget* panel) {
        for (QDockWidget* dock : docks_) {
            if (dock->widget() == panel) {
                dock->show();
                dock->raise();
            }
        }
    };
    connect(&desk_, &PlanningDesk::panelAsked, this, showPanel);
    connect(&desk_, &PlanningDesk::flightAsked, this, &MainWindow::flyTo);
    connect(&desk_, &PlanningDesk::message, this, [this](const QString& text) {
        log_->say(text);
        statusBar()->showMessage(text, kMessageMilliseconds);
    });
    connect(&desk_, &PlanningDesk::failed, this, &MainWindow::complain);
    connect(&desk_, &PlanningDesk::siteDrawingAsked, this, [this](bool isOn) {
        (isOn ? actions_.drawSite : actions_.look)->trigger();
    });
    connect(actions_.drawSite, &QAction::triggered, this, [this, showPanel] {
        showPanel(desk_.site());
    });
    connect(actions_.searchLayers, &QAction::triggered, this, [this, showPanel] {
        showPanel(contentPanel_);
        contentPanel_->editSearch();
    });
}

// Flight

void MainWindow::connectFlight() {
    connect(actions_.addBookmark, &QAction::triggered, this, &MainWindow::addBookmark);
    connect(actions_.fly, &QAction::toggled, this, &MainWindow::fly);
    connect(&player_, &FlightPlayer::stopped, this, [this] { actions_.fly->setChecked(false); });
    connect(bookmarks_, &BookmarkPanel::chosen, this, [this](const camera::Bookmark& bookmark) {
        flyTo(bookmark.view.pose);
    });
    connect(bookmarks_, &BookmarkPanel::failed, this, &MainWindow::complain);
}

void MainWindow::addBookmark() {
    if (!city_->viewport().isEmpty()) {
        bookmarks_->add({.pose = city_->viewport().pose()}, city_->picture(false));
    }
}

/// None, with a word why, while there is nothing to fly through.
std::optional<camera::FlightPath> MainWindow::tour() {
    constexpr std::size_t kFewest = 2;
    if (city_->viewport().isEmpty() || bookmarks_->bookmarks().size() < kFewest) {
        statusBar()->showMessage(tr("A flight needs two bookmarks at least"), kMessageMilliseconds);
        return std::nullopt;
    }
    auto path = camera::tourOf(bookmarks_->bookmarks());
    if (!path) {
        complain(QString::fromStdString(path.error().message));
        return std::nullopt;
    }
    return *std::move(path);
}

void MainWindow::fly(bool isOn) {
    if (!isOn) {
        player_.stop();
        return;
    }
    if (auto path = tour()) {
        player_.start(*std::move(path));
    } else {
        actions_.fly->setChecked(false);
    }
}

// Pictures

void MainWindow::connectPictures() {
    connect(actions_.screenshot, &QAction::triggered, &pictures_, &PictureMaker::takeScreenshot);
    connect(
        actions_.picture, &QAction::triggered, this, [this] { pictures_.askForPicture(view()); });
    connect(actions_.video, &QAction::triggered, this, [this] {
        if (const auto path = tour()) {
            pictures_.askForVideo(view(), *path);
        }
    });
    connect(&pictures_, &PictureMaker::failed, this, &MainWindow::complain);
    connect(&pictures_, &PictureMaker::written, this, [this](const QString& file) {
        const QString text = tr("Written: %1").arg(file);
        log_->say(text);
        statusBar()->showMessage(text, kMessageMilliseconds);
    });
}

// What goes on

void MainWindow::followStep() {
    const render::Viewport& viewport = city_->viewport();
    const render::ViewportStatistics statistics = viewport.statistics();
    if (viewport.isEmpty()) {
        status_.showNothing();
        return;
    }
    status_.showStreaming(statistics, contents_.isBusy(), viewport.isSettled());
    status_.showScale(viewport.metresPerPixel());
    if (statistics.failedTiles > toldFailures_.size()) {
        tellFailures();
    }
    actions_.walk->setChecked(viewport.isWalking()); // once it has landed
}

void MainWindow::tellFailures() {
    for (const stream::TileFailure& failure : city_->viewport().failures()) {
        if (toldFailures_.insert(failure.uri).second) {
            const QString file = QUrl::fromPercentEncoding(QByteArray::fromStdString(failure.uri));
            log_->complain(file + ": " + QString::fromStdString(failure.message));
        }
    }
}

void MainWindow::followCursor(const QPointF& position) {
    if (MeasureTool* tool = activeTool()) {
        tool->hover(position);
        desk_.leave();
    } else if (QGuiApplication::mouseButtons() == Qt::NoButton) {
        desk_.hover(position);
    }
    const auto point = city_->viewport().pointUnder(city_->pixelAt(position));
    if (!point) {
        status_.showPlace({}, {});
        return;
    }
    const auto place = city_->viewport().placeOf(*point);
    status_.showPlace(place_.planeText(place), place_.geographicText(place));
}

void MainWindow::paintForeground(QPainter& painter) {
    const render::Viewport& viewport = city_->viewport();
    if (viewport.isEmpty()) {
        paintHint(painter,
                  city_->rect(),
                  contents_.isBusy() ? tr("Opening…")
                                     : tr("Drop a city's folder here, or open one: Ctrl+Shift+O"));
        return;
    }
    paintCompass(painter, city_->rect(), viewport.pose().heading.degrees());
    const double ratio = city_->devicePixelRatioF();
    const double metresPerPixel = viewport.metresPerPixel() * ratio;
    if (metresPerPixel > 0.0) {
        constexpr double kWidestBarPixels = 160.0;
        paintScaleBar(painter, city_->rect(), tools::scaleBar(metresPerPixel, kWidestBarPixels));
    }
    for (const Measurement& measurement : measures_->measurements()) {
        paintLine(painter, city_->rect(), lineOf(measurement, *city_));
    }
    for (const MeasureTool* tool : {&tool_, &desk_.siteTool()}) {
        if (const auto& current = tool->current()) {
            paintLine(painter, city_->rect(), lineOf(*current, *city_));
        }
    }
}

} // namespace viewer::app
