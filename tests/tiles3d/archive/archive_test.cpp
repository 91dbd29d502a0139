#include "tiles3d/archive/archive.h"

#include "tests/support/mutation.h"
#include "tests/support/zip_writer.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace base = tiles3d::base;
using tests::ZipEntry;
using tests::zipOf;
using tiles3d::archive::Archive;

class ArchiveTest : public testing::Test {
protected:
    ArchiveTest() {
        std::string pattern = (fs::temp_directory_path() / "city3d_archive.XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~ArchiveTest() override { fs::remove_all(folder_); }

    fs::path put(base::ByteView bytes) const {
        fs::path file = folder_ / "城市.3tz";
        EXPECT_TRUE(base::writeFile(file, bytes));
        return file;
    }

    /// What comes of reading `name`: its text, or the message.
    std::string outcome(base::ByteView archive, const std::string& name = "a") const {
        const auto opened = Archive::open(put(archive));
        if (!opened) {
            return opened.error().message;
        }
        const auto bytes = opened->read(name, 1000);
        return bytes ? std::string(base::asText(*bytes)) : bytes.error().message;
    }

private:
    fs::path folder_;
};

const std::string kLong(900, 'x');

TEST_F(ArchiveTest, readsEveryMethodAndSize) {
    for (const bool zip64 : {false, true}) {
        const auto archive = Archive::open(put(zipOf({{"tileset.json", "{}"},
                                                      {"瓦片/0.glb", kLong, 8},
                                                      {"瓦片/1.glb", kLong, 93},
                                                      {"empty", ""},
                                                      {"empty8", "", 8},
                                                      {"empty93", "", 93}},
                                                     {.zip64 = zip64, .comment = "PK\5\6?"})));
        ASSERT_TRUE(archive) << archive.error().message;
        EXPECT_EQ(archive->entryCount(), 6U);
        for (const char* name : {"瓦片/0.glb", "瓦片/1.glb"}) {
            const auto bytes = archive->read(name);
            ASSERT_TRUE(bytes) << bytes.error().message;
            EXPECT_EQ(base::asText(*bytes), kLong);
        }
        for (const char* name : {"empty", "empty8", "empty93"}) {
            const auto bytes = archive->read(name);
            ASSERT_TRUE(bytes) << bytes.error().message;
            EXPECT_TRUE(bytes->empty());
        }
        EXPECT_TRUE(archive->has("tileset.json"));
        EXPECT_FALSE(archive->has("瓦片"));
    }
}

TEST_F(ArchiveTest, namesOfFilesOutsideAreNoNames) {
    const auto archive = Archive::open(put(zipOf({{"../../etc/passwd", "inside"}})));
    ASSERT_TRUE(archive);
    EXPECT_FALSE(archive->read("/etc/passwd"));
    EXPECT_EQ(base::asText(*archive->read("../../etc/passwd")), "inside"); // only a name
}

TEST_F(ArchiveTest, saysWhatIsWrong) {
    const auto expect = [&](const base::Bytes& archive, const std::string& part) {
        const std::string said = outcome(archive);
        EXPECT_NE(said.find(part), std::string::npos) << said;
    };
    expect(zipOf({{"b", ""}}), "no such file in the archive");
    expect(zipOf({{"a", "text", 12}}), "compression method 12");
    expect(zipOf({{"a", std::string(1001, ' ')}}), "1001 bytes, the limit is 1000");
    expect(zipOf({{"a", "text", 0, 1}}), "damaged stored");
    expect(zipOf({{"a", kLong, 8, 1}}), "damaged deflate");
    expect(zipOf({{"a", kLong, 8, -1}}), "damaged deflate");
    expect(zipOf({{"a", kLong, 93, 1}}), "damaged zstandard");
    expect(zipOf({{"a", kLong, 93, -1}}), "damaged zstandard");
    expect(zipOf({{.name = "a", .text = "text", .crcMask = 1}}), "CRC-32");
    expect(zipOf({{.name = "a", .text = "text", .headerName = "b"}}), "another file");
    expect(base::Bytes(100), "not a ZIP archive");
    expect({}, "not a ZIP archive");
    base::Bytes cut = zipOf({{"a", kLong}});
    cut.erase(cut.begin(), cut.begin() + 400); // the end is there, and points beyond
    expect(cut, "cut off or damaged");
}

TEST_F(ArchiveTest, aBombTakesNoMemoryForItsClaim) {
    // 40 bytes that claim to become 100 GB; within a limit that would allow it.
    const auto archive = Archive::open(put(zipOf(
        {{"a", "text", 93, 100'000'000'000}, {"b", "text", 8, 100'000'000'000}}, {.zip64 = true})));
    ASSERT_TRUE(archive);
    EXPECT_FALSE(archive->read("a", std::uint64_t{1} << 40U));
    EXPECT_FALSE(archive->read("b", std::uint64_t{1} << 40U));
}

TEST_F(ArchiveTest, damageGivesAMessageOrTheFile) {
    constexpr std::uint32_t kCases = 600;
    const base::Bytes plain = zipOf({{"a", kLong, 8}, {"b", kLong, 93}, {"c", "text"}});
    const base::Bytes large = zipOf({{"a", kLong, 93}, {"b", "b"}}, {.zip64 = true});
    for (std::uint32_t seed = 0; seed < kCases; ++seed) {
        const std::string said = outcome(tests::damaged(seed % 2 == 0 ? plain : large, seed));
        EXPECT_FALSE(said.empty()) << "seed " << seed;
        EXPECT_TRUE(said == kLong || said.find(".3tz") != std::string::npos) << "seed " << seed;
    }
}

TEST_F(ArchiveTest, threadsReadAtOnce) {
    std::vector<ZipEntry> entries;
    constexpr int kEntries = 50;
    for (int i = 0; i < kEntries; ++i) {
        entries.push_back({std::to_string(i), std::string(2000, static_cast<char>('0' + i)), 93});
    }
    const auto archive = Archive::open(put(zipOf(entries)));
    ASSERT_TRUE(archive);
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                for (const ZipEntry& entry : entries) {
                    const auto bytes = archive->read(entry.name);
                    right += bytes && base::asText(*bytes) == entry.text ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(right, 4 * kEntries);
}

} // namespace
