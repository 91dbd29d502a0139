#include "viewer/app/foreground.h"

#include <QFontMetricsF>
#include <QPolygonF>
#include <algorithm>

namespace viewer::app {

namespace {

constexpr double kMargin = 16.0;
const QColor kInk(20, 24, 28);
const QColor kPaper(255, 255, 255, 225);
const QColor kNorth(208, 44, 44);
const QColor kMeasured(255, 196, 0);

/// Dark text on a light plate, readable on any city.
void paintText(QPainter& painter, const QPointF& baseline, const QString& text) {
    constexpr double kBeside = 5.0;
    constexpr double kAbove = 1.0;
    constexpr double kRounding = 4.0;
    const QRectF plate = QFontMetricsF(painter.font())
                             .boundingRect(text)
                             .translated(baseline)
                             .adjusted(-kBeside, -kAbove, kBeside, kAbove);
    painter.setPen(Qt::NoPen);
    painter.setBrush(kPaper);
    painter.drawRoundedRect(plate, kRounding, kRounding);
    painter.setPen(kInk);
    painter.drawText(baseline, text);
}

void paintCentredText(QPainter& painter, const QPointF& baseline, const QString& text) {
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(text);
    paintText(painter, baseline - QPointF(width / 2.0, 0.0), text);
}

/// The half of a needle that points up.
QPolygonF halfNeedle(double length, double side) {
    return {{0.0, -length}, {side, 0.0}, {0.0, 0.0}};
}

QString lengthText(double metres) {
    constexpr double kMetresPerKilometre = 1000.0;
    return metres >= kMetresPerKilometre ? QString("%1 km").arg(metres / kMetresPerKilometre)
                                         : QString("%1 m").arg(metres);
}

} // namespace

void paintCompass(QPainter& painter, const QRectF& window, double degrees) {
    constexpr double kRadius = 22.0;
    constexpr double kNeedle = 17.0;
    constexpr double kHalfWidth = 5.0;
    painter.save();
    painter.translate(window.right() - kMargin - kRadius, window.top() + kMargin + kRadius);
    painter.setPen(QPen(kInk, 1.0));
    painter.setBrush(kPaper);
    painter.drawEllipse(QPointF(), kRadius, kRadius);
    painter.rotate(-degrees);
    painter.setPen(Qt::NoPen);
    for (const double turn : {0.0, 180.0}) {
        painter.save();
        painter.rotate(turn);
        painter.setBrush(turn == 0.0 ? kNorth : kInk);
        painter.drawPolygon(halfNeedle(kNeedle, kHalfWidth));
        painter.drawPolygon(halfNeedle(kNeedle, -kHalfWidth));
        painter.restore();
    }
    painter.restore();
}

void paintScaleBar(QPainter& painter, const QRectF& window, const tools::ScaleBar& scale) {
    constexpr double kThickness = 5.0;
    constexpr double kTextHeight = 22.0;
    const QRectF bar(window.right() - kMargin - scale.pixels,
                     window.bottom() - kMargin - kTextHeight,
                     scale.pixels,
                     kThickness);
    painter.setPen(QPen(kInk, 1.0));
    painter.setBrush(kPaper);
    painter.drawRect(bar);
    painter.fillRect(QRectF(bar.topLeft(), QSizeF(scale.pixels / 2.0, kThickness)), kInk);
    paintCentredText(
        painter, {bar.center().x(), bar.bottom() + kTextHeight - 2.0}, lengthText(scale.metres));
}

void paintLine(QPainter& painter, const QRectF& window, const DrawnLine& line) {
    constexpr double kCasing = 5.0;
    constexpr double kCore = 2.5;
    constexpr double kDot = 4.0;
    const QPolygonF points(QList<QPointF>(line.points.begin(), line.points.end()));
    painter.setBrush(Qt::NoBrush);
    for (const auto& [colour, width] : {std::pair(kInk, kCasing), std::pair(kMeasured, kCore)}) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        line.isClosed ? painter.drawPolygon(points) : painter.drawPolyline(points);
    }
    painter.setPen(QPen(kInk, 1.0));
    painter.setBrush(kMeasured);
    for (const QPointF& point : points) {
        painter.drawEllipse(point, kDot, kDot);
    }
    if (!points.isEmpty() && !line.label.isEmpty() && window.contains(points.back())) {
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(line.label);
        const QPointF beside = points.back() + QPointF(3.0 * kDot, -2.0 * kDot);
        const double right = window.right() - kMargin - width;
        paintText(painter, {std::min(beside.x(), right), beside.y()}, line.label);
    }
}

void paintHint(QPainter& painter, const QRectF& window, const QString& text) {
    QFont font = painter.font();
    constexpr double kLarger = 1.4;
    font.setPointSizeF(font.pointSizeF() * kLarger);
    painter.setFont(font);
    painter.fillRect(window, QColor(238, 241, 244));
    painter.setPen(QColor(70, 78, 86));
    painter.drawText(window, Qt::AlignCenter | Qt::TextWordWrap, text);
}

} // namespace viewer::app
