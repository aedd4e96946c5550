#include "echo.hpp"

#include "number.hpp"
#include "wire_message.hpp"

namespace flamigo::load {

namespace {

constexpr std::string_view begin = R"({"topic":"app::bench:echo","payload":)";
constexpr std::string_view payload_begin = R"({"n":)";
constexpr std::string_view payload_end
  = R"(,"text":"What is said to a server comes back, word by word."})";

} // namespace

void write_echo(std::string& out, std::uint64_t id) {
  out = begin;
  out += payload_begin;
  append_number(out, id);
  out += payload_end;
  out += R"(,"ackId":")";
  append_number(out, id);
  out += "\"}";
}

echo_reply read_echo(std::string_view text) {
  echo_reply result;
  auto message = read_wire_message(text);
  if (!message || !take_number(message->ack_id, result.id))
    return result;
  auto rest = message->payload;
  std::uint64_t n = 0;
  result.good = message->topic == "app::bench:echo" && message->ack_id.empty()
                && take_prefix(rest, payload_begin) && take_number(rest, n)
                && n == result.id && rest == payload_end;
  return result;
}

} // namespace flamigo::load
