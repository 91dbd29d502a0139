#include "viewer/stream/source.h"

#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zip_writer.h"
#include "tiles3d/base/file.h"
#include "viewer/stream/source_any.h"
#include "viewer/stream/source_archive.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {

namespace base = tiles3d::base;
using viewer::stream::AnySource;
using viewer::stream::ArchiveSource;
using viewer::stream::FileSource;
using viewer::stream::ISource;

/// The text of a file, or "! " and the message.
std::string outcome(const ISource& source, const std::string& uri) {
    const auto bytes = source.read(uri);
    return bytes ? std::string(base::asText(*bytes)) : "! " + bytes.error().message;
}

TEST(FileSource, reachesNeighboursAndNothingAbove) {
    const tests::TemporaryFolder folder;
    folder.write("a/b/c/城 市/0.glb", "inside");
    folder.write("a/shared.glb", "shared");
    folder.write("secret", "secret");
    const FileSource source(folder.path() / "a" / "b" / "c");
    EXPECT_EQ(outcome(source, "%E5%9F%8E%20%E5%B8%82/0.glb?v=1"), "inside");
    EXPECT_EQ(outcome(source, "../../shared.glb"), "shared");
    EXPECT_EQ(outcome(source, "file://" + (folder.path() / "a/shared.glb").string()), "shared");
    for (const std::string uri : {"../../../secret",
                                  "%2e%2e/%2e%2e/%2e%2e/secret",
                                  "/etc/passwd",
                                  "file:///etc/passwd",
                                  "../../../../../../../../etc/passwd"}) {
        EXPECT_NE(outcome(source, uri).find("not read"), std::string::npos) << uri;
    }
    EXPECT_TRUE(outcome(source, "ftp://host/a").starts_with("! ftp://host/a"));
    EXPECT_NE(outcome(FileSource("/usr"), "../etc/passwd").find("not read"), std::string::npos);
}

TEST(ArchiveSource, hasNoOutside) {
    const tests::TemporaryFolder folder;
    const base::Bytes zip = tests::zipOf({{"瓦/0 1.glb", "inside", 93}});
    auto archive = tiles3d::archive::Archive::open(folder.write("a.3tz", base::asText(zip)));
    ASSERT_TRUE(archive);
    const ArchiveSource source(*std::move(archive));
    EXPECT_EQ(outcome(source, "%E7%93%A6/0%201.glb?v=1"), "inside");
    EXPECT_EQ(outcome(source, "/%E7%93%A6/0%201.glb"), "inside");
    EXPECT_TRUE(outcome(source, "../a.3tz").starts_with("! "));
    EXPECT_TRUE(outcome(source, "file:///etc/passwd").starts_with("! "));
}

TEST(AnySource, goesWhereAUriPoints) {
    tests::HttpServer server(
        [](const std::string& target) { return tests::HttpAnswer{.body = target}; });
    const tests::TemporaryFolder folder;
    folder.write("a.glb", "file");
    const AnySource source(std::make_unique<const FileSource>(folder.path()));
    EXPECT_EQ(outcome(source, "a.glb"), "file");
    EXPECT_EQ(outcome(source, server.address() + "/a.glb"), "/a.glb");
    EXPECT_EQ(outcome(source, "data:application/octet-stream;base64,SGVsbG8="), "Hello");
    EXPECT_EQ(outcome(source, "data:,a%20b"), "a b");
    EXPECT_TRUE(outcome(source, "data:;base64,***").starts_with("! "));
    EXPECT_TRUE(outcome(source, "data:none").starts_with("! "));
}

TEST(AnySource, aTilesetOnTheWebReadsNoFile) {
    const AnySource source("http://127.0.0.1:1/tileset.json");
    for (const char* uri : {"file:///etc/passwd", "/etc/passwd", "etc/passwd"}) {
        EXPECT_NE(outcome(source, uri).find("can only name files on the web"), std::string::npos);
    }
    EXPECT_EQ(outcome(source, "data:,text"), "text");
}

TEST(AnySource, unpacksGzip) {
    const std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x2b\x49\xad\x28\x01\x00"
                           "\xc7\xa7\x8b\x3b\x04\x00\x00\x00",
                           24); // printf text | gzip -n; its CRC is checked
    const tests::TemporaryFolder folder;
    folder.write("a.glb", gzip);
    folder.write("cut.glb", gzip.substr(0, 15));
    const AnySource source(std::make_unique<const FileSource>(folder.path()));
    EXPECT_EQ(outcome(source, "a.glb"), "text");
    EXPECT_NE(outcome(source, "cut.glb").find("damaged deflate"), std::string::npos);
}

} // namespace
