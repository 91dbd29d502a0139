#pragma once

#include "pipeline/planning/style/layer_style.h"

#include <string>
#include <utility>
#include <vector>

namespace pipeline::planning::style {

/// A style of another program, as far as ours says the same.
struct ImportedStyle {
    LayerStyle style;
    std::vector<std::string> messages; ///< What is drawn in another way or not at all; each once.
};

/// Messages, each once, and no more than people read.
class Remarks {
public:
    void add(std::string message);
    std::vector<std::string> take() { return std::move(messages_); }

private:
    std::vector<std::string> messages_;
};

/// A symbol that draws nothing.
Symbol invisibleSymbol();

} // namespace pipeline::planning::style
