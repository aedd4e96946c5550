#include "flamigo/http/detail/listener.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <system_error>
#include <utility>

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/socket_base.hpp>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/socket_meter.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

using namespace std::chrono_literals;

namespace {

/// Connections that are accepted in one turn.
constexpr std::size_t max_accepts = 64;

/// For a handshake that is under way to get through; longer than one takes
/// between a proxy and its servers.
constexpr auto closing_time = 10ms;

/// Has the kernel drop the beginning of each handshake that comes now. Who
/// begins one meanwhile tries again after a second, and is refused. Where that
/// cannot be had, he may be reset after he was let in.
void turn_away(int fd) {
  // Of what is said to a socket of TCP a filter sees the header of TCP first.
  constexpr std::uint32_t flags = 13;
  sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 0),
    BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
  ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

} // namespace

using reuse_port
  = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

listener::listener(server_core& core, io_thread& thread, request_runner& runner,
                   const tls_source* certificates)
  : core_(core), thread_(thread), runner_(runner),
    acceptor_(thread.context().get_executor()), timer_(thread.context()) {
  if (core.options.proxy_protocol)
    prefaces_.emplace(core, thread,
                      [this](stream_socket socket, request_peer peer) {
                        receive(std::move(socket), std::move(peer));
                      });
  if (certificates != nullptr)
    handshakes_.emplace(core, thread, *certificates,
                        [this](stream_socket socket, request_peer peer) {
                          let_in(std::move(socket), std::move(peer));
                        });
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
  ++core_.listening;
}

std::uint16_t listener::port() const {
  return acceptor_.local_endpoint().port();
}

void listener::accept(error_code& ec) {
  thread_.sockets().add(acceptor_.native_handle(), *this, ec);
}

void listener::close() {
  if (!acceptor_.is_open())
    return;
  turn_away(acceptor_.native_handle());
  closing_ = true;
  timer_.expires_after(closing_time);
  timer_.async_wait([this](error_code ec) {
    if (!ec)
      thread_.turn([this] {
        while (accept_one() == 0)
          ;
        end();
      });
  });
}

void listener::end() {
  if (!acceptor_.is_open())
    return;
  thread_.sockets().remove(acceptor_.native_handle(), *this);
  error_code ec;
  acceptor_.close(ec);
  timer_.cancel();
  --core_.listening;
}

void listener::on_ready(bool, bool) {
  for (std::size_t i = 0; i < max_accepts; ++i) {
    auto why = accept_one();
    if (why == 0)
      continue;
    if (why != EAGAIN && !closing_)
      pause(why);
    return;
  }
}

int listener::accept_one() {
  net::ip::tcp::endpoint peer;
  auto size = static_cast<socklen_t>(peer.capacity());
  auto fd = ::accept4(acceptor_.native_handle(), peer.data(), &size,
                      SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0)
    // It may be gone before it was accepted.
    return errno == EINTR || errno == ECONNABORTED ? 0 : errno;
  peer.resize(size);
  stream_socket socket{fd};
  auto who = peer_at(peer, core_.trusted_proxies);
  if (!core_.accepts.allow(std::chrono::steady_clock::now()))
    turn_down(std::move(socket), std::move(who), socket_refusal::rate);
  else if (prefaces_ && who.is_proxy)
    prefaces_->begin(std::move(socket), std::move(who));
  else
    receive(std::move(socket), std::move(who));
  return 0;
}

void listener::receive(stream_socket socket, request_peer peer) {
  // Of a proxy's connections, those of one client are counted where each
  // request says whose it is.
  if (!peer.is_proxy && core_.addresses.is_bounded()) {
    auto ticket = core_.addresses.enter(peer.client);
    if (!ticket)
      return turn_down(std::move(socket), std::move(peer),
                       socket_refusal::address);
    socket.keep(std::move(ticket));
  }
  if (handshakes_)
    handshakes_->begin(std::move(socket), std::move(peer));
  else
    let_in(std::move(socket), std::move(peer));
}

void listener::turn_down(stream_socket socket, request_peer peer,
                         socket_refusal why) {
  socket_meter{thread_}.refused(why);
  // To say it by TLS would cost more than it is to save.
  if (handshakes_)
    return;
  auto next = std::make_shared<session>(core_, thread_, runner_,
                                        std::move(socket), std::move(peer));
  next->start(why == socket_refusal::rate ? too_many_accepts()
                                          : too_many_of_address());
}

void listener::let_in(stream_socket socket, request_peer peer) {
  auto next = std::make_shared<session>(core_, thread_, runner_,
                                        std::move(socket), std::move(peer));
  next->start();
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
  timer_.expires_after(100ms);
  timer_.async_wait([this](error_code ec) {
    if (ec || closing_)
      return;
    accept(ec);
    if (ec)
      pause(ec.value());
  });
}

} // namespace flamigo::detail
