#pragma once

#include "tiles3d/base/result.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace pipeline::job {

/// The end of a job, with its reason: thrown by must(), caught in runJob().
struct JobFailure : std::runtime_error {
    using runtime_error::runtime_error;
};

/// The value, or the end of the job with the step's name in front.
template <typename T>
T must(tiles3d::base::Result<T> result, const std::string& step) {
    if (!result) {
        throw JobFailure(step + ": " + result.error().message);
    }
    return *std::move(result);
}

} // namespace pipeline::job
