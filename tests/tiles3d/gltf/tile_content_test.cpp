#include "tiles3d/gltf/tile_content.h"

#include "models.h"
#include "tiles3d/gltf/glb.h"

#include <gtest/gtest.h>

#include <string>

namespace tiles3d::gltf {
namespace {

std::string number(std::size_t value) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes += static_cast<char>(value >> shift & 0xFFU);
    }
    return bytes;
}

std::string b3dmAround(const base::Bytes& glb, const std::string& featureTable) {
    const std::size_t length = 28 + featureTable.size() + glb.size();
    return "b3dm" + number(1) + number(length) + number(featureTable.size()) + number(0) +
           number(0) + number(0) + featureTable + std::string(base::asText(glb));
}

TEST(B3dm, itsCentreBecomesTheOrigin) {
    const auto glb = writeGlb(wavySheet(4, 10.0F), {.codec = GeometryCodec::Plain});
    ASSERT_TRUE(glb);
    const std::string wrapped =
        b3dmAround(*glb, R"({"BATCH_LENGTH":0,"RTC_CENTER":[1215000.5,-4736000,4081000]})");
    const auto read = readGlb(base::asBytes(wrapped));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->origin, glm::dvec3(1215000.5, -4736000.0, 4081000.0));
    EXPECT_NEAR(read->primitives[0].mesh.positions[3].x, 10.0F, 1e-5F);
}

TEST(B3dm, lengthsBeyondTheFileAreRefused) {
    const std::string wrapped = b3dmAround({}, "{}");
    EXPECT_FALSE(unwrapContent(base::asBytes(wrapped.substr(0, 20))));
    std::string lying = wrapped;
    lying[14] = '\x7F';
    EXPECT_FALSE(unwrapContent(base::asBytes(lying)));
}

} // namespace
} // namespace tiles3d::gltf
