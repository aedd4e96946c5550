#include "flamigo/websocket/detail/stream_options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/option.hpp>

#include "flamigo/websocket/detail/subprotocols.hpp"

namespace flamigo::detail {

namespace websocket = beast::websocket;

namespace {

constexpr std::string_view subprotocol = "flamigo.v1";

/// As a `Server` header names it: no version (RFC 9110, 10.2.4).
constexpr std::string_view product = "Flamigo";

bool offers_subprotocol(const parsed_request& req) {
  bool result = false;
  for_each_subprotocol(req, [&](std::string_view offer) {
    result = result || offer == subprotocol;
  });
  return result;
}

/// Whether the offer that Beast would take has a window of 256 bytes for us. It
/// would answer with 512, which is more than was allowed (RFC 7692, 7.1.2.1).
bool offers_small_window(const parsed_request& req) {
  auto offers
    = beast::http::ext_list{req[beast::http::field::sec_websocket_extensions]};
  for (auto [name, parameters] : offers)
    if (beast::iequals(name, "permessage-deflate"))
      return std::any_of(parameters.begin(), parameters.end(), [](auto& x) {
        return beast::iequals(x.first, "server_max_window_bits")
               && x.second == "8";
      });
  return false;
}

/// Of what Beast has answered.
compression read_agreed(std::string_view extensions) {
  compression result;
  for (auto [name, parameters] : beast::http::ext_list{extensions}) {
    result = {15, true};
    for (auto [key, value] : parameters)
      if (key == "server_max_window_bits")
        std::from_chars(value.data(), value.data() + value.size(),
                        result.window_bits);
      else if (key == "server_no_context_takeover")
        result.has_context = false;
  }
  return result;
}

/// What Beast's stream leaves to us: times and sizes are limited elsewhere, and
/// its own limits have no close codes of ours.
template <class Stream>
void limit_nothing(Stream& to) {
  to.set_option(websocket::stream_base::timeout{
    websocket::stream_base::none(), websocket::stream_base::none(), false});
  to.read_message_max(0);
  to.auto_fragment(false);
  to.text(true);
}

/// The least that Beast takes for an upgrade.
parsed_request plain_upgrade() {
  namespace http = beast::http;
  parsed_request result{http::verb::get, "/", 11};
  result.set(http::field::host, "localhost");
  result.set(http::field::connection, "Upgrade");
  result.set(http::field::upgrade, "websocket");
  result.set(http::field::sec_websocket_version, "13");
  result.set(http::field::sec_websocket_key, "AAAAAAAAAAAAAAAAAAAAAA==");
  return result;
}

} // namespace

compression answer_upgrade(websocket_stream& to, const parsed_request& req,
                           const server_options& wanted, error_code& ec) {
  limit_nothing(to);
  if (wanted.compression && !offers_small_window(req)) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    deflate.server_no_context_takeover = !wanted.compression_context;
    to.set_option(deflate);
  }
  compression agreed;
  to.set_option(websocket::stream_base::decorator(
    [&agreed,
     offered = offers_subprotocol(req)](websocket::response_type& res) {
      agreed = read_agreed(res[beast::http::field::sec_websocket_extensions]);
      // Or else Beast puts its own name and version there.
      res.set(beast::http::field::server, product);
      if (offered)
        res.set(beast::http::field::sec_websocket_protocol, subprotocol);
    }));
  to.accept(req, ec);
  // Which refers to what ends here.
  to.set_option(websocket::stream_base::decorator(
    [](websocket::response_type&) { /* nop */ }));
  return agreed;
}

void open_silently(reading_stream& to) {
  static const auto request = plain_upgrade();
  limit_nothing(to);
  to.accept(request);
}

} // namespace flamigo::detail
