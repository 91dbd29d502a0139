#pragma once

#include "pipeline/planning/layer_store.h"

#include <QObject>
#include <QThreadPool>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace viewer::app {

/// The attributes of a layer's rows, read in blocks in the background as they are asked for; those
/// last asked for are kept.
class RowBlocks final : public QObject {
    Q_OBJECT

public:
    static constexpr int kRows = 200; ///< Of a block.

    explicit RowBlocks(QObject* parent = nullptr);
    /// Waits for what is being read.
    ~RowBlocks() override;

    void show(std::shared_ptr<const pipeline::planning::LayerStore> store,
              std::uint32_t layer,
              std::vector<std::int64_t> ids);
    const std::vector<std::int64_t>& ids() const { return ids_; }

    /// Null while it is not there; then its block is on its way, and arrived() follows.
    const std::vector<pipeline::planning::Value>* row(int row);

signals:
    void arrived(int firstRow, int lastRow);
    void failed(const QString& why);

private:
    using Rows = std::map<std::int64_t, std::vector<pipeline::planning::Value>>;

    void ask(int block);
    void keep(int block, Rows rows);

    QThreadPool pool_;
    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    std::uint32_t layer_ = 0;
    std::vector<std::int64_t> ids_;
    std::map<int, Rows> blocks_;
    std::deque<int> order_; // of the blocks' arrival
    std::set<int> asked_;
    int generation_ = 0; // what was asked for before show() is dropped
};

} // namespace viewer::app
