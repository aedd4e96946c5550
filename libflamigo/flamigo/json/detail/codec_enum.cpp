#include "flamigo/json/detail/codec_enum.hpp"

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

std::size_t read_name(json_binder& in, const json_token& token,
                      const std::string_view* names, std::size_t count) {
  if (token.kind == json_kind::string) {
    std::string unescaped;
    auto text = token.view();
    if (token.escaped) {
      append_unescaped(unescaped, text);
      text = unescaped;
    }
    for (std::size_t i = 0; i < count; ++i)
      if (names[i] == text)
        return i;
  }
  std::string error = "must be one of: ";
  for (std::size_t i = 0; i < count; ++i)
    error.append(i == 0 ? "" : ", ").append(names[i]);
  in.fail(std::move(error));
  return count;
}

} // namespace flamigo::detail
