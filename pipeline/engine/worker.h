#pragma once

#include "pipeline/engine/local_engine.h"
#include "pipeline/engine/message.h"
#include "pipeline/engine/shared_board.h"

namespace pipeline::engine {

/// What the engine asks of a worker.
struct Order {
    std::size_t unit = 0;
    std::size_t threads = 1;
    std::set<Quarantined> quarantined;
};

Message toMessage(const Order& order);

/// The life of a worker process: runs orders from `socket` until the engine closes it. Answers
/// {"done", result} or {"failed", reason}. Never returns.
[[noreturn]] void runWorker(int socket,
                            const SharedBoard& board,
                            std::size_t index,
                            const LocalOptions& options,
                            const Work& work);

} // namespace pipeline::engine
