#include "viewer/overlay/page_loader.h"

#include <algorithm>
#include <utility>

namespace viewer::overlay {

PageLoader::PageLoader(std::shared_ptr<const pipeline::planning::LayerStore> store,
                       std::size_t threads)
    : store_(std::move(store)) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

PageLoader::~PageLoader() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    wake_.notify_all();
    threads_.clear();
}

void PageLoader::ask(const std::vector<PageKey>& pages,
                     std::shared_ptr<const DrapedLayers> layers) {
    {
        const std::lock_guard lock(mutex_);
        asked_.clear();
        layers_ = std::move(layers);
        for (const PageKey& page : pages) {
            const auto isFinished = [&](const MadePage& made) {
                return made.page.key == page && made.made == layers_;
            };
            if (!begun_.contains({page, layers_.get()}) &&
                std::ranges::none_of(finished_, isFinished)) {
                asked_.push_back(page);
            }
        }
    }
    wake_.notify_all();
}

std::vector<MadePage> PageLoader::take(std::size_t mostBytes) {
    const std::lock_guard lock(mutex_);
    std::vector<MadePage> taken;
    std::size_t bytes = 0;
    while (!finished_.empty() && bytes < mostBytes) {
        bytes += finished_.front().page.texels.size() * sizeof(Texel);
        taken.push_back(std::move(finished_.front()));
        finished_.pop_front();
    }
    return taken;
}

bool PageLoader::isIdle() const {
    const std::lock_guard lock(mutex_);
    return asked_.empty() && begun_.empty() && finished_.empty();
}

void PageLoader::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return isEnding_ || !asked_.empty(); });
        if (isEnding_) {
            return;
        }
        const PageKey key = asked_.front();
        asked_.pop_front();
        const auto layers = layers_;
        begun_.insert({key, layers.get()});
        lock.unlock();
        MadePage made = makePage(key, layers, *store_);
        lock.lock();
        begun_.erase({key, layers.get()});
        finished_.push_back(std::move(made));
    }
}

} // namespace viewer::overlay
