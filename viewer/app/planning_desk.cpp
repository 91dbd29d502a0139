#include "viewer/app/planning_desk.h"

#include "viewer/app/background.h"
#include "viewer/app/describe.h"
#include "viewer/app/feature_text.h"
#include "viewer/app/plane_view.h"
#include "viewer/app/style_dialog.h"
#include "viewer/app/style_file.h"
#include "viewer/app/used_classes.h"

#include <QFileDialog>
#include <algorithm>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
using planning::FeatureRef;

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

} // namespace

PlanningDesk::PlanningDesk(CityWidget& city,
                           PlanningLayers& layers,
                           ContentPanel& contents,
                           const PlaceReadout& readout,
                           QObject* parent)
    : QObject(parent), city_(city), layers_(layers), readout_(readout),
      attributes_(new AttributePanel), table_(new TablePanel), legend_(new LegendPanel),
      site_(new SitePanel(layers)), siteTool_(city) {
    pool_.setMaxThreadCount(1);
    // First of all that follow, so that nobody meets what is left of other layers.
    connect(&layers_, &PlanningLayers::changed, this, [this] {
        occurring_.clear();
        asked_.reset();
        hovered_.reset();
        clickProbe_.drop();
        hoverProbe_.drop();
        attributes_->clear();
        table_->clear();
    });
    connectContents(contents);
    connectTable();
    connectLegend();
    connectSite();
    connectProbes();
    connect(attributes_, &AttributePanel::askedLayersChanged, this, [this] {
        if (asked_) {
            describe(*asked_);
        }
    });
    connect(attributes_, &AttributePanel::featureChosen, this, [this](const FeatureRef& feature) {
        layers_.select({feature});
        table_->select({feature});
    });
    connect(&layers_, &PlanningLayers::located, this, &PlanningDesk::flyTo);
}

PlanningDesk::~PlanningDesk() {
    pool_.waitForDone();
}

void PlanningDesk::connectContents(ContentPanel& contents) {
    connect(&contents, &ContentPanel::lookAtLayerRequested, this, [this](std::size_t layer) {
        if (!layers_.info(layer).extent.isEmpty()) {
            flyTo(layers_.info(layer).extent);
        }
    });
    connect(&contents, &ContentPanel::tableRequested, this, &PlanningDesk::showTable);
    connect(&contents, &ContentPanel::conditionRequested, this, [this](std::size_t layer) {
        showTable(layer);
        table_->editCondition();
    });
    connect(&contents, &ContentPanel::styleRequested, this, &PlanningDesk::editStyle);
}

void PlanningDesk::connectTable() {
    connect(table_,
            &TablePanel::conditionAsked,
            &layers_,
            [this](std::uint32_t layer, const QString& where) {
                table_->tellFault({});
                layers_.setCondition(layer, where);
            });
    connect(
        table_, &TablePanel::featuresChosen, this, [this](const std::vector<FeatureRef>& features) {
            layers_.select(features);
            layers_.locate(features);
        });
    connect(table_, &TablePanel::failed, this, &PlanningDesk::failed);
    connect(table_, &TablePanel::written, this, [this](const QString& file) {
        emit message(tr("Written: %1").arg(file));
    });
    connect(&layers_, &PlanningLayers::conditionChanged, this, [this](std::size_t layer) {
        if (table_->layer() == layer) {
            showTable(layer);
        }
    });
    connect(&layers_,
            &PlanningLayers::conditionFailed,
            this,
            [this](std::size_t layer, const QString& why) {
                if (table_->layer() == layer) {
                    table_->tellFault(conditionFault(why));
                } else {
                    emit failed(text(layers_.info(layer).title) + ": " + conditionFault(why));
                }
            });
}

