#include "viewer/overlay/label_loader.h"

#include <iterator>
#include <utility>

namespace viewer::overlay {

using pipeline::planning::LayerStore;

LabelLoader::LabelLoader(std::shared_ptr<const LayerStore> store,
                         const tiles3d::geo::EnuFrame& scene)
    : store_(std::move(store)), scene_(scene), thread_([this] { work(); }) {}

LabelLoader::~LabelLoader() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void LabelLoader::ask(LabelRequest request) {
    {
        const std::lock_guard lock(mutex_);
        asked_ = std::move(request);
    }
    wake_.notify_all();
}

std::optional<std::vector<MapLabel>> LabelLoader::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(finished_, std::nullopt);
}

std::vector<std::string> LabelLoader::takeMessages() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
}

bool LabelLoader::isIdle() const {
    const std::lock_guard lock(mutex_);
    return !asked_ && !isReading_ && !finished_;
}

void LabelLoader::work() {
    auto source = LabelSource::create(store_, scene_);
    std::unique_lock lock(mutex_);
    if (!source) {
        messages_.push_back("labels: " + source.error().message);
    }
    while (true) {
        wake_.wait(lock, [this] { return isEnding_ || asked_; });
        if (isEnding_) {
            return;
        }
        const LabelRequest request = *std::exchange(asked_, std::nullopt);
        isReading_ = true;
        lock.unlock();
        std::vector<std::string> messages;
        std::vector<MapLabel> labels =
            source ? source->read(request, messages) : std::vector<MapLabel>{};
        lock.lock();
        isReading_ = false;
        finished_ = std::move(labels);
        std::ranges::move(messages, std::back_inserter(messages_));
    }
}

} // namespace viewer::overlay
