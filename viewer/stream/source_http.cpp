#include "viewer/stream/source_http.h"

#include "tiles3d/base/uri.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace viewer::stream {

namespace base = tiles3d::base;
using base::Bytes;
using base::Error;
using base::Result;

namespace {

constexpr std::array<CURLcode, 11> kPassing{CURLE_COULDNT_RESOLVE_PROXY,
                                            CURLE_COULDNT_RESOLVE_HOST,
                                            CURLE_COULDNT_CONNECT,
                                            CURLE_OPERATION_TIMEDOUT,
                                            CURLE_PARTIAL_FILE,
                                            CURLE_SSL_CONNECT_ERROR,
                                            CURLE_GOT_NOTHING,
                                            CURLE_SEND_ERROR,
                                            CURLE_RECV_ERROR,
                                            CURLE_HTTP2,
                                            CURLE_HTTP2_STREAM};

struct CleanUp {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CleanUp>;

std::string_view withoutQuery(std::string_view url) {
    return url.substr(0, url.find_first_of("?#"));
}

/// What stands between "?" and "#".
std::string_view queryOf(std::string_view url) {
    url = url.substr(0, url.find('#'));
    const std::size_t mark = url.find('?');
    return mark == std::string_view::npos ? "" : url.substr(mark + 1);
}

/// "https://host:port" of an absolute URL.
std::string_view serverOf(std::string_view url) {
    const std::size_t host = url.find("//");
    return host == std::string_view::npos ? "" : url.substr(0, url.find_first_of("/?#", host + 2));
}

std::vector<std::string_view> parametersOf(std::string_view query) {
    std::vector<std::string_view> parameters;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        parameters.push_back(query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return parameters;
}

std::string_view nameOf(std::string_view parameter) {
    return parameter.substr(0, parameter.find('='));
}

/// The URL with those of the root's parameters that it does not have itself.
std::string withInherited(const std::string& url, const std::string& root) {
    std::string whole(url.substr(0, url.find('#')));
    if (serverOf(url) != serverOf(root)) {
        return whole;
    }
    const auto own = parametersOf(queryOf(url));
    for (const std::string_view parameter : parametersOf(queryOf(root))) {
        if (std::ranges::find(own, nameOf(parameter), nameOf) == own.end()) {
            whole += whole.find('?') == std::string::npos ? '?' : '&';
            whole += parameter;
        }
    }
    return whole;
}

/// An answer on its way.
struct Answer {
    Bytes bytes;
    std::uint64_t maxBytes = 0;
    const std::atomic<bool>* isInterrupted = nullptr;
};

std::size_t take(const char* data, std::size_t /*one*/, std::size_t count, void* user) {
    auto& answer = *static_cast<Answer*>(user);
    if (answer.bytes.size() + count > answer.maxBytes) {
        return 0; // ends the transfer
    }
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    answer.bytes.insert(answer.bytes.end(), bytes, bytes + count);
    return count;
}

int watch(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Answer*>(user)->isInterrupted->load() ? 1 : 0; // 1 ends the transfer
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
    curl_easy_setopt(handle, option, value); // fails on options unknown to this libcurl only
}

void setUp(CURL* handle, const HttpOptions& options) {
    constexpr double kMillisecondsPerSecond = 1000.0;
    constexpr long kMostRedirects = 10;
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_FOLLOWLOCATION, 1L);
    set(handle, CURLOPT_MAXREDIRS, kMostRedirects);
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(handle, CURLOPT_ACCEPT_ENCODING, ""); // all that this libcurl unpacks
    set(handle, CURLOPT_USERAGENT, "city3d-viewer");
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    set(handle,
        CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(options.connectTimeoutSeconds * kMillisecondsPerSecond));
    set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(handle,
        CURLOPT_LOW_SPEED_TIME,
        std::max(1L, static_cast<long>(options.stallTimeoutSeconds)));
    set(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.maxBytes));
    set(handle, CURLOPT_WRITEFUNCTION, &take);
    set(handle, CURLOPT_XFERINFOFUNCTION, &watch);
    set(handle, CURLOPT_NOPROGRESS, 0L);
}

Error refusedBy(long status) {
    constexpr long kBusy = 429;
    constexpr long kTimeout = 408;
    constexpr long kServerError = 500;
    const std::string code = fmt::format("HTTP {}", status);
    switch (status) {
    case 401:
    case 403:
        return Error{"the server refuses access (" + code + "); check the key in the address"};
    case 404:
    case 410:
        return Error{"the server has no such file (" + code + "); check the address"};
    default:
        break;
    }
    if (status == kBusy || status == kTimeout || status >= kServerError) {
        return Error{"the server is busy or out of order (" + code + "); try again later", true};
    }
    return Error{"the server answers " + code + "; check the address"};
}

Error failedWith(CURLcode code, const Answer& answer, const char* detail) {
    if (code == CURLE_FILESIZE_EXCEEDED || code == CURLE_WRITE_ERROR) {
        return Error{fmt::format("more than {} bytes, which no tile should have", answer.maxBytes)};
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        return Error{"no longer wanted", true};
    }
    const char* what = *detail != '\0' ? detail : curl_easy_strerror(code);
    const bool mayPass = std::ranges::find(kPassing, code) != kPassing.end();
    return Error{std::string(what) + (mayPass ? "; check the network" : ""), mayPass};
}

} // namespace

