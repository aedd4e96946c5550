#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What goes over the wire, as tests write it.
namespace flamigo::test {

using strings = std::vector<std::string>;

/// A request, which is also what its successful reply looks like.
inline std::string call(std::string_view name,
                        std::string_view payload = "null", int ack_id = 1) {
  return R"({"topic":")" + std::string{name} + R"(","payload":)"
         + std::string{payload} + R"(,"ackId":)" + std::to_string(ack_id) + "}";
}

inline std::string replied(std::string_view name, std::string_view payload,
                           int ack_id = 1) {
  return call(name, payload, ack_id);
}

inline std::string pushed(std::string_view topic, std::string_view payload) {
  return R"({"topic":")" + std::string{topic} + R"(","payload":)"
         + std::string{payload} + "}";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace flamigo::test
