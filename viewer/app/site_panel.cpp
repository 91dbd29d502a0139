#include "viewer/app/site_panel.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/site_report.h"
#include "viewer/app/background.h"
#include "viewer/app/language.h"
#include "viewer/app/symbol_picture.h"
#include "viewer/tools/quantity_text.h"

#include <QBuffer>
#include <QDate>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <span>
#include <utility>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;
namespace planning = pipeline::planning;
namespace site = pipeline::planning::site;
namespace style = pipeline::planning::style;

constexpr int kPlaceRole = Qt::UserRole;
constexpr std::size_t kMostFeatures = 200; // of a layer, in the panel; a report has all

const QColor kConflict(198, 40, 40);
const QColor kPass(46, 125, 50);

const style::Symbol kSiteSymbol{.lineColour = {0.0F, 1.0F, 1.0F}, .lineWidth = 3.0F};
// Outlines: the conflicts of dozens of layers would paint the site over.
const style::Symbol kConflictSymbol{.lineColour = {0.9F, 0.1F, 0.1F}, .lineWidth = 2.5F};
const style::Symbol kChosenSymbol{.fill = style::FillKind::Solid,
                                  .fillColour = {1.0F, 0.76F, 0.03F},
                                  .fillAlpha = 0.45F,
                                  .lineColour = {1.0F, 0.76F, 0.03F},
                                  .lineWidth = 3.0F,
                                  .pointPixels = 12.0F};

QString amountText(const site::Amount& amount) {
    if (amount.squareMetres > 0.0) {
        return QString::fromStdString(tools::areaText(amount.squareMetres));
    }
    if (amount.lineMetres > 0.0) {
        return QString::fromStdString(tools::lengthText(amount.lineMetres));
    }
    return amount.points > 0 ? SitePanel::tr("%n point(s)", nullptr, int(amount.points))
                             : QString();
}

QString shareText(const site::Amount& amount) {
    constexpr double kPercent = 100.0;
    return amount.squareMetres > 0.0 ? QString("%1 %").arg(amount.siteShare * kPercent, 0, 'f', 2)
                                     : QString();
}

QTreeWidgetItem* lineOf(const QString& name, const site::Amount& amount) {
    auto* item = new QTreeWidgetItem({name, amountText(amount), shareText(amount)});
    item->setToolTip(0, name);
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

/// All polygons of the features.
base::Result<planning::Geometry> areaOf(const planning::LayerStore& store,
                                        const std::vector<planning::FeatureRef>& features) {
    auto read = store.read(features, planning::Parts::Geometry);
    if (!read) {
        return read.error();
    }
    planning::Geometry area;
    for (planning::StoredFeature& feature : *read) {
        std::ranges::move(feature.geometry.polygons, std::back_inserter(area.polygons));
    }
    return area;
}

} // namespace

SitePanel::SitePanel(PlanningLayers& layers, QWidget* parent)
    : QWidget(parent), layers_(layers), draw_(new QPushButton), fromSelected_(new QToolButton),
      fromFile_(new QToolButton), rulesButton_(new QToolButton), reportButton_(new QToolButton),
      verdict_(new QLabel), tree_(new QTreeWidget) {
    rules_.legend = layers_.legend();
    arrange();
    connect(draw_, &QPushButton::clicked, this, &SitePanel::drawingAsked);
    connect(fromSelected_, &QToolButton::clicked, this, &SitePanel::checkSelected);
    connect(fromFile_, &QToolButton::clicked, this, &SitePanel::askForFile);
    connect(rulesButton_, &QToolButton::clicked, this, &SitePanel::askForRules);
    connect(reportButton_, &QToolButton::clicked, this, &SitePanel::askForReport);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &SitePanel::choose);
    connect(&layers_, &PlanningLayers::changed, this, &SitePanel::followLayers);
    retranslate();
    clear();
}

