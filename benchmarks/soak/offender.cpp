#include "offender.hpp"

#include <vector>

#include "../load/frame.hpp"

namespace flamigo::soak {

namespace {

using namespace std::string_literals;

constexpr auto protocol_error = 1002;
constexpr auto not_text = 1003;
constexpr auto not_utf8 = 1007;
constexpr auto too_big = 1009;
constexpr auto not_json = 3501;

std::string framed(load::opcode code, std::string_view payload) {
  std::string result;
  load::append_frame(result, code, payload);
  return result;
}

std::string repeated(int times, const std::string& what) {
  std::string result;
  while (times-- > 0)
    result += what;
  return result;
}

const std::vector<offence>& offences() {
  using load::opcode;
  const auto mask = "\0\0\0\0"s;
  static const std::vector<offence> all{
    {"a reserved bit", "\xC1\x80"s + mask, protocol_error},
    {"a frame that is not masked", "\x81\x01x"s, protocol_error},
    {"an opcode that there is not", "\x83\x80"s + mask, protocol_error},
    {"a control opcode that there is not", "\x8B\x80"s + mask, protocol_error},
    {"a ping in fragments", "\x09\x80"s + mask, protocol_error},
    {"a long ping", "\x89\xFE\x00\x80"s + mask + std::string(128, 'x'),
     protocol_error},
    {"a continuation of nothing", "\x80\x80"s + mask, protocol_error},
    {"a message within a message",
     "\x01\x81"s + mask + "x\x81\x81"s + mask + "x", protocol_error},
    {"a close code that is not to be sent", framed(opcode::close, "\x03\xED"s),
     protocol_error},
    {"half a close code", framed(opcode::close, "\x03"s), protocol_error},
    {"a binary message", framed(opcode::binary, "x"), not_text},
    {"text that is no UTF-8", framed(opcode::text, "\"\xC3\x28\""), not_utf8},
    {"a message that is too large",
     framed(opcode::text, std::string(limits::max_message_bytes + 1, ' ')),
     too_big},
    {"a frame that claims to be endless",
     "\x81\xFF\x7F"s + std::string(7, '\xFF') + mask + std::string(1000, ' '),
     too_big},
    {"fragments without end",
     "\x01\xFE\x80\x00"s + mask + std::string(32768, ' ')
       + repeated(4, "\x00\xFE\x80\x00"s + mask + std::string(32768, ' ')),
     too_big},
    {"five messages that are no JSON",
     repeated(5, framed(opcode::text, "{\"topic\":")), not_json},
    {"five messages without a topic", repeated(5, framed(opcode::text, "{}")),
     not_json},
    {"brackets without end",
     repeated(5, framed(opcode::text, std::string(60'000, '['))), not_json},
    {"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s, 0, true},
    {"headers without end",
     "GET /ws HTTP/1.1\r\n" + repeated(1000, "X-Header: 0123456789\r\n"), 0,
     true},
    {"another version", "GET /ws HTTP/9.9\r\n\r\n", 0, true},
    {"a body that is too large",
     "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n", 0,
     true},
  };
  return all;
}

load::endpoint door_for(load::endpoint door, const offence& what) {
  if (what.is_http)
    door.upgrade = what.bytes;
  return door;
}

} // namespace

offender::offender(stage& on)
  : offender(on, offences()[on.pick(offences().size())]) {
}

offender::offender(stage& on, const offence& what)
  : visitor(on, door_for(on.door, what)), what_(what) {
}

void offender::greeted() {
  if (what_.is_http)
    return vanish();
  line_.send_bytes(what_.bytes);
}

void offender::act() {
  if (waiting_)
    return;
  waiting_ = true;
  expect(limits::handshake_timeout + limits::close_timeout + limits::margin,
         what_.is_http ? "a request that is not to be served is refused"
                       : "who breaks the protocol is closed");
}

void offender::ended(std::string_view failure) {
  if (stage_.ending)
    return;
  if (!what_.is_http && line_.close_code() != what_.code)
    fault("who breaks the protocol is told how",
          std::string{what_.what} + ": " + std::string{failure});
}

} // namespace flamigo::soak
