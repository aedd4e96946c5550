#include "flamigo/strategy/detail/strategy_pattern.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

/// Namespace, domain and action.
using name_parts = std::array<std::string_view, 3>;

/// Without a separator the parts behind it are empty.
name_parts split(std::string_view text) {
  auto mark = text.find("::");
  if (mark == text.npos)
    return {text, {}, {}};
  auto rest = text.substr(mark + 2);
  auto colon = rest.find(':');
  if (colon == rest.npos)
    return {text.substr(0, mark), rest, {}};
  return {text.substr(0, mark), rest.substr(0, colon), rest.substr(colon + 1)};
}

bool is_part(std::string_view text) {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), [](unsigned char c) {
              return std::isalnum(c) || c == '_' || c == '-' || c == '.'
                     || c == '*';
            });
}

/// Goes back to the last `*` where it does not fit: the earlier ones need not
/// be tried again.
bool part_matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = pattern.npos;
  std::size_t covered = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      covered = i;
    } else if (at < pattern.size() && pattern[at] == text[i]) {
      ++at;
      ++i;
    } else if (star != pattern.npos) {
      at = star + 1;
      i = ++covered;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

} // namespace

caf::error strategy_pattern::check(std::string_view text, std::string_view ns) {
  if (text == "*")
    return {};
  auto refuse = [text](const std::string& why) {
    return internal_error("around(\"" + std::string{text} + "\"): " + why);
  };
  auto parts = split(text);
  if (!std::all_of(parts.begin(), parts.end(), is_part))
    return refuse("a pattern reads \"namespace::domain:action\", such as \""
                  + std::string{ns}
                  + "::shop:*\", where * stands for any text of a part; \"*\" "
                    "alone means all strategies");
  if (!part_matches(parts[0], ns))
    return refuse("it matches nothing, because all names here begin with \""
                  + std::string{ns} + "::\"");
  return {};
}

bool strategy_pattern::matches(std::string_view name) const noexcept {
  if (text_ == "*")
    return true;
  auto pattern = split(text_);
  auto parts = split(name);
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!part_matches(pattern[i], parts[i]))
      return false;
  return true;
}

} // namespace flamigo::detail
