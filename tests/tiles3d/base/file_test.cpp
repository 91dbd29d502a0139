#include "tiles3d/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace tiles3d::base {
namespace {

namespace fs = std::filesystem;

/// An empty folder per test, gone afterwards.
class File : public testing::Test {
protected:
    void SetUp() override {
        folder = fs::path(testing::TempDir()) / ("city3d_file_" + std::to_string(::getpid()));
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override {
        fs::permissions(folder, fs::perms::owner_all);
        fs::remove_all(folder);
    }

    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

    fs::path folder;
};

std::string errorOf(const Status& status) {
    return status ? "no error" : status.error().message;
}

TEST_F(File, readsBackWhatWasWritten) {
    const fs::path file = folder / "厦门 100%#.bin";
    const std::string text("a\0b\r\n\xff", 6);
    ASSERT_TRUE(writeFile(file, text));
    EXPECT_EQ(asText(*readFile(file)), text);
    ASSERT_TRUE(writeFile(file, std::string_view("shorter")));
    EXPECT_EQ(*readTextFile(file), "shorter");
    ASSERT_TRUE(writeFile(file, ByteView{}));
    EXPECT_TRUE(readFile(file)->empty());
    EXPECT_EQ(entries(), 1U) << "no .part stays";
}

TEST_F(File, textLosesItsByteOrderMark) {
    ASSERT_TRUE(writeFile(folder / "a.xml", std::string_view("\xEF\xBB\xBF<a/>")));
    EXPECT_EQ(*readTextFile(folder / "a.xml"), "<a/>");
}

TEST_F(File, readingSaysWhatIsWrong) {
    const auto error = [](const fs::path& file, std::uint64_t maxBytes = kMaxFileBytes) {
        const auto read = readFile(file, maxBytes);
        return read ? "no error" : read.error().message;
    };
    EXPECT_NE(error(folder / "none").find("none: cannot open: No such file"), std::string::npos);
    EXPECT_NE(error(folder).find("not a regular file"), std::string::npos);
    EXPECT_NE(error("/dev/zero").find("not a regular file"), std::string::npos);
    ASSERT_TRUE(writeFile(folder / "ten", std::string_view("0123456789")));
    EXPECT_NE(error(folder / "ten", 9).find("10 bytes, the limit is 9"), std::string::npos);
    EXPECT_EQ(error(folder / "ten", 10), "no error");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_NE(error(folder / "pipe").find("not a regular file"), std::string::npos) << "no hang";
}

TEST_F(File, fullDiskLeavesTheOldFile) {
    if (!fs::exists("/dev/full")) {
        GTEST_SKIP() << "no /dev/full here";
    }
    const fs::path file = folder / "tileset.json";
    ASSERT_TRUE(writeFile(file, std::string_view("old")));
    fs::create_symlink("/dev/full", folder / "tileset.json.part");
    const Status written = writeFile(file, std::string_view("new"));
    EXPECT_NE(errorOf(written).find("tileset.json.part: cannot write: No space left on device"),
              std::string::npos)
        << errorOf(written);
    EXPECT_EQ(*readTextFile(file), "old");
    EXPECT_EQ(entries(), 1U);
    EXPECT_TRUE(fs::exists("/dev/full"));
}

TEST_F(File, missingFolderIsAnError) {
    EXPECT_NE(
        errorOf(writeFile(folder / "none" / "a", std::string_view("x"))).find("cannot create"),
        std::string::npos);
}

TEST_F(File, folderThatMayNotBeWrittenIsAnError) {
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
    const pid_t child = ::fork();
    if (child == 0) { // root may write anywhere: somebody else tries
        constexpr uid_t kNobody = 65534;
        const bool isOther = ::geteuid() != 0 || ::setuid(kNobody) == 0;
        const std::string error = errorOf(writeFile(folder / "a", std::string_view("x")));
        ::_exit(isOther && error.find("Permission denied") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(File, renamingOntoAFolderFailsCleanly) {
    fs::create_directories(folder / "taken" / "inside");
    EXPECT_NE(errorOf(writeFile(folder / "taken", std::string_view("x"))).find("cannot rename"),
              std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "taken.part"));
    EXPECT_TRUE(fs::exists(folder / "taken" / "inside"));
}

TEST_F(File, inPlaceRemovesWhatIsIncomplete) {
    EXPECT_TRUE(writeFileInPlace(folder / "a", asBytes("x")));
    EXPECT_EQ(*readTextFile(folder / "a"), "x");
    if (fs::exists("/dev/full")) {
        fs::create_symlink("/dev/full", folder / "b");
        EXPECT_FALSE(writeFileInPlace(folder / "b", asBytes("x")));
        EXPECT_FALSE(fs::is_symlink(folder / "b"));
    }
}

TEST_F(File, makesFolders) {
    EXPECT_TRUE(makeFolder(folder / "a" / "b"));
    EXPECT_TRUE(makeFolder(folder / "a" / "b")) << "twice is fine";
    EXPECT_TRUE(syncFolder(folder));
    EXPECT_FALSE(syncFolder(folder / "none"));
    ASSERT_TRUE(writeFile(folder / "file", std::string_view("x")));
    EXPECT_NE(errorOf(makeFolder(folder / "file" / "c")).find("cannot create the folder"),
              std::string::npos);
}

TEST(Utf8, keepsWhatIsValidAndReplacesTheRest) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(validUtf8("厦门 a\xF0\x9F\x8F\x99"), "厦门 a\xF0\x9F\x8F\x99");
    EXPECT_EQ(validUtf8("\xCF\xC3x"), mark + mark + "x") << "GBK";
    EXPECT_EQ(validUtf8("\xC0\x80"), mark + mark) << "overlong";
    EXPECT_EQ(validUtf8("\xED\xA0\x80"), mark + mark + mark) << "surrogate";
    EXPECT_EQ(validUtf8("\xF4\x90\x80\x80"), mark + mark + mark + mark) << "above U+10FFFF";
    EXPECT_EQ(validUtf8("a\xE5\x8E"), "a" + mark + mark) << "cut off at the end";
    EXPECT_EQ(toUtf8(fs::path("a") / "\xC4\xCF"), "a/" + mark + mark);
}

} // namespace
} // namespace tiles3d::base
