#include "viewer/stream/source_http.h"

#include "tests/support/http_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace base = tiles3d::base;
using tests::HttpAnswer;
using tests::HttpServer;
using viewer::stream::HttpSource;

/// "TEXT" where the file came; otherwise "! MESSAGE", or "~ MESSAGE" where that may pass.
std::string outcome(const HttpSource& source, const std::string& url) {
    const auto bytes = source.read(url);
    if (bytes) {
        return std::string(base::asText(*bytes));
    }
    return (bytes.error().mayPass ? "~ " : "! ") + bytes.error().message;
}

void expectStart(const std::string& text, const std::string& start, const std::string& part) {
    EXPECT_TRUE(text.starts_with(start)) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(HttpSource, keepsItsConnectionAndEncodesPaths) {
    HttpServer server([](const std::string& target) { return HttpAnswer{.body = target}; });
    const HttpSource source(server.address() + "/tileset.json");
    EXPECT_EQ(outcome(source, server.address() + "/砖 1.glb"), "/%E7%A0%96%201.glb");
    EXPECT_EQ(outcome(source, server.address() + "/%E7%A0%96%201.glb#part"), "/%E7%A0%96%201.glb");
    EXPECT_EQ(server.connectionCount(), 1);
    EXPECT_NE(server.lastRequest().find("User-Agent: city3d"), std::string::npos);
    EXPECT_NE(server.lastRequest().find("gzip"), std::string::npos);
}

TEST(HttpSource, queryOfTheRootGoesToItsOwnServerOnly) {
    HttpServer server([](const std::string& target) { return HttpAnswer{.body = target}; });
    HttpServer other([](const std::string& target) { return HttpAnswer{.body = target}; });
    const HttpSource source(server.address() + "/tileset.json?key=1&v=2");
    const std::string at = server.address();
    EXPECT_EQ(outcome(source, at + "/a.glb"), "/a.glb?key=1&v=2");
    EXPECT_EQ(outcome(source, at + "/a.glb?v=3"), "/a.glb?v=3&key=1");
    EXPECT_EQ(outcome(source, at + "/tileset.json?key=1&v=2"), "/tileset.json?key=1&v=2");
    EXPECT_EQ(outcome(source, other.address() + "/a.glb"), "/a.glb");
}

TEST(HttpSource, messagesSayWhetherAnotherTryMayHelp) {
    HttpServer server([](const std::string& target) {
        return HttpAnswer{.status = std::stoi(target.substr(1))};
    });
    const HttpSource source(server.address());
    const auto of = [&](const std::string& status) {
        return outcome(source, server.address() + "/" + status + "?key=secret");
    };
    for (const char* status : {"500", "502", "503", "504", "429", "408"}) {
        expectStart(of(status), "~ " + server.address(), status);
        expectStart(of(status), "~ ", "try again later");
    }
    expectStart(of("404"), "! " + server.address() + "/404", "check the address");
    expectStart(of("403"), "! ", "check the key");
    expectStart(of("400"), "! ", "HTTP 400");
    EXPECT_EQ(of("404").find("secret"), std::string::npos);
}

TEST(HttpSource, linesThatBreakMayPass) {
    HttpServer server([](const std::string& target) {
        if (target == "/cut") {
            return HttpAnswer{.body = "short", .statedMore = 10};
        }
        return HttpAnswer{.closesAtOnce = true};
    });
    const HttpSource source(server.address());
    expectStart(outcome(source, server.address() + "/cut"), "~ ", "check the network");
    expectStart(outcome(source, server.address() + "/closed"), "~ ", "check the network");
    expectStart(outcome(source, "http://127.0.0.1:1/nobody"), "~ ", "check the network");
}

TEST(HttpSource, aStalledServerIsLeft) {
    HttpServer server([](const std::string&) {
        return HttpAnswer{.body = "late", .wait = std::chrono::seconds(20)};
    });
    const HttpSource source(server.address(), {.stallTimeoutSeconds = 1.0});
    const auto start = std::chrono::steady_clock::now();
    expectStart(outcome(source, server.address() + "/"), "~ ", "check the network");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(HttpSource, interruptEndsAReadThatWaits) {
    HttpServer server([](const std::string&) {
        return HttpAnswer{.body = "late", .wait = std::chrono::seconds(20)};
    });
    const HttpSource source(server.address());
    auto reading =
        std::async(std::launch::async, [&] { return outcome(source, server.address() + "/"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    source.interrupt();
    ASSERT_EQ(reading.wait_for(std::chrono::seconds(10)), std::future_status::ready);
    expectStart(reading.get(), "~ ", "no longer wanted");
}

TEST(HttpSource, followsRedirectsOnTheWebOnly) {
    HttpServer server([](const std::string& target) {
        if (target == "/moved") {
            return HttpAnswer{.status = 302, .headers = "Location: /here\r\n"};
        }
        if (target == "/home") {
            return HttpAnswer{.status = 302, .headers = "Location: file:///etc/passwd\r\n"};
        }
        if (target == "/round") {
            return HttpAnswer{.status = 302, .headers = "Location: /round\r\n"};
        }
        return HttpAnswer{.body = target};
    });
    const HttpSource source(server.address());
    EXPECT_EQ(outcome(source, server.address() + "/moved"), "/here");
    expectStart(outcome(source, server.address() + "/home"), "! ", "file");
    expectStart(outcome(source, server.address() + "/round"), "! ", "redirect");
    EXPECT_TRUE(
        outcome(source, "file:///etc/passwd").starts_with("! file:///etc/passwd: not read"));
    EXPECT_TRUE(outcome(source, "/etc/passwd").starts_with("! /etc/passwd: not read"));
}

TEST(HttpSource, answersAreBoundedAlsoUnpacked) {
    HttpServer server([](const std::string& target) {
        return HttpAnswer{.body = std::string(target == "/large" ? 2000 : 1000, 'x')};
    });
    const HttpSource source(server.address(), {.maxBytes = 1000});
    EXPECT_EQ(outcome(source, server.address() + "/small").size(), 1000U);
    expectStart(outcome(source, server.address() + "/large"), "! ", "more than 1000 bytes");
}

TEST(HttpSource, threadsReadAtOnce) {
    HttpServer server([](const std::string& target) { return HttpAnswer{.body = target}; });
    const HttpSource source(server.address());
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 25; ++i) {
                    const std::string path = "/" + std::to_string(thread * 100 + i);
                    right += outcome(source, server.address() + path) == path ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(right, 100);
    EXPECT_LE(server.connectionCount(), 4);
}

} // namespace
