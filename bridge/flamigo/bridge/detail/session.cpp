#include "flamigo/bridge/detail/session.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "flamigo/bridge/detail/connection.hpp"
#include "flamigo/bridge/detail/http_reply.hpp"
#include "flamigo/bridge/detail/upgrade.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Of an ordinary HTTP request; WebSocket messages have a limit of their own.
constexpr std::uint64_t max_body_bytes = 64 * 1024;

} // namespace

session::session(server_core& core, io_thread& thread, tcp_socket socket)
  : core_(core), thread_(thread), ticket_(core), socket_(std::move(socket)) {
}

session::~session() = default;

void session::start() {
  thread_.add(*this);
  is_resident_ = true;
  if (core_.open > core_.options.max_connections)
    return respond(too_many_connections());
  read();
}

void session::drain() {
  if (!writing_)
    end();
}

void session::cut() {
  end();
}

void session::tick(time_point now) {
  if (now >= deadline_)
    end();
}

void session::read() {
  deadline_ = thread_.now() + core_.options.handshake_timeout;
  parser_.emplace();
  parser_->header_limit(
    static_cast<std::uint32_t>(core_.options.max_header_bytes));
  parser_->body_limit(max_body_bytes);
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](error_code ec, std::size_t) {
                     self->thread_.turn([&] { self->on_read(ec); });
                   });
}

void session::on_read(error_code ec) {
  if (!socket_.is_open())
    return;
  if (ec == http::error::end_of_stream || ec == net::error::eof
      || ec == net::error::connection_reset)
    return end();
  if (ec)
    return respond(bad_request(ec));
  auto& req = parser_->get();
  if (path_of(req.target()) != core_.options.path)
    return respond(serve_route(req, core_.routes, address_of(socket_)));
  if (auto refusal = check_upgrade(req, core_.options))
    return respond(std::move(*refusal));
  upgrade();
}

void session::respond(response res) {
  writing_ = true;
  if (core_.draining)
    res.keep_alive(false);
  deadline_ = thread_.now() + core_.options.handshake_timeout;
  response_ = std::move(res);
  http::async_write(socket_, response_,
                    [self = shared_from_this()](error_code ec, std::size_t) {
                      self->thread_.turn([&] {
                        self->writing_ = false;
                        if (ec || !self->socket_.is_open()
                            || !self->response_.keep_alive())
                          self->end();
                        else
                          self->read();
                      });
                    });
}

void session::upgrade() {
  thread_.remove(*this);
  is_resident_ = false;
  auto& req = parser_->get();
  auto who = claims_of(req, core_, address_of(socket_));
  auto next = std::make_shared<connection>(core_, thread_, std::move(socket_));
  auto early = buffer_.data();
  next->start(req, std::move(who),
              {static_cast<const char*>(early.data()), early.size()});
}

void session::end() {
  if (is_resident_) {
    thread_.remove(*this);
    is_resident_ = false;
  }
  error_code ec;
  socket_.shutdown(tcp_socket::shutdown_send, ec);
  socket_.close(ec);
}

} // namespace flamigo::detail
