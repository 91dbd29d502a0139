#include "pipeline/verify/globe_check.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace pipeline::verify {

using tiles3d::base::ByteView;
using tiles3d::base::Json;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMostTiles = 10'000'000;
constexpr const char* kFolder = "terrain/quantized-mesh";

std::uint32_t countAt(ByteView bytes, std::size_t offset) {
    std::uint32_t count = 0;
    std::memcpy(&count, bytes.data() + offset, sizeof(count));
    return count;
}

/// What is wrong with a tile's bytes; empty if nothing is.
std::string flawOf(ByteView bytes) {
    constexpr std::size_t kHeader = 88;
    constexpr std::size_t kMost16Bit = 65536;
    if (bytes.size() < kHeader + 2 * sizeof(std::uint32_t)) {
        return "shorter than its header";
    }
    const std::uint64_t vertices = countAt(bytes, kHeader);
    const std::uint64_t width = vertices > kMost16Bit ? 4 : 2;
    std::uint64_t at = kHeader + 4 + vertices * 3 * 2;
    at = (at + width - 1) / width * width;
    if (vertices < 3 || at + 4 > bytes.size()) {
        return fmt::format("{} vertices do not fit {} bytes", vertices, bytes.size());
    }
    const std::uint64_t triangles = countAt(bytes, at);
    if (triangles < 1 || at + 4 + triangles * 3 * width > bytes.size()) {
        return fmt::format("{} triangles do not fit {} bytes", triangles, bytes.size());
    }
    return {};
}

class GlobeCheck {
public:
    GlobeCheck(const fs::path& out, std::size_t maxFindings)
        : out_(out), result_{.findings = Findings(maxFindings)} {}

    GlobeResult run() {
        const fs::path layer = out_ / kFolder / "layer.json";
        if (!fs::exists(layer)) {
            return std::move(result_);
        }
        result_.files.push_back(layer);
        const auto text = tiles3d::base::readTextFile(layer);
        const auto json =
            text ? tiles3d::base::parseJson(*text) : tiles3d::base::Result<Json>(text.error());
        if (!json) {
            error("layer.json", json.error().message);
            return std::move(result_);
        }
        const Json::Array& levels = (*json)["available"].items();
        for (std::size_t level = 0; level < levels.size(); ++level) {
            checkLevel(level, levels[level].items());
            if (level == 0 && result_.files.size() != 3) {
                error("layer.json", "does not list both tiles of level 0: globes draw nothing");
            }
        }
        return std::move(result_);
    }

private:
    void checkLevel(std::size_t level, const Json::Array& ranges) {
        for (const Json& range : ranges) {
            const std::int64_t startX = range["startX"].integerOr(-1);
            const std::int64_t startY = range["startY"].integerOr(-1);
            const std::int64_t endX = range["endX"].integerOr(-1);
            const std::int64_t endY = range["endY"].integerOr(-1);
            constexpr std::int64_t kMostAcross = std::int64_t{1} << 31U;
            const bool isSound = startX >= 0 && startY >= 0 && endX >= startX && endY >= startY &&
                                 endX < kMostAcross && endY < kMostAcross;
            if (!isSound || (endX - startX + 1) > kMostTiles / (endY - startY + 1)) {
                error("layer.json", fmt::format("level {}: {} is no range", level, range.dump()));
                continue;
            }
            for (std::int64_t x = startX; x <= endX; ++x) {
                for (std::int64_t y = startY; y <= endY; ++y) {
                    checkTile(fmt::format("{}/{}/{}.terrain", level, x, y));
                }
            }
        }
    }

    void checkTile(const std::string& name) {
        const fs::path file = out_ / kFolder / name;
        result_.files.push_back(file);
        const auto bytes = tiles3d::base::readFile(file);
        const std::string flaw = bytes ? flawOf(*bytes) : bytes.error().message;
        if (!flaw.empty()) {
            error(name, flaw);
        }
    }

    void error(const std::string& name, const std::string& message) {
        result_.findings.add({Severity::Error, std::string(kFolder) + "/" + name, "", message});
    }

    const fs::path& out_;
    GlobeResult result_;
};

} // namespace

GlobeResult checkGlobe(const fs::path& out, std::size_t maxFindings) {
    return GlobeCheck(out, maxFindings).run();
}

} // namespace pipeline::verify
