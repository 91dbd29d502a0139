#include "tests/support/silhouette.h"

#include "tests/support/tile_painter.h"

#include <algorithm>
#include <span>

namespace tests {

bool isBackground(const tiles3d::image::Raster& picture, std::size_t pixel) {
    const std::byte* first = picture.pixels.data() + pixel * picture.channels;
    return std::equal(
        kBackground.begin(), kBackground.end(), first, [](std::uint8_t wanted, std::byte value) {
            return std::to_integer<std::uint8_t>(value) == wanted;
        });
}

Silhouette::Silhouette(const tiles3d::image::Raster& picture)
    : width_(picture.width), height_(picture.height), isCity_(width_ * height_) {
    for (std::size_t i = 0; i < isCity_.size(); ++i) {
        isCity_[i] = isBackground(picture, i) ? 0 : 1;
    }
}

void Silhouette::unite(const Silhouette& other) {
    std::ranges::transform(
        isCity_, other.isCity_, isCity_.begin(), [](auto a, auto b) { return std::max(a, b); });
}

std::size_t Silhouette::coveredPixels() const {
    return static_cast<std::size_t>(std::ranges::count(isCity_, 1));
}

double Silhouette::shareOf(const Silhouette& reference) const {
    std::size_t wanted = 0;
    std::size_t covered = 0;
    for (std::size_t i = 0; i < isCity_.size(); ++i) {
        wanted += reference.isCity_[i];
        covered += std::min(reference.isCity_[i], isCity_[i]);
    }
    return wanted == 0 ? 1.0 : static_cast<double>(covered) / static_cast<double>(wanted);
}

std::vector<std::size_t> Silhouette::enclosedBackground() const {
    std::vector<std::uint8_t> isReached = isCity_; // the flood stops at the city
    std::vector<std::size_t> waiting;
    const auto reach = [&](std::size_t pixel) {
        if (isReached[pixel] == 0) {
            isReached[pixel] = 1;
            waiting.push_back(pixel);
        }
    };
    const std::size_t count = isCity_.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t column = i % width_;
        if (column == 0 || column + 1 == width_ || i < width_ || i + width_ >= count) {
            reach(i);
        }
    }
    while (!waiting.empty()) {
        const std::size_t pixel = waiting.back();
        waiting.pop_back();
        if (pixel % width_ != 0) {
            reach(pixel - 1);
        }
        if (pixel % width_ + 1 != width_) {
            reach(pixel + 1);
        }
        if (pixel >= width_) {
            reach(pixel - width_);
        }
        if (pixel + width_ < count) {
            reach(pixel + width_);
        }
    }
    std::vector<std::size_t> enclosed;
    for (std::size_t i = 0; i < count; ++i) {
        if (isReached[i] == 0) {
            enclosed.push_back(i);
        }
    }
    return enclosed;
}

bool Silhouette::isCityAround(std::size_t pixel, std::size_t marginPixels) const {
    const std::size_t column = pixel % width_;
    const std::size_t line = pixel / width_;
    const std::size_t left = column - std::min(column, marginPixels);
    const std::size_t right = std::min(column + marginPixels, width_ - 1);
    const std::size_t bottom = std::min(line + marginPixels, height_ - 1);
    for (std::size_t y = line - std::min(line, marginPixels); y <= bottom; ++y) {
        const std::span row(isCity_.data() + y * width_ + left, right - left + 1);
        if (std::ranges::find(row, 0) != row.end()) {
            return false;
        }
    }
    return true;
}

std::size_t Silhouette::enclosedBackgroundPixels() const {
    return enclosedBackground().size();
}

std::size_t Silhouette::enclosedBackgroundPixels(const Silhouette& reference,
                                                 std::size_t marginPixels) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(enclosedBackground(), [&](std::size_t pixel) {
            return reference.isCityAround(pixel, marginPixels);
        }));
}

} // namespace tests
