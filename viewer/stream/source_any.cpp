#include "viewer/stream/source_any.h"

#include "tiles3d/archive/gzip.h"
#include "tiles3d/base/uri.h"

#include <cstdint>
#include <string_view>

namespace viewer::stream {

namespace base = tiles3d::base;
namespace archive = tiles3d::archive;
using base::Bytes;
using base::Error;
using base::Result;

namespace {

/// The value of a base64 digit of either alphabet (RFC 4648); 64 for anything else.
std::uint32_t base64Value(char c) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::uint32_t kNone = 64;
    const std::size_t at = kDigits.find(c);
    if (at != std::string_view::npos) {
        return static_cast<std::uint32_t>(at);
    }
    return c == '+' || c == '-' ? 62U : (c == '/' || c == '_' ? 63U : kNone);
}

Result<Bytes> decodeBase64(std::string_view text) {
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text.substr(0, text.find('='))) {
        const std::uint32_t value = base64Value(c);
        if (value >= 64) {
            return Error{"a data: URI that is not base64"};
        }
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::byte>(bits >> count));
        }
    }
    return bytes;
}

/// "data:[type][;base64],..." (RFC 2397).
Result<Bytes> decodeDataUri(std::string_view uri) {
    const std::size_t comma = uri.find(',');
    if (comma == std::string_view::npos) {
        return Error{"a data: URI without a comma"};
    }
    const std::string text = base::decodeUri(uri.substr(comma + 1));
    if (uri.substr(0, comma).ends_with(";base64")) {
        return decodeBase64(text);
    }
    const base::ByteView bytes = base::asBytes(text);
    return Bytes(bytes.begin(), bytes.end());
}

} // namespace

Result<Bytes> AnySource::read(const std::string& uri) const {
    const bool isData = base::schemeOf(uri) == "data";
    const bool isOnWeb = files_ == nullptr || isWebUrl(uri);
    Result<Bytes> bytes =
        isData ? decodeDataUri(uri) : (isOnWeb ? web_.read(uri) : files_->read(uri));
    if (!bytes || !archive::isGzip(*bytes)) {
        return bytes;
    }
    auto unpacked = archive::gunzip(*bytes, kMaxContentBytes);
    return unpacked ? std::move(unpacked) : Result<Bytes>(base::within(uri, unpacked.error()));
}

} // namespace viewer::stream
