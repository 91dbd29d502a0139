#include "viewer/app/table_panel.h"

#include "tiles3d/base/file.h"
#include "viewer/app/background.h"
#include "viewer/app/feature_text.h"

#include <QClipboard>
#include <QCompleter>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace base = tiles3d::base;
namespace planning = pipeline::planning;

constexpr int kRowHeight = 22;
constexpr int kColumnWidth = 110;

QToolButton* addButton(QHBoxLayout& line, const char* name) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setAutoRaise(true);
    line.addWidget(button);
    return button;
}

} // namespace

TablePanel::TablePanel(QWidget* parent)
    : QWidget(parent), view_(new QTableView), title_(new QLabel), count_(new QLabel),
      fault_(new QLabel), condition_(new QLineEdit) {
    pool_.setMaxThreadCount(1);
    arrange();
    connect(condition_, &QLineEdit::returnPressed, this, [this] { apply_->click(); });
    connect(apply_, &QToolButton::clicked, this, [this] {
        if (const auto layer = table_.layer()) {
            emit conditionAsked(*layer, condition_->text().trimmed());
        }
    });
    connect(all_, &QToolButton::clicked, this, [this] {
        condition_->clear();
        apply_->click();
    });
    connect(export_, &QToolButton::clicked, this, &TablePanel::exportCsv);
    connect(&table_, &FeatureTable::queried, this, &TablePanel::followTable);
    connect(&table_, &FeatureTable::queried, this, &TablePanel::markWanted);
    connect(&table_, &FeatureTable::busyChanged, this, &TablePanel::followTable);
    connect(&table_, &FeatureTable::failed, this, [this](const QString& why) {
        tellFault(conditionFault(why));
    });
    connect(
        view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TablePanel::choose);
    retranslate();
    clear();
}

TablePanel::~TablePanel() {
    pool_.waitForDone();
}

void TablePanel::arrange() {
    condition_->setObjectName("condition");
    condition_->setClearButtonEnabled(true);
    fault_->setObjectName("conditionFault");
    fault_->setStyleSheet("color: #c62828");
    fault_->setWordWrap(true);
    fault_->hide();
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    count_->setForegroundRole(QPalette::PlaceholderText);

    view_->setObjectName("featureTable");
    view_->setModel(&table_);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view_->setAlternatingRowColors(true);
    view_->setSortingEnabled(true);
    view_->setWordWrap(false);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view_->verticalHeader()->setDefaultSectionSize(kRowHeight);
    view_->horizontalHeader()->setDefaultSectionSize(kColumnWidth);
    view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    view_->horizontalHeader()->setHighlightSections(false);

    auto* line = new QHBoxLayout;
    line->setContentsMargins(6, 4, 6, 0);
    line->addWidget(title_);
    line->addWidget(count_);
    line->addSpacing(12);
    line->addWidget(condition_, 1);
    apply_ = addButton(*line, "applyCondition");
    all_ = addButton(*line, "dropCondition");
    export_ = addButton(*line, "exportTable");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(line);
    layout->addWidget(fault_);
    layout->addWidget(view_);
}

void TablePanel::show(const std::shared_ptr<const planning::LayerStore>& store,
                      std::uint32_t layer,
                      const QString& title,
                      const QString& where) {
    const bool isOther = store != store_ || table_.layer() != layer;
    store_ = store;
    layerTitle_ = title;
    if (isOther) {
        view_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
        QStringList names;
        for (const planning::Field& field : store->layers()[layer].fields) {
            names << QString::fromStdString(field.name);
        }
        auto* completer = new QCompleter(names, condition_);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        delete condition_->completer();
        condition_->setCompleter(completer);
    }
    condition_->setText(where);
    tellFault({});
    table_.show(store, layer, where);
    followTable();
}

void TablePanel::clear() {
    store_.reset();
    layerTitle_.clear();
    wanted_.clear();
    condition_->clear();
    tellFault({});
    table_.clear();
    followTable();
}

