#include "tiles3d/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tiles3d::base {

namespace {

/// Which step of which piece is next, for any number of threads that ask.
class Pipeline {
public:
    Pipeline(std::size_t slots, const PipelineSteps& steps) : isWorked_(slots), steps_(steps) {}

    /// One thread's share, until all is done.
    void run() {
        std::unique_lock lock(mutex_);
        while (!isOver()) {
            try {
                runNextStep(lock);
            } catch (...) {
                lock.lock(); // a step throws unlocked
                failure_ = failure_ ? failure_ : std::current_exception();
                changed_.notify_all();
            }
        }
    }

    void rethrow() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    bool isOver() const { return failure_ || (hasReadAll_ && written_ == read_); }

    /// What is furthest goes first: it frees a slot.
    void runNextStep(std::unique_lock<std::mutex>& lock) {
        if (!isWriting_ && written_ < begun_ && isWorked_[slotOf(written_)]) {
            write(lock);
        } else if (begun_ < read_) {
            work(lock);
        } else if (!isReading_ && !hasReadAll_ && read_ - written_ < isWorked_.size()) {
            read(lock);
        } else {
            changed_.wait(lock);
            return;
        }
        changed_.notify_all();
    }

    void read(std::unique_lock<std::mutex>& lock) {
        isReading_ = true;
        lock.unlock();
        const bool hasRead = steps_.read(slotOf(read_));
        lock.lock();
        isReading_ = false;
        read_ += hasRead ? 1U : 0U;
        hasReadAll_ = !hasRead;
    }

    void work(std::unique_lock<std::mutex>& lock) {
        const std::size_t slot = slotOf(begun_++);
        lock.unlock();
        steps_.work(slot);
        lock.lock();
        isWorked_[slot] = true;
    }

    void write(std::unique_lock<std::mutex>& lock) {
        isWriting_ = true;
        const std::size_t slot = slotOf(written_);
        lock.unlock();
        steps_.write(slot);
        lock.lock();
        isWriting_ = false;
        isWorked_[slot] = false;
        ++written_;
    }

    std::size_t slotOf(std::size_t piece) const { return piece % isWorked_.size(); }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> isWorked_; ///< By slot.
    std::size_t read_ = 0;       ///< Pieces so far; begun_ and written_ likewise.
    std::size_t begun_ = 0;
    std::size_t written_ = 0;
    bool isReading_ = false;
    bool isWriting_ = false;
    bool hasReadAll_ = false;
    std::exception_ptr failure_;
    const PipelineSteps& steps_;
};

} // namespace

void parallelFor(std::size_t count,
                 std::size_t threads,
                 const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failureMutex;
    const auto runner = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) {
                work(i);
            }
        } catch (...) {
            const std::scoped_lock lock(failureMutex);
            failure = failure ? failure : std::current_exception();
            next = count;
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(threads, count); ++i) {
            helpers.emplace_back(runner);
        }
        runner();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void pipelined(std::size_t slots, std::size_t threads, const PipelineSteps& steps) {
    Pipeline pipeline(slots, steps);
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < threads; ++i) {
            helpers.emplace_back([&] { pipeline.run(); });
        }
        pipeline.run();
    }
    pipeline.rethrow();
}

} // namespace tiles3d::base
