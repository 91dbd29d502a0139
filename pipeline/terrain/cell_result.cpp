#include "pipeline/terrain/cell_result.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace pipeline::terrain {

using tiles3d::base::Json;

namespace {

/// As the losses of blocks stand in the ledger, so that one view shows all.
Json lossesJson(const std::vector<scan::RejectedRaster>& unreadable) {
    Json losses = Json::array();
    for (const scan::RejectedRaster& raster : unreadable) {
        losses.push(Json::object()
                        .set("kind", "unreadable")
                        .set("file", raster.file)
                        .set("reason", raster.reason));
    }
    return losses;
}

} // namespace

void RimHistogram::add(double differenceMetres) {
    ++counts_[std::llround(differenceMetres / kStepMetres)];
}

void RimHistogram::add(const RimHistogram& other) {
    for (const auto& [step, number] : other.counts_) {
        counts_[step] += number;
    }
}

std::uint64_t RimHistogram::count() const {
    std::uint64_t all = 0;
    for (const auto& [step, number] : counts_) {
        all += number;
    }
    return all;
}

double RimHistogram::mean() const {
    double sum = 0.0;
    for (const auto& [step, number] : counts_) {
        sum += static_cast<double>(step) * static_cast<double>(number);
    }
    const std::uint64_t all = count();
    return all > 0 ? sum * kStepMetres / static_cast<double>(all) : 0.0;
}

double RimHistogram::median() const {
    const std::uint64_t half = count() / 2;
    std::uint64_t passed = 0;
    for (const auto& [step, number] : counts_) {
        passed += number;
        if (passed > half) {
            return static_cast<double>(step) * kStepMetres;
        }
    }
    return 0.0;
}

double RimHistogram::quantile(double share) const {
    std::map<std::int64_t, std::uint64_t> absolute;
    for (const auto& [step, number] : counts_) {
        absolute[std::abs(step)] += number;
    }
    const double wanted = share * static_cast<double>(count());
    double passed = 0.0;
    for (const auto& [step, number] : absolute) {
        passed += static_cast<double>(number);
        if (passed >= wanted) {
            return static_cast<double>(step) * kStepMetres;
        }
    }
    return 0.0;
}

double RimHistogram::largest() const {
    if (counts_.empty()) {
        return 0.0;
    }
    const std::int64_t step =
        std::max(std::abs(counts_.begin()->first), std::abs(counts_.rbegin()->first));
    return static_cast<double>(step) * kStepMetres;
}

Json RimHistogram::toJson() const {
    Json pairs = Json::array();
    for (const auto& [step, number] : counts_) {
        pairs.push(step).push(number);
    }
    return pairs;
}

RimHistogram RimHistogram::from(const Json& json) {
    RimHistogram rim;
    const Json::Array& numbers = json.items();
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
        rim.counts_[numbers[i].integerOr(0)] =
            static_cast<std::uint64_t>(std::max<std::int64_t>(numbers[i + 1].integerOr(0), 0));
    }
    return rim;
}

Json toJson(const CellResult& result) {
    Json tiles = Json::array();
    for (const TileRecord& tile : result.tiles) {
        tiles.push(toJson(tile));
    }
    return Json::object()
        .set("tiles", tiles)
        .set("posts", result.posts)
        .set("texels", result.texels)
        .set("rim", result.rim.toJson())
        .set("losses", lossesJson(result.unreadable));
}

CellResult cellResultFrom(const Json& json) {
    const auto count = [&](const char* name) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(json[name].integerOr(0), 0));
    };
    CellResult result{
        .posts = count("posts"), .texels = count("texels"), .rim = RimHistogram::from(json["rim"])};
    for (const Json& tile : json["tiles"].items()) {
        result.tiles.push_back(tileRecordFrom(tile));
    }
    for (const Json& loss : json["losses"].items()) {
        result.unreadable.push_back(
            {.file = loss["file"].stringOr(""), .reason = loss["reason"].stringOr("")});
    }
    return result;
}

} // namespace pipeline::terrain
