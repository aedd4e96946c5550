#include "question.hpp"

#include "number.hpp"
#include "wire_message.hpp"

namespace flamigo::load {

namespace {

constexpr std::string_view echo = "app::bench:echo";
constexpr std::string_view echo_begin
  = R"({"topic":"app::bench:echo","payload":)";
constexpr std::string_view payload_begin = R"({"n":)";
constexpr std::string_view payload_end
  = R"(,"text":"What is said to a server comes back, word by word."})";
constexpr std::string_view ack_id = R"(,"ackId":")";

bool is_echo(std::string_view payload, std::uint64_t id) {
  std::uint64_t n = 0;
  return take_prefix(payload, payload_begin) && take_number(payload, n)
         && n == id && payload == payload_end;
}

} // namespace

question::question(const options& what) : topic_(what.topic) {
  if (!topic_.empty())
    begin_ = R"({"topic":")" + topic_ + R"(","payload":)" + what.payload;
}

void question::write(std::string& out, std::uint64_t id) const {
  if (topic_.empty()) {
    out = echo_begin;
    out += payload_begin;
    append_number(out, id);
    out += payload_end;
  } else {
    out = begin_;
  }
  out += ack_id;
  append_number(out, id);
  out += "\"}";
}

answer question::read(std::string_view text) const {
  answer result;
  auto message = read_wire_message(text);
  if (!message)
    return result;
  result.event = !topic_.empty() && message->ack_id.empty()
                 && message->topic != "error";
  if (!take_number(message->ack_id, result.id) || !message->ack_id.empty())
    return result;
  result.good = topic_.empty() ? message->topic == echo
                                   && is_echo(message->payload, result.id)
                               : message->topic == topic_;
  return result;
}

} // namespace flamigo::load
