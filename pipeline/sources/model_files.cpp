#include "pipeline/sources/model_files.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <system_error>

namespace pipeline::sources {

using tiles3d::base::Bytes;
using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

bool leadsOut(const fs::path& relative) {
    return relative.empty() || relative.is_absolute() || *relative.begin() == "..";
}

/// "C:/Users/author/brick.jpg" is relative where it is read.
bool hasDrive(const std::string& name) {
    return name.size() > 1 && name[1] == ':';
}

std::string_view lineAt(std::string_view text, std::size_t start) {
    return text.substr(start, text.find('\n', start) - start);
}

bool isVertex(std::string_view line) {
    return line.size() > 2 && line[0] == 'v' && (line[1] == ' ' || line[1] == '\t');
}

/// The first three numbers of a vertex line; `rest` is what follows them.
std::optional<std::array<double, 3>> coordinates(std::string_view line, std::string_view& rest) {
    std::array<double, 3> numbers{};
    const char* at = line.data() + 1;
    const char* const end = line.data() + line.size();
    for (double& number : numbers) {
        at = std::find_if(at, end, [](char c) { return c != ' ' && c != '\t'; });
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc() || !std::isfinite(number)) {
            return std::nullopt;
        }
        at = stop;
    }
    rest = {at, static_cast<std::size_t>(end - at)};
    return numbers;
}

void append(Bytes& out, std::string_view text) {
    const auto bytes = tiles3d::base::asBytes(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(Bytes& out, double number) {
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
    append(out, std::string_view(text.data(), static_cast<std::size_t>(written.ptr - text.data())));
}

std::optional<std::array<double, 3>> firstVertex(std::string_view text) {
    std::string_view rest;
    for (std::size_t at = 0; at < text.size(); at += lineAt(text, at).size() + 1) {
        if (const std::string_view line = lineAt(text, at); isVertex(line)) {
            return coordinates(line, rest);
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<fs::path> ModelFiles::inside(const fs::path& name) {
    const fs::path relative = name.lexically_normal();
    if (leadsOut(relative) || relative.native().find('\0') != std::string::npos) {
        return std::nullopt;
    }
    asked_.insert(relative.native());
    std::error_code error;
    const fs::path file = fs::canonical(folder_ / relative, error);
    if (error || !fs::is_regular_file(file, error)) {
        return std::nullopt;
    }
    const fs::path way = file.lexically_relative(fs::canonical(folder_, error));
    return leadsOut(way) ? std::nullopt : std::optional(folder_ / relative);
}

std::optional<fs::path> ModelFiles::find(std::string_view name) {
    std::string plain(name);
    std::ranges::replace(plain, '\\', '/');
    for (const std::string& spelling : {plain, tiles3d::base::decodeUri(plain)}) {
        const fs::path path(spelling);
        if (auto found = hasDrive(spelling) ? std::nullopt : inside(path)) {
            return found;
        }
        if (auto beside = inside(path.filename())) {
            return beside;
        }
    }
    return std::nullopt;
}

Result<Bytes> ModelFiles::read(std::string_view name) {
    const std::optional<fs::path> file = find(name);
    if (!file) {
        return Error{"no such file in the model's folder"};
    }
    const bool isAgain = read_.contains(file->native());
    Result<Bytes> bytes =
        tiles3d::base::readFile(*file, isAgain ? maxBytes_ : maxBytes_ - bytesRead_);
    if (bytes && read_.insert(file->native()).second) {
        bytesRead_ = std::min(bytesRead_ + bytes->size(), maxBytes_);
    }
    return bytes;
}

NearObj bringNear(Bytes obj) {
    constexpr double kNear = 1000.0; // 32-bit numbers hold it to 0.06 mm where the unit is a metre
    const std::string_view text = tiles3d::base::asText(obj);
    const auto first = firstVertex(text);
    if (!first || std::ranges::all_of(*first, [](double x) { return std::abs(x) <= kNear; })) {
        return {.bytes = std::move(obj)};
    }
    const std::array<double, 3> shift{
        std::round((*first)[0]), std::round((*first)[1]), std::round((*first)[2])};
    NearObj near{.x = shift[0], .y = shift[1], .z = shift[2]};
    near.bytes.reserve(obj.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view line = lineAt(text, at);
        at += line.size() + 1;
        std::string_view rest;
        const auto vertex = isVertex(line) ? coordinates(line, rest) : std::nullopt;
        if (!vertex) {
            append(near.bytes, line);
        } else {
            append(near.bytes, "v");
            for (std::size_t axis = 0; axis < 3; ++axis) {
                append(near.bytes, " ");
                append(near.bytes, (*vertex)[axis] - shift[axis]);
            }
            append(near.bytes, rest);
        }
        append(near.bytes, "\n");
    }
    return near;
}

} // namespace pipeline::sources
