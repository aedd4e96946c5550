#include "flamigo/application/server.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <caf/actor_system.hpp>

#include "flamigo/application/detail/certificate_watch.hpp"
#include "flamigo/application/detail/start_failure.hpp"
#include "flamigo/client/detail/recent_errors.hpp"
#include "flamigo/http/detail/listener.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/address.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/socketio/detail/socket_io_service.hpp"
#include "flamigo/sse/detail/sse_endpoint.hpp"
#include "flamigo/tls/detail/tls_source.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"

namespace flamigo {

namespace {

using namespace std::chrono_literals;
using detail::net::ip::tcp;

/// A tick that is fine enough for the shortest of the times.
std::chrono::nanoseconds
tick_for(const server_options& options,
         const std::optional<socket_io_options>& socket_io) {
  auto shortest = std::min({options.handshake_timeout, options.ping_interval,
                            options.pong_timeout, options.backlog_timeout,
                            options.close_timeout});
  if (socket_io)
    shortest
      = std::min({shortest, socket_io->engine.ping_interval,
                  socket_io->engine.ping_timeout, socket_io->connect_timeout});
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

tcp::endpoint resolve(const std::string& host, std::uint16_t port) {
  detail::net::io_context context;
  tcp::resolver resolver{context};
  auto found = resolver.resolve(host, std::to_string(port),
                                tcp::resolver::passive);
  return found.begin()->endpoint();
}

std::size_t thread_count(const server_options& options) {
  if (options.threads != 0)
    return options.threads;
  return std::max(1u, std::thread::hardware_concurrency());
}

/// Keeps errors for the live view, where there is one.
detail::request_runner::failure_hook keep_in(detail::recent_errors* errors) {
  if (errors == nullptr)
    return {};
  return [errors](const claims& who, const caf::error& why) {
    errors->add(who, why);
  };
}

} // namespace

struct server::impl {
  /// One I/O thread with its listener.
  struct worker {
    worker(const services& application, detail::server_core& core,
           std::chrono::nanoseconds tick,
           const detail::tls_source* certificates,
           detail::request_runner::failure_hook on_failure)
      : loop(application.system, tick, core.options.max_message_bytes),
        handling(application, loop, std::move(on_failure)) {
      if (certificates == nullptr || !core.options.tls.only)
        accepting.emplace(core, loop, handling);
      if (certificates != nullptr)
        accepting_tls.emplace(core, loop, handling, certificates);
    }

    /// Calls a function with each listener.
    template <class F>
    void on_listeners(F f) {
      for (auto* each : {&accepting, &accepting_tls})
        if (*each)
          f(**each);
    }

    detail::io_thread loop;
    detail::request_runner handling;
    std::optional<detail::listener> accepting;
    std::optional<detail::listener> accepting_tls;
    std::thread thread;
  };

  impl(const client_environment& env, server_options options,
       http_routes routes, std::optional<socket_io_options> wanted,
       std::optional<sse_options> events)
    : application(env.application), core{std::move(options),
                                         std::move(routes),
                                         {},
                                         env.options.expose_traces},
      websocket(core, env), tick(tick_for(core.options, wanted)),
      metrics(env.metrics), errors(env.errors) {
    core.auth = env.auth ? &*env.auth : nullptr;
    core.trusted_proxies = detail::parse_networks(core.options.trusted_proxies);
    core.addresses.set_bound(core.options.max_connections_per_address);
    core.accepts.set_bound(core.options.max_accepts);
    core.callers.share(env.users,
                       rate::a_second(env.options.user_message_rate,
                                      env.options.user_message_burst));
    if (wanted)
      socket_io.emplace(core, env, std::move(*wanted));
    if (events)
      sse.emplace(core, env, std::move(*events));
  }

  void bind();

  /// Listens on all threads; returns the port.
  std::uint16_t listen(detail::listening_port what,
                       std::optional<detail::listener> worker::*which);

  void run();

  /// Where clients reach it, for people.
  std::string addresses() const;

  /// Runs a function with each worker, on its thread.
  template <class F>
  void on_each(F f) {
    for (auto& w : workers)
      w->loop.call_later([&w = *w, f] { f(w); });
  }

  /// False when sockets or listeners are open still after this time, or it is
  /// cut short.
  bool wait_until_closed(std::chrono::nanoseconds limit,
                         const std::function<bool()>& cut_short = {}) const;

  /// Ends the threads. Their execution units stay.
  void join();

  /// Undoes a start that has failed half way: no actor knows of it.
  void abandon() noexcept;

