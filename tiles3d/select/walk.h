#pragma once

#include "tiles3d/select/select.h"
#include "tiles3d/select/view_frustum.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiles3d::select {

/// Why a node is asked for; what stands first loads first.
enum class Purpose : std::uint8_t {
    Cover,     ///< Nothing Ready covers the place, or only with a loss.
    Structure, ///< An external tileset that the views need.
    Step,      ///< A coarse tile that stands for many wanted ones.
    Wanted,
    Ancestor, ///< From here on what only later motion needs.
    Sibling
};

Priority priorityOf(Purpose purpose);

struct Request {
    std::uint32_t node = 0;
    Purpose purpose = Purpose::Wanted;
    float order = 0.0F; ///< Smaller first within one purpose; then the smaller node.

    /// Smaller first. One number, as thousands are sorted in every frame.
    std::uint64_t key() const {
        constexpr unsigned kOrderBits = 32;
        constexpr unsigned kNodeBits = 29;
        constexpr std::uint32_t kSign = 1U << 31U;
        // Floats compare like their bits once those of negative ones are turned over.
        const auto bits = std::bit_cast<std::uint32_t>(order);
        const std::uint32_t rank = (bits & kSign) != 0 ? ~bits : bits | kSign;
        return (static_cast<std::uint64_t>(purpose) << (kOrderBits + kNodeBits)) |
               (std::uint64_t{rank} << kNodeBits) | node;
    }
};

/// One way down the tree for one set of views. Used once. The recursion is as deep as the tree, at
/// most kMaxTreeDepth. Options::prefetchViews are not looked at.
class Walk {
public:
    Walk(const SelectionTree& tree,
         const std::vector<ViewState>& views,
         const std::vector<ContentState>& state,
         const Options& options,
         const Selection& previous);

    /// Fills all of a Selection but `load`; nothing is sorted.
    void run();

    Selection selection;
    std::vector<Request> requests; ///< A node may be asked for several times. Not sorted.

private:
    /// The views that see a node, and those whose pyramid holds it whole: a bit for each.
    struct Sight {
        std::uint64_t seenBy = 0;
        std::uint64_t insideOf = 0;
    };
    /// A node on the way down.
    struct Visit {
        std::size_t node = 0;
        Sight sight;
        double errorPixels = 0.0;        ///< The largest over the views that see it.
        bool isTopmost = true;           ///< No ancestor has content.
        std::size_t firstChildSight = 0; ///< In childSights_.
    };

    bool visit(std::size_t index, Sight sight, bool isTopmost);
    bool visitSeen(Visit& at);
    bool drawWanted(const Visit& at);
    bool refineAdding(Visit& at);
    bool refineReplacing(Visit& at);
    bool visitChildren(Visit& at);
    bool drawDescendants(std::size_t index, const Sight& sight);
    bool drawSubstitute(std::size_t index, const Sight& sight);
    bool draw(std::size_t index);
    void kick(std::size_t firstRender);
    bool isStepFor(const Visit& at, std::size_t needs) const;
    void askForRefined(const Visit& at, bool isStep, bool areCovered);
    void askForUnseen(std::size_t index);
    void ask(const Visit& at, Purpose purpose);
    void request(std::size_t index, Purpose purpose, double order);
    void restore(std::size_t index, std::size_t firstCover);

    Sight lookAt(const Node& node, const Sight& parent) const;
    std::uint64_t lookAtChildren(const Node& node, const Sight& sight);
    double errorPixelsOf(const Node& node, std::uint64_t seenBy) const;
    double urgencyOf(const Node& node, std::uint64_t seenBy) const;

    bool hasContent(std::size_t index) const { return !nodes_[index].contentUris.empty(); }
    bool isDrawable(std::size_t index) const;
    bool isMissing(std::size_t index) const;
    bool hasFailed(std::size_t index) const;
    bool isLost(std::size_t index) const;
    bool waitsForExternal(std::size_t index) const;

    const std::vector<Node>& nodes_;
    std::vector<ViewFrustum> views_;
    const std::vector<ContentState>& state_;
    const Options& options_;
    /// By node: finer tiles were drawn below it in the frame before, or were to be.
    std::vector<std::uint8_t> wasRefined_;
    std::size_t needs_ = 0;          ///< Tiles needed below the node at hand, up to the next steps.
    std::size_t lost_ = 0;           ///< Failed nodes met that nothing is drawn below.
    std::vector<Sight> childSights_; ///< A stack.
    std::vector<std::size_t> covers_; ///< A stack: topmost missing nodes of places not covered.
};

} // namespace tiles3d::select
