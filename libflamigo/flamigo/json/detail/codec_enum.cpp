#include "flamigo/json/detail/codec_enum.hpp"

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

std::size_t place_of_name(const json_token& token,
                          const std::string_view* names, std::size_t count) {
  std::string unescaped;
  auto text = token.view();
  if (token.escaped) {
    append_unescaped(unescaped, text);
    text = unescaped;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (names[i] == text)
      return i;
  return count;
}

std::string listed_names(const std::string_view* names, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result.append(i == 0 ? "" : ", ").append(names[i]);
  return result;
}

std::size_t read_name(json_binder& in, const json_token& token,
                      const std::string_view* names, std::size_t count) {
  if (token.kind == json_kind::string)
    if (auto i = place_of_name(token, names, count); i < count)
      return i;
  in.fail("must be one of: " + listed_names(names, count));
  return count;
}

} // namespace flamigo::detail