struct HttpSource::State {
    std::string rootUrl;
    HttpOptions options;
    std::atomic<bool> isInterrupted = false;
    std::mutex mutex;
    std::vector<Handle> idle; ///< Each keeps its connections.

    Handle takeHandle() {
        const std::scoped_lock lock(mutex);
        if (idle.empty()) {
            Handle made(curl_easy_init());
            if (made) {
                setUp(made.get(), options);
            }
            return made;
        }
        Handle handle = std::move(idle.back());
        idle.pop_back();
        return handle;
    }

    void giveBack(Handle handle) {
        const std::scoped_lock lock(mutex);
        idle.push_back(std::move(handle));
    }

    Result<Bytes> fetch(CURL* handle, const std::string& url);
};

Result<Bytes> HttpSource::State::fetch(CURL* handle, const std::string& url) {
    Answer answer{.maxBytes = options.maxBytes, .isInterrupted = &isInterrupted};
    std::array<char, CURL_ERROR_SIZE> detail{};
    set(handle, CURLOPT_URL, url.c_str());
    set(handle, CURLOPT_WRITEDATA, &answer);
    set(handle, CURLOPT_XFERINFODATA, &answer);
    set(handle, CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(handle);
    set(handle, CURLOPT_ERRORBUFFER, nullptr);
    if (code != CURLE_OK) {
        return failedWith(code, answer, detail.data());
    }
    constexpr long kOk = 200;
    constexpr long kRedirect = 300;
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status >= kOk && status < kRedirect ? Result<Bytes>(std::move(answer.bytes))
                                               : Result<Bytes>(refusedBy(status));
}

HttpSource::HttpSource(const std::string& rootUrl, const HttpOptions& options)
    : state_(std::make_unique<State>()) {
    curl_global_init(CURL_GLOBAL_DEFAULT); // counts its calls, and may be called by any thread
    state_->rootUrl = base::encodeUnsafe(rootUrl);
    state_->options = options;
}

HttpSource::~HttpSource() {
    state_.reset();
    curl_global_cleanup();
}

Result<Bytes> HttpSource::read(const std::string& uri) const {
    const std::string url = base::encodeUnsafe(uri);
    const std::string shown(withoutQuery(uri));
    if (!isWebUrl(url)) {
        return Error{shown + ": not read; a tileset on the web can only name files on the web"};
    }
    Handle handle = state_->takeHandle();
    if (!handle) {
        return Error{shown + ": no memory for a connection"};
    }
    auto bytes = state_->fetch(handle.get(), withInherited(url, state_->rootUrl));
    state_->giveBack(std::move(handle));
    return bytes ? std::move(bytes) : Result<Bytes>(base::within(shown, bytes.error()));
}

void HttpSource::interrupt() const {
    state_->isInterrupted = true;
}

bool isWebUrl(const std::string& uri) {
    const std::string scheme = base::schemeOf(uri);
    return scheme == "http" || scheme == "https";
}

} // namespace viewer::stream
