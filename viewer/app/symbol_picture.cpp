#include "viewer/app/symbol_picture.h"

#include <QColor>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace viewer::app {

namespace {

namespace style = pipeline::planning::style;
using pipeline::planning::GeometryKind;

constexpr double kMostLine = 4.0; // wider ones would fill the picture
constexpr double kLeastLine = 1.0;

QColor colourOf(const glm::vec3& colour, float alpha = 1.0F) {
    return QColor::fromRgbF(std::clamp(colour.r, 0.0F, 1.0F),
                            std::clamp(colour.g, 0.0F, 1.0F),
                            std::clamp(colour.b, 0.0F, 1.0F),
                            std::clamp(alpha, 0.0F, 1.0F));
}

double lineWidth(const style::Symbol& symbol) {
    return std::clamp(static_cast<double>(symbol.lineWidth), kLeastLine, kMostLine);
}

QPen linePen(const style::Symbol& symbol) {
    const double width = lineWidth(symbol);
    QPen pen(colourOf(symbol.lineColour), width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    if (symbol.dash > 0.0F && symbol.gap > 0.0F) {
        // Several dashes fit into the picture.
        constexpr double kShortened = 0.5;
        pen.setDashPattern({std::max(1.0, symbol.dash * kShortened / width),
                            std::max(1.0, symbol.gap * kShortened / width)});
    }
    return pen;
}

void strokePath(QPainter& painter, const QPainterPath& path, const style::Symbol& symbol) {
    if (symbol.lineWidth <= 0.0F) {
        return;
    }
    painter.setBrush(Qt::NoBrush);
    constexpr double kThin = 1.5; // here the edge would hide what it is the edge of
    if (symbol.casingPixels > 0.0F && lineWidth(symbol) > kThin) {
        painter.setPen(QPen(colourOf(symbol.casingColour),
                            lineWidth(symbol) + 1.0,
                            Qt::SolidLine,
                            Qt::FlatCap,
                            Qt::MiterJoin));
        painter.drawPath(path);
    }
    painter.setPen(linePen(symbol));
    painter.drawPath(path);
}

void hatch(QPainter& painter, const QRectF& area, const style::Symbol& symbol) {
    constexpr double kPeriod = 5.0;
    constexpr double kStripe = 1.5;
    const double angle = -symbol.hatchDegrees * std::numbers::pi / 180.0; // y goes down
    const QPointF along(std::cos(angle), std::sin(angle));
    const QPointF across(-along.y(), along.x());
    const double reach = area.width() + area.height();
    painter.save();
    painter.setClipRect(area);
    painter.setPen(QPen(colourOf(symbol.fillColour), kStripe));
    for (double offset = -reach; offset <= reach; offset += kPeriod) {
        const QPointF middle = area.center() + across * offset;
        painter.drawLine(middle - along * reach, middle + along * reach);
    }
    painter.restore();
}

void paintSurface(QPainter& painter, const QRectF& area, const style::Symbol& symbol) {
    if (symbol.fill == style::FillKind::Solid) {
        painter.fillRect(area, colourOf(symbol.fillColour, symbol.fillAlpha));
    } else if (symbol.fill == style::FillKind::Hatch) {
        hatch(painter, area, symbol);
    }
    QPainterPath outline;
    outline.addRect(area);
    strokePath(painter, outline, symbol);
}

void paintLine(QPainter& painter, const QRectF& area, const style::Symbol& symbol) {
    QPainterPath line(QPointF(area.left(), area.bottom()));
    line.lineTo(area.left() + area.width() * 0.35, area.top() + area.height() * 0.3);
    line.lineTo(area.left() + area.width() * 0.65, area.top() + area.height() * 0.7);
    line.lineTo(area.right(), area.top());
    strokePath(painter, line, symbol);
}

void paintPoint(QPainter& painter, const QRectF& area, const style::Symbol& symbol) {
    const double size = std::min({static_cast<double>(symbol.pointPixels), area.height()});
    const bool hasFill = symbol.fill != style::FillKind::None;
    painter.setBrush(colourOf(hasFill ? symbol.fillColour : symbol.lineColour));
    painter.setPen(QPen(colourOf(symbol.casingColour), 1.0));
    painter.drawEllipse(area.center(), size / 2.0, size / 2.0);
}

} // namespace

QPixmap
pictureOf(const style::Symbol& symbol, GeometryKind kind, const SymbolPictureOptions& options) {
    QPixmap picture(options.size * options.pixelRatio);
    picture.setDevicePixelRatio(options.pixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(options.opacity);
    constexpr double kMargin = 2.5;
    const QRectF area =
        QRectF(QPointF(), QSizeF(options.size)).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    switch (kind) {
    case GeometryKind::Polygon:
        paintSurface(painter, area, symbol);
        break;
    case GeometryKind::Line:
        paintLine(painter, area, symbol);
        break;
    case GeometryKind::Point:
        paintPoint(painter, area, symbol);
        break;
    }
    return picture;
}

QIcon iconOf(const style::LayerStyle& style, GeometryKind kind) {
    constexpr QSize kSize(20, 16);
    constexpr std::size_t kMostClasses = 4;
    const std::size_t count = std::min(style.classes.size(), kMostClasses);
    if (count == 0) {
        return pictureOf(style.other, kind, {.size = kSize});
    }
    constexpr double kSharp = 2.0;
    QPixmap picture(kSize * kSharp);
    picture.setDevicePixelRatio(kSharp);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    const double width = static_cast<double>(kSize.width()) / static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) {
        const style::Symbol& symbol = style.classes[i].symbol;
        const bool hasFill = symbol.fill != style::FillKind::None;
        painter.fillRect(QRectF(static_cast<double>(i) * width, 1.0, width, kSize.height() - 2.0),
                         colourOf(hasFill ? symbol.fillColour : symbol.lineColour));
    }
    painter.setPen(Qt::darkGray);
    painter.drawRect(QRectF(0.5, 1.0, kSize.width() - 1.0, kSize.height() - 2.5));
    return picture;
}

} // namespace viewer::app
