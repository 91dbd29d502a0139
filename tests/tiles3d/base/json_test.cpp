#include "tiles3d/base/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

namespace tiles3d::base {
namespace {

std::string dumped(std::string_view text) {
    const Result<Json> json = parseJson(text);
    return json ? json->dump() : json.error().message;
}

TEST(Json, keepsOrderAndTypes) {
    const std::string text = R"({"z":1,"a":[true,null,"厦门",-2.5],"m":{}})";
    EXPECT_EQ(dumped(text), text);
    const Json json = *parseJson(text);
    EXPECT_TRUE(json["z"].isInteger());
    EXPECT_TRUE(json["a"].items()[3].isNumber());
    EXPECT_TRUE(json["nothing"]["below"].isNull());
    EXPECT_EQ(json["a"].stringOr("no"), "no");
}

TEST(Json, indentsByTwo) {
    const Json json =
        Json::object().set("a", Json::array().push(1).push("x")).set("b", Json::object());
    EXPECT_EQ(json.dump(true), "{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"b\": {}\n}");
    EXPECT_EQ(json.dump(), R"({"a":[1,"x"],"b":{}})");
}

TEST(Json, wholeDoublesAreSensible) {
    EXPECT_EQ(Json(64.0).dump(), "64.0");
    EXPECT_EQ(Json(std::int64_t{64}).dump(), "64");
    EXPECT_EQ(parseJson("64")->numberOr(0), 64.0);
    EXPECT_EQ(parseJson("64.0")->integerOr(0), 64);
    EXPECT_EQ(parseJson("3.5")->integerOr(-1), -1);
    EXPECT_EQ(parseJson("1e300")->integerOr(-1), -1);
    EXPECT_EQ(parseJson("18446744073709551615")->numberOr(0), 18446744073709551615.0);
    EXPECT_EQ(parseJson("-9223372036854775808")->integerOr(0),
              std::numeric_limits<std::int64_t>::min());
}

TEST(Json, doublesReadBackEqual) {
    constexpr unsigned kSeed = 99;
    std::mt19937_64 random(kSeed);
    for (int round = 0; round < 2000; ++round) {
        const auto value = std::bit_cast<double>(std::uint64_t{random()});
        if (!std::isfinite(value)) {
            continue;
        }
        const double back = parseJson(Json(value).dump())->numberOr(-1);
        EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value))
            << Json(value).dump() << " seed " << kSeed;
    }
}

TEST(Json, whatJsonCannotSayBecomesNullOrReplaced) {
    EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
    EXPECT_EQ(Json(-std::numeric_limits<double>::infinity()).dump(), "null");
    EXPECT_EQ(Json("\xc4\xcf").dump(), "\"\xef\xbf\xbd\xef\xbf\xbd\"") << "GBK is not UTF-8";
    EXPECT_EQ(Json("a\n\"\\\x01").dump(), R"("a\n\"\\\u0001")");
}

TEST(Json, ofEqualNamesTheLastStays) {
    const Json json = *parseJson(R"({"a":1,"b":2,"a":{"c":1,"c":2},"b":3})");
    EXPECT_EQ(json.dump(), R"({"a":{"c":2},"b":3})");
}

TEST(Json, setReplacesInPlace) {
    Json json = Json::object().set("a", 1).set("b", 2);
    json.set("a", "new");
    EXPECT_EQ(json.dump(), R"({"a":"new","b":2})");
    EXPECT_EQ(Json().push(1).dump(), "[1]");
    EXPECT_EQ(Json(5).set("a", 1).dump(), R"({"a":1})");
}

TEST(Json, refusesDeepNesting) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parseJson(nested(128)));
    EXPECT_EQ(dumped(nested(129)), "nested deeper than 128");
    EXPECT_EQ(dumped(std::string(1'000'000, '[')), "nested deeper than 128");
    std::string objects;
    for (int i = 0; i < 200; ++i) {
        objects += R"({"a":)";
    }
    EXPECT_EQ(dumped(objects), "nested deeper than 128");
}

TEST(Json, refusesMalformedTextWithItsPlace) {
    for (const char* text : {"",
                             " ",
                             "{",
                             "[1,]",
                             "{\"a\"}",
                             "{a:1}",
                             "nul",
                             "1 2",
                             "\"\xc4\xcf\"",
                             "[1e999]",
                             "\"\\ud800\"",
                             "01",
                             "+1",
                             "NaN",
                             "[1}",
                             "\"\t\""}) {
        const Result<Json> json = parseJson(text);
        ASSERT_FALSE(json) << text;
        EXPECT_TRUE(json.error().message.starts_with("not valid JSON at byte ")) << text;
    }
    EXPECT_EQ(dumped("[1,}"), "not valid JSON at byte 4");
    EXPECT_TRUE(parseJson("\xef\xbb\xbf{}")) << "a byte order mark is no error";
    EXPECT_FALSE(parseJson(std::string_view("[\0]", 3)));
}

TEST(Json, largeObjectsTakeNoSquareTime) {
    std::string text = "{";
    for (int i = 0; i < 200'000; ++i) {
        text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i % 150'000) + "\":" + std::to_string(i);
    }
    text += "}";
    const auto begin = std::chrono::steady_clock::now();
    const Json json = *parseJson(text);
    EXPECT_GT(json.dump().size(), 100'000U);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(json.members().size(), 150'000U);
    EXPECT_EQ(json["k0"].integerOr(-1), 150'000);
    EXPECT_LT(seconds.count(), 10.0) << "square time would be a minute and more";
}

} // namespace
} // namespace tiles3d::base
