#include "flamigo/cluster/detail/outbox.hpp"

#include <charconv>
#include <utility>

#include "flamigo/json/json.hpp"

namespace flamigo::detail {

namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

} // namespace

bool outbox::send(const std::string& to, node_frame what) {
  what.from = id_;
  frame_.clear();
  append_json(frame_, what);
  return transport_.send(to, frame_);
}

bool outbox::send(const std::string& to, std::uint64_t stream,
                  std::uint64_t seq, const event_ptr& what) {
  if (last_.lock() != what) {
    last_text_.clear();
    append_json(last_text_, note_of(*what));
    last_ = what;
  }
  // A node_frame as JSON, without a copy of the event.
  frame_.assign("{\"flamigo\":1,\"from\":\"").append(id_);
  append_number(frame_.append("\",\"stream\":"), stream);
  append_number(frame_.append(",\"seq\":"), seq);
  if (!what->places().empty())
    frame_.append(",\"journaled\":true");
  frame_.append(",\"event\":").append(last_text_).push_back('}');
  return transport_.send(to, frame_);
}

void outbox::send_all(node_frame what) {
  what.from = id_;
  frame_.clear();
  append_json(frame_, what);
  transport_.send_all(frame_);
}

} // namespace flamigo::detail
