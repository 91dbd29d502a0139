#pragma once

#include <osg/Texture2D>
#include <osg/ref_ptr>

#include <cstddef>
#include <utility>
#include <vector>

namespace viewer::overlay {

/// A texture whose texels a shader reads one by one, fed from memory that its owner keeps: only the
/// rows that have changed are uploaded, with the next frame that uses it.
class TableTexture {
public:
    struct Format {
        GLint internalFormat = 0;
        GLenum format = 0;
        GLenum type = 0;
        int across = 0;
        std::size_t texelBytes = 0;
    };
    using Rows = std::vector<std::pair<std::size_t, std::size_t>>; ///< Runs [first, second).

    explicit TableTexture(const Format& format);
    TableTexture(const TableTexture&) = delete;
    TableTexture& operator=(const TableTexture&) = delete;
    ~TableTexture();

    osg::Texture2D* texture() const { return texture_.get(); }
    /// `data`: so many whole rows, valid until the next call. Other than before in size: all of it
    /// is uploaded.
    void set(const void* data, std::size_t rows, const Rows& changed);

private:
    class Upload;
    osg::ref_ptr<Upload> upload_;
    osg::ref_ptr<osg::Texture2D> texture_;
};

} // namespace viewer::overlay
