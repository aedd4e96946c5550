#include "limits.hpp"

namespace flamigo::soak {

namespace {

std::string text(std::chrono::seconds x) {
  return std::to_string(x.count()) + "s";
}

} // namespace

std::vector<std::string> to_arguments(const limits& x) {
  return {
    "--handshake-timeout=" + text(x.handshake_timeout),
    "--ping-interval=" + text(x.ping_interval),
    "--pong-timeout=" + text(x.pong_timeout),
    "--backlog-timeout=" + text(x.backlog_timeout),
    "--close-timeout=" + text(x.close_timeout),
    "--drain-timeout=" + text(x.drain_timeout),
    "--request-timeout=" + text(x.request_timeout),
    "--max-message-bytes=" + std::to_string(x.max_message_bytes),
    "--max-backlog-bytes=" + std::to_string(x.max_backlog_bytes),
    "--max-in-flight=" + std::to_string(x.max_in_flight),
  };
}

} // namespace flamigo::soak
