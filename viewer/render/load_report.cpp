#include "viewer/render/load_report.h"

#include <algorithm>
#include <iterator>

namespace viewer::render {

namespace base = tiles3d::base;

LoadReport loadReport(const CityView& city) {
    LoadReport report;
    for (const TilesetId tileset : city.tilesets()) {
        const stream::TilesetSession& session = city.session(tileset);
        const stream::SessionStatistics statistics = session.statistics();
        report.loadedTiles += statistics.loadedContents;
        report.readBytes += statistics.readBytes;
        report.cachedBytes += statistics.cachedBytes;
        std::ranges::copy(session.failures(), std::back_inserter(report.failures));
        std::ranges::copy(session.tree().warnings(), std::back_inserter(report.warnings));
    }
    return report;
}

base::Json::Object toMembers(const LoadReport& report) {
    base::Json failures = base::Json::array();
    for (const stream::TileFailure& failure : report.failures) {
        failures.push(base::Json::object({{"uri", failure.uri}, {"message", failure.message}}));
    }
    const auto count = [](std::uint64_t value) { return base::Json(value); };
    return {{"tilesLoaded", count(report.loadedTiles)},
            {"tilesFailed", count(report.failures.size())},
            {"bytesRead", count(report.readBytes)},
            {"bytesInMemory", count(report.cachedBytes)},
            {"failures", std::move(failures)}};
}

} // namespace viewer::render