void SitePanel::arrange() {
    constexpr int kAreaWidth = 90;
    constexpr int kShareWidth = 76;
    draw_->setObjectName("drawSite");
    draw_->setCheckable(true);
    verdict_->setObjectName("siteVerdict");
    verdict_->setWordWrap(true);
    verdict_->setContentsMargins(6, 2, 6, 2);
    tree_->setObjectName("siteFindings");
    tree_->setColumnCount(3);
    tree_->setAlternatingRowColors(true);
    tree_->setIndentation(14);
    tree_->setIconSize({20, 16});
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree_->header()->resizeSection(1, kAreaWidth);
    tree_->header()->resizeSection(2, kShareWidth);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(4, 4, 4, 0);
    line->addWidget(draw_, 1);
    for (const auto& [button, name] : {std::pair(fromSelected_, "siteFromSelected"),
                                       std::pair(fromFile_, "siteFromFile"),
                                       std::pair(rulesButton_, "siteRules"),
                                       std::pair(reportButton_, "siteReport")}) {
        button->setObjectName(name);
        button->setAutoRaise(true);
        line->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(line);
    layout->addWidget(verdict_);
    layout->addWidget(tree_);
}

void SitePanel::setDrawing(bool isOn) {
    draw_->setChecked(isOn);
}

/// What was found lay in layers that are no longer there.
void SitePanel::followLayers() {
    clear();
    const bool hasLayers = layers_.store() != nullptr;
    for (QWidget* widget : {static_cast<QWidget*>(draw_),
                            static_cast<QWidget*>(fromSelected_),
                            static_cast<QWidget*>(fromFile_)}) {
        widget->setEnabled(hasLayers);
    }
}

void SitePanel::clear() {
    ++asked_;
    report_.reset();
    places_.clear();
    tree_->clear();
    reportButton_->setEnabled(false);
    layers_.sketch({});
    tellVerdict();
}

// Sites

void SitePanel::check(const std::vector<tiles3d::geo::Cartographic>& ring) {
    setDrawing(false);
    planning::Polygon polygon;
    for (const tiles3d::geo::Cartographic& place : ring) {
        const auto point = layers_.plane().fromCartographic(place);
        if (!point) {
            emit failed(QString::fromStdString(point.error().message));
            return;
        }
        polygon.outer.emplace_back(point->x, point->y);
    }
    checkInBackground([drawn = Geometry{.polygons = {polygon}},
                       name = tr("Drawn site").toStdString()](const planning::LayerStore&) {
        return site::siteFrom(name, drawn);
    });
}

void SitePanel::checkSelected() {
    if (layers_.selected().empty()) {
        emit message(tr("Click a feature on the city, or select rows of a table, first"));
        return;
    }
    checkInBackground([features = layers_.selected(), name = tr("Selected features").toStdString()](
                          const planning::LayerStore& store) -> base::Result<Site> {
        const auto area = areaOf(store, features);
        return area ? site::siteFrom(name, *area) : base::Result<Site>(area.error());
    });
}

void SitePanel::askForFile() {
    const QString file = QFileDialog::getOpenFileName(
        this,
        tr("Outline of the site"),
        {},
        tr("Vector files (*.shp *.gpkg *.geojson *.json *.kml *.dxf *.csv);;All files (*)"));
    if (!file.isEmpty()) {
        checkInBackground([file = file.toStdString()](const planning::LayerStore& store) {
            return site::readSite(file, store.planeCrs(), store.planeCrs());
        });
    }
}

void SitePanel::askForRules() {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Rules of the check"), {}, tr("Rules (*.json)"));
    if (file.isEmpty()) {
        return;
    }
    const auto rules = site::readSiteRules(file.toStdString());
    if (!rules) {
        emit failed(QString::fromStdString(rules.error().message));
        return;
    }
    rules_ = *rules;
    rules_.legend = layers_.legend();
    rulesFile_ = file;
    retranslate();
    if (report_) {
        checkInBackground([site = report_->site](
                              const planning::LayerStore&) -> base::Result<Site> { return site; });
    }
}

template <typename FindSite>
void SitePanel::checkInBackground(FindSite findSite) {
    clear();
    verdict_->setText(tr("checking…"));
    inBackground(
        layers_.vectorPool(),
        this,
        [store = layers_.store(), rules = rules_, findSite]() -> base::Result<SiteReport> {
            const base::Result<Site> found = findSite(*store);
            return found ? site::checkSite(*store, *found, rules)
                         : base::Result<SiteReport>(found.error());
        },
        [this, asked = asked_](base::Result<SiteReport> report) {
            if (asked != asked_) {
                return;
            }
            if (report) {
                show(*std::move(report));
            } else {
                tellVerdict();
                emit failed(QString::fromStdString(report.error().message));
            }
        });
}

void SitePanel::askForReport() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the report"));
    if (folder.isEmpty()) {
        return;
    }
    site::HtmlOptions options{.language = isShownInChinese() ? site::Language::Chinese
                                                             : site::Language::English,
                              .date = QDate::currentDate().toString(Qt::ISODate).toStdString()};
    if (camera_) {
        QBuffer png;
        camera_().save(&png, "PNG");
        const auto bytes =
            std::as_bytes(std::span(png.data().constData(), static_cast<std::size_t>(png.size())));
        options.pictures.push_back({.title = tr("The site on the city").toStdString(),
                                    .png = {bytes.begin(), bytes.end()}});
    }
    inBackground(
        layers_.vectorPool(),
        this,
        [report = *report_, legend = layers_.legend(), folder = folder.toStdString(), options] {
            return site::writeReport(report, legend, folder, options);
        },
        [this, folder](const base::Status& written) {
            if (written) {
                emit message(tr("Written: %1").arg(folder));
                QDesktopServices::openUrl(
                    QUrl::fromLocalFile(QDir(folder).filePath("report.html")));
            } else {
                emit failed(QString::fromStdString(written.error().message));
            }
        });
}

