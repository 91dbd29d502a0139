#include "tiles3d/base/uri.h"

#include <gtest/gtest.h>

#include <random>

namespace tiles3d::base {
namespace {

TEST(Uri, encodesWhatIsNotUnreserved) {
    EXPECT_EQ(encodeUriPath("a b#1.glb"), "a%20b%231.glb");
    EXPECT_EQ(encodeUriPath("Tile_+003/100%?.json"), "Tile_%2B003/100%25%3F.json");
    EXPECT_EQ(encodeUriPath("厦门/瓦片.glb"), "%E5%8E%A6%E9%97%A8/%E7%93%A6%E7%89%87.glb");
    EXPECT_EQ(encodeUriPath("a:b/c~d-e_f.g"), "a%3Ab/c~d-e_f.g") << "no scheme by accident";
    EXPECT_EQ(encodeUriPath(""), "");
}

TEST(Uri, decodesUpToTheLastByte) {
    EXPECT_EQ(decodeUri("%41"), "A");
    EXPECT_EQ(decodeUri("x%41"), "xA");
    EXPECT_EQ(decodeUri("%4"), "%4");
    EXPECT_EQ(decodeUri("%"), "%");
    EXPECT_EQ(decodeUri("100%"), "100%");
    EXPECT_EQ(decodeUri("%zz%4g%-1%+1"), "%zz%4g%-1%+1");
    EXPECT_EQ(decodeUri("%e5%8E%a6"), "厦");
    EXPECT_EQ(decodeUri("%2541"), "%41") << "once, not twice";
    const std::string beyond = "%41";
    EXPECT_EQ(decodeUri(std::string_view(beyond).substr(0, 2)), "%4") << "what follows is not ours";
}

TEST(Uri, decodingUndoesEncodingForAnyBytes) {
    constexpr unsigned kSeed = 4711;
    std::mt19937 random(kSeed);
    for (int round = 0; round < 200; ++round) {
        std::string name;
        for (auto length = random() % 40; length > 0; --length) {
            name += static_cast<char>(1 + random() % 255);
        }
        EXPECT_EQ(decodeUri(encodeUriPath(name)), name) << "seed " << kSeed << " round " << round;
    }
}

TEST(Uri, resolvesAsRfc3986Section54) {
    const std::string base = "http://a/b/c/d;p?q";
    const std::pair<const char*, const char*> cases[] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"g?y", "http://a/b/c/g?y"},
        {"g;x", "http://a/b/c/g;x"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    for (const auto& [reference, expected] : cases) {
        EXPECT_EQ(resolveUri(base, reference), expected) << reference;
    }
}

TEST(Uri, resolvesFilePaths) {
    EXPECT_EQ(resolveUri("city/tileset.json", "blocks/a%20b.json"), "city/blocks/a%20b.json");
    EXPECT_EQ(resolveUri("tileset.json", "a.glb"), "a.glb");
    EXPECT_EQ(resolveUri("/data/厦门/tileset.json", "../b/c.glb?v=2"), "/data/b/c.glb?v=2");
    EXPECT_EQ(resolveUri("tileset.json", "../other/a.glb"), "../other/a.glb");
    EXPECT_EQ(resolveUri("../x/tileset.json", "../a.glb"), "../a.glb");
    EXPECT_EQ(resolveUri("http://h/t.json?token=1", "a.glb"), "http://h/a.glb");
    EXPECT_EQ(resolveUri("http://h", "a.glb"), "http://h/a.glb");
}

TEST(Uri, localPathDecodesAndDropsTheQuery) {
    const auto path = [](std::string_view reference) {
        const auto local = localPath("/city", reference);
        return local ? local->string() : local.error().message;
    };
    EXPECT_EQ(path("a%20b/%E5%8E%A6.glb?v=1#x"), "/city/a b/厦.glb");
    EXPECT_EQ(path("../x.glb"), "/x.glb");
    EXPECT_EQ(path("file:///other/x%23.glb"), "/other/x#.glb");
    EXPECT_EQ(path("https://host/x.glb"), "https://host/x.glb: not a file on this machine");
}

TEST(Uri, encodesWhatNoUriMayHold) {
    EXPECT_EQ(encodeUnsafe("http://host/砖 1.glb?key=a%20\"b\""),
              "http://host/%E7%A0%96%201.glb?key=a%20%22b%22");
    EXPECT_EQ(encodeUnsafe("../a/b.glb#c"), "../a/b.glb#c");
}

TEST(Uri, schemesAreInLowerCase) {
    EXPECT_EQ(schemeOf("HTTPS://host/a"), "https");
    EXPECT_EQ(schemeOf("data:,a"), "data");
    EXPECT_EQ(schemeOf("a/b:c"), "");
}

TEST(Uri, fileUrisMayLackTheirServer) {
    EXPECT_EQ(*localPath("/city", "file:/a%20b/c"), "/a b/c");
    EXPECT_EQ(*localPath("/city", "file:///a%20b/c"), "/a b/c");
}

} // namespace
} // namespace tiles3d::base
