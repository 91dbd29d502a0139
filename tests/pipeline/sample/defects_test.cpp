#include "pipeline/sample/defects.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <gtest/gtest.h>

#include <set>

namespace pipeline::sample {
namespace {

TEST(Defects, haveNamesOfTheirOwnAndExpectations) {
    std::set<std::string> names;
    const std::set<std::string> kinds{
        "missing", "unreadable", "empty", "cycle", "orphan", "geometry", "image"};
    for (const BlockDefect& defect : blockDefects()) {
        EXPECT_TRUE(names.insert(defect.name).second) << defect.name;
        EXPECT_TRUE(defect.description.ends_with('.')) << defect.name;
        for (const std::string& loss : defect.losses) {
            EXPECT_TRUE(kinds.contains(loss)) << defect.name;
        }
    }
    EXPECT_EQ(blockDefects().front().name, "intact");
}

TEST(Defects, eachDiffersFromTheIntactBlockByMoreThanItsName) {
    const auto sizes = [](const FileSet& files) {
        std::vector<tiles3d::base::Bytes> all;
        for (const auto& [name, bytes] : files) {
            all.push_back(bytes);
        }
        return all;
    };
    for (const BlockDefect& defect : blockDefects()) {
        const auto changed = makeDefectBlock(defect, 1, 1);
        const auto plain = makeDefectBlock({.name = defect.name}, 1, 1);
        ASSERT_TRUE(changed && plain) << defect.name;
        EXPECT_EQ(sizes(*changed) == sizes(*plain), defect.name == "intact") << defect.name;
    }
}

TEST(Defects, theManifestNamesEveryOne) {
    const job::TemporaryFolder folder;
    const auto written = writeDefects(folder.path());
    ASSERT_TRUE(written) << written.error().message;
    const auto text = tiles3d::base::readTextFile(folder / "defects.json");
    const auto manifest = tiles3d::base::parseJson(*text);
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->items().size(), blockDefects().size() + deliveryDefects().size());
    for (const tiles3d::base::Json& item : manifest->items()) {
        EXPECT_TRUE(std::filesystem::exists(folder / item["path"].stringOr("?")));
    }
}

} // namespace
} // namespace pipeline::sample
