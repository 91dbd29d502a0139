#include "pipeline/engine/shared_board.h"

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>

namespace pipeline::engine {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

struct Slot {
    std::atomic<bool> isTaken{false};
    std::atomic<std::int64_t> since{0}; ///< 0: no file.
    std::array<char, SharedBoard::kNameBytes + 1> name{};
};

struct Worker {
    std::array<Slot, SharedBoard::kSlots> slots;
    std::atomic<std::int64_t> helpers{0};
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free, "shared between processes");

} // namespace

struct SharedBoard::Memory {
    std::atomic<std::int64_t> used{0};
    std::int64_t cores = 1;
    std::size_t workers = 0;
    std::size_t bytes = 0;

    Worker& worker(std::size_t index) {
        return reinterpret_cast<Worker*>(this + 1)[index]; // NOLINT
    }
};

namespace {

class Watch : public IFileWatch {
public:
    explicit Watch(Worker& worker) : worker_(worker) {}

    std::size_t enter(const std::string& file) override {
        for (std::size_t i = 0; i < worker_.slots.size(); ++i) {
            Slot& slot = worker_.slots[i];
            if (!slot.isTaken.exchange(true)) {
                const std::size_t length = std::min(file.size(), SharedBoard::kNameBytes);
                std::memcpy(slot.name.data(), file.data(), length);
                slot.name[length] = '\0';
                slot.since = steadyMilliseconds();
                return i;
            }
        }
        return worker_.slots.size(); // more threads than slots: not watched
    }

    void leave(std::size_t index) override {
        if (index < worker_.slots.size()) {
            worker_.slots[index].since = 0;
            worker_.slots[index].isTaken = false;
        }
    }

private:
    Worker& worker_;
};

class Gate : public tiles3d::base::IThreadGate {
public:
    Gate(SharedBoard::Memory& memory, Worker& worker) : memory_(memory), worker_(worker) {}

    bool tryEnter() override {
        std::int64_t used = memory_.used;
        while (used < memory_.cores) {
            if (memory_.used.compare_exchange_weak(used, used + 1)) {
                ++worker_.helpers;
                return true;
            }
        }
        return false;
    }
    void leave() override {
        --worker_.helpers;
        --memory_.used;
    }
    bool isCrowded() const override { return memory_.used > memory_.cores; }

private:
    SharedBoard::Memory& memory_;
    Worker& worker_;
};

} // namespace

Result<SharedBoard> SharedBoard::create(std::size_t workers, std::size_t cores) {
    const std::size_t bytes = sizeof(Memory) + workers * sizeof(Worker);
    void* raw = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) {
        return Error{"no memory for " + std::to_string(workers) + " workers"};
    }
    auto* memory = new (raw) Memory; // NOLINT(cppcoreguidelines-owning-memory): munmap below
    memory->cores = static_cast<std::int64_t>(cores);
    memory->workers = workers;
    memory->bytes = bytes;
    for (std::size_t i = 0; i < workers; ++i) {
        new (&memory->worker(i)) Worker;
    }
    return SharedBoard(
        std::shared_ptr<Memory>(memory, [](Memory* owned) { ::munmap(owned, owned->bytes); }));
}

std::vector<SharedBoard::OpenFile> SharedBoard::openFiles(std::size_t worker) const {
    std::vector<OpenFile> files;
    for (const Slot& slot : memory_->worker(worker).slots) {
        if (const std::int64_t since = slot.since; since != 0) {
            files.push_back({slot.name.data(), since});
        }
    }
    return files;
}

void SharedBoard::reset(std::size_t worker) {
    Worker& dead = memory_->worker(worker);
    for (Slot& slot : dead.slots) {
        slot.since = 0;
        slot.isTaken = false;
    }
    memory_->used -= dead.helpers.exchange(0);
}

void SharedBoard::occupy() {
    ++memory_->used;
}

void SharedBoard::release() {
    --memory_->used;
}

std::unique_ptr<IFileWatch> SharedBoard::watch(std::size_t worker) const {
    return std::make_unique<Watch>(memory_->worker(worker));
}

std::unique_ptr<tiles3d::base::IThreadGate> SharedBoard::gate(std::size_t worker) const {
    return std::make_unique<Gate>(*memory_, memory_->worker(worker));
}

std::int64_t steadyMilliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace pipeline::engine
