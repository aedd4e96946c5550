#include "flamigo/auth/detail/without_token.hpp"

#include <algorithm>
#include <string>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

/// Whether a text quotes a token, or one of the parts of a JSON Web Token.
bool quotes(const std::string& text, std::string_view token) {
  constexpr std::size_t min_part = 12;
  if (!token.empty() && text.find(token) != text.npos)
    return true;
  for (auto rest = token; !rest.empty();) {
    auto part = rest.substr(0, rest.find('.'));
    if (part.size() >= min_part && text.find(part) != text.npos)
      return true;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return false;
}

} // namespace

caf::error without_token(caf::error why, std::string_view token) {
  if (!quotes(trace_of(why), token) && !quotes(public_message(why), token)
      && !quotes(code_of(why), token))
    return why;
  auto refused = status_of(why) < 500;
  return make_error(refused ? errc::unauthorized : errc::internal, {},
                    "why is not told, because the token is part of it");
}

} // namespace flamigo::detail
