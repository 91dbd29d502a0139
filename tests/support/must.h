#pragma once

#include "tiles3d/base/result.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <utility>

namespace tests {

/// The value; throws std::runtime_error with the message of a failure. For programs that have
/// nothing to print without it.
template <typename T>
T must(tiles3d::base::Result<T> result) {
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return *std::move(result);
}

/// What main returns: 0 if `run` is true, 1 if it is false or throws; what it threw goes to stderr.
inline int exitCodeOf(const std::function<bool()>& run) {
    try {
        return run() ? 0 : 1;
    } catch (const std::exception& exception) {
        fmt::print(stderr, "{}\n", exception.what());
        return 1;
    }
}

} // namespace tests
