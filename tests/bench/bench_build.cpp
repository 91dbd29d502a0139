// How long `city3d build` takes, beside a floor measured in the same run: one core that parses the
// same files with the image bytes kept, and writes as many bytes as the build does.
//   bench_build [DELIVERY] [--copies N] [--height-datum D]
// The delivery's blocks are linked N times into a temporary folder, so that starting up does not
// count. Prints one table; whole-process CPU by wait4(2), memory as the sum of the proportional
// set sizes of all processes of the build.

#include "pipeline/sources/osgb_reader.h"
#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Cost {
    double cpuSeconds = 0.0;
    double wallSeconds = 0.0;
    double peakMegabytes = 0.0;
};

double secondsOf(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double pssKilobytes(const fs::path& process) {
    std::ifstream rollup(process / "smaps_rollup");
    for (std::string line; std::getline(rollup, line);) {
        if (line.starts_with("Pss:")) {
            return std::strtod(line.c_str() + 4, nullptr);
        }
    }
    return 0.0;
}

std::vector<std::string> childrenOf(const std::string& pid) {
    std::ifstream list("/proc/" + pid + "/task/" + pid + "/children");
    std::vector<std::string> children;
    for (std::string child; list >> child;) {
        children.push_back(child);
    }
    return children;
}

double treeMegabytes(pid_t root) {
    const std::string pid = std::to_string(root);
    double kilobytes = pssKilobytes("/proc/" + pid);
    for (const std::string& child : childrenOf(pid)) {
        kilobytes += pssKilobytes("/proc/" + child);
    }
    return kilobytes / 1024.0;
}

/// Runs a program with its output thrown away.
Cost runProgram(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str())); // execv's old signature
    }
    arguments.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid = ::fork();
    if (pid == 0) {
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, STDOUT_FILENO);
        ::dup2(null, STDERR_FILENO);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    Cost cost;
    int status = 0;
    rusage usage{};
    while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
        cost.peakMegabytes = std::max(cost.peakMegabytes, treeMegabytes(pid));
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
    cost.wallSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cost.cpuSeconds = secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code != 0 && code != 3) {
        fmt::print(stderr, "{} failed with {}\n", words[0], code);
        std::exit(1);
    }
    return cost;
}

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
    return secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
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

std::uint64_t bytesBelow(const fs::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    return bytes;
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

Cost buildOnce(const Arguments& arguments,
               const fs::path& delivery,
               const fs::path& out,
               const std::string& geometry,
               int jobs) {
    fs::remove_all(out);
    return runProgram({CITY3D_PROGRAM,
                       "build",
                       delivery.string(),
                       "--out",
                       out.string(),
                       "--geometry",
                       geometry,
                       "--height-datum",
                       arguments.heightDatum,
                       "--jobs",
                       std::to_string(jobs)});
}

} // namespace

int main(int argc, char** argv) {
    const Arguments arguments = parse(argc, argv);
    std::string pattern = (fs::temp_directory_path() / "bench_build.XXXXXX").string();
    const fs::path scratch = ::mkdtemp(pattern.data());
    const fs::path delivery = scratch / "delivery";
    multiply(arguments.delivery, delivery, arguments.copies);
    const std::uint64_t bytes = bytesBelow(delivery);
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
            const Cost one = buildOnce(arguments, delivery, scratch / "out", geometry, 1);
            output = bytesBelow(scratch / "out");
            const Cost two = buildOnce(arguments, delivery, scratch / "out", geometry, 2);
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
    fs::remove_all(scratch);
}
