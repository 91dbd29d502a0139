#pragma once

#include "tests/support/temporary_folder.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tests {

/// A PostgreSQL with PostGIS of a test's own, on loopback, run by an unprivileged user.
class PostgresServer {
public:
    PostgresServer() {
        if (bin_.empty()) {
            return;
        }
        std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
        isRunning_ = runs("initdb", "-A trust -U postgres -E UTF8 -D " + data()) &&
                     runs("pg_ctl",
                          "-w -t 60 -D " + data() + " -l " + data() + ".log -o \"-c port=" + port_ +
                              " -c listen_addresses=127.0.0.1 -c fsync=off"
                              " -c unix_socket_directories=''\" start") &&
                     execute("CREATE EXTENSION postgis");
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer() { stop(); }

    /// False: not installed, or it does not start.
    bool isRunning() const { return isRunning_; }

    std::string connection() const {
        return "PG:host=127.0.0.1 port=" + port_ + " user=postgres dbname=postgres password=geheim";
    }

    bool execute(const std::string& sql) {
        const auto file = folder_.write("statement.sql", sql);
        std::filesystem::permissions(file, std::filesystem::perms::all);
        return runs("psql",
                    "-q -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres -p " + port_ + " -f " +
                        file.string() + " postgres");
    }

    /// At once, as if the machine had gone.
    void stop() {
        if (isRunning_) {
            runs("pg_ctl", "-D " + data() + " -m immediate stop");
            isRunning_ = false;
        }
    }

private:
    static std::filesystem::path findBin() {
        std::error_code error;
        for (const auto& version :
             std::filesystem::directory_iterator("/usr/lib/postgresql", error)) {
            if (std::filesystem::exists(version.path() / "bin" / "initdb")) {
                return version.path() / "bin";
            }
        }
        return {};
    }

    std::string data() const { return (folder_.path() / "data").string(); }

    bool runs(const std::string& program, const std::string& arguments) const {
        const std::string user = ::geteuid() == 0 ? "runuser -u nobody -- " : "";
        const std::filesystem::path own = bin_ / program;
        const std::string path = std::filesystem::exists(own) ? own.string() : program;
        const std::string command = "cd / && " + user + path + " " + arguments + " >/dev/null 2>&1";
        return std::system(command.c_str()) == 0;
    }

    TemporaryFolder folder_;
    std::filesystem::path bin_ = findBin();
    std::string port_ = std::to_string(20'000 + ::getpid() % 20'000);
    bool isRunning_ = false;
};

} // namespace tests
