#include "flamigo/topic/topic.hpp"

#include <stdexcept>

#include "flamigo/error/error.hpp"
#include "flamigo/topic/detail/segments.hpp"

namespace flamigo {

topic::topic(std::string text) : text_(std::move(text)) {
  if (auto err = check_text(text_))
    throw std::invalid_argument{public_message(err)};
}

caf::expected<topic> topic::parse(std::string text) {
  if (auto err = check_text(text))
    return err;
  topic result;
  result.text_ = std::move(text);
  return result;
}

caf::error topic::check_text(std::string_view text) {
  return detail::check_segments(text, "topic", [](std::string_view x) {
    return x.find('*') != x.npos ? "an asterisk is for patterns only" : nullptr;
  });
}

std::string topic_segment(std::string_view text) {
  if (text.empty())
    return "%";
  std::string result;
  result.reserve(text.size());
  for (auto c : text)
    switch (c) {
      case '/':
        result += "%2F";
        break;
      case '*':
        result += "%2A";
        break;
      case '%':
        result += "%25";
        break;
      default:
        result += c;
    }
  return result;
}

} // namespace flamigo
