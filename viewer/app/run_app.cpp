#include "viewer/app/run_app.h"

#include "viewer/app/language.h"
#include "viewer/app/main_window.h"

#include <QApplication>
#include <QDir>
#include <QStandardPaths>
#include <QSurfaceFormat>
#include <exception>
#include <functional>
#include <utility>

void initialiseResources() {
    Q_INIT_RESOURCE(app); // in a static library nobody else does
}

namespace viewer::app {

namespace {

namespace base = tiles3d::base;

/// What an event throws (memory that ran out, say) is told and does not end the program.
class Application final : public QApplication {
public:
    using QApplication::QApplication;

    void setListener(std::function<void(const QString&)> listener) {
        listener_ = std::move(listener);
    }

    bool notify(QObject* receiver, QEvent* event) override {
        try {
            return QApplication::notify(receiver, event);
        } catch (const std::exception& exception) {
            listener_(QString::fromLocal8Bit(exception.what()));
            return true;
        }
    }

private:
    std::function<void(const QString&)> listener_ = [](const QString& /*text*/) {};
};

/// OpenSceneGraph draws in compatibility profiles only. Asking for 2.1 gives the newest one that
/// the driver has; asking for 3.0 or later gives a core profile on Mesa (Qt 6.4).
void askForCompatibilityProfile() {
    QSurfaceFormat format;
    format.setVersion(2, 1);
    format.setProfile(QSurfaceFormat::CompatibilityProfile);
    format.setSwapInterval(0); // frames are drawn on demand
    QSurfaceFormat::setDefaultFormat(format);
}

bool hasDisplay() {
    return !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

QString settingsFolderOf(const AppOptions& options) {
    QString folder = options.settingsFolder.empty()
                         ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                         : QString::fromStdString(options.settingsFolder);
    QDir().mkpath(folder);
    return folder;
}

} // namespace

base::Status runApp(const AppOptions& options) {
    if (!hasDisplay()) {
        return base::Error{"there is no display to open a window on; --render FILE.png makes a "
                           "picture without one"};
    }
    askForCompatibilityProfile();
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts); // floating a panel keeps the scene
    QCoreApplication::setOrganizationName("city3d");
    QCoreApplication::setApplicationName("city3d-viewer");
    int argc = 1;
    char name[] = "city3d-viewer";
    char* argv[] = {name, nullptr};
    Application application(argc, argv);
    initialiseResources();
    Language language;
    MainWindow window(options, settingsFolderOf(options), language);
    application.setListener([&window](const QString& text) { window.complain(text); });
    window.show();
    QApplication::exec();
    return base::ok();
}

} // namespace viewer::app
