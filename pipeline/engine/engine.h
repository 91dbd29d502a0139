#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/base/task_crew.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace pipeline::engine {

/// One unit of work, known to the engine by its name and weight only.
struct Unit {
    std::string name;
    std::uint64_t bytes = 0; ///< Heavy units start first.
};

/// Marks the input file that the calling thread is in, as long as it lives: the one that is blamed
/// when the process dies or the file takes too long.
class IFileWatch {
public:
    IFileWatch() = default;
    IFileWatch(const IFileWatch&) = delete;
    IFileWatch& operator=(const IFileWatch&) = delete;
    virtual ~IFileWatch() = default;

    /// Returns a slot for leave(). `file` is cut to 1,000 bytes.
    virtual std::size_t enter(const std::string& file) = 0;
    virtual void leave(std::size_t slot) = 0;
};

/// A file that cost a worker: never opened again.
struct Quarantined {
    std::string file;
    std::string reason;
    auto operator<=>(const Quarantined&) const = default;
};

/// What a unit of work may use while it runs in a worker.
struct UnitContext {
    std::size_t threads = 1;                    ///< At most, the caller included.
    tiles3d::base::IThreadGate* gate = nullptr; ///< For helper threads; may be null.
    IFileWatch* watch = nullptr;                ///< May be null.
    std::set<Quarantined> quarantined;          ///< Files of this unit not to open.
};

/// Runs unit `index` and returns its small result as bytes, or an Error that ends the whole run (a
/// failed output). Runs in a worker process: nothing else comes back.
using Work = std::function<tiles3d::base::Result<std::string>(std::size_t index,
                                                              const UnitContext& context)>;

/// Takes the result of unit `index` in the calling process, in the order in which they finish. An
/// Error ends the run.
using OnResult = std::function<tiles3d::base::Status(std::size_t index, const std::string& result)>;

/// Runs all units. Fails if work or onResult failed, or a unit could not be finished at all; units
/// that were done by then have been handed to onResult.
class IEngine {
public:
    IEngine() = default;
    IEngine(const IEngine&) = delete;
    IEngine& operator=(const IEngine&) = delete;
    virtual ~IEngine() = default;

    virtual tiles3d::base::Status
    run(const std::vector<Unit>& units, const Work& work, const OnResult& onResult) = 0;
};

/// Keeps a file marked for the length of a scope; does nothing without a watch.
class WatchedFile {
public:
    WatchedFile(IFileWatch* watch, const std::string& file)
        : watch_(watch), slot_(watch != nullptr ? watch->enter(file) : 0) {}
    WatchedFile(const WatchedFile&) = delete;
    WatchedFile& operator=(const WatchedFile&) = delete;
    ~WatchedFile() {
        if (watch_ != nullptr) {
            watch_->leave(slot_);
        }
    }

private:
    IFileWatch* watch_;
    std::size_t slot_;
};

} // namespace pipeline::engine
