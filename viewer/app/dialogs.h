#pragma once

#include <QDateTime>
#include <QSize>
#include <QString>
#include <QWidget>
#include <optional>

namespace viewer::app {

struct PictureOrder {
    QString file; ///< PNG.
    QSize size;   ///< Pixels, 16 to 16,384 a side.
};
/// Where to and how large; none if the user thinks better of it. `window` is the first suggestion.
std::optional<PictureOrder> askForPicture(QWidget* parent, const QSize& window);

struct VideoOrder {
    QString target; ///< An .mp4 file, or a folder for PNG frames.
    bool isFrames = false;
    QSize size; ///< Pixels, even.
    int framesPerSecond = 30;
};
/// MP4 is offered only where `hasFfmpeg`.
std::optional<VideoOrder> askForVideo(QWidget* parent, bool hasFfmpeg);

/// ISO 8601 with the offset of `city`'s time ("+08:00"), "" for no special hour; none if cancelled.
std::optional<QString> askForSun(QWidget* parent, const QString& date, int cityOffsetSeconds);

/// Hours from UTC that the sun keeps at a longitude, in seconds: what a city's clock shows,
/// roughly.
int offsetOfLongitude(double degrees);

/// What mouse and keys do, as HTML.
QString keysText();

} // namespace viewer::app
