#include "viewer/app/feature_table.h"

#include "viewer/app/background.h"

#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
using tiles3d::base::Result;
using Ids = std::vector<std::int64_t>;

bool isNumber(const planning::Value& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

} // namespace

FeatureTable::FeatureTable(QObject* parent) : QAbstractTableModel(parent) {
    pool_.setMaxThreadCount(1);
    connect(&blocks_, &RowBlocks::arrived, this, [this](int first, int last) {
        emit dataChanged(index(first, 0), index(last, columnCount() - 1));
    });
    connect(&blocks_, &RowBlocks::failed, this, &FeatureTable::failed);
}

FeatureTable::~FeatureTable() {
    pool_.waitForDone();
}

void FeatureTable::changeJobs(int by) {
    const bool wasBusy = isBusy();
    jobs_ += by;
    if (wasBusy != isBusy()) {
        emit busyChanged();
    }
}

void FeatureTable::show(std::shared_ptr<const planning::LayerStore> store,
                        std::uint32_t layer,
                        const QString& where) {
    if (store != store_ || layer_ != layer) {
        clear();
        beginResetModel();
        store_ = std::move(store);
        layer_ = layer;
        fields_ = store_->layers()[layer].fields;
        endResetModel();
    }
    where_ = where;
    query();
}

void FeatureTable::clear() {
    beginResetModel();
    store_.reset();
    layer_.reset();
    fields_.clear();
    where_.clear();
    sortColumn_ = -1;
    sortOrder_ = Qt::AscendingOrder;
    blocks_.show(nullptr, 0, {});
    ++asked_;
    endResetModel();
}

void FeatureTable::query() {
    planning::RowQuery query{.where = where_.toStdString(),
                             .descending = sortOrder_ == Qt::DescendingOrder};
    if (sortColumn_ > 0) {
        query.orderBy = fields_[static_cast<std::size_t>(sortColumn_) - 1].name;
    }
    changeJobs(+1);
    inBackground(
        pool_,
        this,
        [store = store_, layer = *layer_, query]() -> Result<Ids> {
            return store->rows(layer, query);
        },
        [this, asked = ++asked_](Result<Ids> ids) {
            changeJobs(-1);
            if (asked != asked_) {
                return;
            }
            if (ids) {
                take(*std::move(ids));
            } else {
                emit failed(QString::fromStdString(ids.error().message));
            }
        });
}

void FeatureTable::take(Ids ids) {
    beginResetModel();
    blocks_.show(store_, *layer_, std::move(ids));
    endResetModel();
    emit queried();
}

planning::FeatureRef FeatureTable::refOf(int row) const {
    return {*layer_, ids()[static_cast<std::size_t>(row)]};
}

std::optional<int> FeatureTable::rowOf(std::int64_t id) const {
    const auto found = std::ranges::find(ids(), id); // below 1 ms for a million
    return found == ids().end() ? std::nullopt
                                : std::optional(static_cast<int>(found - ids().begin()));
}

int FeatureTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(ids().size());
}

int FeatureTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() || !layer_ ? 0 : static_cast<int>(fields_.size()) + 1;
}

QVariant FeatureTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    if (index.column() == 0) {
        const auto id = static_cast<qlonglong>(refOf(index.row()).id);
        return role == Qt::DisplayRole ? QVariant(id) : QVariant();
    }
    const auto* values = blocks_.row(index.row());
    const auto field = static_cast<std::size_t>(index.column()) - 1;
    if (values == nullptr || field >= values->size()) {
        return role == Qt::DisplayRole && values == nullptr ? QVariant("…") : QVariant();
    }
    const planning::Value& value = (*values)[field];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return QString::fromStdString(planning::toText(value));
    case Qt::TextAlignmentRole:
        return isNumber(value) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    default:
        return {};
    }
}

QVariant FeatureTable::headerData(int section, Qt::Orientation orientation, int role) const {
    const bool isText = role == Qt::DisplayRole || role == Qt::ToolTipRole;
    if (orientation != Qt::Horizontal || !isText || section < 0 || section >= columnCount()) {
        return {};
    }
    if (section == 0) {
        return QString("#");
    }
    const planning::Field& field = fields_[static_cast<std::size_t>(section) - 1];
    const bool hasAlias = role == Qt::DisplayRole && !field.alias.empty();
    return QString::fromStdString(hasAlias ? field.alias : field.name);
}

void FeatureTable::sort(int column, Qt::SortOrder order) {
    const bool isSame = column == sortColumn_ && order == sortOrder_;
    sortColumn_ = column;
    sortOrder_ = order;
    if (layer_ && !isSame) {
        query();
    }
}

} // namespace viewer::app
