#include "tiles3d/select/walk.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tiles3d::select {

using tileset::Refine;

namespace {

/// A step for so many tiles adds 7 % to what is loaded, and is a picture of a quarter of the
/// resolution: two levels of a quadtree.
constexpr std::size_t kTilesPerStep = 16;

std::uint64_t bitOf(std::size_t view) {
    return std::uint64_t{1} << view;
}

/// Marks what lies above the tiles drawn before; stops where it has been.
std::vector<std::uint8_t> refinedIn(const Selection& previous, const std::vector<Node>& nodes) {
    std::vector<std::uint8_t> wasRefined(nodes.size(), 0);
    for (const std::size_t node : previous.render) {
        for (auto at = nodes[node].parent; at >= 0 && wasRefined[static_cast<std::size_t>(at)] == 0;
             at = nodes[static_cast<std::size_t>(at)].parent) {
            wasRefined[static_cast<std::size_t>(at)] = 1;
        }
    }
    for (const std::size_t node : previous.restoring) {
        wasRefined[node] = 1;
    }
    return wasRefined;
}

} // namespace

Priority priorityOf(Purpose purpose) {
    if (purpose == Purpose::Cover) {
        return Priority::Urgent;
    }
    return purpose <= Purpose::Wanted ? Priority::Normal : Priority::Preload;
}

Walk::Walk(const SelectionTree& tree,
           const std::vector<ViewState>& views,
           const std::vector<ContentState>& state,
           const Options& options,
           const Selection& previous)
    : nodes_(tree.nodes()), state_(state), options_(options),
      wasRefined_(refinedIn(previous, nodes_)) {
    for (std::size_t i = 0; i < std::min(views.size(), kMaxViews); ++i) {
        views_.emplace_back(views[i]);
    }
}

void Walk::run() {
    selection.isComplete = true;
    Sight all;
    for (std::size_t i = 0; i < views_.size(); ++i) {
        all.seenBy |= bitOf(i);
    }
    visit(0, lookAt(nodes_[0], all), true);
    for (const std::size_t node : covers_) {
        request(node, Purpose::Cover, -nodes_[node].geometricErrorMetres);
    }
}

/// Lists what draws the subtree and what it lacks. True if what is listed leaves no hole.
bool Walk::visit(std::size_t index, Sight sight, bool isTopmost) {
    ++selection.visited;
    Visit at{.node = index,
             .sight = sight,
             .isTopmost = isTopmost,
             .firstChildSight = childSights_.size()};
    const Node& node = nodes_[index];
    // A tile's volume is often loose; its children's say better what can be seen of it.
    const bool isCut = sight.insideOf != sight.seenBy;
    if (isCut && node.refine == Refine::Replace && !node.children.empty()) {
        at.sight.seenBy &= lookAtChildren(node, sight);
    }
    bool isCovered = true;
    if (at.sight.seenBy == 0) {
        ++selection.culled;
        askForUnseen(index);
    } else {
        isCovered = visitSeen(at);
    }
    childSights_.resize(at.firstChildSight);
    return isCovered;
}

bool Walk::visitSeen(Visit& at) {
    const Node& node = nodes_[at.node];
    at.errorPixels = errorPixelsOf(node, at.sight.seenBy);
    if (waitsForExternal(at.node)) {
        ask(at, Purpose::Structure);
        covers_.push_back(at.node);
        selection.isComplete = false;
        return false;
    }
    const bool isTooCoarse = node.alwaysRefines || hasFailed(at.node) ||
                             at.errorPixels >= options_.maxScreenSpaceErrorPixels;
    if (!isTooCoarse || node.children.empty()) {
        return drawWanted(at);
    }
    return node.refine == Refine::Add ? refineAdding(at) : refineReplacing(at);
}

bool Walk::drawWanted(const Visit& at) {
    needs_ += hasContent(at.node) ? 1U : 0U;
    if (draw(at.node) || !isMissing(at.node)) {
        lost_ += isLost(at.node) ? 1U : 0U;
        return true;
    }
    ask(at, Purpose::Wanted);
    selection.isComplete = false;
    const std::size_t firstRender = selection.render.size();
    if (drawDescendants(at.node, at.sight) && selection.render.size() > firstRender) {
        ask(at, Purpose::Cover); // far more is drawn than need be
        return true;
    }
    covers_.push_back(at.node);
    return false;
}

