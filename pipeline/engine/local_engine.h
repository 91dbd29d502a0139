#pragma once

#include "pipeline/engine/engine.h"

#include <chrono>

namespace pipeline::engine {

struct LocalOptions {
    std::size_t jobs = 1; ///< Cores to use: worker processes, and threads inside them.
    /// A file that takes longer costs its worker. Reading 1 GiB takes some seconds.
    std::chrono::seconds fileTimeout{60};
    /// Heap of one worker (RLIMIT_DATA): a hostile size in a file fails instead of swapping.
    std::uint64_t workerMemoryBytes = std::uint64_t{4} << 30U;
    /// Called in each worker process before its first unit.
    std::function<void()> atWorkerStart;
};

/// Runs units in worker processes of this machine, forked from the caller, heavy units first. When
/// there are fewer units than jobs, the workers' threads share the idle cores.
/// A worker that dies or hangs costs one file: with one file open it is that file; with several,
/// the unit runs again on one thread to find out which. The unit is then run again without the
/// file. Workers die with the caller, however it ends. REQUIRES: the calling process has no other
/// thread while run() is active. Not re-entrant.
class LocalEngine : public IEngine {
public:
    explicit LocalEngine(LocalOptions options) : options_(std::move(options)) {}

    tiles3d::base::Status
    run(const std::vector<Unit>& units, const Work& work, const OnResult& onResult) override;

private:
    LocalOptions options_;
};

} // namespace pipeline::engine
