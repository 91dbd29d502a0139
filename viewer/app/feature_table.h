#pragma once

#include "pipeline/planning/layer_store.h"
#include "viewer/app/row_blocks.h"

#include <QAbstractTableModel>
#include <QThreadPool>
#include <optional>

namespace viewer::app {

/// The rows of a layer as a table: its primary key, then its fields by their aliases. Which rows,
/// and in what order, is asked of the store in the background, and so is what stands in them, as
/// far as a view shows them.
class FeatureTable final : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit FeatureTable(QObject* parent = nullptr);
    /// Waits for what is being asked.
    ~FeatureTable() override;

    /// `where`: an SQL condition, "" for all rows; sorted as the table was left if it is the same
    /// layer.
    void show(std::shared_ptr<const pipeline::planning::LayerStore> store,
              std::uint32_t layer,
              const QString& where);
    void clear();

    std::optional<std::uint32_t> layer() const { return layer_; }
    const QString& where() const { return where_; }
    bool isBusy() const { return jobs_ > 0; }

    const std::vector<std::int64_t>& ids() const { return blocks_.ids(); }
    pipeline::planning::FeatureRef refOf(int row) const;
    std::optional<int> rowOf(std::int64_t id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant
    headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

signals:
    /// The rows that were asked for are there.
    void queried();
    /// The rows stay as they were; `why` in the store's words.
    void failed(const QString& why);
    void busyChanged();

private:
    void query();
    void take(std::vector<std::int64_t> ids);
    void changeJobs(int by);

    QThreadPool pool_;
    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    std::optional<std::uint32_t> layer_;
    std::vector<pipeline::planning::Field> fields_;
    QString where_;
    int sortColumn_ = -1; // as the store has them
    Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
    mutable RowBlocks blocks_; // a cache
    int asked_ = 0;            // queries; an older one is dropped
    int jobs_ = 0;
};

} // namespace viewer::app
