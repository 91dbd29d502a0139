#include "tiles3d/base/task_crew.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tiles3d::base {

struct TaskCrew::State {
    std::size_t threads = 1;
    IThreadGate* gate = nullptr;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Task> pending;
    std::size_t running = 0;
    std::exception_ptr failure;

    bool isDone() const { return pending.empty() && running == 0; }
    bool enter() const { return gate == nullptr || gate->tryEnter(); }
    bool isCrowded() const { return gate != nullptr && gate->isCrowded(); }

    /// Runs the newest task. REQUIRES: the lock is held and a task is pending.
    void runNewest(std::unique_lock<std::mutex>& lock, TaskCrew& crew) {
        const Task task = std::move(pending.back());
        pending.pop_back();
        ++running;
        lock.unlock();
        std::exception_ptr thrown;
        try {
            task(crew);
        } catch (...) {
            thrown = std::current_exception();
        }
        lock.lock();
        --running;
        if (thrown) {
            failure = failure ? failure : thrown;
            pending.clear();
        }
        changed.notify_all();
    }

    void help(TaskCrew& crew) {
        // A core that another process frees is noticed after this time at the latest.
        constexpr std::chrono::milliseconds kPatience{5};
        std::unique_lock lock(mutex);
        while (!isDone()) {
            if (pending.empty() || !enter()) {
                changed.wait_for(lock, kPatience);
                continue;
            }
            while (!pending.empty() && !isCrowded()) {
                runNewest(lock, crew);
            }
            if (gate != nullptr) {
                gate->leave();
            }
        }
    }

    void lead(TaskCrew& crew) {
        std::unique_lock lock(mutex);
        while (!isDone()) {
            if (pending.empty()) {
                changed.wait(lock);
            } else {
                runNewest(lock, crew);
            }
        }
    }
};

TaskCrew::TaskCrew(std::size_t threads, IThreadGate* gate) : state_(std::make_unique<State>()) {
    state_->threads = threads;
    state_->gate = gate;
}

TaskCrew::~TaskCrew() = default;

void TaskCrew::push(Task task) {
    {
        const std::scoped_lock lock(state_->mutex);
        if (!state_->failure) {
            state_->pending.push_back(std::move(task));
        }
    }
    state_->changed.notify_one();
}

void TaskCrew::run() {
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < state_->threads; ++i) {
            helpers.emplace_back([this] { state_->help(*this); });
        }
        state_->lead(*this);
    }
    if (state_->failure) {
        std::rethrow_exception(state_->failure);
    }
}

} // namespace tiles3d::base
