#pragma once

#include "pipeline/planning/style/imported_style.h"

#include <limits>

namespace pipeline::planning::style {

/// The scales at which any of several rules draws: a LayerStyle has one range for all.
class ScaleRange {
public:
    /// Denominators, least <= d < most, of one rule; 0: no limit.
    void add(double least, double most);

    double least() const { return isEmpty_ ? 0.0 : least_; }
    double most() const { return isEmpty_ ? std::numeric_limits<double>::infinity() : most_; }
    /// Says so if the rules differ.
    void note(Remarks& remarks) const;

private:
    bool isEmpty_ = true;
    bool isMixed_ = false;
    double least_ = 0.0;
    double most_ = 0.0;
};

} // namespace pipeline::planning::style
