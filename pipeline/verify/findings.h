#pragma once

#include "pipeline/verify/verify.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pipeline::verify {

/// Findings in the order of their making: all are counted, the first `maxKept` errors and the first
/// `maxKept` others are kept, so that a city with a million warnings still shows its one error.
class Findings {
public:
    explicit Findings(std::size_t maxKept) : maxKept_(maxKept) {}

    void add(Finding finding);

    /// Everything of `later`, counts included, behind what is here.
    void append(Findings later);

    /// Moves the findings out: errors first, then by file, place and message; at most maxKept.
    std::vector<Finding> takeSorted();

    std::uint64_t errors() const { return errors_; }
    std::uint64_t warnings() const { return warnings_; }

private:
    void keep(Finding finding);

    std::size_t maxKept_;
    std::uint64_t errors_ = 0;
    std::uint64_t warnings_ = 0;
    std::vector<Finding> keptErrors_;
    std::vector<Finding> keptOthers_;
};

} // namespace pipeline::verify
