#include "tiles3d/select/select.h"

#include "tiles3d/select/view_frustum.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace tiles3d::select {

using tileset::Refine;

namespace {

/// What stands in loads before what it stands in for.
enum class Purpose : std::uint8_t { StandIn, Wanted };

struct Request {
    std::size_t node = 0;
    Purpose purpose = Purpose::Wanted;
    double order = 0.0; ///< Smaller first within one purpose.

    auto key() const { return std::tuple(purpose, order, node); }
};

/// What the views make of one node.
struct Sight {
    bool isSeen = false;
    double screenSpaceErrorPixels = 0.0; ///< The largest over the views that see it.
};

/// One selection. The recursion is as deep as the tree, at most kMaxTreeDepth.
class Walk {
public:
    Walk(const SelectionTree& tree,
         const std::vector<ViewState>& views,
         const std::vector<ContentState>& state,
         const Options& options)
        : nodes_(tree.nodes()), views_(views.begin(), views.end()), state_(state),
          options_(options) {}

    Selection run() {
        result_.isComplete = true;
        visit(0);
        std::ranges::sort(result_.render);
        std::ranges::sort(requests_, {}, &Request::key);
        for (const Request& request : requests_) {
            result_.load.push_back(request.node);
        }
        return std::move(result_);
    }

private:
    /// Lists what draws the subtree and what it lacks. True if what is listed leaves no hole.
    bool visit(std::size_t index) {
        ++result_.visited;
        const Sight sight = lookAt(index);
        if (!sight.isSeen) {
            ++result_.culled;
            return true;
        }
        if (waitsForExternal(index)) {
            request(index, Purpose::StandIn, sight);
            result_.isComplete = false;
            return false;
        }
        const Node& node = nodes_[index];
        const bool isTooCoarse = node.alwaysRefines ||
                                 sight.screenSpaceErrorPixels >= options_.maxScreenSpaceErrorPixels;
        if (!isTooCoarse || node.children.empty()) {
            return drawWanted(index, sight);
        }
        return node.refine == Refine::Add ? refineAdding(index, sight)
                                          : refineReplacing(index, sight);
    }

    bool drawWanted(std::size_t index, const Sight& sight) {
        if (draw(index) || !isMissing(index)) {
            return true;
        }
        request(index, Purpose::Wanted, sight);
        result_.isComplete = false;
        return drawDescendants(index);
    }

    bool refineAdding(std::size_t index, const Sight& sight) {
        const bool isDrawn = draw(index);
        if (isMissing(index)) {
            request(index, Purpose::StandIn, sight);
            result_.isComplete = false;
        }
        const bool childrenCover = visitChildren(index);
        return isDrawn || (childrenCover && !isMissing(index));
    }

    bool refineReplacing(std::size_t index, const Sight& sight) {
        const std::size_t mark = result_.render.size();
        if (visitChildren(index)) {
            return true;
        }
        if (isDrawable(index)) {
            result_.render.resize(mark);
            return draw(index);
        }
        if (isMissing(index)) {
            request(index, Purpose::StandIn, sight);
        }
        return false;
    }

    bool visitChildren(std::size_t index) {
        bool areCovered = true;
        for (const std::size_t child : nodes_[index].children) {
            areCovered = visit(child) && areCovered;
        }
        return areCovered;
    }

    /// Draws a tile that is not there by finer ones that are, if they leave no hole. Stops at the
    /// first hole, so that a subtree without anything loaded costs no more than its depth.
    bool drawDescendants(std::size_t index) {
        const std::size_t mark = result_.render.size();
        const auto& children = nodes_[index].children;
        const bool areCovered =
            !children.empty() && std::ranges::all_of(children, [this](std::size_t child) {
                return !isSeen(child) || drawSubstitute(child);
            });
        if (!areCovered) {
            result_.render.resize(mark);
        }
        return areCovered;
    }

    bool drawSubstitute(std::size_t index) {
        if (draw(index)) {
            return true;
        }
        const Node& node = nodes_[index];
        if (node.children.empty()) {
            return !isMissing(index) && !waitsForExternal(index); // empty, or failed
        }
        const bool lacksOwnPart = node.refine == Refine::Add && isMissing(index);
        return !lacksOwnPart && drawDescendants(index);
    }

    /// Lists the node if there is something to draw.
    bool draw(std::size_t index) {
        if (isDrawable(index)) {
            result_.render.push_back(index);
            return true;
        }
        return false;
    }

    bool hasContent(std::size_t index) const { return !nodes_[index].contentUris.empty(); }
    bool isDrawable(std::size_t index) const {
        return hasContent(index) && state_[index] == ContentState::Ready;
    }
    bool isMissing(std::size_t index) const {
        return hasContent(index) && state_[index] == ContentState::Unloaded;
    }
    bool waitsForExternal(std::size_t index) const {
        return !nodes_[index].externalUri.empty() && !nodes_[index].externalAttached &&
               state_[index] != ContentState::Failed;
    }

    bool isSeenBy(const ViewFrustum& view, const Node& node) const {
        const auto& zone = node.viewerRequestVolumeEcef;
        const bool isInZone = !zone || tileset::excess(*zone, view.eye()) == 0.0;
        return isInZone && view.sees(node.volumeEcef) && seesAChild(view, node);
    }

    /// A tile's volume is often loose; its children's say better what can be seen of it. Children
    /// that always refine may have loose volumes themselves.
    bool seesAChild(const ViewFrustum& view, const Node& node) const {
        if (node.refine == Refine::Add || node.children.empty()) {
            return true;
        }
        return std::ranges::any_of(node.children, [&](std::size_t child) {
            return nodes_[child].alwaysRefines || view.sees(nodes_[child].volumeEcef);
        });
    }

    bool isSeen(std::size_t index) const {
        return std::ranges::any_of(
            views_, [&](const ViewFrustum& view) { return isSeenBy(view, nodes_[index]); });
    }

    Sight lookAt(std::size_t index) const {
        Sight sight;
        for (const ViewFrustum& view : views_) {
            if (isSeenBy(view, nodes_[index])) {
                sight.isSeen = true;
                sight.screenSpaceErrorPixels = std::max(sight.screenSpaceErrorPixels,
                                                        view.screenSpaceErrorPixels(nodes_[index]));
            }
        }
        return sight;
    }

    /// Stand-ins: the coarsest first, so that a whole picture comes before a sharp one.
    void request(std::size_t index, Purpose purpose, const Sight& sight) {
        double order = -sight.screenSpaceErrorPixels;
        if (purpose == Purpose::Wanted) {
            order = std::numeric_limits<double>::max();
            for (const ViewFrustum& view : views_) {
                if (isSeenBy(view, nodes_[index])) {
                    order = std::min(order, view.urgency(nodes_[index].volumeEcef));
                }
            }
        }
        requests_.push_back({index, purpose, order});
    }

    const std::vector<Node>& nodes_;
    std::vector<ViewFrustum> views_;
    const std::vector<ContentState>& state_;
    const Options& options_;
    Selection result_;
    std::vector<Request> requests_;
};

} // namespace

Selection select(const SelectionTree& tree,
                 const std::vector<ViewState>& views,
                 const std::vector<ContentState>& state,
                 const Options& options) {
    return Walk(tree, views, state, options).run();
}

} // namespace tiles3d::select
