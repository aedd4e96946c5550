#include "flamigo/schema/detail/definition_name.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view nameless[] = {"{anonymous}::",
                                         "(anonymous namespace)::"};

std::size_t nameless_prefix(std::string_view text) {
  for (auto prefix : nameless)
    if (text.starts_with(prefix))
      return prefix.size();
  return 0;
}

bool is_name_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z') || c == '_';
}

} // namespace

std::string dotted(std::string_view name) {
  std::string result;
  auto separate = [&result](char by) {
    if (!result.empty() && is_name_char(result.back()))
      result.push_back(by);
  };
  while (!name.empty()) {
    if (auto skipped = nameless_prefix(name)) {
      name.remove_prefix(skipped);
      continue;
    }
    if (is_name_char(name.front()))
      result.push_back(name.front());
    else
      separate(name.front() == ':' ? '.' : '-');
    name.remove_prefix(1);
  }
  while (!result.empty() && !is_name_char(result.back()))
    result.pop_back();
  return result;
}

} // namespace flamigo::detail
