#include "viewer/camera/bookmarks.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace viewer::camera {

namespace {

namespace base = tiles3d::base;
using base::Json;
using base::Result;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{16} << 20U;
constexpr std::size_t kMaxBookmarks = 10000;

/// A file of another folder is none of ours.
bool isPlainName(const std::string& name) {
    return name.find_first_of("/\\:") == std::string::npos && name != "." && name != "..";
}

Result<Bookmark> bookmarkFromJson(const Json& object) {
    auto view = viewFromJson(object);
    if (!view) {
        return view.error();
    }
    Bookmark bookmark{.name = object["name"].stringOr(""),
                      .view = *view,
                      .note = object["note"].stringOr(""),
                      .thumbnail = object["thumbnail"].stringOr("")};
    if (!isPlainName(bookmark.thumbnail)) {
        return base::Error{"thumbnail " + bookmark.thumbnail + " is not a plain file name"};
    }
    for (const Json& name : object["hidden"].items()) {
        bookmark.hidden.push_back(name.stringOr(""));
    }
    return bookmark;
}

Json toJson(const Bookmark& bookmark) {
    Json object = Json::object();
    object.set("name", base::validUtf8(bookmark.name));
    setView(object, bookmark.view);
    const auto setText = [&object](const char* name, const std::string& text) {
        if (!text.empty()) {
            object.set(name, base::validUtf8(text));
        }
    };
    setText("note", bookmark.note);
    setText("thumbnail", bookmark.thumbnail);
    if (!bookmark.hidden.empty()) {
        Json hidden = Json::array();
        for (const std::string& name : bookmark.hidden) {
            hidden.push(base::validUtf8(name));
        }
        object.set("hidden", std::move(hidden));
    }
    return object;
}

Result<std::vector<Bookmark>> bookmarksFromJson(const Json& document) {
    const Json& list = document["bookmarks"];
    if (!list.isArray() || list.items().size() > kMaxBookmarks) {
        return base::Error{fmt::format("\"bookmarks\" is {}",
                                       list.isArray() ? "longer than 10 000" : "not a list")};
    }
    std::vector<Bookmark> bookmarks;
    for (const Json& object : list.items()) {
        auto bookmark = bookmarkFromJson(object);
        if (!bookmark) {
            return base::within(fmt::format("bookmark {}", bookmarks.size() + 1), bookmark.error());
        }
        bookmarks.push_back(*std::move(bookmark));
    }
    return bookmarks;
}

} // namespace

Result<std::vector<Bookmark>> readBookmarks(const std::filesystem::path& file) {
    const auto text = base::readTextFile(file, kMaxFileBytes);
    if (!text) {
        return text.error();
    }
    const auto document = base::parseJson(*text);
    auto bookmarks = document ? bookmarksFromJson(*document) : document.error();
    return bookmarks ? std::move(bookmarks) : base::within(base::toUtf8(file), bookmarks.error());
}

base::Status writeBookmarks(const std::filesystem::path& file,
                            const std::vector<Bookmark>& bookmarks) {
    Json list = Json::array();
    for (const Bookmark& bookmark : bookmarks) {
        list.push(toJson(bookmark));
    }
    const Json document = Json::object({{"bookmarks", std::move(list)}});
    if (const auto readable = bookmarksFromJson(document); !readable) {
        return base::within(base::toUtf8(file), readable.error());
    }
    return base::writeFile(file, document.dump(true));
}

} // namespace viewer::camera
