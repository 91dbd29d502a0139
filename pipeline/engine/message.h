#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pipeline::engine {

/// A list of byte strings over a stream socket. Both ends run the same program on one machine.
using Message = std::vector<std::string>;

/// False if the other end is gone.
bool sendMessage(int socket, const Message& message);

/// Blocks for a whole message; nothing if the other end is gone or the bytes are no message.
std::optional<Message> receiveMessage(int socket);

} // namespace pipeline::engine
