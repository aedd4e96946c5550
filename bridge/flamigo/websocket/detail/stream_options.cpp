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

} // namespace

void configure_stream(websocket_stream& to, const parsed_request& req,
                      bool compression) {
  // Times and sizes are limited here; Beast's own limits have no close codes of
  // ours.
  to.set_option(websocket::stream_base::timeout{
    websocket::stream_base::none(), websocket::stream_base::none(), false});
  to.read_message_max(0);
  to.auto_fragment(false);
  to.text(true);
  if (compression) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    to.set_option(deflate);
  }
  to.set_option(websocket::stream_base::decorator(
    [offered = offers_subprotocol(req)](websocket::response_type& res) {
      // Or else Beast puts its own name and version there.
      res.set(beast::http::field::server, product);
      if (offered)
        res.set(beast::http::field::sec_websocket_protocol, subprotocol);
    }));
}

} // namespace flamigo::detail
