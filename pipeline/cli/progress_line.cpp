#include "pipeline/cli/progress_line.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace pipeline::cli {

namespace {

using Clock = std::chrono::steady_clock;

std::string duration(double seconds) {
    constexpr int kMinute = 60;
    constexpr int kHour = 3600;
    const auto whole = std::lround(seconds);
    if (whole >= kHour) {
        return fmt::format("{} h {:02} min", whole / kHour, whole % kHour / kMinute);
    }
    if (whole >= kMinute) {
        return fmt::format("{} min {:02} s", whole / kMinute, whole % kMinute);
    }
    return fmt::format("{} s", whole);
}

std::string describe(const job::Progress& progress, double seconds) {
    constexpr double kMegabyte = 1e6;
    const bool isByBytes = progress.allBytes > 0;
    const auto done = static_cast<double>(isByBytes ? progress.doneBytes : progress.doneUnits);
    const auto all = static_cast<double>(isByBytes ? progress.allBytes : progress.allUnits);
    const double rate = seconds > 0.0 ? done / seconds : 0.0;
    const double left = rate > 0.0 ? (all - done) / rate : 0.0;
    const std::string units =
        fmt::format("{} of {} {}", progress.doneUnits, progress.allUnits, progress.what);
    return isByBytes ? fmt::format("{}, {:.0f} of {:.0f} MB, {:.1f} MB/s, {} left",
                                   units,
                                   done / kMegabyte,
                                   all / kMegabyte,
                                   rate / kMegabyte,
                                   duration(left))
                     : fmt::format("{}, {:.1f} per second, {} left", units, rate, duration(left));
}

} // namespace

ProgressLine::ProgressLine()
    : start_(Clock::now()), lastShown_(start_), isTerminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::clear() {
    if (isLineOpen_) {
        std::fputs("\r\033[K", stderr);
        isLineOpen_ = false;
    }
}

void ProgressLine::onMessage(const std::string& text) {
    clear();
    spdlog::info("{}", text);
}

void ProgressLine::onWarning(const std::string& text) {
    clear();
    spdlog::warn("{}", text);
}

void ProgressLine::onAlert(const std::string& text) {
    clear();
    spdlog::error("{}", text);
}

void ProgressLine::onProgress(const job::Progress& progress) {
    constexpr std::chrono::milliseconds kTerminalPause{100};
    constexpr std::chrono::milliseconds kPlainPause{10000};
    const auto now = Clock::now();
    if (progress.what != what_) { // the next stage has its own rate
        what_ = progress.what;
        start_ = now;
    }
    const bool isLast = progress.doneUnits == progress.allUnits;
    if (!isLast && now - lastShown_ < (isTerminal_ ? kTerminalPause : kPlainPause)) {
        return;
    }
    lastShown_ = now;
    const std::string text =
        describe(progress, std::chrono::duration<double>(now - start_).count());
    if (isTerminal_ && !isLast) {
        std::fputs(("\r" + text + "\033[K").c_str(), stderr);
        isLineOpen_ = true;
    } else {
        onMessage(text);
    }
}

void PartProgress::show(std::size_t done, std::size_t all, const std::string& what) {
    if (::isatty(STDERR_FILENO) == 1) {
        std::fputs(fmt::format("\r{} of {}: {}\033[K", done, all, what).c_str(), stderr);
        isLineOpen_ = true;
    }
}

void PartProgress::clear() {
    if (isLineOpen_) {
        std::fputs("\r\033[K", stderr);
        isLineOpen_ = false;
    }
}

void CountProgress::show(std::uint64_t count, const std::string& what, const std::string& where) {
    constexpr std::chrono::milliseconds kPause{100};
    const auto now = Clock::now();
    if (::isatty(STDERR_FILENO) == 1 && now - lastShown_ >= kPause) {
        lastShown_ = now;
        std::fputs(fmt::format("\r{} {}: {}\033[K", count, what, where).c_str(), stderr);
        isLineOpen_ = true;
    }
}

void CountProgress::clear() {
    if (isLineOpen_) {
        std::fputs("\r\033[K", stderr);
        isLineOpen_ = false;
    }
}

} // namespace pipeline::cli
