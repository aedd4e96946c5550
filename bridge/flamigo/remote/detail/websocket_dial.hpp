#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/remote/detail/remote_url.hpp"
#include "flamigo/remote/detail/websocket_step.hpp"

namespace flamigo::detail {

using plain_stream = beast::tcp_stream;
using secure_stream = beast::ssl_stream<beast::tcp_stream>;

/// Opens a WebSocket: looks up where the server is, connects, speaks TLS, and
/// asks for the upgrade.
template <class Stream>
class websocket_dial {
public:
  /// Hears once how it has ended; keeps this alive until then.
  using end_function = std::function<void(error_code)>;

  websocket_dial(net::io_context& on, remote_url where,
                 beast::websocket::stream<Stream>& stream)
    : where_(std::move(where)), resolver_(on), stream_(stream) {
  }

  void start(end_function then) {
    then_ = std::move(then);
    resolver_.async_resolve(
      where_.host, where_.port,
      [this](error_code ec, net::ip::tcp::resolver::results_type places) {
        if (goes_on(ec))
          tcp().async_connect(places, step(&websocket_dial::connected));
      });
  }

  /// It is not to go on.
  void stop() {
    is_stopped_ = true;
    resolver_.cancel();
    tcp().close();
  }

  /// What an error code does not say; mostly empty.
  const std::string& why() const noexcept {
    return why_;
  }

private:
  beast::tcp_stream& tcp() {
    return beast::get_lowest_layer(stream_);
  }

  /// What is done next, unless this fails.
  websocket_step step(void (websocket_dial::*next)()) {
    return websocket_step{[this, next](error_code ec) {
      if (goes_on(ec))
        (this->*next)();
    }};
  }

  bool goes_on(error_code ec) {
    auto result = !ec && !is_stopped_;
    if (!result)
      end(ec ? ec : error_code{net::error::operation_aborted});
    return result;
  }

  void end(error_code ec) {
    // It may be the last that keeps this alive.
    auto then = std::exchange(then_, nullptr);
    then(ec);
  }

  void connected() {
    error_code ignored;
    // What is said is said at once.
    tcp().socket().set_option(net::ip::tcp::no_delay{true}, ignored);
    if constexpr (std::is_same_v<Stream, secure_stream>)
      secure();
    else
      upgrade();
  }

  void secure() {
    auto& tls = stream_.next_layer();
    tls.set_verify_callback(net::ssl::host_name_verification{where_.host});
    // Addresses are no names (RFC 6066, 3). What SSL_set_tlsext_host_name does,
    // which is a macro with a cast.
    if (error_code no_address;
        net::ip::make_address(where_.host, no_address), no_address)
      SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
               TLSEXT_NAMETYPE_host_name, where_.host.data());
    tls.async_handshake(net::ssl::stream_base::client,
                        step(&websocket_dial::upgrade));
  }

  void upgrade() {
    stream_.async_handshake(answer_, where_.authority, where_.target,
                            websocket_step{[this](error_code ec) {
                              if (ec
                                  == beast::websocket::error::upgrade_declined)
                                why_ = "the server answers HTTP "
                                       + std::to_string(answer_.result_int());
                              end(ec);
                            }});
  }

  remote_url where_;
  net::ip::tcp::resolver resolver_;
  beast::websocket::stream<Stream>& stream_;
  beast::websocket::response_type answer_;
  end_function then_;
  std::string why_;
  bool is_stopped_ = false;
};

} // namespace flamigo::detail
