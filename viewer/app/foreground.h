#pragma once

#include "viewer/tools/scale_bar.h"

#include <QPainter>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <vector>

namespace viewer::app {

/// A line drawn by the user over the city, in the widget's logical pixels.
struct DrawnLine {
    std::vector<QPointF> points;
    bool isClosed = false;
    QString label; ///< Beside the last point, within the window.
};

/// A needle that points north in the upper right corner; `degrees` is the camera's heading.
void paintCompass(QPainter& painter, const QRectF& window, double degrees);

/// A bar in the lower right corner, in logical pixels, its length told below it.
void paintScaleBar(QPainter& painter, const QRectF& window, const tools::ScaleBar& bar);

void paintLine(QPainter& painter, const QRectF& window, const DrawnLine& line);

/// A hint in the middle, for a window with nothing in it.
void paintHint(QPainter& painter, const QRectF& window, const QString& text);

} // namespace viewer::app
