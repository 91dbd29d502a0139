// How a build grows with the city: for each size a sample city is written, then built with one job
// and with two.
//   bench_scale [EASTxNORTH ...] [--full] [--keep FOLDER]
// Sizes: 16x16 64x64 265x265 unless given. --full: blocks as in `city3d sample` without --lean.
// --keep: leave the last city of each size in FOLDER instead of a temporary folder.
// Wall time of the whole build and of its stages as report.json has them ("-" where it has none),
// peak memory as the sum of the proportional set sizes of all processes, output bytes and files.

#include "tests/bench/program_cost.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace base = tiles3d::base;
namespace bench = tests::bench;
namespace fs = std::filesystem;

struct Arguments {
    std::vector<std::string> sizes;
    bool isFull = false;
    std::optional<fs::path> kept;
};

/// One build.
struct Row {
    std::string size;
    int jobs = 1;
    double blocks = 0.0;
    bench::ProgramCost cost;
    bench::FolderSize output;
    std::optional<double> blockSeconds;
    std::optional<double> overviewSeconds;
};

Arguments parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--full") {
            arguments.isFull = true;
        } else if (word == "--keep" && i + 1 < argc) {
            arguments.kept = argv[++i];
        } else {
            arguments.sizes.push_back(word);
        }
    }
    if (arguments.sizes.empty()) {
        arguments.sizes = {"16x16", "64x64", "265x265"};
    }
    return arguments;
}

double blocksOf(const std::string& size) {
    int east = 0;
    int north = 0;
    if (std::sscanf(size.c_str(), "%dx%d", &east, &north) != 2 || east < 1 || north < 1) {
        throw std::runtime_error(size + ": a size is EASTxNORTH, as in 16x16");
    }
    return static_cast<double>(east) * north;
}

/// From report.json, whose "run" has "stages": seconds by name.
std::optional<double> stageSeconds(const fs::path& city, const std::string& stage) {
    const auto text = base::readTextFile(city / "report.json");
    const auto report = text ? base::parseJson(*text) : base::Result<base::Json>(text.error());
    if (!report || !(*report)["run"]["stages"][stage].isNumber()) {
        return std::nullopt;
    }
    return (*report)["run"]["stages"][stage].numberOr(0.0);
}

Row buildOnce(const std::string& size, const fs::path& delivery, const fs::path& city, int jobs) {
    fs::remove_all(city);
    Row row{.size = size, .jobs = jobs, .blocks = blocksOf(size)};
    row.cost = bench::runProgram({CITY3D_PROGRAM,
                                  "build",
                                  (delivery / "city.json").string(),
                                  "--out",
                                  city.string(),
                                  "--jobs",
                                  std::to_string(jobs)});
    row.output = bench::sizeOf(city);
    row.blockSeconds = stageSeconds(city, "blocks");
    row.overviewSeconds = stageSeconds(city, "overview");
    return row;
}

std::string perBlock(const std::optional<double>& seconds, double blocks) {
    return seconds ? fmt::format("{:.2f}", 1e3 * *seconds / blocks) : "-";
}

std::string share(const Row& row) {
    const bool isKnown = row.blockSeconds && row.overviewSeconds && *row.blockSeconds > 0.0;
    return isKnown ? fmt::format("{:.0f} %", 100.0 * *row.overviewSeconds / *row.blockSeconds)
                   : "-";
}

/// One job's time over this one's.
std::string speedup(const std::optional<double>& one, const std::optional<double>& now) {
    return one && now && *now > 0.0 ? fmt::format("{:.2f}", *one / *now) : "-";
}

constexpr const char* kLine =
    "{:<9}{:>7}{:>5}{:>9}{:>9}{:>9}{:>9}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}\n";

void printHead() {
    fmt::print(kLine, "", "", "", "", "", "ms per block", "", "", "speed-up", "", "", "", "");
    fmt::print(kLine,
               "city",
               "blocks",
               "jobs",
               "wall s",
               "whole",
               "blocks",
               "overview",
               "ov/blocks",
               "whole",
               "overview",
               "peak MB",
               "MB out",
               "files");
}

void printRow(const Row& row, const Row& one) {
    fmt::print(kLine,
               row.size,
               fmt::format("{:.0f}", row.blocks),
               row.jobs,
               fmt::format("{:.1f}", row.cost.wallSeconds),
               perBlock(row.cost.wallSeconds, row.blocks),
               perBlock(row.blockSeconds, row.blocks),
               perBlock(row.overviewSeconds, row.blocks),
               share(row),
               speedup(one.cost.wallSeconds, row.cost.wallSeconds),
               speedup(one.overviewSeconds, row.overviewSeconds),
               fmt::format("{:.0f}", row.cost.peakMegabytes),
               fmt::format("{:.1f}", static_cast<double>(row.output.bytes) / 1e6),
               row.output.files);
    std::fflush(stdout);
}

void measure(const std::string& size, const Arguments& arguments, const fs::path& folder) {
    const fs::path delivery = folder / ("delivery_" + size);
    const fs::path city = folder / ("city_" + size);
    std::vector<std::string> sample = {
        CITY3D_PROGRAM, "sample", delivery.string(), "--tiles", size};
    if (!arguments.isFull) {
        sample.emplace_back("--lean");
    }
    bench::runProgram(sample);
    const Row one = buildOnce(size, delivery, city, 1);
    printRow(one, one);
    printRow(buildOnce(size, delivery, city, 2), one);
    if (!arguments.kept) {
        fs::remove_all(delivery);
        fs::remove_all(city);
    }
}

void printTable(const Arguments& arguments) {
    const bench::ScratchFolder scratch;
    const fs::path folder = arguments.kept.value_or(scratch / "");
    printHead();
    for (const std::string& size : arguments.sizes) {
        measure(size, arguments, folder);
    }
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] {
        printTable(parse(argc, argv));
        return true;
    });
}
