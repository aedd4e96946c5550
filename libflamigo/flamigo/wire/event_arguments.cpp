#include "flamigo/wire/event_arguments.hpp"

#include "flamigo/json/detail/append_text.hpp"

namespace flamigo {

namespace {

constexpr std::string_view before_topic = "{\"topic\":";
constexpr std::string_view before_payload = ",\"payload\":";

/// Where the string that begins there has its end, behind the quotes.
std::size_t end_of_string(std::string_view text, std::size_t begin) noexcept {
  auto i = begin + 1;
  while (i < text.size() && text[i] != '"')
    i += text[i] == '\\' ? std::size_t{2} : std::size_t{1};
  return i + 1;
}

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
  auto end = end_of_string(frame, before_topic.size());
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
