#include "pipeline/verify/findings.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace pipeline::verify {

void Findings::keep(Finding finding) {
    auto& kept = finding.severity == Severity::Error ? keptErrors_ : keptOthers_;
    if (kept.size() < maxKept_) {
        kept.push_back(std::move(finding));
    }
}

void Findings::add(Finding finding) {
    errors_ += finding.severity == Severity::Error ? 1 : 0;
    warnings_ += finding.severity == Severity::Warning ? 1 : 0;
    keep(std::move(finding));
}

void Findings::append(Findings later) {
    errors_ += later.errors_;
    warnings_ += later.warnings_;
    for (auto* findings : {&later.keptErrors_, &later.keptOthers_}) {
        for (Finding& finding : *findings) {
            keep(std::move(finding));
        }
    }
}

std::vector<Finding> Findings::takeSorted() {
    std::vector<Finding> all = std::move(keptErrors_);
    std::ranges::move(keptOthers_, std::back_inserter(all));
    keptOthers_.clear();
    std::ranges::sort(all, [](const Finding& a, const Finding& b) {
        return std::tie(b.severity, a.file, a.where, a.message) <
               std::tie(a.severity, b.file, b.where, b.message);
    });
    all.resize(std::min(all.size(), maxKept_));
    return all;
}

} // namespace pipeline::verify
