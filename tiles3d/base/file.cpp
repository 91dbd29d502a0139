#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace tiles3d::base {

namespace {

namespace fs = std::filesystem;

class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { close(); }

    int get() const { return fd_; }
    bool close() {
        const int fd = std::exchange(fd_, -1);
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int fd_;
};

Error systemError(const fs::path& file, const std::string& what) {
    return {toUtf8(file) + ": " + what + ": " + std::generic_category().message(errno)};
}

Result<Bytes> readAll(const fs::path& file, int fd, std::size_t size) {
    Bytes bytes(size);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = ::read(fd, bytes.data() + done, size - done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return systemError(file, "cannot read");
        }
        if (count == 0) {
            return Error{toUtf8(file) +
                         ": shorter than its size says, it changed while being read"};
        }
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

Status writeAll(const fs::path& file, int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return systemError(file, "cannot write");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return ok();
}

Status writePart(const fs::path& part, ByteView bytes) {
    constexpr mode_t kMode = 0666;
    FileDescriptor fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
    if (fd.get() < 0) {
        return systemError(part, "cannot create");
    }
    if (Status written = writeAll(part, fd.get(), bytes); !written) {
        return written;
    }
    // Some file systems report a full disk only here.
    return fd.close() ? ok() : Status(systemError(part, "cannot close"));
}

/// Length of the UTF-8 sequence at `at`, 0 if there is none (RFC 3629: no surrogates, no
/// overlongs).
std::size_t sequenceLength(const std::string& text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(at);
    const unsigned second = byte(at + 1);
    if (first < 0x80U) {
        return 1;
    }
    if (first >= 0xC2U && first <= 0xDFU && follows(at + 1)) {
        return 2;
    }
    if ((first & 0xF0U) == 0xE0U && follows(at + 1) && follows(at + 2)) {
        const bool bad = (first == 0xE0U && second < 0xA0U) || (first == 0xEDU && second > 0x9FU);
        return bad ? 0 : 3;
    }
    if (first >= 0xF0U && first <= 0xF4U && follows(at + 1) && follows(at + 2) && follows(at + 3)) {
        const bool bad = (first == 0xF0U && second < 0x90U) || (first == 0xF4U && second > 0x8FU);
        return bad ? 0 : 4;
    }
    return 0;
}

} // namespace

Result<Bytes> readFile(const fs::path& file, std::uint64_t maxBytes) {
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0) {
        return systemError(file, "cannot open");
    }
    if (!S_ISREG(info.st_mode)) {
        return Error{toUtf8(file) + ": not a regular file"};
    }
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (size > maxBytes) {
        return Error{toUtf8(file) + ": " + std::to_string(size) + " bytes, the limit is " +
                     std::to_string(maxBytes)};
    }
    return readAll(file, fd.get(), static_cast<std::size_t>(size));
}

Result<std::string> readTextFile(const fs::path& file, std::uint64_t maxBytes) {
    const Result<Bytes> bytes = readFile(file, maxBytes);
    if (!bytes) {
        return bytes.error();
    }
    std::string_view text = asText(*bytes);
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    return std::string(text);
}

Status writeFile(const fs::path& file, ByteView bytes) {
    fs::path part = file;
    part += ".part";
    Status written = writePart(part, bytes);
    if (written && ::rename(part.c_str(), file.c_str()) != 0) {
        written = systemError(file, "cannot rename its .part file");
    }
    if (!written) {
        ::unlink(part.c_str());
    }
    return written;
}

Status writeFileInPlace(const fs::path& file, ByteView bytes) {
    Status written = writePart(file, bytes);
    if (!written) {
        ::unlink(file.c_str());
    }
    return written;
}

Status writeFile(const fs::path& file, std::string_view text) {
    return writeFile(file, asBytes(text));
}

Status makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        return Error{toUtf8(folder) + ": cannot create the folder: " + error.message()};
    }
    return ok();
}

Status syncFolder(const fs::path& folder) {
    const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::syncfs(fd.get()) != 0) {
        return systemError(folder, "cannot flush to the device");
    }
    return ok();
}

std::string toUtf8(const fs::path& path) {
    return validUtf8(path.generic_string());
}

std::string validUtf8(std::string_view bytes) {
    const std::string text(bytes);
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequenceLength(text, at);
        valid += length > 0 ? text.substr(at, length) : "\xEF\xBF\xBD";
        at += length > 0 ? length : 1;
    }
    return valid;
}

} // namespace tiles3d::base
