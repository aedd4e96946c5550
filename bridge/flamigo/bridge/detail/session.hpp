#pragma once

#include <memory>
#include <optional>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/bridge/detail/io_thread.hpp"
#include "flamigo/bridge/detail/server_core.hpp"

namespace flamigo::detail {

/// One accepted socket while it speaks HTTP: it serves the mounted routes, or
/// becomes a `connection` by the upgrade. Everything happens on its thread.
class session final : public resident,
                      public std::enable_shared_from_this<session> {
public:
  session(server_core& core, io_thread& thread, tcp_socket socket);

  ~session() override;

  /// Reads the first request.
  void start();

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

private:
  using request = beast::http::request<beast::http::string_body>;
  using response = beast::http::response<beast::http::string_body>;

  void read();

  void on_read(error_code ec);

  void respond(response res);

  void upgrade();

  void end();

  server_core& core_;
  io_thread& thread_;
  open_ticket ticket_;
  tcp_socket socket_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  response response_;
  /// When the request must be complete, or the response written.
  time_point deadline_;
  bool is_resident_ = false;
  bool writing_ = false;
};

} // namespace flamigo::detail
