// Every text of the program has its Chinese.

#include "tests/support/temporary_folder.h"
#include "tests/viewer/app/child_process.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

namespace tests {
namespace {

const std::filesystem::path kTranslations =
    std::filesystem::path(REPO_ROOT) / "viewer/app/translations";

std::string textOf(const std::filesystem::path& file) {
    constexpr std::uint64_t kMostBytes = 16U << 20U;
    const auto text = tiles3d::base::readTextFile(file, kMostBytes);
    EXPECT_TRUE(text) << file;
    return text ? *text : "";
}

std::set<std::string> sourcesIn(const std::string& ts) {
    static const std::regex kSource("<source>([^<]*)</source>");
    std::set<std::string> sources;
    for (std::sregex_iterator match(ts.begin(), ts.end(), kSource), end; match != end; ++match) {
        sources.insert((*match)[1]);
    }
    return sources;
}

TEST(Translations, nothingIsUnfinished) {
    for (const char* name : {"city3d_zh_CN.ts", "city3d_en.ts"}) {
        const std::string ts = textOf(kTranslations / name);
        EXPECT_EQ(ts.find("type=\"unfinished\""), std::string::npos) << name;
        EXPECT_EQ(ts.find("<translation></translation>"), std::string::npos) << name;
    }
}

TEST(Translations, everyTextOfTheSourcesIsThere) {
    if (!std::filesystem::exists(CITY3D_LUPDATE)) {
        GTEST_SKIP() << "no lupdate";
    }
    const TemporaryFolder folder;
    const std::filesystem::path fresh = folder.path() / "fresh.ts";
    constexpr std::chrono::seconds kPatience{60};
    const pid_t lupdate = startProcess({CITY3D_LUPDATE,
                                        "-silent",
                                        "-I",
                                        REPO_ROOT,
                                        (std::filesystem::path(REPO_ROOT) / "viewer/app").string(),
                                        "-target-language",
                                        "zh_CN",
                                        "-ts",
                                        fresh.string()},
                                       {});
    ASSERT_EQ(waitForProcess(lupdate, kPatience), 0);
    const std::set<std::string> used = sourcesIn(textOf(fresh));
    EXPECT_GT(used.size(), 100U);
    EXPECT_EQ(used, sourcesIn(textOf(kTranslations / "city3d_zh_CN.ts")));
}

} // namespace
} // namespace tests
