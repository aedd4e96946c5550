#include "flamigo/socketio/detail/socket_io_packet.hpp"

#include <algorithm>
#include <charconv>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

using kind = socket_io_packet::kind;

caf::error bad_packet(const char* message) {
  return make_error(errc::malformed, message);
}

bool is_binary(kind type) noexcept {
  return type == kind::binary_event || type == kind::binary_ack;
}

bool is_ack(kind type) noexcept {
  return type == kind::ack || type == kind::binary_ack;
}

bool is_event(kind type) noexcept {
  return type == kind::event || type == kind::binary_event;
}

/// Takes the digits that a text begins with.
std::string_view take_digits(std::string_view& text) noexcept {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  auto result = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(result.size());
  return result;
}

caf::error take_attachments(std::string_view& text, std::uint32_t& out) {
  auto digits = take_digits(text);
  auto [last, failure] = std::from_chars(digits.data(),
                                         digits.data() + digits.size(), out);
  if (failure != std::errc{} || !text.starts_with('-'))
    return bad_packet("a binary packet says how many attachments it has, as "
                      "\"1-\"");
  text.remove_prefix(1);
  return {};
}

caf::error take_namespace(std::string_view& text, std::string_view& out) {
  if (!text.starts_with('/'))
    return {};
  out = text.substr(0, text.find(','));
  if (out.size() > socket_io_packet::max_namespace)
    return bad_packet("a namespace has at most 256 bytes");
  text.remove_prefix(std::min(out.size() + 1, text.size()));
  return {};
}

bool may_carry(kind type, std::string_view data) noexcept {
  switch (type) {
    case kind::connect:
      return data.empty() || data.front() == '{';
    case kind::disconnect:
      return data.empty();
    case kind::connect_error:
      return data.starts_with('{') || data.starts_with('"');
    default:
      return data.starts_with('[');
  }
}

} // namespace

caf::error parse_packet(std::string_view text, socket_io_packet& out) {
  out = {};
  if (text.empty() || text.front() < '0' || text.front() > '6')
    return bad_packet("a packet begins with its type, from 0 to 6");
  out.type = static_cast<kind>(text.front() - '0');
  text.remove_prefix(1);
  if (is_binary(out.type))
    if (auto err = take_attachments(text, out.attachments))
      return err;
  if (auto err = take_namespace(text, out.name_space))
    return err;
  if (is_event(out.type) || is_ack(out.type))
    out.id = take_digits(text);
  if (out.id.size() > socket_io_packet::max_id)
    return bad_packet("the id of a packet has at most 15 digits");
  if (is_ack(out.type) && out.id.empty())
    return bad_packet("an acknowledgement has the id of what it answers");
  if (!may_carry(out.type, text))
    return bad_packet("this type of packet does not carry that");
  out.data = text;
  return {};
}

void append_packet(std::string& out, const socket_io_packet& what) {
  out.push_back(static_cast<char>('0' + static_cast<int>(what.type)));
  if (is_binary(what.type))
    out.append(std::to_string(what.attachments)).push_back('-');
  if (what.name_space != "/")
    out.append(what.name_space).push_back(',');
  out.append(what.id).append(what.data);
}

} // namespace flamigo::detail
