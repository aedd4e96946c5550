#include "flamigo/json/detail/bytes_within.hpp"

#include <cstddef>
#include <string>

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

namespace {

bool is_named(const json_token& name, std::string_view wanted) {
  if (!name.escaped)
    return name.view() == wanted;
  std::string text;
  append_unescaped(text, name.view());
  return text == wanted;
}

} // namespace

const json_token* find_member(const json_token& object, std::string_view name) {
  if (object.kind != json_kind::object)
    return nullptr;
  auto* pos = &object + 1;
  for (auto* end = object.next(); pos != end;) {
    auto* value = pos->next();
    if (is_named(*pos, name))
      return value;
    pos = value->next();
  }
  return nullptr;
}

void find_text(const json_token& value, token_list& out) {
  if (value.kind == json_kind::string)
    out.push_back(&value);
}

void find_in_all(const json_token& value, bytes_finder where, token_list& out) {
  if (value.kind != json_kind::array && value.kind != json_kind::object)
    return;
  auto* pos = &value + 1;
  for (auto* end = value.next(); pos != end; pos = pos->next()) {
    if (value.kind == json_kind::object)
      pos = pos->next();
    where(*pos, out);
  }
}

} // namespace flamigo::detail
