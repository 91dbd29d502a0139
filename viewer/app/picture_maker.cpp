#include "viewer/app/picture_maker.h"

#include "viewer/app/dialogs.h"
#include "viewer/app/render_job.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace viewer::app {

namespace {

QString sizeText(const QSize& size) {
    return QString("%1x%2").arg(size.width()).arg(size.height());
}

/// "FOLDER/city3d 2026-06-21 150000.png", or with a number behind if that is taken.
QString freeScreenshotFile(const QString& folder) {
    const QString stem = QDir(folder).filePath(
        "city3d " + QDateTime::currentDateTime().toString("yyyy-MM-dd HHmmss"));
    QString file = stem + ".png";
    for (int number = 2; QFileInfo::exists(file); ++number) {
        file = QString("%1 %2.png").arg(stem).arg(number);
    }
    return file;
}

/// What a view file does not say: angle of view, quality and memory of the window.
QStringList lensOf(const render::ViewportOptions& options) {
    constexpr std::uint64_t kBytesPerMebibyte = std::uint64_t{1} << 20U;
    return {"--fovy",
            QString::number(tiles3d::geo::Angle::radians(options.verticalFovRadians).degrees()),
            "--sse",
            QString::number(options.maxScreenSpaceErrorPixels),
            "--cache",
            QString::number(options.cacheBytes / kBytesPerMebibyte)};
}

} // namespace

PictureMaker::PictureMaker(CityWidget& city, QObject* parent) : QObject(parent), city_(city) {}

void PictureMaker::takeScreenshot() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    QDir().mkpath(folder);
    const QString file = freeScreenshotFile(folder);
    if (city_.picture(true).save(file)) {
        emit written(file);
    } else {
        emit failed(tr("The screenshot could not be written: %1").arg(file));
    }
}

void PictureMaker::askForPicture(const render::ViewFile& view) {
    const QSize window = (city_.size().toSizeF() * city_.devicePixelRatioF()).toSize();
    if (const auto order = app::askForPicture(city_.window(), window)) {
        render(view, {"--render", order->file, "--size", sizeText(order->size)}, order->file);
    }
}

void PictureMaker::askForVideo(const render::ViewFile& view, const camera::FlightPath& path) {
    const bool hasFfmpeg = !QStandardPaths::findExecutable("ffmpeg").isEmpty();
    const auto order = app::askForVideo(city_.window(), hasFfmpeg);
    if (!order) {
        return;
    }
    const QString file = folder_.filePath("flight.json");
    if (const auto saved = camera::writeFlightPath(file.toStdString(), path); !saved) {
        emit failed(QString::fromStdString(saved.error().message));
        return;
    }
    render(view,
           {"--path",
            file,
            order->isFrames ? "--frames" : "--video",
            order->target,
            "--fps",
            QString::number(order->framesPerSecond),
            "--size",
            sizeText(order->size)},
           order->target);
}

void PictureMaker::render(const render::ViewFile& view,
                          const QStringList& arguments,
                          const QString& target) {
    auto* job = new RenderJob(city_.window(), view, arguments + lensOf(city_.viewport().options()));
    ++jobs_;
    connect(job, &QObject::destroyed, this, [this] { --jobs_; });
    connect(job, &RenderJob::failed, this, &PictureMaker::failed);
    connect(job, &RenderJob::done, this, [this, target] { emit written(target); });
}

} // namespace viewer::app
