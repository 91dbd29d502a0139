#pragma once

#include <cstddef>
#include <map>
#include <vector>

namespace viewer::stream {

/// Nodes whose files could not be read, and when each is tried again.
class RetryList {
public:
    explicit RetryList(std::vector<double> afterSeconds) : afterSeconds_(std::move(afterSeconds)) {}

    /// A read failed. False if that was the last attempt.
    bool noteFailure(std::size_t node, double nowSeconds);
    void forget(std::size_t node) { attempts_.erase(node); }

    bool mayTry(std::size_t node, double nowSeconds) const;
    bool isEmpty() const { return attempts_.empty(); }

private:
    struct Attempts {
        std::size_t failed = 0;
        double nextSeconds = 0.0;
    };
    std::vector<double> afterSeconds_; ///< One pause for each further attempt.
    std::map<std::size_t, Attempts> attempts_;
};

} // namespace viewer::stream
