#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "flamigo/access/access_matrix.hpp"
#include "flamigo/access/claims_like.hpp"
#include "flamigo/access/reach.hpp"
#include "flamigo/auth/authenticator.hpp"
#include "flamigo/blocking/blocking.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/event_stage.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/open_hook.hpp"
#include "flamigo/config/configuration.hpp"
#include "flamigo/contract/contract.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/monitoring/figures_source.hpp"
#include "flamigo/monitoring/readiness_check.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/socketio/socket_io_options.hpp"
#include "flamigo/sse/sse_options.hpp"
#include "flamigo/strategy/backend.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/publish_sync.hpp"

namespace flamigo {

class memory_history;

/// A Flamigo program: its configuration, its actor system, its strategies and
/// its server. Fill it, then call `run`.
///
/// All members are for the thread that made the application, except `stop`,
/// `find`, `bus`, `backend`, `connections`, `presence` and `domains`, which are
/// thread-safe.
///
/// Making one changes two things of the process. SIGPIPE does not end it any
/// more when who reads its output is gone, unless the program has said what the
/// signal does. And until it serves, an exception that nobody catches on this
/// thread, such as what `host` throws of a name that is taken, ends the process
/// with its sentence on stderr and the status 2, instead of SIGABRT.
class application {
public:
  /// Reads the configuration from the command line and the configuration file.
  /// A refused configuration, and `--help`, make `run` return at once. Where
  /// there is no memory or no descriptor for it at all, the process ends with 2
  /// and a sentence on stderr.
  application(int argc, char** argv);

  /// With a configuration of the application's own class, already loaded or
  /// filled in from C++; it is checked here.
  explicit application(std::unique_ptr<configuration> config);

  application(const application&) = delete;

  application& operator=(const application&) = delete;

  /// Stops the server if it runs, then ends the actors in this order, so that
  /// each hears of the end of those before: connections, roster, domain actors
  /// and what was adopted, the last one first (see `on_stop`), the bus. Waits
  /// for every actor to end, and for the blocking work that has begun. No other
  /// thread may use it any more.
  ~application();

  // -- before serving ---------------------------------------------------------

  /// Where the inline strategies go. Those of domain actors are there as well.
  strategy_registry& strategies() noexcept;

  /// Wraps strategies by their names; see `strategy_registry::around`.
  template <class F>
  void around(std::string pattern, F what) {
    strategies().around(std::move(pattern), std::move(what));
  }

  /// Declares channels: topics to which clients may subscribe by themselves,
  /// those with as many segments as the pattern that match it; see
  /// `channel_registry::add`.
  ///
  ///   app.channel("rooms/*", flamigo::is_authenticated(),
  ///               {.check = may_enter, .history = flamigo::history_limits{}});
  const flamigo::channel& channel(std::string topics, validator guard = {},
                                  channel_options options = {});

  /// What the HTTP side of the port serves besides the WebSocket.
  http_routes& http() noexcept;

  /// Spawns a domain actor and registers its strategies; see `flamigo::host`.
  template <class F, class... Ts>
    requires(!std::is_same_v<F, hosting_options>)
  domain_handle host(F make, Ts... args) {
    return host(hosting_options{}, std::move(make), std::move(args)...);
  }

  /// As above; the options say whether it is restarted, and on which thread it
  /// runs.
  template <class F, class... Ts>
  domain_handle host(hosting_options options, F make, Ts... args) {
    auto result = flamigo::host(services(), options, std::move(make),
                                std::move(args)...);
    adopt(result);
    return result;
  }

  /// Spawns a domain actor whose function returns a
  /// `typed_domain_behavior<Interface>`; see `flamigo::host_typed`. Returns a
  /// handle whose actor is an `Interface`, a `caf::typed_actor`.
  template <class F, class... Ts>
    requires(!std::is_same_v<F, hosting_options>)
  auto host_typed(F make, Ts... args) {
    return host_typed(hosting_options{}, std::move(make), std::move(args)...);
  }

