#pragma once

#include "viewer/overlay/ground_grid.h"

#include <chrono>
#include <functional>
#include <future>
#include <optional>

namespace viewer::overlay {

/// Keeps the ground under a camera up to date: makes it in the background, at most once a second.
class GroundWatch {
public:
    explicit GroundWatch(const PlaneFit& plane) : plane_(plane) {}
    GroundWatch(const GroundWatch&) = delete;
    GroundWatch& operator=(const GroundWatch&) = delete;
    /// Waits for what is being made.
    ~GroundWatch() = default;

    /// What is shown is other than before.
    void noteSurfaceChange() { isStale_ = true; }
    /// The ground, if a newer one is made. `meshes`: what is shown, asked for when it is needed.
    std::optional<GroundGrid> step(const GroundArea& area, const std::function<Meshes()>& meshes);
    /// The last one that was handed out is of what is shown now.
    bool isSettled() const { return !isStale_ && !making_.valid(); }

private:
    PlaneFit plane_;
    std::optional<GroundArea> area_;
    bool isStale_ = true;
    std::chrono::steady_clock::time_point begun_;
    std::future<GroundGrid> making_;
};

} // namespace viewer::overlay
