#pragma once

#include "pipeline/engine/engine.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::engine {

/// What workers and the engine see of each other without a message: which file each thread is in,
/// and how many cores are in use. Lives in memory shared over fork().
class SharedBoard {
public:
    static constexpr std::size_t kSlots = 64; ///< Threads of one worker that can be watched.
    static constexpr std::size_t kNameBytes = 1000;

    struct OpenFile {
        std::string name;
        std::int64_t sinceMilliseconds = 0; ///< Steady clock.
    };

    /// Fails only if the system has no memory left.
    static tiles3d::base::Result<SharedBoard> create(std::size_t workers, std::size_t cores);

    /// Engine: the files worker `worker` is in.
    std::vector<OpenFile> openFiles(std::size_t worker) const;
    /// Engine: forgets a dead worker's files and cores.
    void reset(std::size_t worker);
    /// Engine: a unit starts or ends on a worker's main thread.
    void occupy();
    void release();

    /// Worker: its views of the board; the board outlives them.
    std::unique_ptr<IFileWatch> watch(std::size_t worker) const;
    std::unique_ptr<tiles3d::base::IThreadGate> gate(std::size_t worker) const;

    struct Memory;

private:
    explicit SharedBoard(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {}
    std::shared_ptr<Memory> memory_;
};

/// Milliseconds of the steady clock, equal in all processes of this machine.
std::int64_t steadyMilliseconds();

} // namespace pipeline::engine
