#include "tests/support/silhouette.h"

#include "tests/support/drawn_picture.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

TEST(Silhouette, countsWhatTheEdgeCannotReach) {
    const Silhouette silhouette(
        drawnPicture({"..1....", ".1.1.1.", "..1.11.", ".1111..", ".1..1..", ".1111.."}));
    // The middles of two diamonds and the two pixels of a hole; a diagonal is no way out.
    EXPECT_EQ(silhouette.enclosedBackgroundPixels(), 4U);
    EXPECT_EQ(silhouette.coveredPixels() + silhouette.backgroundPixels(), 42U);
}

TEST(Silhouette, gapsOfTheReferenceAreNoCracks) {
    const Silhouette reference(drawnPicture({"1111111", "1.11111", "1111111"}));
    const Silhouette silhouette(drawnPicture({"1111111", "11.1.11", "1111111"}));
    EXPECT_EQ(silhouette.enclosedBackgroundPixels(reference, 0), 2U);
    EXPECT_EQ(silhouette.enclosedBackgroundPixels(reference, 1), 1U);
    EXPECT_EQ(silhouette.enclosedBackgroundPixels(reference, 3), 0U);
}

TEST(Silhouette, allCityAndAllBackgroundEncloseNothing) {
    EXPECT_EQ(Silhouette(drawnPicture({"11", "11"})).enclosedBackgroundPixels(), 0U);
    EXPECT_EQ(Silhouette(drawnPicture({"..", ".."})).enclosedBackgroundPixels(), 0U);
}

TEST(Silhouette, sharesAndUnites) {
    Silhouette left(drawnPicture({"11..", "11.."}));
    const Silhouette middle(drawnPicture({".11.", ".11."}));
    EXPECT_DOUBLE_EQ(left.shareOf(middle), 0.5);
    EXPECT_DOUBLE_EQ(left.shareOf(Silhouette(drawnPicture({"....", "...."}))), 1.0);
    left.unite(middle);
    EXPECT_EQ(left.coveredPixels(), 6U);
    EXPECT_DOUBLE_EQ(left.shareOf(middle), 1.0);
}

} // namespace
} // namespace tests
