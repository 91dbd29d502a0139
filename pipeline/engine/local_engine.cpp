#include "pipeline/engine/local_engine.h"

#include "pipeline/engine/worker.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <numeric>
#include <optional>

namespace pipeline::engine {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

struct WorkerProcess {
    pid_t pid = -1;
    int socket = -1;
    std::optional<std::size_t> unit; ///< What it works on.
    std::optional<Quarantined> hung; ///< The file it was killed for.
};

/// What is known of a unit beyond its name: it grows with every worker that the unit costs.
struct UnitState {
    std::set<Quarantined> quarantined;
    bool isCareful = false; ///< One thread, so that the next death names its file.
};

/// One call of LocalEngine::run().
class Run {
public:
    Run(const LocalOptions& options,
        const std::vector<Unit>& units,
        const Work& work,
        const OnResult& onResult,
        SharedBoard board,
        std::size_t workers)
        : options_(options), units_(units), work_(work), onResult_(onResult),
          board_(std::move(board)), workers_(workers), states_(units.size()) {
        queueHeaviestFirst();
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run() { stopWorkers(); }

    Status run() {
        while (!queue_.empty() || isAnyBusy()) {
            if (Status started = dispatch(); !started) {
                return started;
            }
            if (Status collected = collect(); !collected) {
                return collected;
            }
            killHanging();
        }
        return ok();
    }

private:
    void queueHeaviestFirst() {
        std::vector<std::size_t> order(units_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(
            order, std::ranges::greater{}, [&](std::size_t i) { return units_[i].bytes; });
        queue_.assign(order.begin(), order.end());
    }

    bool isAnyBusy() const {
        return std::ranges::any_of(
            workers_, [](const WorkerProcess& worker) { return worker.unit.has_value(); });
    }

    Status dispatch() {
        for (std::size_t i = 0; i < workers_.size() && !queue_.empty(); ++i) {
            if (workers_[i].unit) {
                continue;
            }
            if (workers_[i].pid < 0) {
                if (Status started = start(i); !started) {
                    return started;
                }
            }
            const std::size_t unit = queue_.front();
            queue_.pop_front();
            workers_[i].unit = unit;
            board_.occupy();
            const UnitState& state = states_[unit];
            // A worker that is gone already is noticed by collect().
            sendMessage(workers_[i].socket,
                        toMessage({.unit = unit,
                                   .threads = state.isCareful ? 1 : options_.jobs,
                                   .quarantined = state.quarantined}));
        }
        return ok();
    }

    Status start(std::size_t index) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return Error{std::string("cannot start a worker: ") + std::strerror(errno)};
        }
        const pid_t pid = ::fork();
        if (pid < 0) {
            ::close(ends[0]);
            ::close(ends[1]);
            return Error{std::string("cannot start a worker: ") + std::strerror(errno)};
        }
        if (pid == 0) {
            ::close(ends[0]);
            for (const WorkerProcess& other : workers_) {
                if (other.socket >= 0) {
                    ::close(other.socket); // or the others would not see the engine's end close
                }
            }
            runWorker(ends[1], board_, index, options_, work_);
        }
        ::close(ends[1]);
        workers_[index] = {.pid = pid, .socket = ends[0]};
        return ok();
    }

    Status collect() {
        constexpr int kLookForHangsMilliseconds = 200;
        std::vector<pollfd> polled;
        for (const WorkerProcess& worker : workers_) {
            polled.push_back({.fd = worker.unit ? worker.socket : -1, .events = POLLIN});
        }
        if (::poll(polled.data(), polled.size(), kLookForHangsMilliseconds) < 0 && errno != EINTR) {
            return Error{std::string("cannot wait for workers: ") + std::strerror(errno)};
        }
        for (std::size_t i = 0; i < polled.size(); ++i) {
            if (polled[i].fd < 0 || polled[i].revents == 0) {
                continue;
            }
            const std::optional<Message> message = receiveMessage(workers_[i].socket);
            const Status taken =
                message && message->size() == 2 ? takeAnswer(i, *message) : takeDeath(i);
            if (!taken) {
                return taken;
            }
        }
        return ok();
    }

    Status takeAnswer(std::size_t index, const Message& message) {
        const std::size_t unit = *workers_[index].unit;
        workers_[index].unit.reset();
        board_.release();
        if (message[0] == "failed") {
            return Error{units_[unit].name + ": " + message[1]};
        }
        return onResult_(unit, message[1]);
    }

    Status takeDeath(std::size_t index) {
        WorkerProcess& worker = workers_[index];
        const std::size_t unit = *worker.unit;
        const std::vector<SharedBoard::OpenFile> open = board_.openFiles(index);
        const std::optional<Quarantined> hung = worker.hung;
        const std::string death = reap(worker);
        board_.reset(index);
        board_.release();

        UnitState& state = states_[unit];
        if (hung) {
            state.quarantined.insert(*hung);
        } else if (open.size() == 1) {
            state.quarantined.insert({open.front().name, "the reader crashed on it: " + death});
        } else if (!state.isCareful) {
            state.isCareful = true;
        } else {
            return Error{units_[unit].name +
                         ": its worker died outside of any input file: " + death};
        }
        queue_.push_front(unit);
        return ok();
    }

    /// Buries a dead (or silent) worker and says how it died.
    static std::string reap(WorkerProcess& worker) {
        ::kill(worker.pid, SIGKILL); // a worker that only closed its socket is no use either
        ::close(worker.socket);
        int status = 0;
        while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
        }
        worker = {};
        return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                   : "exit code " + std::to_string(WEXITSTATUS(status));
    }

    void killHanging() {
        const std::int64_t limit =
            std::chrono::duration_cast<std::chrono::milliseconds>(options_.fileTimeout).count();
        for (std::size_t i = 0; i < workers_.size(); ++i) {
            if (!workers_[i].unit || workers_[i].hung) {
                continue;
            }
            for (const SharedBoard::OpenFile& file : board_.openFiles(i)) {
                if (steadyMilliseconds() - file.sinceMilliseconds > limit) {
                    workers_[i].hung = Quarantined{
                        file.name,
                        "not read within " + std::to_string(options_.fileTimeout.count()) + " s"};
                    ::kill(workers_[i].pid, SIGKILL);
                    break;
                }
            }
        }
    }

    void stopWorkers() {
        for (WorkerProcess& worker : workers_) {
            if (worker.pid < 0) {
                continue;
            }
            if (worker.unit) {
                ::kill(worker.pid, SIGKILL);
            }
            ::close(worker.socket);
            while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }

    const LocalOptions& options_;
    const std::vector<Unit>& units_;
    const Work& work_;
    const OnResult& onResult_;
    SharedBoard board_;
    std::vector<WorkerProcess> workers_;
    std::vector<UnitState> states_;
    std::deque<std::size_t> queue_;
};

} // namespace

Status
LocalEngine::run(const std::vector<Unit>& units, const Work& work, const OnResult& onResult) {
    if (units.empty()) {
        return ok();
    }
    const std::size_t jobs = std::max<std::size_t>(options_.jobs, 1);
    const std::size_t workers = std::min(jobs, units.size());
    Result<SharedBoard> board = SharedBoard::create(workers, jobs);
    if (!board) {
        return board.error();
    }
    return Run(options_, units, work, onResult, *std::move(board), workers).run();
}

} // namespace pipeline::engine
