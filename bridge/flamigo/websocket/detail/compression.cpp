#include "flamigo/websocket/detail/compression.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

namespace {

/// Beast's deflater has none of 256 bytes.
constexpr int least_window = 9;

constexpr int any_window = 0;

/// RFC 7692, 7.1
struct deflate_offer {
  std::optional<int> server_window;
  std::optional<int> client_window;
  bool server_forgets = false;
  bool client_forgets = false;
};

/// RFC 7692, 7.1.2: from 8 to 15, without leading zeros. The quotes are those
/// of RFC 6455, 9.1.
std::optional<int> read_window(std::string_view text) {
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  int result = 0;
  auto end = text.data() + text.size();
  auto [stop, ec] = std::from_chars(text.data(), end, result);
  if (ec != std::errc{} || stop != end || text.front() == '0' || result < 8
      || result > 15)
    return std::nullopt;
  return result;
}

/// False when the offer has to be declined for this parameter, since it is
/// unknown, wrong, or there already (RFC 7692, 7.1).
bool add(deflate_offer& to, std::string_view parameter) {
  auto equals = parameter.find('=');
  auto has_value = equals != parameter.npos;
  auto name = trim(parameter.substr(0, equals));
  auto value = has_value ? trim(parameter.substr(equals + 1))
                         : std::string_view{};
  auto is = [&](std::string_view other) { return beast::iequals(name, other); };
  auto flag = [&](bool& x) { return !has_value && !std::exchange(x, true); };
  auto window = [&](std::optional<int>& x, std::optional<int> found) {
    return !std::exchange(x, found) && found;
  };
  if (is("server_no_context_takeover"))
    return flag(to.server_forgets);
  if (is("client_no_context_takeover"))
    return flag(to.client_forgets);
  if (is("server_max_window_bits"))
    return window(to.server_window, read_window(value));
  if (is("client_max_window_bits"))
    return window(to.client_window,
                  has_value ? read_window(value) : std::optional{any_window});
  return false;
}

/// Nothing when it is of another extension, or to be declined. Neither a comma
/// nor a semicolon may stand in quotes here (RFC 6455, 9.1).
std::optional<deflate_offer> read_offer(std::string_view text) {
  auto semicolon = text.find(';');
  if (!beast::iequals(trim(text.substr(0, semicolon)), "permessage-deflate"))
    return std::nullopt;
  deflate_offer result;
  while (semicolon != text.npos) {
    text.remove_prefix(semicolon + 1);
    semicolon = text.find(';');
    if (!add(result, text.substr(0, semicolon)))
      return std::nullopt;
  }
  if (result.server_window && *result.server_window < least_window)
    return std::nullopt;
  return result;
}

compression accept(const deflate_offer& what, bool with_context) {
  compression result{what.server_window.value_or(15),
                     with_context && !what.server_forgets,
                     "permessage-deflate"};
  auto& answer = result.answer;
  if (!result.has_context)
    answer += "; server_no_context_takeover";
  if (what.client_forgets)
    answer += "; client_no_context_takeover";
  if (what.server_window)
    answer.append("; server_max_window_bits=")
      .append(std::to_string(*what.server_window));
  if (what.client_window.value_or(any_window) != any_window)
    answer.append("; client_max_window_bits=")
      .append(std::to_string(*what.client_window));
  return result;
}

} // namespace

compression agree(std::string_view offers, bool with_context) {
  compression result;
  for_each_element(offers, [&](std::string_view text) {
    if (result.window_bits == 0)
      if (auto found = read_offer(text))
        result = accept(*found, with_context);
  });
  return result;
}

} // namespace flamigo::detail
