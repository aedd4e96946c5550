#include "flamigo/http/detail/listener.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>

#include <sys/socket.h>

#include <boost/asio/socket_base.hpp>

#include "flamigo/http/detail/session.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

using namespace std::chrono_literals;

namespace {

/// Connections that are accepted in one turn.
constexpr std::size_t max_accepts = 64;

} // namespace

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
  // Linux hands it on to what is accepted.
  acceptor_.set_option(net::ip::tcp::no_delay{true});
  acceptor_.bind(address);
  acceptor_.listen(net::socket_base::max_listen_connections);
  acceptor_.native_non_blocking(true);
}

std::uint16_t listener::port() const {
  return acceptor_.local_endpoint().port();
}

void listener::accept(error_code& ec) {
  thread_.sockets().add(acceptor_.native_handle(), *this, ec);
}

void listener::close() {
  if (acceptor_.is_open())
    thread_.sockets().forget(*this);
  error_code ec;
  acceptor_.close(ec);
  retry_.cancel();
}

void listener::on_ready(bool, bool) {
  for (std::size_t i = 0; i < max_accepts; ++i) {
    net::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    auto fd = ::accept4(acceptor_.native_handle(), peer.data(), &size,
                        SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
      if (errno == EAGAIN)
        return;
      // It was gone before it was accepted.
      if (errno == EINTR || errno == ECONNABORTED)
        continue;
      return pause(errno);
    }
    peer.resize(size);
    std::make_shared<session>(core_, thread_, stream_socket{fd}, peer)->start();
  }
}

void listener::pause(int why) {
  auto now = std::chrono::steady_clock::now();
  if (now - last_warning_ > 1s) {
    last_warning_ = now;
    log::warn("cannot accept connections: "
              + std::generic_category().message(why)
              + "; trying again (is the limit of open files too low?)");
  }
  thread_.sockets().remove(acceptor_.native_handle(), *this);
  retry_.expires_after(100ms);
  retry_.async_wait([this](error_code ec) {
    if (ec || !acceptor_.is_open())
      return;
    accept(ec);
    if (ec)
      pause(ec.value());
  });
}

} // namespace flamigo::detail
