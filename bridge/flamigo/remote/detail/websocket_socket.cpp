#include "flamigo/remote/detail/websocket_socket.hpp"

#include <stdexcept>

#include "flamigo/remote/detail/client_websocket.hpp"

namespace flamigo::detail {

namespace {

template <class Stream>
class websocket_handle final : public remote_socket {
public:
  explicit websocket_handle(std::shared_ptr<client_websocket<Stream>> stream)
    : stream_(std::move(stream)) {
    stream_->open();
  }

  void send(std::string text) override {
    stream_->send(std::move(text));
  }

  void close() override {
    stream_->close();
  }

private:
  std::shared_ptr<client_websocket<Stream>> stream_;
};

} // namespace

std::shared_ptr<net::ssl::context> remote_trust(const remote_options& options) {
  auto result
    = std::make_shared<net::ssl::context>(net::ssl::context::tls_client);
  error_code ec;
  if (options.ca_file.empty())
    result->set_default_verify_paths(ec);
  else
    result->load_verify_file(options.ca_file, ec);
  if (ec)
    throw std::runtime_error{"the certificates in \"" + options.ca_file
                             + "\" cannot be read: " + ec.message()};
  result->set_verify_mode(net::ssl::verify_peer);
  return result;
}

std::unique_ptr<remote_socket>
open_websocket(net::io_context& on, const remote_url& where,
               const remote_options& options,
               const std::shared_ptr<net::ssl::context>& trust,
               remote_socket_events& events) {
  if (where.secure)
    return std::make_unique<websocket_handle<secure_stream>>(
      std::make_shared<client_websocket<secure_stream>>(on, where, options,
                                                        events, *trust));
  return std::make_unique<websocket_handle<plain_stream>>(
    std::make_shared<client_websocket<plain_stream>>(on, where, options,
                                                     events));
}

} // namespace flamigo::detail