bool Walk::refineAdding(Visit& at) {
    const std::size_t firstCover = covers_.size();
    needs_ += hasContent(at.node) ? 1U : 0U;
    const bool isDrawn = draw(at.node);
    const bool lacksOwnPart = isMissing(at.node);
    if (lacksOwnPart) {
        ask(at, Purpose::Step);
        selection.isComplete = false;
    }
    const bool childrenCover = visitChildren(at);
    if (isDrawn || lacksOwnPart) {
        covers_.resize(firstCover);
    }
    if (lacksOwnPart) {
        covers_.push_back(at.node);
    }
    return isDrawn || (childrenCover && !lacksOwnPart);
}

bool Walk::refineReplacing(Visit& at) {
    const std::size_t firstRender = selection.render.size();
    const std::size_t firstCover = covers_.size();
    const std::size_t needsBeside = std::exchange(needs_, 0);
    const std::size_t lostBefore = lost_;
    const bool areCovered = visitChildren(at);
    const bool isStep = isStepFor(at, needs_);
    askForRefined(at, isStep, areCovered);
    needs_ = needsBeside + (isStep ? 1U : needs_);
    if (areCovered) {
        const bool isBare = selection.render.size() == firstRender && lost_ > lostBefore;
        return !isBare || drawWanted(at); // it is the best there is
    }
    const bool losesDetail = wasRefined_[at.node] != 0;
    if (losesDetail) {
        restore(at.node, firstCover);
    }
    if (isDrawable(at.node)) {
        kick(firstRender);
        covers_.resize(firstCover);
        return draw(at.node);
    }
    if (!losesDetail && isMissing(at.node) && !nodes_[at.node].alwaysRefines) {
        covers_.resize(firstCover);
        covers_.push_back(at.node);
    }
    return false;
}

bool Walk::visitChildren(Visit& at) {
    const Node& node = nodes_[at.node];
    if (childSights_.size() == at.firstChildSight) {
        lookAtChildren(node, at.sight);
    }
    const bool areTopmost = at.isTopmost && !hasContent(at.node);
    bool areCovered = true;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const Sight sight = childSights_[at.firstChildSight + i];
        areCovered = visit(node.children[i], sight, areTopmost) && areCovered;
    }
    return areCovered;
}

/// Draws a tile that is not there by finer ones that are, if they leave no hole. Stops at the
/// first hole, so that a subtree without anything loaded costs no more than its depth.
bool Walk::drawDescendants(std::size_t index, const Sight& sight) {
    const std::size_t mark = selection.render.size();
    const auto& children = nodes_[index].children;
    const bool areCovered =
        !children.empty() && std::ranges::all_of(children, [&](std::size_t child) {
            const Sight childSight = lookAt(nodes_[child], sight);
            return childSight.seenBy == 0 || drawSubstitute(child, childSight);
        });
    if (!areCovered) {
        selection.render.resize(mark);
    }
    return areCovered;
}

bool Walk::drawSubstitute(std::size_t index, const Sight& sight) {
    if (draw(index)) {
        return true;
    }
    const Node& node = nodes_[index];
    if (node.children.empty()) {
        return !isMissing(index) && !waitsForExternal(index); // empty, or failed
    }
    const bool lacksOwnPart = node.refine == Refine::Add && isMissing(index);
    return !lacksOwnPart && drawDescendants(index, sight);
}

/// Lists the node if there is something to draw.
bool Walk::draw(std::size_t index) {
    if (isDrawable(index)) {
        selection.render.push_back(index);
        return true;
    }
    return false;
}

/// Takes back what was listed below a tile that now stands in for it.
void Walk::kick(std::size_t firstRender) {
    const auto first = selection.render.begin() + static_cast<std::ptrdiff_t>(firstRender);
    selection.kicked += static_cast<std::size_t>(selection.render.end() - first);
    selection.hold.insert(selection.hold.end(), first, selection.render.end());
    selection.render.resize(firstRender);
}

/// `needs`: of the tile's subtree. What always refines is no better than the tile above it.
bool Walk::isStepFor(const Visit& at, std::size_t needs) const {
    return hasContent(at.node) &&
           (at.isTopmost || (needs >= kTilesPerStep && !nodes_[at.node].alwaysRefines));
}

void Walk::askForRefined(const Visit& at, bool isStep, bool areCovered) {
    if (!isMissing(at.node) || nodes_[at.node].alwaysRefines) {
        return;
    }
    if (isStep && (options_.forbidHoles || !areCovered)) {
        ask(at, Purpose::Step);
    } else if (options_.preloadAncestors) {
        ask(at, Purpose::Ancestor);
    }
}

