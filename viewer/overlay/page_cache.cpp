#include "viewer/overlay/page_cache.h"

#include <algorithm>
#include <iterator>

namespace viewer::overlay {

using pipeline::planning::FeatureRef;

namespace {

constexpr std::size_t kGrainTexels = 64;
constexpr std::size_t kFirstRows = 64; // 4 MiB

std::size_t slotOf(const PageKey& key) {
    constexpr std::int32_t kMask = PageCache::kTableAcross - 1;
    const std::int32_t row = key.level * PageCache::kTableAcross + (key.north & kMask);
    return static_cast<std::size_t>(row * PageCache::kTableAcross + (key.east & kMask));
}

std::uint32_t tagOf(const PageKey& key) {
    constexpr std::uint32_t kHalf = 0xFFFFU;
    return (static_cast<std::uint32_t>(key.east) & kHalf) | static_cast<std::uint32_t>(key.north)
                                                                << 16U;
}

std::size_t grains(std::size_t texels) {
    return (texels + kGrainTexels - 1) / kGrainTexels * kGrainTexels;
}

} // namespace

PageCache::PageCache(std::size_t mostBytes)
    : mostTexels_(std::max(mostBytes / sizeof(Texel), kFirstRows * kTexelsAcross)),
      table_(std::size_t{kLevels} * kTableAcross * kTableAcross) {
    grow(0);
    takeGap(kGrainTexels); // texel 0 stands for no page
}

bool PageCache::put(Page page, std::shared_ptr<const DrapedLayers> made) {
    const std::size_t size = grains(page.texels.size());
    const auto first = allocate(size);
    if (!first) {
        return false;
    }
    std::ranges::copy(page.texels, texels_.begin() + static_cast<std::ptrdiff_t>(*first));
    noteChanged(*first, page.texels.size());
    if (const auto old = pages_.find(page.key); old != pages_.end()) {
        erase(old);
    }
    Resident resident{.first = *first, .size = size, .made = std::move(made), .touched = frame_};
    for (std::uint32_t row = 0; row < page.features.size(); ++row) {
        resident.rows.emplace_back(page.features[row], row);
    }
    std::ranges::sort(resident.rows);
    usedTexels_ += size;
    pages_.emplace(page.key, std::move(resident));
    point(page.key, size == 0 ? kEmptyPage : static_cast<std::uint32_t>(*first));
    return true;
}

std::shared_ptr<const DrapedLayers> PageCache::touch(const PageKey& key) {
    const auto found = pages_.find(key);
    if (found == pages_.end()) {
        return nullptr;
    }
    found->second.touched = frame_;
    const TableEntry& entry = table_[slotOf(key)];
    if (entry[0] == 0 || entry[1] != tagOf(key)) { // another one had its place meanwhile
        const Resident& page = found->second;
        point(key, page.size == 0 ? kEmptyPage : static_cast<std::uint32_t>(page.first));
    }
    return found->second.made;
}

bool PageCache::setState(const Resident& page, std::uint32_t row, std::uint32_t state) {
    const std::size_t at = page.first + Page::kSlotTexels + row;
    const std::uint32_t before = texels_[at][0];
    texels_[at][0] = (before & kSymbolMask) | state;
    if (texels_[at][0] != before) {
        noteChanged(at, 1);
        return true;
    }
    return false;
}

void PageCache::setStates(const StateOf& stateOf, const std::vector<FeatureRef>* only) {
    for (const auto& [key, page] : pages_) {
        if (only == nullptr) {
            for (const auto& [ref, row] : page.rows) {
                setState(page, row, stateOf(ref));
            }
            continue;
        }
        auto at = page.rows.begin();
        for (const FeatureRef& ref : *only) {
            at = std::lower_bound(at, page.rows.end(), std::pair(ref, std::uint32_t{0}));
            if (at != page.rows.end() && at->first == ref) {
                setState(page, at->second, stateOf(ref));
            }
        }
    }
}

std::vector<std::pair<std::size_t, std::size_t>> PageCache::takeChangedRows() {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (std::size_t row = 0; row < changedRows_.size(); ++row) {
        if (!changedRows_[row]) {
            continue;
        }
        changedRows_[row] = false;
        if (!runs.empty() && runs.back().second == row) {
            ++runs.back().second;
        } else {
            runs.emplace_back(row, row + 1);
        }
    }
    hasChangedRows_ = false;
    return runs;
}

std::optional<std::size_t> PageCache::allocate(std::size_t texels) {
    if (texels == 0) {
        return 0;
    }
    while (true) {
        if (const auto first = takeGap(texels)) {
            return first;
        }
        if (!grow(texels) && !dropOldest()) {
            return std::nullopt;
        }
    }
}

/// First fit.
std::optional<std::size_t> PageCache::takeGap(std::size_t texels) {
    const auto gap =
        std::ranges::find_if(gaps_, [texels](const auto& one) { return one.second >= texels; });
    if (gap == gaps_.end()) {
        return std::nullopt;
    }
    const auto [first, size] = *gap;
    gaps_.erase(gap);
    if (size > texels) {
        gaps_.emplace(first + texels, size - texels);
    }
    return first;
}

/// To twice the rows, or as many as are allowed.
bool PageCache::grow(std::size_t texels) {
    const std::size_t before = texels_.size();
    const std::size_t rowsAllowed = mostTexels_ / kTexelsAcross;
    const std::size_t rowsWanted = rows() + std::max(rows(), texels / kTexelsAcross + 1);
    const std::size_t rowsNow = std::min(std::max(rowsWanted, kFirstRows), rowsAllowed);
    if (rowsNow <= rows()) {
        return false;
    }
    texels_.resize(rowsNow * kTexelsAcross);
    changedRows_.resize(rowsNow, false);
    free(before, texels_.size() - before);
    return true;
}

/// Those of this frame stay.
bool PageCache::dropOldest() {
    const auto oldest =
        std::ranges::min_element(pages_, {}, [](const auto& page) { return page.second.touched; });
    if (oldest == pages_.end() || oldest->second.touched == frame_) {
        return false;
    }
    const PageKey key = oldest->first;
    const TableEntry& entry = table_[slotOf(key)];
    if (entry[1] == tagOf(key)) {
        point(key, 0);
    }
    erase(oldest);
    return true;
}

void PageCache::free(std::size_t first, std::size_t size) {
    auto gap = gaps_.emplace(first, size).first;
    if (const auto next = std::next(gap);
        next != gaps_.end() && gap->first + gap->second == next->first) {
        gap->second += next->second;
        gaps_.erase(next);
    }
    if (gap != gaps_.begin()) {
        const auto before = std::prev(gap);
        if (before->first + before->second == gap->first) {
            before->second += gap->second;
            gaps_.erase(gap);
        }
    }
}

void PageCache::erase(Pages::iterator page) {
    if (page->second.size > 0) {
        free(page->second.first, page->second.size);
        usedTexels_ -= page->second.size;
    }
    pages_.erase(page);
}

void PageCache::point(const PageKey& key, std::uint32_t first) {
    table_[slotOf(key)] = {first, tagOf(key)};
    isTableChanged_ = true;
}

void PageCache::noteChanged(std::size_t first, std::size_t count) {
    for (std::size_t row = first / kTexelsAcross; row * kTexelsAcross < first + count; ++row) {
        changedRows_[row] = true;
        hasChangedRows_ = true;
    }
}

} // namespace viewer::overlay
