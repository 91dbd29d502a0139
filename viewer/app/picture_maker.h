#pragma once

#include "viewer/app/city_widget.h"
#include "viewer/camera/flight_path.h"
#include "viewer/render/view_file.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace viewer::app {

/// Files of what the window shows: the picture on the screen at once; pictures in any size and
/// videos with all tiles loaded, made by a RenderJob.
class PictureMaker final : public QObject {
    Q_OBJECT

public:
    explicit PictureMaker(CityWidget& city, QObject* parent = nullptr);

    /// A RenderJob is at work.
    bool isBusy() const { return jobs_ > 0; }

    /// Into the user's folder for pictures, named by the time.
    void takeScreenshot();
    /// Asks where to and how large.
    void askForPicture(const render::ViewFile& view);
    void askForVideo(const render::ViewFile& view, const camera::FlightPath& path);

signals:
    void written(const QString& file);
    void failed(const QString& reason);

private:
    void render(const render::ViewFile& view, const QStringList& arguments, const QString& target);

    CityWidget& city_;
    QTemporaryDir folder_; // for the paths of flights
    int jobs_ = 0;
};

} // namespace viewer::app