  /// As above, with options.
  template <class F, class... Ts>
  auto host_typed(hosting_options options, F make, Ts... args) {
    auto result = flamigo::host_typed(services(), std::move(options),
                                      std::move(make), std::move(args)...);
    adopt(result);
    return result;
  }

  /// Spawns several domain actors of one function, of which each has the calls
  /// of some keys; see `flamigo::host_sharded`:
  ///
  ///   app.host_sharded(16, flamigo::by(&order::customer), orders)
  template <class K, class F, class... Ts>
  sharded_handle<K>
  host_sharded(std::size_t count, shard_key<K> key, F make, Ts... args) {
    return host_sharded(hosting_options{}, count, key, std::move(make),
                        std::move(args)...);
  }

  /// As above, with options.
  template <class K, class F, class... Ts>
  sharded_handle<K> host_sharded(hosting_options options, std::size_t count,
                                 shard_key<K> key, F make, Ts... args) {
    auto result = flamigo::host_sharded(services(), options, count, key,
                                        std::move(make), std::move(args)...);
    for (auto& x : result)
      adopt(x);
    return result;
  }

  /// The domain of this name, `app::orders` or `orders` for short, through all
  /// of its restarts; `orders/3` for a shard. Fails if there is none.
  caf::expected<domain_handle> find(std::string_view name) const;

  /// The same of a typed domain: `find<wallet>("purse")`.
  template <class Interface>
  caf::expected<typed_domain_handle<Interface>>
  find(std::string_view name) const {
    return domains().find<Interface>(name);
  }

  /// Ends this actor with the application, together with the domain actors.
  /// Actors that are not adopted have to be ended by whoever has spawned them:
  /// for a while the application waits for them when it ends, and says so.
  void adopt(caf::actor what);

  /// Calls `hook` with every client when its connection has opened: the place
  /// to subscribe it, before its first request. It runs in the connection's
  /// actor, on its I/O thread, on several threads at once, and must not block.
  ///
  /// It may be a coroutine, `[](flamigo::context ctx, flamigo::client who) ->
  /// flamigo::task<void>`, which acts for the client and has the time of a
  /// request. No request waits until it has ended. What it fails with closes
  /// the connection with 1011, as of any hook.
  void on_open(open_hook hook);

  /// Serves clients of Socket.IO as well (`socket.io-client` 3 and 4), over
  /// long-polling and WebSocket: they speak to the same strategies and get the
  /// same events, and each is a connection actor. Off unless this is called.
  void socket_io(socket_io_options options = {});

  /// Serves clients of server-sent events as well, for networks that break
  /// WebSockets: they speak our own protocol, and each is a connection actor.
  /// Off unless this is called.
  void sse(sse_options options = {});

  /// Serves no WebSocket, whatever path is configured for it: for a program
  /// that consists of domain actors and what it mounts on `http`.
  void http_only();

  /// Switches authentication on: a client has to become a user before it may
  /// call anything but the strategies that are open to guests. `who` proves it,
  /// in the strategy `app::websocket:auth` that is registered here. The limits
  /// are `configuration::auth`. If it is an actor, the application ends it.
  void authenticate(const authenticator& who);

  /// The same with a strategy of the application's own in that place, inline or
  /// hosted: it calls `client::set_user`. Without one the server does not
  /// start.
  void authenticate();

  /// Has `/readyz` ask this as well: `what` returns nothing while the program
  /// wants requests, and else why not, a line. Any thread; it must not block.
  void ready_when(readiness_check what);

  // -- before serving: what several programs share ----------------------------

  /// Asks this engine who is in which channel from now on. It may refer to the
  /// one before, `presence()`, and is kept until all actors have ended.
  void presence_by(std::shared_ptr<presence_engine> what);

