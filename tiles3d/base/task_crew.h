#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace tiles3d::base {

/// Lets helper threads in only while there is a core for them; shared between processes if its
/// implementation is. tryEnter() and leave() are called from any thread.
class IThreadGate {
public:
    IThreadGate() = default;
    IThreadGate(const IThreadGate&) = delete;
    IThreadGate& operator=(const IThreadGate&) = delete;
    virtual ~IThreadGate() = default;

    virtual bool tryEnter() = 0;
    virtual void leave() = 0;
    /// True if a helper that is inside should leave after its task.
    virtual bool isCrowded() const = 0;
};

/// Work that grows while it runs: a tree of files, each naming the next. Tasks push tasks; the
/// newest runs first, so that few are pending however large the tree.
class TaskCrew {
public:
    using Task = std::function<void(TaskCrew&)>;

    /// `threads` counts the caller; helpers also need the gate's leave to enter, if there is one.
    explicit TaskCrew(std::size_t threads, IThreadGate* gate = nullptr);
    TaskCrew(const TaskCrew&) = delete;
    TaskCrew& operator=(const TaskCrew&) = delete;
    ~TaskCrew();

    /// Adds a task; from inside a running task, or before run().
    void push(Task task);

    /// Runs until no task is pending or running; the caller always works, so it never waits for a
    /// helper to be let in. The first exception of a task drops the rest and is thrown again here.
    void run();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace tiles3d::base
