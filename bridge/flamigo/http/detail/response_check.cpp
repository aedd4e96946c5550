#include "flamigo/http/detail/response_check.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo::detail {

namespace {

using boost::beast::iequals;

/// What names and values are kept in takes no more.
constexpr std::size_t max_field_bytes = 65'000;

/// Of a name that is logged.
constexpr std::size_t max_shown_bytes = 100;

/// They say how long a response is, and what becomes of the connection (RFC
/// 9112, 6 and 9; RFC 9110, 7.6.1 and 7.8).
constexpr std::array<std::string_view, 7> own_headers{
  "Connection",        "Content-Length", "Keep-Alive", "Proxy-Connection",
  "Transfer-Encoding", "Trailer",        "Upgrade"};

std::string flaw_of(std::string_view name, std::string_view value) {
  auto is_name = [=](std::string_view x) { return iequals(x, name); };
  if (!is_http_token(name))
    return "its name is no token (RFC 9110, 5.1)";
  if (std::any_of(own_headers.begin(), own_headers.end(), is_name))
    return "it is the server's business, leave it out";
  if (!is_field_value(value))
    return "its value has a line break or another control character (RFC "
           "9110, 5.5)";
  if (std::max(name.size(), value.size()) > max_field_bytes)
    return "it is longer than " + std::to_string(max_field_bytes) + " bytes";
  return {};
}

std::string named(std::string_view name, const std::string& flaw) {
  return "the header \"" + std::string{name.substr(0, max_shown_bytes)}
         + "\": " + flaw;
}

bool has_no_body(unsigned status) {
  return status == 204 || status == 304;
}

} // namespace

std::string flaw_of(const http_response& what, bool in_pieces) {
  constexpr std::string_view content_type = "Content-Type";
  // An interim one (1xx) would leave the client waiting for another.
  if (what.status < 200 || what.status > 599)
    return "the status " + std::to_string(what.status)
           + ": one from 200 to 599 is final (RFC 9110, 15)";
  if (has_no_body(what.status) && (in_pieces || !what.body.empty()))
    return "the status " + std::to_string(what.status)
           + " with a body: it has none (RFC 9110, 6.4.1)";
  if (auto flaw = flaw_of(content_type, what.content_type); !flaw.empty())
    return named(content_type, flaw);
  for (auto& [name, value] : what.headers) {
    auto flaw = iequals(name, content_type)
                  ? "it is the member content_type, set that"
                  : flaw_of(name, value);
    if (!flaw.empty())
      return named(name, flaw);
  }
  return {};
}

} // namespace flamigo::detail
