#include "viewer/app/row_blocks.h"

#include "viewer/app/background.h"

#include <algorithm>
#include <utility>

namespace viewer::app {

namespace {

namespace planning = pipeline::planning;
using tiles3d::base::Result;

constexpr std::size_t kMostBlocks = 100;

} // namespace

RowBlocks::RowBlocks(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(1);
}

RowBlocks::~RowBlocks() {
    pool_.waitForDone();
}

void RowBlocks::show(std::shared_ptr<const planning::LayerStore> store,
                     std::uint32_t layer,
                     std::vector<std::int64_t> ids) {
    store_ = std::move(store);
    layer_ = layer;
    ids_ = std::move(ids);
    blocks_.clear();
    order_.clear();
    asked_.clear();
    ++generation_;
}

const std::vector<planning::Value>* RowBlocks::row(int row) {
    const auto block = blocks_.find(row / kRows);
    if (block == blocks_.end()) {
        ask(row / kRows);
        return nullptr;
    }
    const auto found = block->second.find(ids_[static_cast<std::size_t>(row)]);
    return found == block->second.end() ? nullptr : &found->second;
}

void RowBlocks::ask(int block) {
    if (!asked_.insert(block).second) {
        return;
    }
    std::vector<planning::FeatureRef> refs;
    const auto first = static_cast<std::size_t>(block) * kRows;
    for (std::size_t i = first; i < std::min(first + kRows, ids_.size()); ++i) {
        refs.push_back({layer_, ids_[i]});
    }
    inBackground(
        pool_,
        this,
        [store = store_, refs]() -> Result<Rows> {
            auto features = store->read(refs, planning::Parts::Attributes);
            if (!features) {
                return features.error();
            }
            Rows rows;
            for (planning::StoredFeature& feature : *features) {
                rows.emplace(feature.ref.id, std::move(feature.values));
            }
            return rows;
        },
        [this, block, generation = generation_](Result<Rows> rows) {
            if (generation != generation_) {
                return;
            }
            if (rows) {
                keep(block, *std::move(rows));
            } else {
                emit failed(QString::fromStdString(rows.error().message));
            }
        });
}

void RowBlocks::keep(int block, Rows rows) {
    blocks_.emplace(block, std::move(rows));
    order_.push_back(block);
    if (order_.size() > kMostBlocks) {
        blocks_.erase(order_.front());
        asked_.erase(order_.front());
        order_.pop_front();
    }
    const int first = block * kRows;
    emit arrived(first, std::min(first + kRows, static_cast<int>(ids_.size())) - 1);
}

} // namespace viewer::app
