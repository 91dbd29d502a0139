#include "viewer/stream/detail_feedback.h"

#include <algorithm>

namespace viewer::stream {

namespace {

constexpr double kMostFactor = 8.0;
constexpr double kRise = 1.02;
constexpr double kFall = 0.99;
constexpr double kRoomy = 0.8;
constexpr double kCalmSeconds = 10.0;

} // namespace

bool DetailFeedback::isAtLimit() const {
    return factor_ >= kMostFactor;
}

void DetailFeedback::update(const DetailCost& cost) {
    if (!cost.isResting) {
        tooFine_ = 0.0;
    }
    if (cost.neededBytes > cost.capBytes) {
        isSteady_ = isAtLimit();
        tooFine_ = factor_;
        factor_ = std::min(factor_ * kRise, kMostFactor);
        calmFromSeconds_ = cost.nowSeconds + kCalmSeconds;
        return;
    }
    const double finer = std::max(factor_ * kFall, 1.0);
    const bool isRoomy =
        static_cast<double>(cost.neededBytes) < kRoomy * static_cast<double>(cost.capBytes);
    isSteady_ = factor_ <= 1.0 || !isRoomy || finer <= tooFine_;
    if (!isSteady_ && cost.nowSeconds >= calmFromSeconds_) {
        factor_ = finer;
    }
}

} // namespace viewer::stream
