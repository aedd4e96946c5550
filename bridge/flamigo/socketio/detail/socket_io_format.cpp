#include "flamigo/socketio/detail/socket_io_format.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/number_list.hpp"
#include "flamigo/json/detail/unescape.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/socketio/detail/socket_io_packet.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/detail/ack_id.hpp"
#include "flamigo/wire/envelope.hpp"
#include "flamigo/wire/event_arguments.hpp"
#include "flamigo/wire/laden_text.hpp"

namespace flamigo::detail {

namespace {

caf::error bad_frame(const char* message) {
  return make_error(errc::malformed, message);
}

// -- requests -----------------------------------------------------------------

/// What the client library keeps for itself.
bool is_reserved(std::string_view topic) noexcept {
  constexpr std::array<std::string_view, 6> all{
    "connect",       "connect_error", "disconnect",
    "disconnecting", "newListener",   "removeListener"};
  return std::find(all.begin(), all.end(), topic) != all.end();
}

/// The name of the stream that `{"stream":"<name>"}` asks for, in quotes; empty
/// if this is no such thing.
std::string_view stream_of(const json_token& x) noexcept {
  if (x.kind != json_kind::object || x.count != 1)
    return {};
  auto& name = *(&x + 1);
  auto& value = *(&x + 2);
  if (name.view() != "stream" || value.kind != json_kind::string
      || value.size == 0 || value.size > envelope_decoder::max_ack_id)
    return {};
  return value.slice();
}

/// The name in an ackId, in quotes; empty if it is none of a stream.
std::string_view stream_in(std::string_view ack_id) noexcept {
  return ack_id.substr(0, ack_id.rfind('"') + 1);
}

/// The id of the packet in an ackId.
std::string_view id_in(std::string_view ack_id) noexcept {
  return ack_id.substr(ack_id.rfind('"') + 1);
}

/// Several arguments are their array, as text.
void append_all(std::string& out, const json_token& first,
                const json_token& end) {
  auto* last = &first;
  while (last->next() != &end)
    last = last->next();
  auto begin = first.slice().data();
  auto text = last->slice();
  out.push_back('[');
  out.append(begin, text.data() + text.size());
  out.push_back(']');
}

/// Takes from a frame where bytes begin in the rest of it, if it says so.
std::string_view take_places(std::string_view& frame) noexcept {
  if (!frame.starts_with('b'))
    return {};
  auto end = std::min(frame.find('-'), frame.size());
  auto result = frame.substr(1, end - 1);
  frame.remove_prefix(std::min(end + 1, frame.size()));
  return result;
}

/// Appends the same places in a part of the frame, `shift` characters of
/// something else before it. False if one is not in there.
bool append_places(std::string& out, std::string_view places,
                   std::string_view frame, std::string_view part,
                   std::size_t shift = 0) {
  std::vector<std::size_t> all;
  if (!read_numbers(places, all))
    return false;
  auto begin = static_cast<std::size_t>(part.data() - frame.data());
  auto first = true;
  for (auto place : all) {
    if (place < begin || place - begin >= part.size())
      return false;
    append_number(out, place - begin + shift, std::exchange(first, false));
  }
  return true;
}

caf::error decode_event(const socket_io_packet& packet, std::string_view frame,
                        std::string_view places, decoding_space& space,
                        client_request& out) {
  out.ack_id = packet.id;
  space.tape.restart();
  if (auto failure = space.tape.parse(packet.data))
    return to_error(failure, "the packet");
  auto& root = space.tape.root();
  auto& name = *(&root + 1);
  if (root.count == 0 || name.kind != json_kind::string)
    return bad_frame("the first argument of an event is its name: name the "
                     "strategy to run");
  auto& scratch = space.scratch;
  scratch.clear();
  if (name.escaped)
    append_unescaped(scratch, name.view());
  auto unescaped = scratch.size();
  auto topic = name.escaped ? std::string_view{scratch} : name.view();
  if (topic.empty() || topic.size() > envelope_decoder::max_topic)
    return bad_frame("the name of an event must have 1 to 256 bytes");
  if (is_reserved(topic))
    return bad_frame("the name of this event is Socket.IO's own");
  auto* first = name.next();
  auto* end = root.next();
  auto arguments = root.count - 1;
  auto stream = arguments == 2 ? stream_of(*first->next()) : std::string_view{};
  auto is_one = arguments == 1 || !stream.empty();
  if (is_one) {
    out.payload = first->slice();
    out.payload_tokens = first;
  } else if (arguments > 1) {
    append_all(scratch, *first, *end);
  }
  auto payload_end = scratch.size();
  if (!stream.empty() && !packet.id.empty())
    scratch.append(stream).append(packet.id);
  auto ack_id_end = scratch.size();
  if (!places.empty()) {
    // Of all arguments, since those of several are their array.
    auto* begin = first == end ? nullptr : first->slice().data();
    std::string_view all{begin,
                         begin == nullptr
                           ? 0
                           : static_cast<std::size_t>(
                             packet.data.data() + packet.data.size() - begin)};
    if (begin == nullptr
        || !append_places(scratch, places, frame, all, is_one ? 0 : 1))
      return bad_frame("bytes are arguments of an event");
  }
  // It does not grow any more.
  std::string_view made{scratch};
  out.topic = name.escaped ? made.substr(0, unescaped) : name.view();
  if (payload_end > unescaped)
    out.payload = made.substr(unescaped, payload_end - unescaped);
  if (ack_id_end > payload_end)
    out.ack_id = made.substr(payload_end, ack_id_end - payload_end);
  out.bytes_at = made.substr(ack_id_end);
  return {};
}

// -- the format ---------------------------------------------------------------

class format final : public wire_format {
public:
  caf::error decode(std::string_view frame, decoding_space& space,
                    client_request& out) const override {
    out = {{}, "null", {}, nullptr, false};
    auto places = take_places(frame);
    socket_io_packet packet;
    if (auto err = parse_packet(frame, packet))
      return err;
    if (packet.name_space != "/")
      return bad_frame("a frame has no namespace");
    switch (packet.type) {
      case socket_io_packet::kind::event:
        return decode_event(packet, frame, places, space, out);
      case socket_io_packet::kind::ack:
        out.is_answer = true;
        return {};
      default:
        return bad_frame("neither an event nor an acknowledgement");
    }
  }

