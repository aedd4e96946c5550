#include "flamigo/http/detail/forwarded_client.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// What a quoted string says (RFC 9110, 5.6.4), or a token as it is; nothing
/// for any other text.
std::optional<std::string> value_of(std::string_view text) {
  if (!text.starts_with('"'))
    return is_http_token(text) ? std::optional{std::string{text}}
                               : std::nullopt;
  if (text.size() < 2 || !text.ends_with('"'))
    return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      return std::nullopt;
    if (text[i] == '\\' && ++i == text.size())
      return std::nullopt;
    result += text[i];
  }
  return result;
}

/// Takes the last part off a list, without blanks around it. It begins behind
/// the last separator that stands in no quotes, read from the end: what is in
/// front was written by others, whose quotes may have no end.
std::string_view take_last(std::string_view& said, char separator) {
  auto quoted = false;
  for (auto i = said.size(); i-- > 0;) {
    if (said[i] == '"') {
      auto before = said.substr(0, i);
      auto other = before.find_last_not_of('\\');
      auto slashes = before.size() - (other == before.npos ? 0 : other + 1);
      if (!quoted || slashes % 2 == 0)
        quoted = !quoted;
    } else if (said[i] == separator && !quoted) {
      auto result = trim(said.substr(i + 1));
      said = said.substr(0, i);
      return result;
    }
  }
  return trim(std::exchange(said, {}));
}

/// Of an element of `Forwarded`.
std::optional<net::ip::address> address_of_element(std::string_view element) {
  std::optional<net::ip::address> result;
  while (!element.empty()) {
    auto pair = take_last(element, ';');
    auto equals = pair.find('=');
    if (!beast::iequals(pair.substr(0, equals), "for"))
      continue;
    auto node = equals == pair.npos ? std::nullopt
                                    : value_of(pair.substr(equals + 1));
    if (!node || result)
      return std::nullopt;
    result = address_of_node(*node);
    if (!result)
      return std::nullopt;
  }
  return result;
}

/// Follows a list from its end, which the nearest proxy has written. Says
/// whether it may go on in what was said before.
template <class F>
bool follow(std::string_view said, F address_of,
            const std::vector<network>& trusted,
            std::optional<net::ip::address>& client) {
  while (!said.empty()) {
    auto element = take_last(said, ',');
    if (element.empty())
      continue;
    auto next = address_of(element);
    if (!next)
      return false;
    client = next;
    if (!contains(trusted, *next))
      return false;
  }
  return true;
}

template <class F>
std::optional<net::ip::address>
follow_all(const parsed_request& req, std::string_view name, F address_of,
           const std::vector<network>& trusted) {
  std::vector<std::string_view> lines;
  for (auto [i, end] = req.equal_range(name); i != end; ++i)
    lines.push_back(i->value());
  std::optional<net::ip::address> client;
  while (!lines.empty() && follow(lines.back(), address_of, trusted, client))
    lines.pop_back();
  return client;
}

} // namespace

std::optional<net::ip::address>
forwarded_client(const parsed_request& req,
                 const std::vector<network>& trusted) {
  constexpr std::string_view usual = "X-Forwarded-For";
  if (req.find(usual) != req.end())
    return follow_all(req, usual, address_of_node, trusted);
  return follow_all(req, "Forwarded", address_of_element, trusted);
}

std::optional<net::ip::address> address_of_node(std::string_view node) {
  if (node.starts_with('[')) {
    auto end = node.find(']');
    if (end == node.npos || (end + 1 < node.size() && node[end + 1] != ':'))
      return std::nullopt;
    auto result = parse_address(node.substr(1, end - 1));
    return result && result->is_v6() ? result : std::nullopt;
  }
  // Two colons are of IPv6, one is before a port.
  auto colon = node.find(':');
  if (colon != node.npos && node.find(':', colon + 1) == node.npos)
    node = node.substr(0, colon);
  return parse_address(node);
}

} // namespace flamigo::detail