/// The topmost content of what a turn of the camera may show.
void Walk::askForUnseen(std::size_t index) {
    if (!options_.preloadSiblings || views_.empty()) {
        return;
    }
    if (isDrawable(index)) {
        selection.spare.push_back(index);
    } else if (isMissing(index) || waitsForExternal(index)) {
        const double errorPixels = views_.front().screenSpaceErrorPixels(nodes_[index]);
        request(index, Purpose::Sibling, -errorPixels);
    } else {
        std::ranges::for_each(nodes_[index].children,
                              [this](std::size_t child) { askForUnseen(child); });
    }
}

/// Coarse before fine, the wanted tiles by their place in the picture.
void Walk::ask(const Visit& at, Purpose purpose) {
    const Node& node = nodes_[at.node];
    const double order =
        purpose == Purpose::Wanted ? urgencyOf(node, at.sight.seenBy) : -node.geometricErrorMetres;
    request(at.node, purpose, order);
}

void Walk::request(std::size_t index, Purpose purpose, double order) {
    requests.push_back({static_cast<std::uint32_t>(index), purpose, static_cast<float>(order)});
}

/// The topmost tiles that the node's places lack bring its finer tiles back soonest.
void Walk::restore(std::size_t index, std::size_t firstCover) {
    for (std::size_t i = firstCover; i < covers_.size(); ++i) {
        request(covers_[i], Purpose::Cover, -nodes_[covers_[i]].geometricErrorMetres);
    }
    covers_.resize(firstCover);
    selection.restoring.push_back(index);
}

Walk::Sight Walk::lookAt(const Node& node, const Sight& parent) const {
    Sight sight;
    for (std::size_t i = 0; i < views_.size(); ++i) {
        const std::uint64_t bit = bitOf(i);
        const auto& zone = node.viewerRequestVolumeEcef;
        if ((parent.seenBy & bit) == 0 ||
            (zone && tileset::excess(*zone, views_[i].eye()) != 0.0)) {
            continue;
        }
        const Overlap overlap =
            (parent.insideOf & bit) != 0 ? Overlap::Inside : views_[i].overlapOf(node.volumeEcef);
        sight.seenBy |= overlap != Overlap::Outside ? bit : 0;
        sight.insideOf |= overlap == Overlap::Inside ? bit : 0;
    }
    return sight;
}

/// Pushes what is seen of each child; returns the views that see any. Children that always refine
/// may have loose volumes themselves.
std::uint64_t Walk::lookAtChildren(const Node& node, const Sight& sight) {
    std::uint64_t seenBy = 0;
    for (const std::size_t child : node.children) {
        childSights_.push_back(lookAt(nodes_[child], sight));
        seenBy |= nodes_[child].alwaysRefines ? sight.seenBy : childSights_.back().seenBy;
    }
    return seenBy;
}

double Walk::errorPixelsOf(const Node& node, std::uint64_t seenBy) const {
    double pixels = 0.0;
    for (std::size_t i = 0; i < views_.size(); ++i) {
        if ((seenBy & bitOf(i)) != 0) {
            pixels = std::max(pixels, views_[i].screenSpaceErrorPixels(node));
        }
    }
    return pixels;
}

double Walk::urgencyOf(const Node& node, std::uint64_t seenBy) const {
    double metres = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < views_.size(); ++i) {
        if ((seenBy & bitOf(i)) != 0) {
            metres = std::min(metres, views_[i].urgency(node.volumeEcef));
        }
    }
    return metres;
}

bool Walk::isDrawable(std::size_t index) const {
    return hasContent(index) && state_[index] == ContentState::Ready;
}

bool Walk::isMissing(std::size_t index) const {
    return hasContent(index) && state_[index] == ContentState::Unloaded;
}

bool Walk::hasFailed(std::size_t index) const {
    return hasContent(index) && state_[index] == ContentState::Failed;
}

/// Its place stays empty, or what the tiles above it show.
bool Walk::isLost(std::size_t index) const {
    const bool isEmpty = !hasContent(index) && nodes_[index].externalUri.empty();
    return !isEmpty && state_[index] == ContentState::Failed;
}

bool Walk::waitsForExternal(std::size_t index) const {
    return !nodes_[index].externalUri.empty() && !nodes_[index].externalAttached &&
           state_[index] != ContentState::Failed;
}

} // namespace tiles3d::select
