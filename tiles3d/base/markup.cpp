#include "tiles3d/base/markup.h"

#include "tiles3d/base/file.h"

namespace tiles3d::base {

std::string escaped(std::string_view text) {
    constexpr unsigned char kFirstPrintable = 0x20;
    std::string html;
    for (const char c : validUtf8(text)) {
        switch (c) {
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '&':
            html += "&amp;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= kFirstPrintable || c == '\n' || c == '\t') {
                html += c;
            }
        }
    }
    return html;
}

} // namespace tiles3d::base
