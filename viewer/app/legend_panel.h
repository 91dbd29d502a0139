#pragma once

#include "pipeline/planning/style/layer_style.h"

#include <QString>
#include <QToolButton>
#include <QTreeWidget>
#include <optional>
#include <vector>

namespace viewer::app {

/// A layer that is shown, as the legend tells it.
struct LegendEntry {
    std::size_t layer = 0;
    QString title;
    pipeline::planning::GeometryKind kind = pipeline::planning::GeometryKind::Polygon;
    pipeline::planning::style::LayerStyle style;
    std::optional<std::vector<std::size_t>> places; ///< Of the classes to tell; none: of all.

    bool operator==(const LegendEntry&) const = default;
};

/// What the colours on the city mean: each layer that is shown, its classes below it, with swatches
/// drawn as on the city. A double click edits.
class LegendPanel final : public QWidget {
    Q_OBJECT

public:
    explicit LegendPanel(QWidget* parent = nullptr);

    void show(const std::vector<LegendEntry>& entries);

signals:
    void styleAsked(std::size_t layer);
    void loadAsked(std::size_t layer);
    void saveAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void followSelection();

    std::vector<LegendEntry> entries_;
    QTreeWidget* tree_;
    QToolButton* edit_;
    QToolButton* load_;
    QToolButton* save_;
};

} // namespace viewer::app
