#include "pipeline/sample/sample.h"

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/sources/osgb_reader.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <gtest/gtest.h>

#include <map>

namespace pipeline::sample {
namespace {

namespace fs = std::filesystem;

class Sample : public testing::Test {
protected:
    /// One block, few levels: a second's work.
    static constexpr SampleOptions kSmall{.tilesEast = 1, .tilesNorth = 1, .finestLevel = 14};

    std::map<std::string, tiles3d::base::Bytes> bytesOf(const fs::path& home) const {
        std::map<std::string, tiles3d::base::Bytes> bytes;
        for (const auto& entry : fs::recursive_directory_iterator(home)) {
            if (entry.is_regular_file()) {
                bytes[entry.path().lexically_relative(home).string()] =
                    *tiles3d::base::readFile(entry.path());
            }
        }
        return bytes;
    }

    const planning::GdalRuntime gdal;
    job::TemporaryFolder folder;
};

TEST_F(Sample, threadsLeaveNoTrace) {
    SampleOptions two = kSmall;
    two.threads = 2;
    const auto first = writeSample(folder / "a", kSmall);
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_TRUE(writeSample(folder / "b", two));
    const auto one = bytesOf(folder / "a");
    const auto other = bytesOf(folder / "b");
    ASSERT_EQ(one.size(), other.size());
    for (const auto& [name, bytes] : one) {
        EXPECT_TRUE(other.contains(name) && other.at(name) == bytes) << name;
    }
    EXPECT_EQ(first->blocks, 1U);
    EXPECT_EQ(first->project, folder / "a/city.json");
}

TEST_F(Sample, whatItNamesIsThereAndReadsBack) {
    const auto report = writeSample(folder / "a", kSmall);
    ASSERT_TRUE(report);
    const sources::OsgbRuntime runtime;
    std::uint64_t files = 0;
    std::uint64_t triangles = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "a/oblique/Data")) {
        if (entry.path().extension() != ".osgb") {
            continue;
        }
        ++files;
        const auto file = sources::readOsgb(runtime, entry.path());
        ASSERT_TRUE(file) << entry.path() << ": " << file.error().message;
        EXPECT_TRUE(file->irregularities.empty()) << entry.path();
        for (const sources::OsgbNode& node : file->nodes) {
            for (const sources::OsgbGeometry& geometry : node.geometries) {
                triangles += geometry.indices.size() / 3;
            }
            for (const std::string& child : node.childFiles) {
                EXPECT_TRUE(fs::exists(entry.path().parent_path() / child)) << child;
            }
        }
    }
    EXPECT_EQ(files, report->files);
    EXPECT_EQ(triangles, report->triangles);
    const auto project =
        tiles3d::base::parseJson(*tiles3d::base::readTextFile(folder / "a/city.json"));
    ASSERT_TRUE(project);
    for (const char* list : {"oblique", "models", "layers"}) {
        ASSERT_FALSE((*project)[list].items().empty()) << list;
        for (const tiles3d::base::Json& item : (*project)[list].items()) {
            EXPECT_TRUE(fs::exists(folder / "a" / item["path"].stringOr("?"))) << list;
        }
    }
    EXPECT_TRUE(fs::exists(folder / "a/dem/dem_2m.tif"));
    EXPECT_TRUE(fs::exists(folder / "a/oblique/metadata.xml"));
}

TEST_F(Sample, impossibleOptionsAreRefused) {
    for (const SampleOptions& bad : {SampleOptions{.tilesEast = 0},
                                     SampleOptions{.tilesNorth = 1001},
                                     SampleOptions{.finestLevel = 13},
                                     SampleOptions{.finestLevel = 21},
                                     SampleOptions{.jpegQuality = 0},
                                     SampleOptions{.threads = 0}}) {
        EXPECT_FALSE(writeSample(folder / "bad", bad));
    }
    EXPECT_FALSE(fs::exists(folder / "bad"));
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "file", std::string_view("in the way")));
    EXPECT_FALSE(writeSample(folder / "file", kSmall));
}

} // namespace
} // namespace pipeline::sample
