#include "viewer/stream/background_thread.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace viewer::stream {

/// Linux keeps the nice value per thread. SCHED_IDLE would starve loading wherever pictures are
/// drawn by the processor: software rendering keeps every core busy while the camera moves.
void yieldToOtherThreads() {
#ifdef __linux__
    constexpr int kNice = 10; // weight 110 against 1024
    const auto thread = static_cast<id_t>(gettid());
    const int current = getpriority(PRIO_PROCESS, thread);
    [[maybe_unused]] const int refused = setpriority(PRIO_PROCESS, thread, current + kNice);
#endif
}

} // namespace viewer::stream
