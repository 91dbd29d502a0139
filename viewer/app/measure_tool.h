#pragma once

#include "tiles3d/geo/ellipsoid.h"
#include "viewer/app/city_widget.h"
#include "viewer/app/foreground.h"
#include "viewer/tools/measurement_table.h"

#include <QObject>
#include <QString>
#include <optional>
#include <string>
#include <vector>

namespace viewer::app {

enum class MeasureKind { Distance, Area, Height, Point };
/// In the language of the window.
QString nameOf(MeasureKind kind);

/// What was measured between points on the city.
struct Measurement {
    MeasureKind kind = MeasureKind::Distance;
    std::vector<tiles3d::geo::Cartographic> points; ///< Heights above the ellipsoid.
    QString label;                                  ///< The main figure, for people.
    QString details;                                ///< The others.
    std::vector<tools::Quantity> quantities;        ///< All figures, for tables.
};

/// Where its points appear on the city; no line if one of them lies behind the camera.
DrawnLine lineOf(const Measurement& measurement, const CityWidget& city);

/// A table of all, one row each, as tools::toCsv() writes it.
std::string csvOf(const std::vector<Measurement>& measurements);

/// Takes clicks on the city as points, and says what lies between them. Distances and areas take as
/// many points as the user gives and end with finish(); a height takes two, a place one.
class MeasureTool final : public QObject {
    Q_OBJECT

public:
    explicit MeasureTool(CityWidget& city, QObject* parent = nullptr);

    /// From now on clicks are points of that kind; none: clicks are nothing to this tool.
    void start(std::optional<MeasureKind> kind);
    bool isActive() const { return kind_.has_value(); }

    /// The cursor is there: the next point, if it were clicked now, is shown and measured.
    void hover(const QPointF& position);
    /// Nothing happens where the cursor is off the city.
    void addPoint(const QPointF& position);
    void dropPoint();
    /// Ends with the points so far, if they are enough.
    void finish();

    /// What is being measured as far as it goes: its points and the main figure.
    const std::optional<Measurement>& current() const { return current_; }

signals:
    void changed();
    void measured(const Measurement& measurement);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Measurement measure(bool isDone) const;
    void follow();

    CityWidget& city_;
    std::optional<MeasureKind> kind_;
    std::vector<tiles3d::geo::Cartographic> points_;
    std::optional<glm::dvec3> next_; // under the cursor, in the scene's frame
    std::optional<Measurement> current_;
};

} // namespace viewer::app
