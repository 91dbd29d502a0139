#include "tiles3d/crs/height_datum.h"

#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tiles3d::crs {
namespace {

namespace fs = std::filesystem;

class HeightDatumFile : public testing::Test {
protected:
    void SetUp() override {
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        folder = fs::temp_directory_path() /
                 ("city3d 高程 " + name + "_" +
                  std::to_string(testing::UnitTest::GetInstance()->random_seed()));
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path folder;
};

const fs::path kEgm96 = "/usr/share/proj/egm96_15.gtx";

TEST_F(HeightDatumFile, WordsAndNumbers) {
    EXPECT_EQ(describe(*parseHeightDatum("ellipsoidal", folder)), "ellipsoidal");
    EXPECT_EQ(describe(*parseHeightDatum("egm96", folder)), "egm96_15.gtx");
    EXPECT_EQ(describe(*parseHeightDatum("egm96_15.gtx", folder)), "egm96_15.gtx");
    EXPECT_EQ(describe(*parseHeightDatum("10.16", folder)), "constant +10.16 m");
    EXPECT_EQ(describe(*parseHeightDatum("-3", folder)), "constant -3 m");
    EXPECT_EQ(describe(*parseHeightDatum("+3", folder)), "constant +3 m");
}

TEST_F(HeightDatumFile, AGridBesideTheProjectBecomesAnAbsolutePath) {
    if (!fs::exists(kEgm96)) {
        GTEST_SKIP() << kEgm96 << " is missing";
    }
    fs::copy_file(kEgm96, folder / "似大地水准面 1985.gtx");
    const auto datum = parseHeightDatum("似大地水准面 1985.gtx", folder);
    ASSERT_TRUE(datum) << datum.error().message;
    EXPECT_EQ(std::get<GeoidGrid>(*datum).grid, (folder / "似大地水准面 1985.gtx").string());
    EXPECT_EQ(describe(*datum), "似大地水准面 1985.gtx");
}

TEST_F(HeightDatumFile, WhatIsNoGridFails) {
    ASSERT_TRUE(base::writeFile(folder / "not.gtx", std::string_view("hello")));
    ASSERT_TRUE(base::writeFile(folder / "not.tif", std::string_view("II*\0", 4)));
    ASSERT_TRUE(base::writeFile(folder / "a,b.gtx", std::string_view("hello")));
    for (const char* const text : {"not.gtx",
                                   "not.tif",
                                   "missing.gtx",
                                   "sub/missing.gtx",
                                   "a,b.gtx",
                                   "@missing.gtx",
                                   "a\".gtx",
                                   "a#b.gtx",
                                   "null",
                                   "",
                                   ".",
                                   "egm2008",
                                   "500",
                                   "nan",
                                   "inf",
                                   "1e400"}) {
        EXPECT_FALSE(parseHeightDatum(text, folder)) << text;
    }
    EXPECT_FALSE(parseHeightDatum(std::string(100000, 'a'), folder));
    EXPECT_FALSE(parseHeightDatum(std::string(300, 'a'), folder)); // a name no file system holds
    EXPECT_FALSE(parseHeightDatum(std::string_view("not.gtx\0", 8), folder));
}

} // namespace
} // namespace tiles3d::crs
