#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace tiles3d::base {

/// `path` as a relative URI reference: '/' between segments, every byte outside RFC 3986's
/// unreserved set percent-encoded ("a b#1.glb" -> "a%20b%231.glb"; UTF-8 and any other bytes
/// alike).
std::string encodeUriPath(const std::filesystem::path& path);

/// The bytes of a percent-encoded path. A '%' not followed by two hexadecimal digits stays as it
/// is.
std::string decodeUri(std::string_view uri);

/// `uri` with each byte that no URI may hold (controls, spaces, quotes, everything beyond ASCII,
/// ...) percent-encoded, and all else, '%' too, as it is: what people type and careless tools
/// write.
std::string encodeUnsafe(std::string_view uri);

/// "scheme" of an absolute URI in lower case; empty for a relative one.
std::string schemeOf(std::string_view uri);

/// `reference` resolved against the URI or file path `base` (RFC 3986, 5.2, without fragments):
/// absolute URIs stay, "../" is applied, a query of `base` is dropped and one of `reference` kept.
std::string resolveUri(std::string_view base, std::string_view reference);

/// The local file of a URI reference inside `folder`: query and fragment dropped, decoded.
/// Fails for URIs with a scheme other than file:. Does not check that the file exists.
Result<std::filesystem::path> localPath(const std::filesystem::path& folder,
                                        std::string_view reference);

} // namespace tiles3d::base
