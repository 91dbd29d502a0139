#include "viewer/stream/load_queue.h"

#include "viewer/stream/background_thread.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace viewer::stream {

namespace {

constexpr std::chrono::milliseconds kWaitForResult{50};

} // namespace

struct LoadQueue::State {
    std::shared_ptr<const ISource> source;
    std::shared_ptr<ByteBudget> budget;
    mutable std::mutex mutex;
    std::condition_variable_any workChanged;
    mutable std::condition_variable resultArrived;
    std::deque<LoadRequest> waiting;
    std::set<std::size_t> started; // in flight, or done and not yet taken
    std::vector<LoadResult> results;
    std::vector<std::jthread> threads; // last: joined before the rest goes

    void work(const std::stop_token& stop);
};

void LoadQueue::State::work(const std::stop_token& stop) {
    yieldToOtherThreads();
    while (true) {
        std::unique_lock lock(mutex);
        std::optional<LoadRequest> request;
        workChanged.wait(lock, stop, [&] {
            request = stop.stop_requested() ? std::nullopt : takeStartable(waiting, *budget);
            return request.has_value();
        });
        if (!request) {
            return;
        }
        started.insert(request->node);
        lock.unlock();

        LoadResult result = load(*source, *request, *budget);

        lock.lock();
        results.push_back(std::move(result));
        resultArrived.notify_all();
        workChanged.notify_all(); // it may have taken less than it had reserved
    }
}

LoadQueue::LoadQueue(std::shared_ptr<const ISource> source,
                     std::size_t threads,
                     std::shared_ptr<ByteBudget> budget)
    : state_(std::make_unique<State>()) {
    constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
    state_->source = std::move(source);
    state_->budget = budget ? std::move(budget) : std::make_shared<ByteBudget>(kNoLimit);
    for (std::size_t i = 0; i < threads; ++i) {
        state_->threads.emplace_back(
            [state = state_.get()](const std::stop_token& stop) { state->work(stop); });
    }
}

LoadQueue::~LoadQueue() {
    std::ranges::for_each(state_->threads, [](std::jthread& thread) { thread.request_stop(); });
    state_->threads.clear();
}

void LoadQueue::replaceWaiting(std::vector<LoadRequest> requests) {
    const std::scoped_lock lock(state_->mutex);
    std::erase_if(requests, [this](const LoadRequest& request) {
        return state_->started.contains(request.node);
    });
    state_->waiting.assign(std::make_move_iterator(requests.begin()),
                           std::make_move_iterator(requests.end()));
    state_->workChanged.notify_all();
}

std::vector<LoadResult> LoadQueue::takeResults() {
    const std::scoped_lock lock(state_->mutex);
    for (const LoadResult& result : state_->results) {
        state_->started.erase(result.node);
    }
    return std::exchange(state_->results, {});
}

std::size_t LoadQueue::startedCount() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->started.size();
}

std::size_t LoadQueue::pendingCount() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->waiting.size() + state_->started.size();
}

void LoadQueue::waitForResult() const {
    std::unique_lock lock(state_->mutex);
    if (state_->waiting.empty() && state_->started.empty()) {
        return;
    }
    state_->resultArrived.wait_for(
        lock, kWaitForResult, [this] { return !state_->results.empty(); });
}

} // namespace viewer::stream