  caf::error read_answer(std::string_view frame,
                         client_answer& out) const override {
    auto places = take_places(frame);
    socket_io_packet packet;
    if (auto err = parse_packet(frame, packet))
      return err;
    json_tape tape;
    if (auto failure = tape.parse(packet.data))
      return to_error(failure, "the packet");
    auto& root = tape.root();
    out = {std::string{packet.id}, "null", {}};
    if (root.count != 1)
      return bad_frame("the callback of a request gets one argument, "
                       "{ payload } or { error }");
    auto& outcome = *(&root + 1);
    if (auto err = read_outcome(outcome.slice(), out); err || places.empty())
      return err;
    auto* payload = find_member(outcome, "payload");
    if (payload == nullptr
        || !append_places(out.bytes_at, places, frame, payload->slice()))
      return bad_frame("bytes stand in the payload of an answer");
    return {};
  }

  void begin_response(std::string& out, std::string_view,
                      std::string_view ack_id) const override {
    out.push_back('3');
    out.append(id_in(ack_id)).append("[{\"payload\":");
  }

  void end_response(std::string& out, std::string_view) const override {
    out.append("}]");
  }

  void append_part(std::string& out, std::string_view,
                   std::string_view payload_json,
                   std::string_view ack_id) const override {
    out.append("2[\"stream\",{\"id\":").append(stream_in(ack_id));
    out.append(",\"payload\":").append(payload_json).append("}]");
  }

  void append_event(std::string& out, std::string_view topic,
                    std::string_view payload_json) const override {
    out.push_back('2');
    append_event_arguments(out, topic, payload_json);
  }

  void append_question(std::string& out, std::string_view topic,
                       std::string_view payload_json,
                       std::string_view request_id) const override {
    out.push_back('2');
    out.append(request_id);
    append_event_arguments(out, topic, payload_json);
  }

  void append_error(std::string& out, const caf::error& why,
                    std::string_view ack_id, bool expose_trace) const override {
    if (ack_id.empty()) {
      out.append("2[\"error\",");
      append_error_payload(out, why, expose_trace);
      out.push_back(']');
      return;
    }
    out.push_back('3');
    out.append(id_in(ack_id)).append("[{\"error\":");
    append_error_payload(out, why, expose_trace);
    out.append("}]");
  }

  void lift_bytes(std::string& frame, bytes_finder where) const override {
    auto arguments = frame.find('[');
    if (arguments != std::string::npos)
      flamigo::lift_bytes(frame, arguments, where);
  }

  bool takes_parts(std::string_view ack_id) const noexcept override {
    return !stream_in(ack_id).empty();
  }

  bool names_streams() const noexcept override {
    return true;
  }

  bool is_named(std::string_view ack_id, std::string_view name) const override {
    auto stream = stream_in(ack_id);
    return !stream.empty() && same_ack_id(stream, name);
  }
};

} // namespace

const wire_format& socket_io_format() noexcept {
  static const format instance;
  return instance;
}

} // namespace flamigo::detail