// Findings

void SitePanel::show(SiteReport report) {
    report_ = std::move(report);
    reportButton_->setEnabled(true);
    tellVerdict();
    addLayers(report_->layers);
    addDistances();
    drawSketch(nullptr);
    emit placeChosen(planning::boundsOf(report_->site.area));
}

void SitePanel::tellVerdict() {
    QPalette colours = palette();
    if (!report_) {
        verdict_->setText(tr("Draw a site on the city: click its corners, double click the last. "
                             "It is held against all layers, hidden ones too."));
        colours.setColor(QPalette::WindowText, palette().placeholderText().color());
        verdict_->setPalette(colours);
        return;
    }
    const auto conflicts =
        std::ranges::count(report_->layers, site::Verdict::Conflict, &site::LayerFinding::verdict);
    const QString size =
        tr("Site: %1, %2")
            .arg(QString::fromStdString(tools::areaText(report_->amount.squareMetres)),
                 QString::fromStdString(
                     tools::areaText(report_->amount.squareMetres, tools::AreaUnits::Mu)));
    const QString verdict =
        conflicts > 0 ? tr("Conflicts with %n layer(s)", nullptr, static_cast<int>(conflicts))
                      : tr("No conflict");
    verdict_->setText(
        QString("<b>%1</b><br>%2<br>%3")
            .arg(verdict,
                 size,
                 tr("%n layer(s) checked", nullptr, static_cast<int>(report_->layersChecked))));
    colours.setColor(QPalette::WindowText, conflicts > 0 ? kConflict : kPass);
    verdict_->setPalette(colours);
}

QTreeWidgetItem* SitePanel::addGroup(const QString& title) {
    auto* group = new QTreeWidgetItem(tree_, {title});
    QFont bold = group->font(0);
    bold.setBold(true);
    group->setFont(0, bold);
    group->setFirstColumnSpanned(true);
    return group;
}

void SitePanel::addPlace(QTreeWidgetItem* item, const Geometry& place) {
    item->setData(0, kPlaceRole, QVariant::fromValue(places_.size()));
    places_.push_back(place);
}