void PlanningDesk::connectLegend() {
    connect(&layers_, &PlanningLayers::changed, this, &PlanningDesk::followLegend);
    connect(&layers_, &PlanningLayers::statesChanged, this, &PlanningDesk::followLegend);
    connect(&layers_, &PlanningLayers::styleChanged, this, &PlanningDesk::followLegend);
    connect(legend_, &LegendPanel::styleAsked, this, &PlanningDesk::editStyle);
    connect(legend_, &LegendPanel::loadAsked, this, &PlanningDesk::loadStyle);
    connect(legend_, &LegendPanel::saveAsked, this, &PlanningDesk::saveStyles);
}

void PlanningDesk::connectSite() {
    connect(&siteTool_, &MeasureTool::changed, &city_, &CityWidget::redraw);
    connect(&siteTool_, &MeasureTool::measured, this, [this](const Measurement& ring) {
        emit siteDrawingAsked(false);
        site_->check(ring.points);
    });
    connect(site_, &SitePanel::drawingAsked, this, &PlanningDesk::siteDrawingAsked);
    connect(site_, &SitePanel::placeChosen, this, &PlanningDesk::flyTo);
    connect(site_, &SitePanel::message, this, &PlanningDesk::message);
    connect(site_, &SitePanel::failed, this, &PlanningDesk::failed);
    site_->setCamera([this] { return city_.picture(false); });
}

void PlanningDesk::connectProbes() {
    connect(&clickProbe_, &FeatureProbe::found, this, &PlanningDesk::show);
    connect(&clickProbe_, &FeatureProbe::failed, this, &PlanningDesk::failed);
    connect(&hoverProbe_, &FeatureProbe::found, this, [this](const FoundFeatures& found) {
        layers_.hover(likeliestOf(layers_, AskedLayers::Shown, found.features));
    });
}

void PlanningDesk::retranslate() {
    followLegend();
    if (asked_) {
        describe(*asked_);
    }
}

// Places

void PlanningDesk::ask(const QPointF& position) {
    asked_ = city_.viewport().pointUnder(city_.pixelAt(position));
    if (asked_) {
        describe(*asked_);
    } else {
        clickProbe_.drop();
        attributes_->clear();
        layers_.select({});
    }
}

void PlanningDesk::hover(const QPointF& position) {
    const auto point = city_.viewport().pointUnder(city_.pixelAt(position));
    if (point && point == hovered_) {
        return; // the picture has changed, not the place
    }
    hovered_ = point;
    const auto question =
        point ? questionAt(*point, city_.viewport(), layers_, AskedLayers::Shown) : std::nullopt;
    if (question) {
        hoverProbe_.ask(*question);
    } else {
        leave();
    }
}

void PlanningDesk::leave() {
    hovered_.reset();
    hoverProbe_.drop();
    layers_.hover(std::nullopt);
}

void PlanningDesk::describe(const glm::dvec3& point) {
    const auto pixel = city_.viewport().pixelOf(point);
    if (!pixel) {
        return; // the camera has turned away from it
    }
    placeSections_ = describePlace(city_.viewport(), readout_, *pixel);
    const auto question = questionAt(point, city_.viewport(), layers_, attributes_->askedLayers());
    if (question) {
        clickProbe_.ask(*question);
    } else {
        show({});
    }
}

/// The place, the features there, the tile.
void PlanningDesk::show(const FoundFeatures& found) {
    const AskedLayers asked = attributes_->askedLayers();
    const auto features = describeFeatures(layers_, asked, found.features);
    const auto likeliest = likeliestOf(layers_, asked, found.features);
    std::vector<AttributeSection> sections = placeSections_;
    sections.insert(
        sections.begin() + (sections.empty() ? 0 : 1), features.begin(), features.end());
    attributes_->show(sections, likeliest);
    for (const std::string& warning : found.warnings) {
        emit message(text(warning));
    }
    if (!likeliest) {
        layers_.select({});
        return;
    }
    layers_.select({*likeliest});
    if (table_->isVisible()) {
        markRow(features, *likeliest);
    }
}

/// In the table that is open if it has one of the features, else in that of the likeliest.
void PlanningDesk::markRow(const std::vector<AttributeSection>& sections,
                           const FeatureRef& likeliest) {
    const auto inTable = std::ranges::find_if(sections, [this](const AttributeSection& section) {
        return table_->layer() == section.feature->layer;
    });
    if (inTable == sections.end()) {
        showTable(likeliest.layer);
    }
    table_->select({inTable == sections.end() ? likeliest : *inTable->feature});
}

