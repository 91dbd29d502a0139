#pragma once

#include "viewer/overlay/label_source.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace viewer::overlay {

/// Reads labels in a thread of its own.
class LabelLoader {
public:
    LabelLoader(std::shared_ptr<const pipeline::planning::LayerStore> store,
                const tiles3d::geo::EnuFrame& scene);
    LabelLoader(const LabelLoader&) = delete;
    LabelLoader& operator=(const LabelLoader&) = delete;
    /// Waits for what is being read.
    ~LabelLoader();

    /// In place of what was asked for before and has not been begun.
    void ask(LabelRequest request);
    /// The labels of the last request that was read, once.
    std::optional<std::vector<MapLabel>> take();
    std::vector<std::string> takeMessages();
    /// Nothing is asked for, being read or waiting to be taken.
    bool isIdle() const;

private:
    void work();

    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    tiles3d::geo::EnuFrame scene_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<LabelRequest> asked_;
    std::optional<std::vector<MapLabel>> finished_;
    std::vector<std::string> messages_;
    bool isReading_ = false;
    bool isEnding_ = false;
    std::thread thread_; // last: what it uses is there before it
};

} // namespace viewer::overlay
