#pragma once

#include "viewer/stream/byte_budget.h"
#include "viewer/stream/loader.h"
#include "viewer/stream/source.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace viewer::stream {

/// Runs requests on its own threads, which yield to the drawing thread where cores are short.
class LoadQueue final : public ILoader {
public:
    /// Without a budget there is no limit.
    LoadQueue(std::shared_ptr<const ISource> source,
              std::size_t threads,
              std::shared_ptr<ByteBudget> budget = nullptr);
    /// Drops what has not started, waits for the rest.
    ~LoadQueue() override;

    void replaceWaiting(std::vector<LoadRequest> requests) override;
    std::vector<LoadResult> takeResults() override;
    std::size_t startedCount() const override;
    std::size_t pendingCount() const override;
    void waitForResult() const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace viewer::stream
