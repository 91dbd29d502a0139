#pragma once

#include <cstdint>

namespace viewer::stream {

/// What the detail of a frame costs.
struct DetailCost {
    std::uint64_t neededBytes = 0; ///< Of all that the views need, what is missing included.
    std::uint64_t capBytes = 0;
    double nowSeconds = 0.0;
    bool isResting = false; ///< The views are those of the frame before.
};

/// By how much the error limit is raised so that what the views need fits the cap: 2 % more per
/// frame while it does not, up to 8 times; 1 % less per frame once it takes less than 80 %, but not
/// within 10 s after a rise, so that what was given up is not loaded again soon. Resting views
/// converge: a limit that was too fine for them is not tried again.
class DetailFeedback {
public:
    void update(const DetailCost& cost);

    double factor() const { return factor_; } ///< In [1, 8].
    bool isAtLimit() const;
    /// Resting views will get this factor again and again.
    bool isSteady() const { return isSteady_; }

private:
    double factor_ = 1.0;
    double tooFine_ = 0.0; ///< A factor at which the resting views did not fit.
    double calmFromSeconds_ = 0.0;
    bool isSteady_ = true;
};

} // namespace viewer::stream