void TablePanel::followTable() {
    const bool hasLayer = table_.layer().has_value();
    for (QWidget* widget : {static_cast<QWidget*>(condition_),
                            static_cast<QWidget*>(apply_),
                            static_cast<QWidget*>(all_),
                            static_cast<QWidget*>(export_)}) {
        widget->setEnabled(hasLayer);
    }
    title_->setText(hasLayer ? layerTitle_ : tr("Choose “Table” in a layer's menu"));
    if (!hasLayer) {
        count_->clear();
        return;
    }
    const auto all = static_cast<qulonglong>(store_->layers()[*table_.layer()].features);
    const QString shown = locale().toString(table_.rowCount());
    count_->setText(table_.isBusy()            ? tr("searching…")
                    : table_.where().isEmpty() ? shown
                                               : tr("%1 of %2").arg(shown, locale().toString(all)));
}

void TablePanel::editCondition() {
    condition_->setFocus(Qt::ShortcutFocusReason);
    condition_->selectAll();
}

void TablePanel::tellFault(const QString& text) {
    fault_->setText(text);
    fault_->setVisible(!text.isEmpty());
}

void TablePanel::select(const std::vector<planning::FeatureRef>& features) {
    wanted_ = features;
    markWanted();
}

/// Once its rows are there, and again after each query.
void TablePanel::markWanted() {
    const QScopedValueRollback marking(isMarking_, true);
    QItemSelection rows;
    std::optional<int> first;
    for (const planning::FeatureRef& feature : wanted_) {
        const auto row = feature.layer == table_.layer() ? table_.rowOf(feature.id) : std::nullopt;
        if (row) {
            first = first ? first : row;
            rows.select(table_.index(*row, 0), table_.index(*row, table_.columnCount() - 1));
        }
    }
    view_->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (first) {
        view_->selectionModel()->setCurrentIndex(table_.index(*first, 0),
                                                 QItemSelectionModel::NoUpdate);
        view_->scrollTo(table_.index(*first, 0), QAbstractItemView::PositionAtCenter);
    }
}

std::vector<std::int64_t> TablePanel::selectedIds() const {
    QModelIndexList rows = view_->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, [](const QModelIndex& index) { return index.row(); });
    std::vector<std::int64_t> ids;
    for (const QModelIndex& index : rows) {
        ids.push_back(table_.refOf(index.row()).id);
    }
    return ids;
}

void TablePanel::choose() {
    if (isMarking_ || !table_.layer()) {
        return;
    }
    wanted_.clear();
    for (const std::int64_t id : selectedIds()) {
        wanted_.push_back({*table_.layer(), id});
    }
    if (!wanted_.empty()) {
        emit featuresChosen(wanted_);
    }
}

void TablePanel::copy() {
    const std::vector<std::int64_t> ids = selectedIds();
    if (ids.empty()) {
        return;
    }
    const auto text =
        featureText(*store_, *table_.layer(), ids, {.separator = '\t', .lineEnd = "\n"});
    if (text) {
        QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
    } else {
        emit failed(QString::fromStdString(text.error().message));
    }
}

void TablePanel::exportCsv() {
    const QString withMark = tr("Table for Excel, UTF-8 with a mark (*.csv)");
    QString kind = withMark;
    const QString file =
        QFileDialog::getSaveFileName(this,
                                     tr("Save the table"),
                                     layerTitle_ + ".csv",
                                     withMark + ";;" + tr("Table, plain UTF-8 (*.csv)"),
                                     &kind);
    if (file.isEmpty()) {
        return;
    }
    inBackground(
        pool_,
        this,
        [store = store_,
         layer = *table_.layer(),
         ids = table_.ids(),
         file = file.toStdString(),
         options = FeatureTextOptions{.hasByteOrderMark = kind == withMark}]() -> base::Status {
            const auto text = featureText(*store, layer, ids, options);
            return text ? base::writeFile(file, *text) : base::Status(text.error());
        },
        [this, file](const base::Status& done) {
            if (done) {
                emit written(file);
            } else {
                emit failed(QString::fromStdString(done.error().message));
            }
        });
}

void TablePanel::retranslate() {
    condition_->setPlaceholderText(tr("Condition, such as: JZXG > 24 AND YDYHFLMC LIKE '%商%'"));
    apply_->setText(tr("Filter"));
    apply_->setToolTip(tr("Only the features that satisfy the condition, here and on the city"));
    all_->setText(tr("All"));
    all_->setToolTip(tr("All features again"));
    export_->setText(tr("Export…"));
    export_->setToolTip(tr("The rows of the table as CSV"));
    followTable();
}

void TablePanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void TablePanel::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy) && view_->hasFocus()) {
        copy();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace viewer::app
