#include "viewer/main/iso_time.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace viewer::main {
namespace {

struct Case {
    const char* text = "";
    std::int64_t seconds = 0;
};

TEST(IsoTime, momentsAsGnuDateHasThem) {
    // date -d TEXT +%s
    for (const Case& known : {Case{"2026-06-21T15:00+08:00", 1782025200},
                              Case{"2026-06-21T07:00Z", 1782025200},
                              Case{"2026-06-21T07:00:59Z", 1782025259},
                              Case{"2024-02-29T23:30-03:30", 1709262000},
                              Case{"1970-01-01T00:00Z", 0},
                              Case{"1969-12-31T23:59:59+00:00", -1}}) {
        const auto moment = parseIsoTime(known.text);
        ASSERT_TRUE(moment) << known.text;
        EXPECT_EQ(moment->time_since_epoch().count(), known.seconds) << known.text;
    }
}

TEST(IsoTime, everythingElseIsRefused) {
    for (const char* text : {"",
                             "2026-06-21",
                             "2026-06-21T15:00",
                             "2026-06-21 15:00Z",
                             "2026-06-21T15:00+08",
                             "2026-06-21T15:00+0800",
                             "2026-06-21T15:00Z ",
                             "2026-6-21T15:00Z",
                             "2026-02-29T15:00Z",
                             "2026-13-01T15:00Z",
                             "2026-06-21T24:00Z",
                             "2026-06-21T15:60Z",
                             "2026-06-21T15:00:60Z",
                             "2026-06-21T15:00:Z",
                             "+026-06-21T15:00Z",
                             "today"}) {
        const auto moment = parseIsoTime(text);
        ASSERT_FALSE(moment) << text;
        EXPECT_NE(moment.error().message.find("2026-06-21T15:00+08:00"), std::string::npos);
    }
}

} // namespace
} // namespace viewer::main
