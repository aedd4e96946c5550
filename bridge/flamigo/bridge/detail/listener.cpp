#include "flamigo/bridge/detail/listener.hpp"

#include <chrono>

#include <sys/socket.h>

#include <boost/asio/socket_base.hpp>

#include "flamigo/bridge/detail/session.hpp"
#include "flamigo/log.hpp"

namespace flamigo::detail {

using namespace std::chrono_literals;

using reuse_port
  = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

listener::listener(server_core& core, io_thread& thread)
  : core_(core), thread_(thread), acceptor_(thread.context().get_executor()),
    retry_(thread.context()) {
}

void listener::open(const net::ip::tcp::endpoint& address) {
  acceptor_.open(address.protocol());
  acceptor_.set_option(net::socket_base::reuse_address{true});
  // A port that another process listens on is taken; only our own threads may
  // share it.
  acceptor_.set_option(reuse_port{true});
  acceptor_.bind(address);
  acceptor_.listen(net::socket_base::max_listen_connections);
}

std::uint16_t listener::port() const {
  return acceptor_.local_endpoint().port();
}

void listener::accept() {
  acceptor_.async_accept([this](error_code ec, tcp_socket socket) {
    thread_.turn([&] { on_accept(ec, std::move(socket)); });
  });
}

void listener::close() {
  error_code ec;
  acceptor_.close(ec);
  retry_.cancel();
}

void listener::on_accept(error_code ec, tcp_socket socket) {
  if (ec == net::error::operation_aborted || !acceptor_.is_open())
    return;
  if (ec)
    return pause(ec);
  error_code ignored;
  socket.set_option(net::ip::tcp::no_delay{true}, ignored);
  socket.non_blocking(true, ignored);
  std::make_shared<session>(core_, thread_, std::move(socket))->start();
  accept();
}

void listener::pause(error_code why) {
  auto now = std::chrono::steady_clock::now();
  if (now - last_warning_ > 1s) {
    last_warning_ = now;
    log::warn("cannot accept connections: " + why.message()
              + "; trying again (is the limit of open files too low?)");
  }
  retry_.expires_after(100ms);
  retry_.async_wait([this](error_code ec) {
    if (!ec)
      accept();
  });
}

} // namespace flamigo::detail
