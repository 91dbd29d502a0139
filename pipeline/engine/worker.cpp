#include "pipeline/engine/worker.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>

namespace pipeline::engine {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

void limitProcess(const LocalOptions& options) {
    const rlimit memory{options.workerMemoryBytes, options.workerMemoryBytes};
    ::setrlimit(RLIMIT_DATA, &memory);
    // Buffers of some megabytes come and go with every file: without this each one is mapped,
    // zeroed page by page and unmapped again, which costs as much as parsing.
    constexpr int kKeepBytes = 64 << 20;
    ::mallopt(M_MMAP_THRESHOLD, kKeepBytes);
    ::mallopt(M_TRIM_THRESHOLD, kKeepBytes);
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
}

Order parseOrder(const Message& message) {
    Order order;
    order.unit = std::stoul(message.at(0));
    order.threads = std::stoul(message.at(1));
    for (std::size_t i = 2; i + 1 < message.size(); i += 2) {
        order.quarantined.insert({message[i], message[i + 1]});
    }
    return order;
}

Message answer(const Order& order, const UnitContext& context, const Work& work) {
    try {
        Result<std::string> result = work(order.unit, context);
        return result ? Message{"done", *std::move(result)}
                      : Message{"failed", result.error().message};
    } catch (const std::exception& error) {
        return {"failed", std::string("unexpected: ") + error.what()};
    }
}

} // namespace

Message toMessage(const Order& order) {
    Message message{std::to_string(order.unit), std::to_string(order.threads)};
    for (const Quarantined& file : order.quarantined) {
        message.push_back(file.file);
        message.push_back(file.reason);
    }
    return message;
}

void runWorker(int socket,
               const SharedBoard& board,
               std::size_t index,
               const LocalOptions& options,
               const Work& work) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limitProcess(options);
    if (options.atWorkerStart) {
        options.atWorkerStart();
    }
    const auto watch = board.watch(index);
    const auto gate = board.gate(index);
    while (const std::optional<Message> message = receiveMessage(socket)) {
        const Order order = parseOrder(*message);
        const UnitContext context{.threads = order.threads,
                                  .gate = gate.get(),
                                  .watch = watch.get(),
                                  .quarantined = order.quarantined};
        if (!sendMessage(socket, answer(order, context, work))) {
            break;
        }
    }
    ::_exit(0); // no destructors: the state belongs to the engine's process
}

} // namespace pipeline::engine
