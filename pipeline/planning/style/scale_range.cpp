#include "pipeline/planning/style/scale_range.h"

#include <algorithm>

namespace pipeline::planning::style {

void ScaleRange::add(double least, double most) {
    const double limit = most > 0.0 ? most : std::numeric_limits<double>::infinity();
    isMixed_ = isMixed_ || (!isEmpty_ && (least != least_ || limit != most_));
    least_ = isEmpty_ ? least : std::min(least_, least);
    most_ = isEmpty_ ? limit : std::max(most_, limit);
    isEmpty_ = false;
}

void ScaleRange::note(Remarks& remarks) const {
    if (isMixed_) {
        remarks.add("rules of different scales are all drawn where one of them is");
    }
}

} // namespace pipeline::planning::style
