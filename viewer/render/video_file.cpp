#include "viewer/render/video_file.h"

#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace viewer::render {

namespace {

namespace fs = std::filesystem;
namespace base = tiles3d::base;

constexpr const char* kNoFfmpeg =
    "the program ffmpeg, which makes videos, is not installed (on Debian: apt install ffmpeg); "
    "--frames FOLDER writes the same frames as PNG files without it";

fs::path partOf(const fs::path& file) {
    fs::path part = file;
    part += ".part";
    return part;
}

std::string reason(int error) {
    return std::generic_category().message(error);
}

/// Frames are sRGB, which players take for BT.709.
std::vector<std::string> ffmpegWords(const fs::path& part, const VideoFormat& format) {
    const std::string size = fmt::format("{}x{}", format.widthPixels, format.heightPixels);
    const std::string rate = fmt::format("{}", format.framesPerSecond);
    return {"ffmpeg",
            "-hide_banner",
            "-nostdin",
            "-loglevel",
            "error",
            "-y",
            "-f",
            "rawvideo",
            "-pixel_format",
            "rgb24",
            "-video_size",
            size,
            "-framerate",
            rate,
            "-i",
            "pipe:0",
            "-vf",
            "scale=out_color_matrix=bt709:out_range=tv",
            "-c:v",
            "libx264",
            "-preset",
            "medium",
            "-crf",
            "18",
            "-pix_fmt",
            "yuv420p",
            "-colorspace",
            "bt709",
            "-color_trc",
            "bt709",
            "-color_primaries",
            "bt709",
            "-movflags",
            "+faststart",
            "-bitexact",
            "-f",
            "mp4",
            "file:" + part.string()};
}

class SpawnActions {
public:
    SpawnActions() { posix_spawn_file_actions_init(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

    void connect(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

} // namespace

struct VideoFile::State {
    fs::path file;
    std::FILE* said = nullptr; // what ffmpeg writes to stderr: a file never fills up
    int frames = -1;           // our end of a socket: a broken pipe would kill the program
    pid_t program = -1;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    base::Status start(const VideoFormat& format);
    int spawn(std::vector<std::string> words, int input);
    int endOfInput();
    base::Error failure(int exitStatus) const;
    std::string lastWords() const;
    void removePart() const;
};

VideoFile::State::~State() {
    if (program > 0) {
        ::kill(program, SIGKILL);
        endOfInput();
        removePart();
    }
    if (said != nullptr) {
        std::fclose(said);
    }
}

void VideoFile::State::removePart() const {
    std::error_code ignored;
    fs::remove(partOf(file), ignored);
}

int VideoFile::State::spawn(std::vector<std::string> words, int input) {
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    SpawnActions actions;
    actions.connect(input, STDIN_FILENO);
    actions.connect(::fileno(said), STDOUT_FILENO);
    actions.connect(::fileno(said), STDERR_FILENO);
    return ::posix_spawnp(
        &program, arguments.front(), actions.get(), nullptr, arguments.data(), environ);
}

base::Status VideoFile::State::start(const VideoFormat& format) {
    said = std::tmpfile();
    std::array<int, 2> ends{};
    if (said == nullptr || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::Error{base::toUtf8(file) + ": cannot talk to ffmpeg: " + reason(errno)};
    }
    frames = ends[0];
    const int error = spawn(ffmpegWords(partOf(file), format), ends[1]);
    ::close(ends[1]);
    if (error == 0) {
        return base::ok();
    }
    program = -1;
    ::close(std::exchange(frames, -1));
    return base::Error{error == ENOENT ? kNoFfmpeg : "cannot start ffmpeg: " + reason(error)};
}

/// Ends the input and waits; the exit status of wait(2).
int VideoFile::State::endOfInput() {
    ::close(std::exchange(frames, -1));
    int status = 0;
    while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
    }
    program = -1;
    return status;
}

std::string VideoFile::State::lastWords() const {
    constexpr long kMost = 600;
    std::fseek(said, 0, SEEK_END);
    const long size = std::ftell(said);
    std::fseek(said, std::max(0L, size - kMost), SEEK_SET);
    std::string words(static_cast<std::size_t>(std::min(size, kMost)), '\0');
    words.resize(std::fread(words.data(), 1, words.size(), said));
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    return base::validUtf8(words);
}

base::Error VideoFile::State::failure(int exitStatus) const {
    const std::string how = WIFEXITED(exitStatus)
                                ? fmt::format("exit code {}", WEXITSTATUS(exitStatus))
                                : fmt::format("signal {}", WTERMSIG(exitStatus));
    return {fmt::format("{}: ffmpeg failed, {}: {}", base::toUtf8(file), how, lastWords())};
}

VideoFile::VideoFile(std::unique_ptr<State> state) : state_(std::move(state)) {}

VideoFile::~VideoFile() = default;

base::Result<std::unique_ptr<VideoFile>> VideoFile::create(const fs::path& file,
                                                           const VideoFormat& format) {
    if (format.widthPixels % 2 != 0 || format.heightPixels % 2 != 0) {
        return base::Error{fmt::format("{}: a video of {} x {} pixels, both sides must be even",
                                       base::toUtf8(file),
                                       format.widthPixels,
                                       format.heightPixels)};
    }
    auto state = std::make_unique<State>();
    state->file = file;
    if (const auto started = state->start(format); !started) {
        return started.error();
    }
    return std::unique_ptr<VideoFile>(new VideoFile(std::move(state)));
}

base::Status VideoFile::append(const tiles3d::image::Raster& rows) {
    State& state = *state_;
    base::ByteView left = rows.pixels;
    while (!left.empty()) {
        const ssize_t sent = ::send(state.frames, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            const int status = state.endOfInput();
            state.removePart();
            return state.failure(status);
        }
        left = left.subspan(static_cast<std::size_t>(sent));
    }
    return base::ok();
}

base::Status VideoFile::finish() {
    const State& state = *state_;
    if (const int status = state_->endOfInput(); status != 0) {
        state.removePart();
        return state.failure(status);
    }
    if (::rename(partOf(state.file).c_str(), state.file.c_str()) != 0) {
        const std::string why = reason(errno);
        state.removePart();
        return base::Error{base::toUtf8(state.file) + ": cannot rename its .part file: " + why};
    }
    return base::ok();
}

} // namespace viewer::render
