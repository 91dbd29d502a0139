#include "pipeline/oblique/block_files.h"

#include <gtest/gtest.h>

namespace pipeline::oblique {
namespace {

struct Case {
    std::string parent;
    std::string name;
    std::optional<std::string> child;
};

TEST(ChildPath, isRelativeToTheFileThatNamesIt) {
    for (const Case& one : std::vector<Case>{
             {"T.osgb", "T_L15_0.osgb", "T_L15_0.osgb"},
             {"T.osgb", "./T_L15_0.osgb", "T_L15_0.osgb"},
             {"T.osgb", "fine/T_L15_0.osgb", "fine/T_L15_0.osgb"},
             {"T.osgb", R"(fine\T_L15_0.osgb)", "fine/T_L15_0.osgb"},
             {"fine/T.osgb", "T_L16_0.osgb", "fine/T_L16_0.osgb"},
             {"fine/T.osgb", "../T_L16_0.osgb", "T_L16_0.osgb"},
             {"T.osgb", "a/../b//c/./T.osgb", "b/c/T.osgb"},
             {"T.osgb", "\xcd\xdf\xc6\xac #1 100%.osgb", "\xcd\xdf\xc6\xac #1 100%.osgb"},
             {"T.osgb", "...osgb", "...osgb"},
         }) {
        EXPECT_EQ(childPath(one.parent, one.name), one.child) << one.name;
    }
}

TEST(ChildPath, neverLeavesTheFolder) {
    for (const std::string& name : {std::string(),
                                    std::string("/etc/passwd"),
                                    std::string(R"(\\server\share\x.osgb)"),
                                    std::string("../x.osgb"),
                                    std::string(R"(..\x.osgb)"),
                                    std::string("a/../../x.osgb"),
                                    std::string(".."),
                                    std::string("a/"),
                                    std::string("x.osgb\0.jpg", 11)}) {
        EXPECT_FALSE(childPath("T.osgb", name)) << name;
    }
    EXPECT_FALSE(childPath("fine/T.osgb", "../../x.osgb"));
}

} // namespace
} // namespace pipeline::oblique