  const services& application;
  detail::server_core core;
  detail::websocket_endpoint websocket;
  std::optional<detail::socket_io_service> socket_io;
  std::optional<detail::sse_endpoint> sse;
  std::chrono::nanoseconds tick;
  /// Where there is TLS, from the start on.
  std::optional<detail::tls_source> certificates;
  metric_registry* metrics;
  detail::recent_errors* errors;
  /// There from the start until the server goes, whether they run or not:
  /// actors refer to them.
  std::vector<std::unique_ptr<worker>> workers;
  std::optional<detail::certificate_watch> watch;
  bool serving = false;
  std::uint16_t port = 0;
  /// What is bound now, while it starts.
  detail::listening_port listening;
};

void server::impl::bind() {
  auto& options = core.options;
  auto* source = certificates ? &*certificates : nullptr;
  for (auto i = thread_count(options); i > 0; --i) {
    workers.push_back(std::make_unique<worker>(application, core, tick, source,
                                               keep_in(errors)));
    if (metrics != nullptr)
      workers.back()->loop.count_in(*metrics, workers.size() - 1);
  }
  if (source != nullptr) {
    core.secure_port = listen({"--tls-port", options.tls.port},
                              &worker::accepting_tls);
    core.secure_interface = detail::address_of(options.host, core.secure_port);
    port = core.secure_port;
  }
  if (source == nullptr || !options.tls.only) {
    port = listen({"--port", options.port}, &worker::accepting);
    core.interface = detail::address_of(options.host, port);
  }
}

std::uint16_t
server::impl::listen(detail::listening_port what,
                     std::optional<detail::listener> worker::*which) {
  listening = what;
  auto address = resolve(core.options.host, what.port);
  check_free(address);
  for (auto& w : workers) {
    auto& listener = *(w.get()->*which);
    listener.open(address);
    // The first one may have picked a free port; the others share it.
    address.port(listener.port());
    detail::error_code ec;
    listener.accept(ec);
    if (ec)
      throw boost::system::system_error{ec};
  }
  return address.port();
}

std::string server::impl::addresses() const {
  std::string result;
  if (!core.interface.empty())
    result += "http://" + core.interface + "/";
  if (certificates)
    result += (result.empty() ? "https://" : " and https://")
              + core.secure_interface + "/";
  return result;
}

void server::impl::run() {
  if (certificates)
    watch.emplace(workers.front()->loop, *certificates);
  for (auto& w : workers)
    w->thread = std::thread{[&loop = w->loop] { loop.run(); }};
}

void server::impl::join() {
  // Whoever is still on its way to a thread is let through before it stops.
  for (auto& w : workers)
    detail::net::post(w->loop.context(), [&w = *w] {
      w.loop.turn([&w] { w.handling.end(); });
      w.loop.stop();
    });
  for (auto& w : workers)
    if (w->thread.joinable())
      w->thread.join();
  for (auto& w : workers)
    w->loop.retire();
}

void server::impl::abandon() noexcept {
  for (auto& w : workers)
    w->loop.stop();
  for (auto& w : workers)
    if (w->thread.joinable())
      w->thread.join();
  watch.reset();
  workers.clear();
}

bool server::impl::wait_until_closed(
  std::chrono::nanoseconds limit,
  const std::function<bool()>& cut_short) const {
  auto deadline = std::chrono::steady_clock::now() + limit;
  while (core.open > 0 || core.listening > 0) {
    if (std::chrono::steady_clock::now() >= deadline
        || (cut_short && cut_short()))
      return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// -- server -------------------------------------------------------------------

server::server(const client_environment& env, server_options options,
               http_routes routes, std::optional<socket_io_options> socket_io,
               std::optional<sse_options> sse)
  : impl_(std::make_unique<impl>(env, std::move(options), std::move(routes),
                                 std::move(socket_io), std::move(sse))) {
}

server::~server() {
  stop();
}

void server::start() {
  auto& options = impl_->core.options;
  if (!impl_->workers.empty())
    throw std::logic_error{"a server starts once; make another one"};
  if (!options.tls.certificates.empty())
    impl_->certificates.emplace(options.tls);
  try {
    impl_->bind();
    impl_->run();
  } catch (const std::exception& e) {
    // First what needs no memory, which there may be none of.
    auto code = detail::thrown_code(e);
    impl_->abandon();
    throw detail::start_failure(options, impl_->listening,
                                thread_count(options), code);
  }
  impl_->serving = true;
  for (auto& origin : options.allowed_origins)
    if (origin == "*")
      log::warn("allowed-origins is \"*\": pages of every origin may connect "
                "and act for their visitors");
}

void server::stop(const std::function<bool()>& cut_short) {
  if (!std::exchange(impl_->serving, false))
    return;
  auto& core = impl_->core;
  core.draining = true;
  impl_->on_each([](impl::worker& w) {
    w.on_listeners([](detail::listener& x) { x.close(); });
    w.loop.for_each([](detail::resident& what) { what.drain(); });
  });
  if (!impl_->wait_until_closed(core.options.drain_timeout, cut_short)) {
    if (core.open > 0)
      log::warn("cutting " + std::to_string(core.open)
                + " connections that did not end in time");
    core.cutting = true;
    impl_->on_each([](impl::worker& w) {
      w.on_listeners([](detail::listener& x) { x.end(); });
      w.loop.for_each([](detail::resident& what) { what.cut(); });
    });
    impl_->wait_until_closed(1s);
  }
  impl_->join();
}

std::string server::title() const {
  auto& options = impl_->core.options;
  auto websocket = options.websocket ? "WebSocket " + options.path
                                     : "no WebSocket";
  return impl_->addresses() + ", " + websocket + ", "
         + std::to_string(impl_->workers.size()) + " threads";
}

std::uint16_t server::port() const noexcept {
  return impl_->port;
}

caf::execution_unit* server::unit() const noexcept {
  return &impl_->workers.front()->loop;
}

std::uint16_t server::tls_port() const noexcept {
  return impl_->core.secure_port;
}

caf::error server::reload_certificates() {
  return impl_->certificates ? impl_->certificates->reload() : caf::error{};
}

std::size_t server::open() const noexcept {
  return impl_->core.open;
}

} // namespace flamigo
