#include "tiles3d/base/markup.h"

#include <gtest/gtest.h>

namespace tiles3d::base {
namespace {

TEST(Markup, signsBecomeEntities) {
    EXPECT_EQ(escaped(R"(<a href="x">'R&D'</a>)"),
              "&lt;a href=&quot;x&quot;&gt;&#39;R&amp;D&#39;&lt;/a&gt;");
}

TEST(Markup, textStaysAndControlsGo) {
    EXPECT_EQ(escaped("永久\t基本\n农田\x01\x1b"), "永久\t基本\n农田");
    EXPECT_EQ(escaped(""), "");
}

TEST(Markup, brokenUtf8BecomesValid) {
    EXPECT_EQ(escaped("a\xff"), "a\xEF\xBF\xBD");
}

} // namespace
} // namespace tiles3d::base
