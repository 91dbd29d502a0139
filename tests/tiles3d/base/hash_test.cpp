#include "tiles3d/base/hash.h"

#include <gtest/gtest.h>

namespace tiles3d::base {
namespace {

std::string hexOf(std::initializer_list<std::string_view> texts) {
    Fingerprint fingerprint;
    for (const std::string_view text : texts) {
        fingerprint.add(text);
    }
    return fingerprint.hex();
}

TEST(Fingerprint, startsAtTheOffsetBasis) {
    // FNV-1a, 64 bits: the hash of nothing (Fowler, Noll, Vo; IETF draft-eastlake-fnv).
    EXPECT_EQ(Fingerprint().hex(), "cbf29ce484222325");
}

TEST(Fingerprint, tellsWhereATextEnds) {
    EXPECT_NE(hexOf({"ab", "c"}), hexOf({"a", "bc"}));
    EXPECT_NE(hexOf({""}), hexOf({}));
    EXPECT_EQ(hexOf({"ab", "c"}), hexOf({"ab", "c"}));
}

} // namespace
} // namespace tiles3d::base
