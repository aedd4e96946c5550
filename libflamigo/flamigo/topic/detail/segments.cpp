#include "flamigo/topic/detail/segments.hpp"

#include <string>

#include "flamigo/error/error.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo::detail {

caf::error check_segments(std::string_view text, std::string_view kind,
                          const char* (*wrong)(std::string_view segment)) {
  // What is too large is not repeated.
  auto refuse = [kind](std::size_t count, std::size_t max, const char* unit) {
    return make_error(errc::invalid_payload,
                      "a " + std::string{kind} + " of " + std::to_string(count)
                        + unit + " is too large: at most " + std::to_string(max)
                        + " are possible");
  };
  if (text.size() > topic::max_bytes)
    return refuse(text.size(), topic::max_bytes, " bytes");
  std::size_t count = 0;
  for (segments xs{text}; !xs.done(); ++count) {
    auto x = xs.next();
    auto why = x.empty() ? "a segment between slashes cannot be empty"
                         : wrong(x);
    if (why != nullptr)
      return make_error(errc::invalid_payload,
                        "\"" + std::string{text} + "\" is no "
                          + std::string{kind} + ": " + why);
  }
  if (count > topic::max_segments)
    return refuse(count, topic::max_segments, " segments");
  return {};
}

} // namespace flamigo::detail
