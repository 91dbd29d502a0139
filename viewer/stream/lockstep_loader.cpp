#include "viewer/stream/lockstep_loader.h"

#include <iterator>
#include <utility>

namespace viewer::stream {

namespace {

class LockstepLoader final : public ILoader {
public:
    LockstepLoader(std::shared_ptr<const ISource> source,
                   std::shared_ptr<ByteBudget> budget,
                   std::size_t loadsPerFrame)
        : source_(std::move(source)), budget_(std::move(budget)), loadsPerFrame_(loadsPerFrame) {}

    void replaceWaiting(std::vector<LoadRequest> requests) override {
        waiting_.assign(std::make_move_iterator(requests.begin()),
                        std::make_move_iterator(requests.end()));
    }

    std::vector<LoadResult> takeResults() override {
        std::vector<LoadResult> results;
        while (results.size() < loadsPerFrame_) {
            const auto request = takeStartable(waiting_, *budget_);
            if (!request) {
                break;
            }
            results.push_back(load(*source_, *request, *budget_));
        }
        return results;
    }

    std::size_t startedCount() const override { return 0; }
    std::size_t pendingCount() const override { return waiting_.size(); }
    void waitForResult() const override {}

private:
    std::shared_ptr<const ISource> source_;
    std::shared_ptr<ByteBudget> budget_;
    std::size_t loadsPerFrame_ = 1;
    std::deque<LoadRequest> waiting_;
};

} // namespace

LoaderFactory lockstep(std::size_t loadsPerFrame) {
    return
        [loadsPerFrame](std::shared_ptr<const ISource> source, std::shared_ptr<ByteBudget> budget) {
            return std::make_unique<LockstepLoader>(
                std::move(source), std::move(budget), loadsPerFrame);
        };
}

} // namespace viewer::stream
