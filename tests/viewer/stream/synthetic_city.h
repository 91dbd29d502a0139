#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/stream/source.h"

#include <glm/vec3.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace tests {

using Colour = std::array<std::uint8_t, 3>;

/// A flat city of 200 m x 200 m at Xiamen: a grey root, and over it four quarters of 100 m, 20 m
/// higher, each of one colour. The north-eastern quarter hangs below an external tileset; names
/// hold Chinese, a space and a '#'.
struct SyntheticCity {
    std::map<std::string, tiles3d::base::Bytes> files; ///< By decoded path.

    static SyntheticCity build();
    /// The same squares as implicit tiles, tiles/{level}/{x}/{y}.glb, of one level a subtree: the
    /// root's file is subtrees/0/0/0.subtree, the quarters' are subtrees/1/{x}/{y}.subtree.
    static SyntheticCity buildImplicit();
    /// A quadtree of that many levels over 3200 m x 3200 m, "{level}/{x}/{y}.glb": the root's error
    /// is 100 m, each level's half of the one above, the last one's 0. All are of one size decoded.
    static SyntheticCity buildPyramid(int levels);
    void writeTo(const std::filesystem::path& folder) const;

    static tiles3d::geo::EnuFrame frame();
    static constexpr Colour kSouthWest{200, 40, 40};
    static constexpr Colour kSouthEast{40, 180, 60};
    static constexpr Colour kNorthWest{40, 70, 200};
    static constexpr Colour kNorthEast{220, 200, 40};
    static constexpr Colour kRoot{128, 128, 128};
    static constexpr const char* kSouthWestFile = "块 1/砖#1.glb";
};

/// The city's files in memory, with a count of reads.
class MemorySource final : public viewer::stream::ISource {
public:
    explicit MemorySource(SyntheticCity city) : city_(std::move(city)) {}

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;
    int readCount() const { return reads_; }

private:
    SyntheticCity city_;
    mutable std::atomic<int> reads_ = 0;
};

} // namespace tests
