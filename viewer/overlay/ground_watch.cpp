#include "viewer/overlay/ground_watch.h"

#include <utility>

namespace viewer::overlay {

std::optional<GroundGrid> GroundWatch::step(const GroundArea& area,
                                            const std::function<Meshes()>& meshes) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::seconds kPause(1);
    isStale_ = std::exchange(area_, area) != area || isStale_;
    std::optional<GroundGrid> made;
    if (making_.valid() && making_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        made = making_.get();
    }
    const bool isFirst = begun_ == Clock::time_point();
    if (isStale_ && !making_.valid() && (isFirst || Clock::now() - begun_ >= kPause)) {
        isStale_ = false;
        begun_ = Clock::now();
        making_ = std::async(std::launch::async, [shown = meshes(), plane = plane_, area] {
            return groundUnder(shown, plane, area);
        });
    }
    return made;
}

} // namespace viewer::overlay