void PlanningDesk::flyTo(const planning::PlaneBox& box) {
    if (city_.viewport().isEmpty() || !layers_.store()) {
        return;
    }
    if (const auto pose = poseOver(box, layers_.plane(), city_.viewport())) {
        emit flightAsked(*pose);
    }
}

void PlanningDesk::showTable(std::size_t layer) {
    table_->show(layers_.store(),
                 static_cast<std::uint32_t>(layer),
                 text(layers_.info(layer).title),
                 layers_.state(layer).condition);
    table_->select(layers_.selected());
    emit panelAsked(table_);
}

// Styles

void PlanningDesk::followLegend() {
    std::vector<LegendEntry> entries;
    for (const PlacedLayer& placed : layers_.byCategory()) {
        const LayerState& state = layers_.state(placed.layer);
        if (state.isVisible) {
            const planning::LayerInfo& info = layers_.info(placed.layer);
            entries.push_back(
                {placed.layer, text(info.title), info.kind, state.style, placesTold(placed.layer)});
        }
    }
    legend_->show(entries);
}

/// A legend of all land uses would bury the few that occur.
std::optional<std::vector<std::size_t>> PlanningDesk::placesTold(std::size_t layer) {
    constexpr std::size_t kFewClasses = 12; // which may all be told
    constexpr std::size_t kMostFeatures = 50000;
    const planning::style::LayerStyle& style = layers_.state(layer).style;
    if (style.classes.size() <= kFewClasses || layers_.info(layer).features > kMostFeatures) {
        return std::nullopt;
    }
    const auto known = occurring_.find(layer);
    if (known != occurring_.end() && known->second.style == style) {
        return known->second.places;
    }
    occurring_[layer] = {style, std::nullopt};
    inBackground(
        pool_,
        this,
        [store = layers_.store(), layer, style] {
            return usedClasses(*store, static_cast<std::uint32_t>(layer), style);
        },
        [this, layer, store = layers_.store()](
            const tiles3d::base::Result<std::vector<std::size_t>>& places) {
            if (places && store == layers_.store()) {
                occurring_[layer].places = *places;
                followLegend();
            }
        });
    return std::nullopt;
}

void PlanningDesk::editStyle(std::size_t layer) {
    auto* dialog =
        new StyleDialog(layers_.info(layer), layers_.state(layer).style, legend_->window());
    connect(dialog,
            &StyleDialog::changed,
            &layers_,
            [this, layer](const planning::style::LayerStyle& style) {
                layers_.setStyle(layer, style);
            });
    // Its layer has another place then, or none.
    connect(&layers_, &PlanningLayers::changed, dialog, &QObject::deleteLater);
    dialog->show();
}

void PlanningDesk::loadStyle(std::size_t layer) {
    const QString file =
        QFileDialog::getOpenFileName(legend_,
                                     tr("Style of %1").arg(text(layers_.info(layer).title)),
                                     {},
                                     tr("Styles (*.qml *.sld *.xml *.json)"));
    if (file.isEmpty()) {
        return;
    }
    const auto style = readStyleFile(file.toStdString(), layers_.info(layer).table);
    if (!style) {
        emit failed(text(style.error().message));
        return;
    }
    for (const std::string& remark : style->messages) {
        emit message(text(remark));
    }
    layers_.setStyle(layer, style->style);
}

void PlanningDesk::saveStyles() {
    const QString file = QFileDialog::getSaveFileName(
        legend_, tr("Save the styles"), "styles.json", tr("Styles (*.json)"));
    if (file.isEmpty()) {
        return;
    }
    if (const auto saved = layers_.saveStyles(file); saved) {
        emit message(tr("Written: %1").arg(file));
    } else {
        emit failed(text(saved.error().message));
    }
}

} // namespace viewer::app
