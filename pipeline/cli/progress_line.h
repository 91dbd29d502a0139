#pragma once

#include "pipeline/job/run_job.h"

#include <chrono>
#include <string>

namespace pipeline::cli {

/// Tells a job's progress on stderr: one line that is rewritten, with rate and time left, on a
/// terminal; a plain line every 10 s and at the end elsewhere.
class ProgressLine : public job::IJobListener {
public:
    ProgressLine();
    ~ProgressLine() override;

    void onMessage(const std::string& text) override;
    void onWarning(const std::string& text) override;
    void onAlert(const std::string& text) override;
    void onProgress(const job::Progress& progress) override;

private:
    void clear();

    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point lastShown_;
    std::string what_; ///< The units told of so far.
    bool isTerminal_;
    bool isLineOpen_ = false;
};

/// "12 of 17: Tile_+001_-002" rewritten in place on a terminal; nothing elsewhere. Not shown from
/// two threads at once.
class PartProgress {
public:
    void show(std::size_t done, std::size_t all, const std::string& what);
    void clear();

private:
    bool isLineOpen_ = false;
};

/// "12000 features: 控规地块" rewritten in place on a terminal, ten times a second; nothing
/// elsewhere. Not shown from two threads at once.
class CountProgress {
public:
    void show(std::uint64_t count, const std::string& what, const std::string& where);
    void clear();

private:
    std::chrono::steady_clock::time_point lastShown_;
    bool isLineOpen_ = false;
};

} // namespace pipeline::cli
