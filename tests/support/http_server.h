#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// What a test's server says to one request.
struct HttpAnswer {
    int status = 200;
    std::string body;
    std::string headers;         ///< Further ones, each with its "\r\n".
    std::int64_t statedMore = 0; ///< Added to the length that is stated: the body is then cut off.
    std::chrono::milliseconds wait{0}; ///< Before anything is sent.
    bool closesAtOnce = false;         ///< Without a byte.
};

/// An HTTP server on this machine, for tests: small, single-minded, as broken as wanted.
class HttpServer {
public:
    /// `answer` is called with what stands behind GET ("/a%20b.glb?key=1"), by several threads.
    explicit HttpServer(std::function<HttpAnswer(const std::string& target)> answer);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer();

    /// "http://127.0.0.1:PORT".
    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
    /// What was asked for so far, in order of arrival.
    std::vector<std::string> targets() const;
    /// Header lines of the last request.
    std::string lastRequest() const;
    int connectionCount() const { return connections_; }

private:
    void accept();
    void serve(int connection);
    bool send(int connection, const HttpAnswer& answer) const;

    std::function<HttpAnswer(const std::string&)> answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> isOver_ = false;
    std::atomic<int> connections_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> targets_;
    std::string lastRequest_;
    std::vector<std::jthread> threads_; ///< The acceptor, and one per connection.
    std::jthread acceptor_;
};

} // namespace tests
