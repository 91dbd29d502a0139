#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

namespace tests {

namespace {

constexpr int kPollMilliseconds = 20;

bool isReadable(int socket) {
    pollfd state{.fd = socket, .events = POLLIN, .revents = 0};
    return poll(&state, 1, kPollMilliseconds) > 0;
}

} // namespace

HttpServer::HttpServer(std::function<HttpAnswer(const std::string&)> answer)
    : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place);
    constexpr int kWaiting = 16;
    listen(listener_, kWaiting);
    socklen_t length = sizeof place;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &length);
    port_ = ntohs(place.sin_port);
    acceptor_ = std::jthread([this] { accept(); });
}

HttpServer::~HttpServer() {
    isOver_ = true;
    acceptor_.join();
    threads_.clear();
    close(listener_);
}

void HttpServer::accept() {
    while (!isOver_) {
        if (isReadable(listener_)) {
            const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            ++connections_;
            threads_.emplace_back([this, connection] {
                serve(connection);
                close(connection);
            });
        }
    }
}

void HttpServer::serve(int connection) {
    std::string received;
    while (!isOver_) {
        if (!isReadable(connection)) {
            continue;
        }
        std::array<char, 4096> piece{};
        const ssize_t count = recv(connection, piece.data(), piece.size(), 0);
        if (count <= 0) {
            return;
        }
        received.append(piece.data(), static_cast<std::size_t>(count));
        const std::size_t end = received.find("\r\n\r\n");
        if (end == std::string::npos) {
            continue;
        }
        constexpr std::string_view kGet = "GET ";
        const std::string target =
            received.substr(kGet.size(), received.find(' ', kGet.size()) - kGet.size());
        {
            const std::scoped_lock lock(mutex_);
            targets_.push_back(target);
            lastRequest_ = received.substr(0, end);
        }
        received.erase(0, end + 4);
        if (!send(connection, answer_(target))) {
            return;
        }
    }
}

bool HttpServer::send(int connection, const HttpAnswer& answer) const {
    const auto start = std::chrono::steady_clock::now();
    while (!isOver_ && std::chrono::steady_clock::now() - start < answer.wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kPollMilliseconds));
    }
    if (answer.closesAtOnce) {
        return false;
    }
    const auto length = static_cast<std::int64_t>(answer.body.size()) + answer.statedMore;
    const std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Said\r\n" +
                             answer.headers + "Content-Length: " + std::to_string(length) +
                             "\r\n\r\n" + answer.body;
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(text.size()) && answer.statedMore == 0;
}

std::vector<std::string> HttpServer::targets() const {
    const std::scoped_lock lock(mutex_);
    return targets_;
}

std::string HttpServer::lastRequest() const {
    const std::scoped_lock lock(mutex_);
    return lastRequest_;
}

} // namespace tests
