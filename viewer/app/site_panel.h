#pragma once

#include "pipeline/planning/site/site_check.h"
#include "viewer/app/planning_layers.h"

#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

namespace viewer::app {

/// Holds a site against all layers: one drawn on the city, the features that are selected, or that
/// of a file. The answer stands below, conflicts first; a click on a line of it shows the place.
class SitePanel final : public QWidget {
    Q_OBJECT

public:
    explicit SitePanel(PlanningLayers& layers, QWidget* parent = nullptr);

    /// Takes a picture of the city as it stands, for reports.
    void setCamera(std::function<QImage()> camera) { camera_ = std::move(camera); }
    /// A ring that the user has drawn on the city.
    void check(const std::vector<tiles3d::geo::Cartographic>& ring);
    /// The drawing has begun, or ended without a ring.
    void setDrawing(bool isOn);

signals:
    void drawingAsked(bool isOn);
    /// The user wants to see this place.
    void placeChosen(const pipeline::planning::PlaneBox& box);
    void message(const QString& text);
    void failed(const QString& why);

protected:
    void changeEvent(QEvent* event) override;

private:
    using Geometry = pipeline::planning::Geometry;
    using Site = pipeline::planning::site::Site;
    using SiteReport = pipeline::planning::site::SiteReport;

    void arrange();
    void retranslate();
    void followLayers();
    void checkSelected();
    void askForFile();
    void askForRules();
    void askForReport();
    template <typename FindSite>
    void checkInBackground(FindSite findSite);
    void show(SiteReport report);
    void tellVerdict();
    void addLayers(const std::vector<pipeline::planning::site::LayerFinding>& findings);
    void addDistances();
    QTreeWidgetItem* addGroup(const QString& title);
    void addPlace(QTreeWidgetItem* item, const Geometry& place);
    void choose();
    void clear();
    void drawSketch(const Geometry* chosen);

    PlanningLayers& layers_;
    std::function<QImage()> camera_;
    QPushButton* draw_;
    QToolButton* fromSelected_;
    QToolButton* fromFile_;
    QToolButton* rulesButton_;
    QToolButton* reportButton_;
    QLabel* verdict_;
    QTreeWidget* tree_;
    QString rulesFile_;
    pipeline::planning::site::SiteRules rules_;
    std::optional<SiteReport> report_;
    std::vector<Geometry> places_; // of the tree's lines
    int asked_ = 0;                // an older check is dropped
};

} // namespace viewer::app
