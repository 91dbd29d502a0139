#include "tests/viewer/render/lean_city.h"

#include "viewer/render/egl_context.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace tests {

namespace fs = std::filesystem;

fs::path LeanCity::folder_;

void LeanCity::SetUpTestSuite() {
    const fs::path scratch = fs::temp_directory_path() / fmt::format("city3d lean {}", ::getpid());
    folder_ = scratch / "city";
    const std::string command =
        fmt::format("'{0}' sample '{1}' --tiles 3x3 --lean > /dev/null 2>&1 && "
                    "'{0}' build '{1}/city.json' --out '{1}/city' > /dev/null 2>&1",
                    CITY3D_PROGRAM,
                    scratch.string());
    ASSERT_EQ(std::system(command.c_str()), 0); // NOLINT(cert-env33-c): our own program
}

void LeanCity::TearDownTestSuite() {
    fs::remove_all(folder_.parent_path());
}

void LeanCity::SetUp() {
    if (const auto context = viewer::render::EglContext::create(); !context) {
        GTEST_SKIP() << context.error().message;
    }
}

} // namespace tests
