#include "viewer/stream/retry_list.h"

namespace viewer::stream {

bool RetryList::noteFailure(std::size_t node, double nowSeconds) {
    Attempts& attempts = attempts_[node];
    if (attempts.failed == afterSeconds_.size()) {
        forget(node);
        return false;
    }
    attempts.nextSeconds = nowSeconds + afterSeconds_[attempts.failed++];
    return true;
}

bool RetryList::mayTry(std::size_t node, double nowSeconds) const {
    const auto found = attempts_.find(node);
    return found == attempts_.end() || nowSeconds >= found->second.nextSeconds;
}

} // namespace viewer::stream