/// In the report's order: conflicts, then the rest by category.
void SitePanel::addLayers(const std::vector<site::LayerFinding>& findings) {
    QTreeWidgetItem* group = nullptr;
    std::optional<site::Verdict> groupVerdict;
    for (const site::LayerFinding& finding : findings) {
        const bool isConflict = finding.verdict == site::Verdict::Conflict;
        if (finding.verdict != groupVerdict) {
            group = addGroup(isConflict                                 ? tr("Conflicts")
                             : finding.verdict == site::Verdict::Inform ? tr("Also touched")
                                                                        : tr("Satisfied"));
            group->setForeground(0, isConflict ? QBrush(kConflict) : QBrush());
            groupVerdict = finding.verdict;
        }
        auto* line = lineOf(QString::fromStdString(finding.info.title),
                            isConflict ? finding.conflictAmount : finding.covered);
        line->setIcon(0, iconOf(layers_.state(finding.layer).style, finding.info.kind));
        QStringList notes{QString::fromStdString(finding.rule.title),
                          QString::fromStdString(finding.rule.basis),
                          QString::fromStdString(finding.info.vintage)};
        for (const site::Remark& remark : finding.remarks) {
            notes << nameShown(remark.chinese, remark.english);
        }
        if (finding.rule.isGuessed) {
            notes << tr("The rule is guessed from the layer's name: please confirm");
        }
        notes.removeAll(QString());
        line->setToolTip(0, (QStringList(line->text(0)) + notes).join('\n'));
        addPlace(line, isConflict ? finding.conflict : finding.coveredPart);
        group->addChild(line);
        for (std::size_t i = 0; i < std::min(finding.features.size(), kMostFeatures); ++i) {
            const site::FeatureOverlap& overlap = finding.features[i];
            const QString remark = QString::fromStdString(overlap.remark);
            auto* child = lineOf(QString::fromStdString(overlap.name) +
                                     (remark.isEmpty() ? QString() : " · " + remark),
                                 overlap.amount);
            addPlace(child, overlap.part);
            line->addChild(child);
        }
        group->setExpanded(true);
        group->setFirstColumnSpanned(true);
    }
}

void SitePanel::addDistances() {
    if (report_->distances.empty()) {
        return;
    }
    QTreeWidgetItem* group = addGroup(tr("Distances"));
    for (const site::NearestFeature& nearest : report_->distances) {
        const QString title = QString::fromStdString(nearest.target.title);
        auto* line = new QTreeWidgetItem(
            group,
            {nearest.ref ? title + ": " + QString::fromStdString(nearest.name) : title,
             nearest.ref ? QString::fromStdString(tools::lengthText(nearest.metres)) : tr("none")});
        line->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        if (nearest.verdict == site::Verdict::Conflict) {
            line->setForeground(0, kConflict);
            line->setForeground(1, kConflict);
        }
        if (nearest.ref) {
            addPlace(line, {.lines = {{nearest.from, nearest.to}}});
        }
    }
    group->setExpanded(true);
}

void SitePanel::choose() {
    const QTreeWidgetItem* item = tree_->currentItem();
    const QVariant place = item != nullptr ? item->data(0, kPlaceRole) : QVariant();
    if (!place.isValid()) {
        return;
    }
    const Geometry& geometry = places_[place.value<std::size_t>()];
    drawSketch(&geometry);
    if (const planning::PlaneBox box = planning::boundsOf(geometry); !box.isEmpty()) {
        emit placeChosen(box);
    }
}

/// The site, what of it is in conflict, and what was chosen, over all layers.
void SitePanel::drawSketch(const Geometry* chosen) {
    Geometry conflicts;
    for (const site::LayerFinding& finding : report_->layers) {
        append(conflicts, finding.conflict);
    }
    Sketch sketch{{conflicts, kConflictSymbol}};
    if (chosen != nullptr) {
        sketch.emplace_back(*chosen, kChosenSymbol);
    }
    sketch.emplace_back(report_->site.area, kSiteSymbol);
    layers_.sketch(sketch);
}

void SitePanel::retranslate() {
    draw_->setText(tr("Draw a site"));
    draw_->setToolTip(tr("Click the corners on the city, double click the last one"));
    fromSelected_->setText(tr("Selected"));
    fromSelected_->setToolTip(tr("The features that are selected are the site"));
    fromFile_->setText(tr("File…"));
    fromFile_->setToolTip(tr("The site of a vector file"));
    rulesButton_->setText(tr("Rules…"));
    rulesButton_->setToolTip(rulesFile_.isEmpty()
                                 ? tr("The rules of the legend hold; a file may give others")
                                 : tr("Rules of %1").arg(rulesFile_));
    reportButton_->setText(tr("Report…"));
    reportButton_->setToolTip(tr("Writes the answer as HTML, JSON and GeoPackage"));
    tree_->setHeaderLabels({tr("Layer"), tr("Overlap"), tr("Of the site")});
    tellVerdict();
}

void SitePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

} // namespace viewer::app
