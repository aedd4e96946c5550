#include "flamigo/wire/event_arguments.hpp"

#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/string_end.hpp"

namespace flamigo {

namespace {

constexpr std::string_view before_topic = "{\"topic\":";
constexpr std::string_view before_payload = ",\"payload\":";

} // namespace

void append_event_arguments(std::string& out, std::string_view topic,
                            std::string_view payload_json) {
  out.push_back('[');
  detail::append_string(out, topic);
  out.push_back(',');
  out.append(payload_json).push_back(']');
}

void append_frame_arguments(std::string& out, std::string_view frame,
                            std::size_t base) {
  auto end = detail::string_end(frame, before_topic.size());
  auto topic = frame.substr(before_topic.size(), end - before_topic.size());
  auto payload = end + before_payload.size();
  out.push_back('[');
  out.append(topic).push_back(',');
  out.append(frame.substr(payload, base - payload));
  // A comma, the offsets and both braces; or a brace.
  if (auto rest = frame.substr(base); rest.size() > 1)
    out.append(",{").append(rest.substr(1));
  out.push_back(']');
}

} // namespace flamigo
