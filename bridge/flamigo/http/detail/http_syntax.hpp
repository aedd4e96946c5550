#pragma once

#include <string_view>

namespace flamigo::detail {

/// Whether a text is a token (RFC 9110, 5.6.2), as the name of a header and a
/// method have to be.
bool is_http_token(std::string_view text) noexcept;

/// Whether a text can be the value of a header (RFC 9110, 5.5): no line break,
/// and no other control character but a tab.
bool is_field_value(std::string_view text) noexcept;

/// Without spaces and tabs at both ends (RFC 9110, 5.6.3).
std::string_view trim(std::string_view text) noexcept;

/// Calls `f` with each element of a list (RFC 9110, 5.6.1), of which none is
/// empty.
template <class F>
void for_each_element(std::string_view list, F f) {
  while (!list.empty()) {
    auto comma = list.find(',');
    if (auto element = trim(list.substr(0, comma)); !element.empty())
      f(element);
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
}

} // namespace flamigo::detail
