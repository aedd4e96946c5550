#include "flamigo/websocket/detail/stream_options.hpp"

#include <string_view>

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

/// What Beast's stream leaves to us: times and sizes are limited elsewhere, and
/// its own limits have no close codes of ours.
void limit_nothing(websocket_stream& to) {
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
  compression agreed;
  if (wanted.compression)
    agreed = agree(req[beast::http::field::sec_websocket_extensions],
                   wanted.compression_context);
  to.set_option(websocket::stream_base::decorator(
    [&agreed,
     offered = offers_subprotocol(req)](websocket::response_type& res) {
      if (!agreed.answer.empty())
        res.set(beast::http::field::sec_websocket_extensions, agreed.answer);
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

void open_silently(websocket_stream& to) {
  static const auto request = plain_upgrade();
  limit_nothing(to);
  to.accept(request);
}

} // namespace flamigo::detail
