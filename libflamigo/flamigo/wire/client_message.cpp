#include "flamigo/wire/client_message.hpp"

#include <stdexcept>

namespace flamigo {

// See docs/protocol.md; some are events of Socket.IO's clients. By their
// lengths, since whatever is published is asked.
bool is_own_topic(std::string_view topic) noexcept {
  switch (topic.size()) {
    case 5:
      return topic == "error" || topic == "close";
    case 6:
      return topic == "stream";
    case 7:
      return topic == "bus:gap" || topic == "connect";
    case 8:
      return topic == "presence";
    case 10:
      return topic == "subscribed" || topic == "disconnect";
    case 11:
      return topic == "newListener";
    case 12:
      return topic == "unsubscribed";
    case 13:
      return topic == "request:ended" || topic == "connect_error"
             || topic == "disconnecting";
    case 14:
      return topic == "removeListener";
    default:
      return false;
  }
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