  /// Makes a stage that events pass by before they come to `kept`, this
  /// process's history, by the stage `local`. Both live as long as what is
  /// made, which is kept until all actors have ended.
  using stage_maker = std::function<std::shared_ptr<event_stage>(
    event_stage& local, memory_history& kept)>;

  /// Puts a stage before that of the channels with history: now, or as soon as
  /// the first of them is declared.
  void pass_first(stage_maker make);

  /// Has what it counts shown on the page of metrics.
  ///
  /// @private
  void count_also(detail::figures_source what);

  // -- serving ----------------------------------------------------------------

  /// Serves until SIGTERM, SIGINT or `stop`, then drains; a second signal cuts
  /// what is left. SIGHUP opens the log's file again, if there is one
  /// (`log::reopen_file`), and reads the certificates again. Returns the exit
  /// status of the program: 0, or 2 with a sentence on stderr when the
  /// configuration is refused or the port is taken. Told to list the
  /// strategies, it prints them and serves nothing.
  int run();

  /// Makes `run` drain and return. Does nothing when it does not run.
  void stop();

  /// Starts serving and returns. Throws std::system_error when it cannot
  /// listen or start its threads, and std::logic_error when it is to
  /// authenticate and has no strategy for that, or has served before. Then it
  /// does not serve, and may be corrected and started again. Once it serves,
  /// what stands above under "before serving" throws std::logic_error; only
  /// `adopt` and `find` go on.
  void start();

  /// Stops what `start` began: refuses new requests, answers what is in flight,
  /// closes with 3001, and cuts what is left after the drain limit.
  void shutdown();

  /// The plain port that is listened on, once started; that of TLS if there is
  /// no other.
  std::uint16_t port() const;

  /// The port for TLS, once started; 0 if there is none.
  std::uint16_t tls_port() const;

  /// Reads the certificates again, as happens by itself a few seconds after
  /// their files have changed. Connections stay as they are; on error, a
  /// sentence, everything does. No error where nothing is served by TLS.
  caf::error reload_certificates();

  /// The one for metrics, once started; 0 where there is none.
  std::uint16_t metrics_port() const;

  // -- the rest of the program ------------------------------------------------

  /// To spawn actors in. Who spawns one ends it before the application ends.
  caf::actor_system& system() noexcept;

  /// What the program runs with, once it was read and checked.
  const configuration& config() const noexcept;

  /// The realtime bus.
  const flamigo::bus& bus() const noexcept;

  /// The channels that were declared.
  const channel_registry& channels() const noexcept;

  /// What its contract tells besides what strategies and channels tell by
  /// themselves: events, requests to clients, errors. To be filled before it
  /// serves.
  contract_notes& contract() noexcept;

  /// The contract as JSON, see `flamigo::make_contract`. Throws as that does.
  std::string contract_text() const;

  /// Who may come in where: strategies, channels, and what HTTP serves. For a
  /// test of what guests reach, `flamigo::reachable(app.doors(), claims)`, and
  /// for `flamigo::access_matrix`. Throws as `start` does where a path is to
  /// serve a strategy that it cannot.
  std::vector<door> doors() const;

  /// How the domain actors are, for a readiness check: `domains().ok()`.
  const domain_health& domains() const noexcept;

  /// Who is in which channel. Coroutines ask `flamigo::who_is_in`.
  presence_engine& presence() const noexcept;

  /// What an actor of one's own needs to call strategies and to publish.
  const flamigo::services& services() const noexcept;

  /// Calls strategies as the program itself.
  const flamigo::backend& backend() const noexcept;

  /// The connections that are open.
  const roster& connections() const noexcept;

private:
  struct impl;

  /// As above; cuts what is left as soon as the function says so.
  void shutdown(const std::function<bool()>& cut_short);

  /// The publishing API, if it is wanted. Throws std::runtime_error for a file
  /// of keys that cannot be read.
  void mount_api();

  void assemble(std::unique_ptr<configuration> config);

  std::unique_ptr<impl> impl_;
};

} // namespace flamigo
