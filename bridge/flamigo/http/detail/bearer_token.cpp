#include "flamigo/http/detail/bearer_token.hpp"

#include <algorithm>
#include <cctype>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo::detail {

namespace {

/// As RFC 6750, 2.1, has it. Anything else is no token, rather than a part of
/// one.
bool is_token(std::string_view text) {
  auto digits = text.substr(0, text.find_last_not_of('=') + 1);
  return !digits.empty()
         && std::all_of(digits.begin(), digits.end(), [](unsigned char c) {
              return std::isalnum(c)
                     || std::string_view{"-._~+/"}.find(static_cast<char>(c))
                          != std::string_view::npos;
            });
}

} // namespace

std::string_view bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() < scheme.size()
      || !boost::beast::iequals(header.substr(0, scheme.size()), scheme))
    return {};
  auto token = trim(header.substr(scheme.size()));
  return is_token(token) ? token : std::string_view{};
}

} // namespace flamigo::detail
