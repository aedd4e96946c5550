#include "limits.hpp"

namespace flamigo::soak {

namespace {

std::string text(std::chrono::seconds x) {
  return std::to_string(x.count()) + "s";
}

} // namespace

std::vector<std::string> to_arguments() {
  return {
    "--handshake-timeout=" + text(limits::handshake_timeout),
    "--ping-interval=" + text(limits::ping_interval),
    "--pong-timeout=" + text(limits::pong_timeout),
    "--backlog-timeout=" + text(limits::backlog_timeout),
    "--close-timeout=" + text(limits::close_timeout),
    "--drain-timeout=" + text(limits::drain_timeout),
    "--request-timeout=" + text(limits::request_timeout),
    "--max-message-bytes=" + std::to_string(limits::max_message_bytes),
    "--max-backlog-bytes=" + std::to_string(limits::max_backlog_bytes),
    "--max-in-flight=" + std::to_string(limits::max_in_flight),
  };
}

} // namespace flamigo::soak
