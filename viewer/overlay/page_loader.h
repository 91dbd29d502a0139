#pragma once

#include "viewer/overlay/page_source.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace viewer::overlay {

/// Makes pages in threads of its own.
class PageLoader {
public:
    PageLoader(std::shared_ptr<const pipeline::planning::LayerStore> store, std::size_t threads);
    PageLoader(const PageLoader&) = delete;
    PageLoader& operator=(const PageLoader&) = delete;
    /// Waits for the pages that are being made.
    ~PageLoader();

    /// In place of all that was asked for before and has not been begun; the first one first. Pages
    /// that are being made of the same layers are not made again.
    void ask(const std::vector<PageKey>& pages, std::shared_ptr<const DrapedLayers> layers);
    /// Finished pages, in the order that they came, of no more than about so many bytes.
    std::vector<MadePage> take(std::size_t mostBytes);
    /// Nothing is asked for, being made or waiting to be taken.
    bool isIdle() const;

private:
    void work();

    std::shared_ptr<const pipeline::planning::LayerStore> store_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<PageKey> asked_;
    std::shared_ptr<const DrapedLayers> layers_; // of those asked for
    std::set<std::pair<PageKey, const DrapedLayers*>> begun_;
    std::deque<MadePage> finished_;
    bool isEnding_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace viewer::overlay
