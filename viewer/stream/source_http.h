#pragma once

#include "viewer/stream/source.h"

#include <cstdint>
#include <memory>
#include <string>

namespace viewer::stream {

struct HttpOptions {
    double connectTimeoutSeconds = 10.0;
    double stallTimeoutSeconds = 30.0;         ///< Without a byte; whole seconds, at least 1.
    std::uint64_t maxBytes = kMaxContentBytes; ///< Of one answer, unpacked.
};

/// Files on the web, by absolute http and https URLs, as web clients read them: connections are
/// kept, HTTP/2 where the server has it, answers may be compressed, redirects are followed (to http
/// and https only), proxies come from the environment, certificates are checked. Characters that no
/// URL may hold are encoded.
/// A query of the root URL ("?key=...") is passed on to all URLs of the same scheme, host and port,
/// parameter by parameter; one that a URL has itself stays. No other host is told.
/// Error::mayPass is true for lines that are down, servers that are slow, busy or out of order.
/// Messages leave queries out: they hold keys.
class HttpSource final : public ISource {
public:
    explicit HttpSource(const std::string& rootUrl, const HttpOptions& options = {});
    ~HttpSource() override;

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override;
    void interrupt() const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Whether that is a URL for HttpSource.
bool isWebUrl(const std::string& uri);

} // namespace viewer::stream
