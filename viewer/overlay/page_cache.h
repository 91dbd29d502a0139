#pragma once

#include "viewer/overlay/page.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace viewer::overlay {

struct DrapedLayers;

/// Pages that a shader can look up: all their texels one after the other in rows of kTexelsAcross,
/// and a table that says where each one is. What changes is noted row by row, for upload.
class PageCache {
public:
    static constexpr std::size_t kTexelsAcross = 4096;
    /// Pages of a level are found by the low bits of their place; two that share them cannot both
    /// be, which a view never asks for.
    static constexpr std::int32_t kTableAcross = 32;
    static constexpr std::uint32_t kEmptyPage = 0xFFFFFFFFU; ///< There, with nothing in it.
    using TableEntry = std::array<std::uint32_t, 2>; ///< First texel or 0 for none; the page's key.

    explicit PageCache(std::size_t mostBytes);

    /// In place of an older one of that key. `made`: what it was made of. Pages that were not
    /// touched for longest make room; false if that is not enough.
    bool put(Page page, std::shared_ptr<const DrapedLayers> made);
    /// What the page was made of; null if it is not there. It counts as used now.
    std::shared_ptr<const DrapedLayers> touch(const PageKey& key);
    /// Touches from now on are newer than those before.
    void nextFrame() { ++frame_; }

    using StateOf = std::function<std::uint32_t(const pipeline::planning::FeatureRef&)>;
    /// Sets the state bits of all features of all pages, or of `only` these, ascending.
    void setStates(const StateOf& stateOf,
                   const std::vector<pipeline::planning::FeatureRef>* only = nullptr);

    const std::vector<Texel>& texels() const { return texels_; } ///< Whole rows.
    const std::vector<TableEntry>& table() const { return table_; }
    std::size_t rows() const { return texels_.size() / kTexelsAcross; }
    /// Rows [first, second) that have changed since, one run after the other.
    std::vector<std::pair<std::size_t, std::size_t>> takeChangedRows();
    bool takeTableChanged() { return std::exchange(isTableChanged_, false); }
    bool hasChanges() const { return isTableChanged_ || hasChangedRows_; }

    std::size_t count() const { return pages_.size(); }
    std::size_t usedBytes() const { return usedTexels_ * sizeof(Texel); }

private:
    struct Resident {
        std::size_t first = 0; // texel
        std::size_t size = 0;  // texels, whole grains
        std::vector<std::pair<pipeline::planning::FeatureRef, std::uint32_t>> rows; // ascending
        std::shared_ptr<const DrapedLayers> made;
        std::uint64_t touched = 0;
    };
    using Pages = std::map<PageKey, Resident>;

    std::optional<std::size_t> allocate(std::size_t texels);
    std::optional<std::size_t> takeGap(std::size_t texels);
    bool grow(std::size_t texels);
    bool dropOldest();
    void free(std::size_t first, std::size_t size);
    void erase(Pages::iterator page);
    void point(const PageKey& key, std::uint32_t first);
    void noteChanged(std::size_t first, std::size_t count);
    bool setState(const Resident& page, std::uint32_t row, std::uint32_t state);

    std::size_t mostTexels_;
    std::vector<Texel> texels_;
    std::vector<TableEntry> table_;
    std::vector<bool> changedRows_;
    bool hasChangedRows_ = false;
    bool isTableChanged_ = true;
    std::map<std::size_t, std::size_t> gaps_; // size by first texel
    std::size_t usedTexels_ = 0;
    std::uint64_t frame_ = 1;
    Pages pages_;
};

} // namespace viewer::overlay
