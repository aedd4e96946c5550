#include "flamigo/topic/topic_pattern.hpp"

#include <stdexcept>

#include "flamigo/error/error.hpp"
#include "flamigo/topic/detail/segments.hpp"

namespace flamigo {

topic_pattern::topic_pattern(std::string text) : text_(std::move(text)) {
  if (auto err = check_text(text_))
    throw std::invalid_argument{public_message(err)};
}

caf::expected<topic_pattern> topic_pattern::parse(std::string text) {
  if (auto err = check_text(text))
    return err;
  topic_pattern result;
  result.text_ = std::move(text);
  return result;
}

bool topic_pattern::matches(const topic& x) const noexcept {
  if (empty() || x.empty())
    return false;
  detail::segments names{x.text()};
  for (detail::segments wanted{text_}; !wanted.done();) {
    if (names.done())
      return false;
    auto name = names.next();
    auto want = wanted.next();
    if (want != "*" && want != name)
      return false;
  }
  return true;
}

caf::error topic_pattern::check_text(std::string_view text) {
  return detail::check_segments(text, "pattern", [](std::string_view x) {
    return x != "*" && x.find('*') != x.npos
             ? "an asterisk stands for a whole segment"
             : nullptr;
  });
}

} // namespace flamigo
