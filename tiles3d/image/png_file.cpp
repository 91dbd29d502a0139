#include "tiles3d/image/png_file.h"

#include "tiles3d/base/file.h"

#include <png.h>

#include <cassert>
#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <functional>
#include <system_error>
#include <utility>

namespace tiles3d::image {

namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Result;
using base::Status;

constexpr std::uint32_t kMostPixels = 1'000'000; // PNG_USER_WIDTH_MAX

fs::path partOf(const fs::path& file) {
    fs::path part = file;
    part += ".part";
    return part;
}

void noteMessage(png_structp png, png_const_charp message) {
    *static_cast<std::string*>(png_get_error_ptr(png)) = message;
    png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

} // namespace

struct PngFile::State {
    fs::path file;
    std::uint32_t height = 0;
    std::uint32_t rowsWritten = 0;
    std::FILE* out = nullptr;
    std::string message; // libpng's last
    png_structp png = nullptr;
    png_infop info = nullptr;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    Status guarded(const std::function<void()>& writeSome);
    Error systemError(const std::string& step) const;
};

PngFile::State::~State() {
    png_destroy_write_struct(&png, &info);
    if (out != nullptr) {
        std::fclose(out);
        std::error_code error;
        fs::remove(partOf(file), error);
    }
}

Error PngFile::State::systemError(const std::string& step) const {
    return {base::toUtf8(file) + ": " + step + ": " + std::generic_category().message(errno)};
}

/// libpng reports errors by a jump, over C frames only: `writeSome` may call libpng and own
/// nothing.
Status PngFile::State::guarded(const std::function<void()>& writeSome) {
    if (setjmp(png_jmpbuf(png)) != 0) {
        return systemError("cannot write: " + message);
    }
    writeSome();
    return base::ok();
}

PngFile::PngFile(std::unique_ptr<State> state) : state_(std::move(state)) {}

PngFile::~PngFile() = default;

Result<std::unique_ptr<PngFile>>
PngFile::create(const fs::path& file, std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0 || width > kMostPixels || height > kMostPixels) {
        return Error{base::toUtf8(file) + ": a PNG of " + std::to_string(width) + " x " +
                     std::to_string(height) + " pixels, each side may have 1 to 1,000,000"};
    }
    auto state = std::make_unique<State>();
    state->file = file;
    state->height = height;
    state->out = std::fopen(partOf(file).c_str(), "wbe");
    if (state->out == nullptr) {
        return state->systemError("cannot create");
    }
    state->png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, &state->message, noteMessage, ignoreWarning);
    state->info = png_create_info_struct(state->png);
    const auto begun = state->guarded([&state, width, height] {
        png_init_io(state->png, state->out);
        png_set_IHDR(state->png,
                     state->info,
                     width,
                     height,
                     8,
                     PNG_COLOR_TYPE_RGB,
                     PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        png_set_sRGB(state->png, state->info, PNG_sRGB_INTENT_PERCEPTUAL);
        png_write_info(state->png, state->info);
    });
    if (!begun) {
        return begun.error();
    }
    return std::unique_ptr<PngFile>(new PngFile(std::move(state)));
}

Status PngFile::append(const Raster& rows) {
    State& state = *state_;
    assert(rows.channels == 3 && state.rowsWritten + rows.height <= state.height);
    state.rowsWritten += rows.height;
    return state.guarded([&state, &rows] {
        const std::size_t rowBytes = std::size_t{rows.width} * rows.channels;
        for (std::size_t row = 0; row < rows.height; ++row) {
            const std::byte* first = rows.pixels.data() + row * rowBytes;
            png_write_row(state.png, reinterpret_cast<png_const_bytep>(first));
        }
    });
}

Status PngFile::finish() {
    State& state = *state_;
    if (auto ended = state.guarded([&state] { png_write_end(state.png, nullptr); }); !ended) {
        return ended;
    }
    if (std::fclose(std::exchange(state.out, nullptr)) != 0 ||
        std::rename(partOf(state.file).c_str(), state.file.c_str()) != 0) {
        const Error error = state.systemError("cannot finish");
        std::error_code ignored;
        fs::remove(partOf(state.file), ignored);
        return error;
    }
    return base::ok();
}

} // namespace tiles3d::image
