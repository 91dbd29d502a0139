#include "pipeline/cli/parse_args.h"

#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

template <typename T>
T parsed(const std::vector<std::string>& args) {
    const auto command = parseArgs(args, 3);
    EXPECT_TRUE(command) << command.error().message;
    const T* chosen = command ? std::get_if<T>(&*command) : nullptr;
    EXPECT_NE(chosen, nullptr);
    return chosen != nullptr ? *chosen : T{};
}

std::string refusal(const std::vector<std::string>& args) {
    const auto command = parseArgs(args, 3);
    return command ? "accepted" : command.error().message;
}

TEST(SiteArguments, CheckSite) {
    const auto check = parsed<CheckSiteCommand>({"check-site",
                                                 "/data/城市",
                                                 "--site",
                                                 "红线.shp",
                                                 "--rules",
                                                 "r.json",
                                                 "--use",
                                                 "0701",
                                                 "--use",
                                                 "09*",
                                                 "--lang",
                                                 "en",
                                                 "--no-pictures",
                                                 "-o",
                                                 "报告"});
    EXPECT_EQ(check.city, "/data/城市");
    EXPECT_EQ(check.site, "红线.shp");
    EXPECT_EQ(check.rules, "r.json");
    EXPECT_EQ(check.siteUse, (std::vector<std::string>{"0701", "09*"}));
    EXPECT_EQ(check.language, planning::site::Language::English);
    EXPECT_FALSE(check.takesPictures);
    EXPECT_EQ(check.out, "报告");
    EXPECT_EQ(check.jobs, 3U);
    EXPECT_NE(refusal({"check-site", "c", "-o", "d"}).find("--site"), std::string::npos);
    EXPECT_NE(refusal({"check-site", "c", "--site", "s", "-o", "d", "--lang", "fr"}).find("lang"),
              std::string::npos);
}

TEST(SiteArguments, FindSites) {
    const auto find = parsed<FindSitesCommand>(
        {"find-sites", "city",    "--parcels", "宗地",   "--where", "A = 'b'", "--area",
         "100..2e4",   "--slope", "8",         "--near", "a:b:500", "--near",  "c:1",
         "--far",      "d:200.5", "--rank",    "RJL",    "--out",   "o"});
    EXPECT_EQ(find.parcels, "宗地");
    EXPECT_EQ(find.where, "A = 'b'");
    EXPECT_EQ(find.leastSquareMetres, 100.0);
    EXPECT_EQ(find.mostSquareMetres, 20000.0);
    EXPECT_EQ(find.mostSlopeDegrees, 8.0);
    ASSERT_EQ(find.near.size(), 2U);
    EXPECT_EQ(find.near[0].layer, "a:b");
    EXPECT_EQ(find.near[0].metres, 500.0);
    ASSERT_EQ(find.far.size(), 1U);
    EXPECT_EQ(find.far[0].metres, 200.5);
    EXPECT_EQ(find.rankBy, "RJL");
}

TEST(SiteArguments, RangesMayBeOpen) {
    const auto area = [](const std::string& text) {
        return std::vector<std::string>{
            "find-sites", "c", "--parcels", "p", "-o", "o", "--area", text};
    };
    EXPECT_EQ(parsed<FindSitesCommand>(area("5..")).leastSquareMetres, 5.0);
    EXPECT_EQ(parsed<FindSitesCommand>(area("..5")).mostSquareMetres, 5.0);
    for (const char* text : {"5", "9..5", "a..b", "-1..5", "1..nan"}) {
        EXPECT_NE(refusal(area(text)).find("--area"), std::string::npos) << text;
    }
    for (const char* text : {"school", "school:", ":5", "school:-5", "school:x"}) {
        EXPECT_NE(refusal({"find-sites", "c", "--parcels", "p", "-o", "o", "--near", text})
                      .find("expected like school:500"),
                  std::string::npos)
            << text;
    }
}

TEST(SiteArguments, HelpHasExamples) {
    for (const char* name : {"check-site", "find-sites"}) {
        const auto help = parsed<PrintCommand>({name, "--help"});
        EXPECT_NE(help.text.find("Examples:"), std::string::npos);
        EXPECT_NE(help.text.find("Exit codes:"), std::string::npos);
    }
}

} // namespace
} // namespace pipeline::cli
