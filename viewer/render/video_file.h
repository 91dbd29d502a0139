#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <filesystem>
#include <memory>

namespace viewer::render {

struct VideoFormat {
    int widthPixels = 1920; ///< Even, as `heightPixels`.
    int heightPixels = 1080;
    double framesPerSecond = 30.0;
};

/// An MP4 that the program `ffmpeg` encodes while its frames are made: H.264, yuv420p, BT.709, of a
/// quality where no loss is seen. The file is whole or absent: ffmpeg writes "NAME.part", which
/// finish() renames and the destructor of an unfinished file removes. Same frames, same ffmpeg:
/// same bytes.
class VideoFile {
public:
    /// Starts ffmpeg, which is looked for in PATH. Fails if it is not installed, and says how to
    /// get it; on odd sizes; if the file cannot be created.
    static tiles3d::base::Result<std::unique_ptr<VideoFile>>
    create(const std::filesystem::path& file, const VideoFormat& format);

    VideoFile(const VideoFile&) = delete;
    VideoFile& operator=(const VideoFile&) = delete;
    ~VideoFile();

    /// The next rows of the frame in work, from the top; frames follow each other without a mark.
    /// REQUIRES: three channels and the video's width. Fails if ffmpeg has ended, with what it
    /// said.
    tiles3d::base::Status append(const tiles3d::image::Raster& rows);
    /// Waits for ffmpeg. Fails with its exit code and the end of what it said; there is no file
    /// then.
    tiles3d::base::Status finish();

private:
    struct State;
    explicit VideoFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace viewer::render
