// How long `city3d build` takes, beside a floor measured in the same run: one core that parses the
// same files with the image bytes kept, and writes as many bytes as the build does.
//   bench_build [DELIVERY] [--copies N] [--height-datum D]
// The delivery's blocks are linked N times into a temporary folder, so that starting up does not
// count. Prints one table; whole-process CPU by wait4(2), memory as the sum of the proportional
// set sizes of all processes of the build.

#include "pipeline/sources/osgb_reader.h"
#include "tests/bench/program_cost.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using tests::bench::ProgramCost;

std::vector<fs::path> osgbFiles(const fs::path& folder) {
    std::vector<fs::path> files;
    const auto options = fs::directory_options::follow_directory_symlink;
    for (const auto& entry : fs::recursive_directory_iterator(folder, options)) {
        if (entry.path().extension() == ".osgb") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

double ownCpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return tests::bench::cpuSecondsOf(usage);
}

/// One core: parse every file, and write `outputBytes` as files of the usual size.
double
floorCpuSeconds(const fs::path& delivery, const fs::path& scratch, std::uint64_t outputBytes) {
    const pipeline::sources::OsgbRuntime runtime;
    const std::vector<fs::path> files = osgbFiles(delivery);
    const tiles3d::base::Bytes content(std::max<std::uint64_t>(1, outputBytes / files.size()));
    fs::create_directories(scratch);
    const double before = ownCpuSeconds();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto parsed = pipeline::sources::readOsgb(runtime, files[i]);
        const auto written =
            tiles3d::base::writeFile(scratch / std::to_string(i), tiles3d::base::ByteView(content));
        if (!parsed || !written) {
            fmt::print(stderr, "floor: {}\n", files[i].string());
        }
    }
    const double cpu = ownCpuSeconds() - before;
    fs::remove_all(scratch);
    return cpu;
}

/// The delivery's blocks `copies` times over, as hard links or copies under new names.
void multiply(const fs::path& delivery, const fs::path& target, int copies) {
    fs::create_directories(target / "Data");
    fs::copy_file(delivery / "metadata.xml", target / "metadata.xml");
    for (const auto& block : fs::directory_iterator(delivery / "Data")) {
        for (int copy = 0; copy < copies; ++copy) {
            const std::string name = block.path().filename().string();
            const fs::path folder = target / "Data" / (name + "_" + std::to_string(copy));
            fs::create_directories(folder);
            for (const auto& file : fs::directory_iterator(block.path())) {
                const std::string own = file.path().filename().string();
                const bool isRoot = own == name + ".osgb";
                fs::copy_file(file.path(),
                              folder / (isRoot ? folder.filename().string() + ".osgb" : own));
            }
        }
    }
}

double median(std::array<double, 3> values) {
    std::ranges::sort(values);
    return values[1];
}

struct Arguments {
    fs::path delivery = fs::path(CITY3D_DATA) / "oblique_zhongshan";
    int copies = 10;
    std::string heightDatum = "ellipsoidal";
};

Arguments parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--copies" && i + 1 < argc) {
            arguments.copies = std::atoi(argv[++i]);
        } else if (word == "--height-datum" && i + 1 < argc) {
            arguments.heightDatum = argv[++i];
        } else {
            arguments.delivery = word;
        }
    }
    return arguments;
}

ProgramCost buildOnce(const Arguments& arguments,
                      const fs::path& delivery,
                      const fs::path& out,
                      const std::string& geometry,
                      int jobs) {
    fs::remove_all(out);
    return tests::bench::runProgram({CITY3D_PROGRAM,
                                     "build",
                                     delivery.string(),
                                     "--out",
                                     out.string(),
                                     "--geometry",
                                     geometry,
                                     "--height-datum",
                                     arguments.heightDatum,
                                     "--overview",
                                     "none", // the copies stand in one place: no city
                                     "--jobs",
                                     std::to_string(jobs)});
}

void printTable(const Arguments& arguments) {
    const tests::bench::ScratchFolder scratch;
    const fs::path delivery = scratch / "delivery";
    multiply(arguments.delivery, delivery, arguments.copies);
    const std::uint64_t bytes = tests::bench::sizeOf(delivery).bytes;
    fmt::print("{:.0f} MB of OSGB, medians of three runs in turn\n\n",
               static_cast<double>(bytes) / 1e6);
    fmt::print("{:<10}{:>10}{:>10}{:>9}{:>10}{:>10}{:>9}{:>10}{:>10}\n",
               "geometry",
               "floor CPU",
               "CPU 1 job",
               "ratio",
               "wall 1",
               "wall 2",
               "speedup",
               "MB out",
               "peak MB");
    for (const std::string geometry : {"plain", "quantized", "meshopt", "draco"}) {
        std::array<double, 3> floor{};
        std::array<double, 3> cpu{};
        std::array<double, 3> wallOne{};
        std::array<double, 3> wallTwo{};
        double peak = 0.0;
        std::uint64_t output = 0;
        for (std::size_t i = 0; i < floor.size(); ++i) {
            const ProgramCost one = buildOnce(arguments, delivery, scratch / "out", geometry, 1);
            output = tests::bench::sizeOf(scratch / "out").bytes;
            const ProgramCost two = buildOnce(arguments, delivery, scratch / "out", geometry, 2);
            floor[i] = floorCpuSeconds(delivery, scratch / "floor", output);
            cpu[i] = one.cpuSeconds;
            wallOne[i] = one.wallSeconds;
            wallTwo[i] = two.wallSeconds;
            peak = std::max({peak, one.peakMegabytes, two.peakMegabytes});
        }
        fmt::print("{:<10}{:>9.2f}s{:>9.2f}s{:>9.2f}{:>9.2f}s{:>9.2f}s{:>9.2f}{:>10.1f}{:>10.0f}\n",
                   geometry,
                   median(floor),
                   median(cpu),
                   median(cpu) / median(floor),
                   median(wallOne),
                   median(wallTwo),
                   median(wallOne) / median(wallTwo),
                   static_cast<double>(output) / 1e6,
                   peak);
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char** argv) {
    return tests::exitCodeOf([&] {
        printTable(parse(argc, argv));
        return true;
    });
}
