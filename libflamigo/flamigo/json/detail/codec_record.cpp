#include "flamigo/json/detail/codec_record.hpp"

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

namespace {

// Clients send members in one order as a rule: the search begins behind the
// member that was found last.
std::size_t find_name(const std::string_view* names, std::size_t count,
                      std::string_view name, std::size_t hint) {
  for (auto i = hint; i < count; ++i)
    if (names[i] == name)
      return i;
  for (std::size_t i = 0; i < hint; ++i)
    if (names[i] == name)
      return i;
  return count;
}

} // namespace

bool find_members(json_binder& in, const json_token& token,
                  const std::string_view* names, found_member* found,
                  std::size_t count) {
  if (token.kind != json_kind::object) {
    in.fail("must be an object");
    return false;
  }
  std::string unescaped;
  std::size_t hint = 0;
  auto pos = &token + 1;
  auto end = token.next();
  while (pos != end) {
    auto name = pos->view();
    if (pos->escaped) {
      unescaped.clear();
      append_unescaped(unescaped, name);
      name = unescaped;
    }
    auto value = pos->next();
    pos = value->next();
    auto i = find_name(names, count, name, hint);
    if (i == count)
      continue;
    found[i].twice = found[i].value != nullptr;
    found[i].value = value;
    hint = i + 1;
  }
  return true;
}

} // namespace flamigo::detail
