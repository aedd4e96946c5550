#include "flamigo/wire/client_message.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace flamigo {

namespace {

/// See docs/protocol.md; the last six are events of Socket.IO's clients.
constexpr std::array<std::string_view, 14> own_topics{
  "error",       "presence",      "subscribed",    "unsubscribed",
  "close",       "stream",        "request:ended", "bus:gap",
  "connect",     "disconnect",    "connect_error", "disconnecting",
  "newListener", "removeListener"};

} // namespace

bool is_own_topic(std::string_view topic) noexcept {
  return std::find(own_topics.begin(), own_topics.end(), topic)
         != own_topics.end();
}

std::string own_topic_refused(std::string_view topic) {
  return "a client message cannot have the topic \"" + std::string{topic}
         + "\", which is the framework's: choose another one, such as \"chat:"
         + std::string{topic} + "\"";
}

void detail::check_client_topic(std::string_view topic) {
  if (is_own_topic(topic))
    throw std::invalid_argument{own_topic_refused(topic)};
}

} // namespace flamigo
