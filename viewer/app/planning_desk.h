#pragma once

#include "viewer/app/attribute_panel.h"
#include "viewer/app/content_panel.h"
#include "viewer/app/feature_probe.h"
#include "viewer/app/legend_panel.h"
#include "viewer/app/measure_tool.h"
#include "viewer/app/place_readout.h"
#include "viewer/app/site_panel.h"
#include "viewer/app/table_panel.h"

#include <QObject>
#include <map>
#include <optional>

namespace viewer::app {

/// Joins the planning layers, their panels and the city: a click tells what is there and marks its
/// row, a row flies to its feature, a condition holds for table and city, the legend follows what
/// is shown, a site is drawn and checked. The panels belong to the window that takes them in.
class PlanningDesk final : public QObject {
    Q_OBJECT

public:
    PlanningDesk(CityWidget& city,
                 PlanningLayers& layers,
                 ContentPanel& contents,
                 const PlaceReadout& readout,
                 QObject* parent = nullptr);
    /// Waits for what is being found out.
    ~PlanningDesk() override;

    AttributePanel* attributes() const { return attributes_; }
    TablePanel* table() const { return table_; }
    LegendPanel* legend() const { return legend_; }
    SitePanel* site() const { return site_; }
    /// Takes the corners of a site.
    MeasureTool& siteTool() { return siteTool_; }

    /// What is at this place of the city widget?
    void ask(const QPointF& position);
    /// The cursor is there: marks the feature below it.
    void hover(const QPointF& position);
    /// The cursor means nothing on the city.
    void leave();
    void retranslate();

signals:
    void flightAsked(const camera::CameraPose& pose);
    /// This panel has something for the user.
    void panelAsked(QWidget* panel);
    /// A site is to be drawn, or no longer.
    void siteDrawingAsked(bool isOn);
    void message(const QString& text);
    void failed(const QString& text);

private:
    void connectContents(ContentPanel& contents);
    void connectTable();
    void connectLegend();
    void connectSite();
    void connectProbes();
    void describe(const glm::dvec3& point);
    void show(const FoundFeatures& found);
    void markRow(const std::vector<AttributeSection>& sections,
                 const pipeline::planning::FeatureRef& likeliest);
    void showTable(std::size_t layer);
    void flyTo(const pipeline::planning::PlaneBox& box);
    void followLegend();
    std::optional<std::vector<std::size_t>> placesTold(std::size_t layer);
    void editStyle(std::size_t layer);
    void loadStyle(std::size_t layer);
    void saveStyles();

    CityWidget& city_;
    PlanningLayers& layers_;
    const PlaceReadout& readout_;
    AttributePanel* attributes_;
    TablePanel* table_;
    LegendPanel* legend_;
    SitePanel* site_;
    MeasureTool siteTool_;
    /// Classes of a layer's style that occur; none while that is being found out.
    struct Occurring {
        pipeline::planning::style::LayerStyle style;
        std::optional<std::vector<std::size_t>> places;
    };
    std::map<std::size_t, Occurring> occurring_; // by layer
    QThreadPool pool_;
    FeatureProbe clickProbe_;
    FeatureProbe hoverProbe_;
    std::vector<AttributeSection> placeSections_; // of what was clicked last
    std::optional<glm::dvec3> asked_;   // the place that was clicked last, in the scene's frame
    std::optional<glm::dvec3> hovered_; // the place that was asked of last
};

} // namespace viewer::app
