#include "pipeline/cli/parse_args.h"

#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

tiles3d::base::Result<BuildCommand> parsedBuild(std::vector<std::string> options) {
    options.insert(options.begin(), {"build", "delivery", "--out", "city"});
    const auto command = parseArgs(options, 2);
    return command ? tiles3d::base::Result<BuildCommand>(std::get<BuildCommand>(*command))
                   : tiles3d::base::Result<BuildCommand>(command.error());
}

TEST(ParseArgs, whatIsNotSaidIsLeftToTheProject) {
    const auto build = parsedBuild({});
    ASSERT_TRUE(build);
    EXPECT_EQ(build->path, "delivery");
    EXPECT_EQ(build->out, "city");
    EXPECT_EQ(build->jobs, 2U);
    EXPECT_FALSE(build->geometry || build->texture || build->tops || build->scan.srs);
}

TEST(ParseArgs, topsAreIgnoredOrUsed) {
    EXPECT_EQ(parsedBuild({"--tops", "use"})->tops, scan::Tops::Use);
    EXPECT_EQ(parsedBuild({"--tops", "ignore"})->tops, scan::Tops::Ignore);
    const auto wrong = parsedBuild({"--tops", "maybe"});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message, "--tops maybe: it can be ignore or use");
}

TEST(ParseArgs, helpNamesEveryOptionOfBuild) {
    const auto help = parseArgs({"build", "--help"}, 2);
    ASSERT_TRUE(help);
    const std::string& text = std::get<PrintCommand>(*help).text;
    for (const char* option : {"--srs", "--geometry", "--texture", "--tops", "--fresh", "--jobs"}) {
        EXPECT_NE(text.find(option), std::string::npos) << option;
    }
}

} // namespace
} // namespace pipeline::cli
