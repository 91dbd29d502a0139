#include "viewer/app/icons.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <initializer_list>
#include <map>

namespace viewer::app {

namespace {

constexpr int kGrid = 24; // units of a side, in which the drawings are made

QPainterPath line(std::initializer_list<QPointF> points) {
    QPainterPath path;
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
    return path;
}

QPainterPath ring(std::initializer_list<QPointF> points) {
    QPainterPath path = line(points);
    path.closeSubpath();
    return path;
}

QPainterPath box(double left, double top, double width, double height) {
    QPainterPath path;
    path.addRect(left, top, width, height);
    return path;
}

QPainterPath circle(double x, double y, double radius) {
    QPainterPath path;
    path.addEllipse(QPointF(x, y), radius, radius);
    return path;
}

QPainterPath joined(std::initializer_list<QPainterPath> parts) {
    QPainterPath whole;
    for (const QPainterPath& part : parts) {
        whole.addPath(part);
    }
    return whole;
}

const std::map<QString, QPainterPath>& drawings() {
    static const std::map<QString, QPainterPath> kDrawings = {
        {"openFiles", ring({{3, 5}, {9, 5}, {11, 8}, {21, 8}, {21, 19}, {3, 19}})},
        {"wholeCity", joined({box(3, 12, 5, 8), box(9.5, 4, 5, 16), box(16, 9, 5, 11)})},
        {"northUp", ring({{12, 3}, {17, 20}, {12, 16}, {7, 20}})},
        {"topDown",
         joined({line({{12, 3}, {12, 15}}),
                 line({{8, 11}, {12, 15}, {16, 11}}),
                 line({{4, 20}, {20, 20}})})},
        {"walk",
         joined({circle(12, 5, 2.2),
                 line({{12, 8}, {12, 14}}),
                 line({{8, 21}, {12, 14}, {16, 21}}),
                 line({{7, 12}, {12, 9}, {17, 12}})})},
        {"look",
         ring({{7, 3}, {7, 18}, {10.5, 14.5}, {13, 20}, {15.5, 19}, {13, 13.5}, {18, 13.5}})},
        {"measureDistance",
         joined({line({{4, 18}, {20, 6}}), circle(4, 18, 1.5), circle(20, 6, 1.5)})},
        {"measureArea",
         joined({ring({{4, 18}, {7, 5}, {19, 8}, {20, 19}}),
                 circle(4, 18, 1.5),
                 circle(7, 5, 1.5),
                 circle(19, 8, 1.5),
                 circle(20, 19, 1.5)})},
        {"measureHeight",
         joined({line({{12, 4}, {12, 20}}),
                 line({{8, 8}, {12, 4}, {16, 8}}),
                 line({{5, 20}, {19, 20}})})},
        {"measurePoint",
         joined({circle(12, 12, 5),
                 line({{12, 3}, {12, 9}}),
                 line({{12, 15}, {12, 21}}),
                 line({{3, 12}, {9, 12}}),
                 line({{15, 12}, {21, 12}})})},
        {"onlyVisible",
         joined(
             {ring({{2, 12}, {7, 7}, {12, 5.5}, {17, 7}, {22, 12}, {17, 17}, {12, 18.5}, {7, 17}}),
              circle(12, 12, 3)})},
        {"presets",
         joined({ring({{12, 4}, {21, 9}, {12, 14}, {3, 9}}),
                 line({{3, 13}, {12, 18}, {21, 13}}),
                 line({{3, 17}, {12, 22}, {21, 17}})})},
        {"drawSite",
         joined(
             {ring({{4, 17}, {6, 5}, {18, 7}, {19, 12}}), line({{12, 17}, {15, 21}, {22, 12}})})},
        {"addBookmark", ring({{7, 3}, {17, 3}, {17, 21}, {12, 16}, {7, 21}})},
        {"fly", ring({{7, 4}, {19, 12}, {7, 20}})},
        {"screenshot",
         joined({ring({{3, 7}, {8, 7}, {10, 4}, {14, 4}, {16, 7}, {21, 7}, {21, 20}, {3, 20}}),
                 circle(12, 13, 4)})}};
    return kDrawings;
}

} // namespace

QIcon iconOf(const QString& name) {
    const auto drawing = drawings().find(name);
    if (drawing == drawings().end()) {
        return {};
    }
    constexpr double kSharp = 2.0; // also on screens of twice the pixels
    constexpr double kPen = 1.6;
    QPixmap pixmap(qRound(kGrid * kSharp), qRound(kGrid * kSharp));
    pixmap.setDevicePixelRatio(kSharp);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QGuiApplication::palette().color(QPalette::ButtonText),
                        kPen,
                        Qt::SolidLine,
                        Qt::RoundCap,
                        Qt::RoundJoin));
    painter.drawPath(drawing->second);
    return pixmap;
}

QIcon swatchOf(const std::vector<QColor>& colours) {
    if (colours.empty()) {
        return {};
    }
    constexpr int kSide = 24; // scaled down by whoever shows it
    QPixmap pixmap(kSide, kSide);
    QPainter painter(&pixmap);
    const double stripe = static_cast<double>(kSide) / static_cast<double>(colours.size());
    for (std::size_t i = 0; i < colours.size(); ++i) {
        painter.fillRect(QRectF(static_cast<double>(i) * stripe, 0.0, stripe, kSide), colours[i]);
    }
    painter.setPen(Qt::darkGray);
    painter.drawRect(0, 0, kSide - 1, kSide - 1);
    return pixmap;
}

} // namespace viewer::app
