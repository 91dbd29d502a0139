#include "tiles3d/select/select.h"

#include "tiles3d/select/walk.h"

#include <algorithm>
#include <span>
#include <utility>

namespace tiles3d::select {

namespace {

/// Each node once, where it is first added.
class WishList {
public:
    explicit WishList(std::size_t nodeCount) : isListed_(nodeCount, 0) {}

    void add(std::span<const Request> requests) {
        for (const Request& request : requests) {
            add(request.node, priorityOf(request.purpose));
        }
    }
    void add(std::size_t node, Priority priority) {
        if (std::exchange(isListed_[node], 1) == 0) {
            wishes_.push_back({node, priority});
        }
    }
    std::vector<Wish> take() { return std::move(wishes_); }

private:
    std::vector<std::uint8_t> isListed_;
    std::vector<Wish> wishes_;
};

void sort(std::vector<Request>& requests) {
    std::ranges::sort(requests, {}, [](const Request& request) { return request.key(); });
}

/// What these views will need, in the order in which they would load it themselves.
Walk lookAhead(const SelectionTree& tree,
               const std::vector<ContentState>& state,
               const Options& options) {
    Options needsOnly = options;
    needsOnly.preloadAncestors = false;
    needsOnly.preloadSiblings = false;
    Walk ahead(tree, options.prefetchViews, state, needsOnly, {});
    ahead.run();
    sort(ahead.requests);
    return ahead;
}

} // namespace

Selection select(const SelectionTree& tree,
                 const std::vector<ViewState>& views,
                 const std::vector<ContentState>& state,
                 const Options& options,
                 const Selection& previous) {
    Walk walk(tree, views, state, options, previous);
    walk.run();
    sort(walk.requests);
    const std::span<const Request> requests(walk.requests);
    const auto preloads = std::ranges::find_if(requests, [](const Request& request) {
        return priorityOf(request.purpose) == Priority::Preload;
    });
    WishList wishes(tree.nodes().size());
    wishes.add({requests.begin(), preloads});
    Selection& selection = walk.selection;
    if (!options.prefetchViews.empty()) {
        const Walk ahead = lookAhead(tree, state, options);
        for (const Request& request : ahead.requests) {
            wishes.add(request.node, Priority::Preload);
        }
        for (const auto* ready : {&ahead.selection.render, &ahead.selection.hold}) {
            selection.spare.insert(selection.spare.end(), ready->begin(), ready->end());
        }
    }
    wishes.add({preloads, requests.end()});
    selection.load = wishes.take();
    std::ranges::sort(selection.render);
    return std::move(selection);
}

} // namespace tiles3d::select
