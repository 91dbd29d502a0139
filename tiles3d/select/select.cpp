#include "tiles3d/select/select.h"

#include "tiles3d/select/walk.h"

#include <algorithm>
#include <utility>

namespace tiles3d::select {

namespace {

/// What these views will need, as preloads in the order in which they would load it themselves.
void lookAhead(const SelectionTree& tree,
               const std::vector<ContentState>& state,
               const Options& options,
               Walk& into) {
    Options needsOnly = options;
    needsOnly.preloadAncestors = false;
    needsOnly.preloadSiblings = false;
    Walk ahead(tree, options.prefetchViews, state, needsOnly, {});
    ahead.run();
    std::ranges::sort(ahead.requests, {}, &Request::key);
    for (std::size_t i = 0; i < ahead.requests.size(); ++i) {
        into.requests.push_back({ahead.requests[i].node, Purpose::Ahead, static_cast<double>(i)});
    }
    auto& spare = into.selection.spare;
    const Selection& ready = ahead.selection;
    spare.insert(spare.end(), ready.render.begin(), ready.render.end());
    spare.insert(spare.end(), ready.hold.begin(), ready.hold.end());
}

/// Each node once, for its most urgent purpose.
std::vector<Wish> wishesOf(std::vector<Request> requests, std::size_t nodeCount) {
    std::ranges::sort(requests, {}, &Request::key);
    std::vector<std::uint8_t> isAsked(nodeCount, 0);
    std::vector<Wish> wishes;
    for (const Request& request : requests) {
        if (std::exchange(isAsked[request.node], 1) == 0) {
            wishes.push_back({request.node, priorityOf(request.purpose)});
        }
    }
    return wishes;
}

} // namespace

Selection select(const SelectionTree& tree,
                 const std::vector<ViewState>& views,
                 const std::vector<ContentState>& state,
                 const Options& options,
                 const Selection& previous) {
    Walk walk(tree, views, state, options, previous);
    walk.run();
    if (!options.prefetchViews.empty()) {
        lookAhead(tree, state, options, walk);
    }
    Selection selection = std::move(walk.selection);
    std::ranges::sort(selection.render);
    selection.load = wishesOf(std::move(walk.requests), tree.nodes().size());
    return selection;
}

} // namespace tiles3d::select
