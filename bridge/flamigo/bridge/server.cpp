#include "flamigo/bridge/server.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <caf/actor_system.hpp>

#include "flamigo/bridge/detail/connection.hpp"
#include "flamigo/bridge/detail/io_thread.hpp"
#include "flamigo/bridge/detail/listener.hpp"
#include "flamigo/bridge/detail/server_core.hpp"
#include "flamigo/bridge/detail/session.hpp"
#include "flamigo/log.hpp"

namespace flamigo {

namespace {

using namespace std::chrono_literals;
using detail::net::ip::tcp;

/// A tick that is fine enough for the shortest of the times.
std::chrono::nanoseconds tick_for(const server_options& options) {
  auto shortest = std::min({options.handshake_timeout, options.ping_interval,
                            options.pong_timeout, options.backlog_timeout,
                            options.close_timeout});
  return std::clamp<std::chrono::nanoseconds>(shortest / 10, 5ms, 500ms);
}

/// SO_REUSEPORT, which the listeners share the port by, would let them share it
/// with another server of the same user as well.
void check_free(const tcp::endpoint& address) {
  detail::net::io_context context;
  tcp::acceptor probe{context};
  probe.open(address.protocol());
  probe.set_option(detail::net::socket_base::reuse_address{true});
  probe.bind(address);
}

tcp::endpoint resolve(const server_options& options) {
  detail::net::io_context context;
  tcp::resolver resolver{context};
  auto found = resolver.resolve(options.host, std::to_string(options.port),
                                tcp::resolver::passive);
  return found.begin()->endpoint();
}

} // namespace

struct server::impl {
  /// One I/O thread with its listener.
  struct worker {
    worker(detail::server_core& core, std::chrono::nanoseconds tick)
      : loop(core.env.application.system, tick, core.options.max_message_bytes),
        accepting(core, loop) {
    }

    detail::io_thread loop;
    detail::listener accepting;
    std::thread thread;
  };

  impl(const client_environment& env, server_options options,
       http_routes routes)
    : core{env, std::move(options), std::move(routes), {}} {
  }

  void bind();

  void run();

  /// Runs a function with each worker, on its thread.
  template <class F>
  void on_each(F f) {
    for (auto& w : workers)
      detail::net::post(w->loop.context(),
                        [&w = *w, f] { w.loop.turn([&] { f(w); }); });
  }

  /// False when sockets are open still after this time.
  bool wait_until_closed(std::chrono::nanoseconds limit) const;

  detail::server_core core;
  std::vector<std::unique_ptr<worker>> workers;
  std::uint16_t port = 0;
};

void server::impl::bind() {
  auto count = core.options.threads;
  if (count == 0)
    count = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i)
    workers.push_back(std::make_unique<worker>(core, tick_for(core.options)));
  auto address = resolve(core.options);
  check_free(address);
  for (auto& w : workers) {
    w->accepting.open(address);
    // The first one may have picked a free port; the others share it.
    port = w->accepting.port();
    address.port(port);
    detail::error_code ec;
    w->accepting.accept(ec);
    if (ec)
      throw boost::system::system_error{ec};
  }
  core.interface = core.options.host + ":" + std::to_string(port);
}

void server::impl::run() {
  for (auto& w : workers)
    w->thread = std::thread{[&loop = w->loop] { loop.run(); }};
}

bool server::impl::wait_until_closed(std::chrono::nanoseconds limit) const {
  auto deadline = std::chrono::steady_clock::now() + limit;
  while (core.open > 0) {
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// -- server -------------------------------------------------------------------

server::server(const client_environment& env, server_options options,
               http_routes routes)
  : impl_(std::make_unique<impl>(env, std::move(options), std::move(routes))) {
}

server::~server() {
  stop();
}

void server::start() {
  auto& options = impl_->core.options;
  try {
    impl_->bind();
  } catch (const boost::system::system_error& e) {
    impl_->workers.clear();
    throw std::system_error{e.code(), "cannot listen on " + options.host + ":"
                                        + std::to_string(options.port)
                                        + ", choose another --host or --port"};
  }
  for (auto& origin : options.allowed_origins)
    if (origin == "*")
      log::warn("allowed-origins is \"*\": pages of every origin may connect "
                "and act for their visitors");
  impl_->run();
  auto websocket = options.websocket ? "WebSocket " + options.path
                                     : "no WebSocket";
  log::info("listening on http://" + impl_->core.interface + "/, " + websocket
            + ", " + std::to_string(impl_->workers.size()) + " threads");
}

void server::stop() {
  if (impl_->workers.empty())
    return;
  auto& core = impl_->core;
  core.draining = true;
  impl_->on_each([](impl::worker& w) {
    w.accepting.close();
    w.loop.for_each([](detail::resident& what) { what.drain(); });
  });
  if (!impl_->wait_until_closed(core.options.drain_timeout)) {
    log::warn("cutting " + std::to_string(core.open)
              + " connections that did not end in time");
    impl_->on_each([](impl::worker& w) {
      w.loop.for_each([](detail::resident& what) { what.cut(); });
    });
    impl_->wait_until_closed(1s);
  }
  // Whoever is still on its way to a thread is let through before it stops.
  for (auto& w : impl_->workers)
    detail::net::post(w->loop.context(), [&loop = w->loop] { loop.stop(); });
  for (auto& w : impl_->workers)
    w->thread.join();
  // Actors of one thread may have sent something to those of another.
  auto finish = [](auto& w) { return w->loop.finish(); };
  while (std::any_of(impl_->workers.begin(), impl_->workers.end(), finish))
    ;
  impl_->workers.clear();
}

std::uint16_t server::port() const noexcept {
  return impl_->port;
}

caf::execution_unit* server::unit() const noexcept {
  return &impl_->workers.front()->loop;
}

std::size_t server::open() const noexcept {
  return impl_->core.open;
}

} // namespace flamigo
