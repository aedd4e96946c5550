#include "flamigo/access/claims_like.hpp"

#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo {

namespace {

caf::error no_subject(std::string_view text) {
  return make_error(errc::malformed, "\"" + std::string{text}
                                       + "\" is nobody: write guest, user, or "
                                         "user:PERMISSION,PERMISSION, without "
                                         "blanks around them");
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

} // namespace

caf::expected<claims> claims_like(std::string_view who) {
  constexpr std::string_view named = "user";
  claims result;
  result.type = claims_type::websocket;
  if (who == "guest")
    return result;
  if (!who.starts_with(named))
    return no_subject(who);
  result.user.emplace().id = "somebody";
  auto rest = who.substr(named.size());
  if (rest.empty())
    return result;
  if (!rest.starts_with(':'))
    return no_subject(who);
  do {
    rest.remove_prefix(1);
    auto end = rest.find(',');
    auto permission = rest.substr(0, end);
    if (permission.empty() || is_blank(permission.front())
        || is_blank(permission.back()))
      return no_subject(who);
    result.user->permissions.emplace_back(permission);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end);
  } while (!rest.empty());
  return result;
}

} // namespace flamigo
