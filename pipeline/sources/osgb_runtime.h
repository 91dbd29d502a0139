#pragma once

#include <memory>

namespace pipeline::sources {

/// Sets up OpenSceneGraph's process-wide registry for reading hostile OSGB files, and nothing else:
/// - the serialisers of the osg library are loaded once, here; afterwards no library is ever
/// loaded,
///   whatever class or compressor name a file holds;
/// - inline images keep their file bytes instead of being decoded;
/// - nodes never pull in other files by themselves; external images only from the file's own
/// folder. One per process, made before any readOsgb(), by main or by a worker process. Never in a
/// program that renders with OSG: the registry is changed for good.
class OsgbRuntime {
public:
    OsgbRuntime();
    OsgbRuntime(const OsgbRuntime&) = delete;
    OsgbRuntime& operator=(const OsgbRuntime&) = delete;
    ~OsgbRuntime();

    /// False if OSG's own reader plugin is not installed.
    bool isReady() const;

private:
    friend struct OsgbRuntimeAccess;
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pipeline::sources
