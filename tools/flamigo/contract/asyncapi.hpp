#pragma once

#include <string>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Returns a contract as a document of AsyncAPI 3.1: requests with their
/// replies, events and questions of the server, all over the one channel that
/// the WebSocket is. What is said in each frame is as docs/protocol.md has it.
std::string asyncapi_of(const rapidjson::Document& contract);

} // namespace flamigo::tool
