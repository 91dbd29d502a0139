#include "pipeline/engine/message.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace pipeline::engine {

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30U; // a result is small; this is damage

void appendNumber(std::string& bytes, std::uint64_t number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

bool receiveBytes(int socket, char* to, std::size_t count) {
    while (count > 0) {
        const ssize_t got = ::recv(socket, to, count, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        to += got;
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

} // namespace

bool sendMessage(int socket, const Message& message) {
    std::string bytes;
    appendNumber(bytes, 0);
    for (const std::string& field : message) {
        appendNumber(bytes, field.size());
        bytes += field;
    }
    const std::uint64_t body = bytes.size() - sizeof(std::uint64_t);
    std::memcpy(bytes.data(), &body, sizeof body);
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    while (left > 0) {
        const ssize_t sent = ::send(socket, at, left, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        left -= static_cast<std::size_t>(sent);
    }
    return true;
}

std::optional<Message> receiveMessage(int socket) {
    std::uint64_t size = 0;
    if (!receiveBytes(socket, reinterpret_cast<char*>(&size), sizeof size) || size > kMaxBytes) {
        return std::nullopt;
    }
    std::string body(size, '\0');
    if (!receiveBytes(socket, body.data(), body.size())) {
        return std::nullopt;
    }
    Message message;
    for (std::size_t at = 0; at < body.size();) {
        std::uint64_t length = 0;
        if (body.size() - at < sizeof length) {
            return std::nullopt;
        }
        std::memcpy(&length, body.data() + at, sizeof length);
        at += sizeof length;
        if (length > body.size() - at) {
            return std::nullopt;
        }
        message.push_back(body.substr(at, length));
        at += length;
    }
    return message;
}

} // namespace pipeline::engine
