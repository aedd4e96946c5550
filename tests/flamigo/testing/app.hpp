#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/access/access_matrix.hpp"
#include "flamigo/access/claims_like.hpp"
#include "flamigo/access/reach.hpp"
#include "flamigo/auth/authenticator.hpp"
#include "flamigo/blocking/blocking.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/open_hook.hpp"
#include "flamigo/contract/contract.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/history/history_engine.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/app_options.hpp"
#include "flamigo/testing/backend_caller.hpp"
#include "flamigo/testing/event_log.hpp"
#include "flamigo/testing/failure.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "flamigo/testing/fake_users.hpp"
#include "flamigo/tracing/tracer.hpp"

namespace flamigo::testing {

/// A Flamigo program without sockets, threads and waiting: real strategies,
/// actors, claims and events, on clocks that stand still until a test moves
/// them. Fill it as a `flamigo::application`, whose names it has, then connect
/// clients.
///
///   flamigo::testing::app app;
///   app.authenticate();
///   app.host(chat::domain, chat::rooms{});
///   auto ada = app.connect(flamigo::user{.id = "1", .name = "Ada"});
///   ada.call("app::chat:post", chat::post{"general", "hi"});
///
/// Its end disconnects the clients and ends the actors of the program. An actor
/// that the test itself has spawned ends with it if `adopt` was told of it.
class app {
public:
  /// The limits hold for all of its clients.
  explicit app(app_options options = {});

  app(const app&) = delete;

  app& operator=(const app&) = delete;

  ~app();

  // -- what the program is made of --------------------------------------------

  /// Where the inline strategies go. Those of domain actors are there as well.
  strategy_registry& strategies() noexcept;

  /// Wraps strategies by their names; see `strategy_registry::around`.
  template <class F>
  void around(std::string pattern, F what) {
    strategies().around(std::move(pattern), std::move(what));
  }

  /// Spawns a domain actor and registers its strategies; see `flamigo::host`.
  template <class F, class... Ts>
    requires(!std::is_same_v<F, hosting_options>)
  domain_handle host(F make, Ts... args) {
    return host(hosting_options{}, std::move(make), std::move(args)...);
  }

  /// As above; the options say whether it is restarted.
  template <class F, class... Ts>
  domain_handle host(hosting_options options, F make, Ts... args) {
    // Everything happens on the test's thread.
    options.detached = false;
    auto result = flamigo::host(services(), options, std::move(make),
                                std::move(args)...);
    adopt(result);
    run();
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
    options.detached = false;
    auto result = flamigo::host_typed(services(), std::move(options),
                                      std::move(make), std::move(args)...);
    adopt(result);
    run();
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
    // Everything happens on the test's thread.
    options.detached = false;
    auto result = flamigo::host_sharded(services(), options, count, key,
                                        std::move(make), std::move(args)...);
    for (auto& x : result)
      adopt(x);
    run();
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

  /// Declares channels, to which clients may subscribe by themselves; see
  /// `channel_registry::add`. Before the first client connects.
  const flamigo::channel& channel(std::string topics, validator guard = {},
                                  channel_options options = {});

  /// Has what they keep kept there instead of in a memory of the app's own.
  /// Before the first of them is declared.
  void keep_events_in(history_engine& where);

  /// Has who is in their channels known there instead. Before the first client
  /// connects.
  void know_presence_in(presence_engine& where);

  /// Has their traces recorded by that, which outlives it.
  void record_traces_by(const tracer& what);

  /// Calls `hook` with every client when it has connected, from the next one
  /// on.
  void on_open(open_hook hook);

  /// Switches authentication on. `who` proves whom a token belongs to.
  void authenticate(const authenticator& who);

  /// The same with the strategy `app::websocket:auth` of the program's own, if
  /// it has one when the first client connects; else with fake users, whose
  /// tokens are their ids and their names.
  void authenticate();

  /// Adds a fake user, or replaces the one with this id.
  void add_user(user who);

  /// Serves, as an application does that has been started: what comes too late
  /// from now on, such as a strategy, a domain or a channel, is refused with a
  /// std::logic_error. Without it an app may be filled between its clients.
  void start();

  /// Ends this actor with the app.
  void adopt(caf::actor what);

  /// Ends the program in an orderly way: disconnects the clients, then ends its
  /// actors, the last one first, after what their `on_stop` does. The
  /// destructor does it as well; a test does it to look at what was saved.
  void stop();

  // -- clients ----------------------------------------------------------------

  /// A client that is nobody yet.
  fake_client connect();

  /// A client that has shown the token of this fake user when it connected; the
  /// user is added. Throws a `failure` when it was refused, and
  /// std::logic_error where there are no fake users.
  fake_client connect(const user& who);

  /// A client that has shown a token when it connected. If it is refused, the
  /// client hears an event `error`.
  fake_client connect_with(std::string token);

  // -- time -------------------------------------------------------------------

  /// Runs every actor, and what `blocking` is given, until there is nothing
  /// left to do. Whatever clients and `events` are asked does it by itself.
  void run();

  /// Moves the clocks, and runs what becomes due on the way, each at its time.
  void advance(caf::timespan by);

  /// What the wall clock shows by which the proofs of users expire.
  actor_fixture::wall_time now() const noexcept;

  // -- the rest of the program ------------------------------------------------

  /// All that was published.
  event_log& events() noexcept;

  /// The realtime bus.
  const flamigo::bus& bus() const noexcept;

  /// Calls strategies as the program itself, and lets the actors run meanwhile.
  const backend_caller& backend() const noexcept;

  /// The connections that are open.
  const roster& connections() const noexcept;

  /// To spawn actors in, which `adopt` is then told of.
  caf::actor_system& system() noexcept;

  /// What its contract tells besides, as of an application.
  contract_notes& contract() noexcept;

  /// The contract as JSON, under the name `test`; see `flamigo::make_contract`.
  std::string contract_text() const;

  /// Who may come in where, as of an application, but for HTTP:
  /// `flamigo::reachable(app.doors(), *flamigo::claims_like("guest"))`.
  std::vector<door> doors() const;

  /// How the domain actors are.
  const domain_health& domains() const noexcept;

  /// What an actor of one's own needs to call strategies and to publish.
  const flamigo::services& services() const noexcept;

private:
  void refuse_late(const std::string& what) const;

  /// Unless the program has a strategy of its own in that place.
  void add_fake_users();

  actor_fixture ground_;
  auth_options auth_;
  roster connections_;
  channel_registry channels_;
  contract_notes notes_;
  std::unique_ptr<history_engine> own_history_;
  std::optional<flamigo::detail::history_stage> stage_;
  client_environment env_;
  backend_caller caller_;
  event_log published_;
  fake_users users_;
  bool has_fake_users_ = false;
  bool serves_ = false;
  std::size_t connected_ = 0;
  std::vector<std::weak_ptr<detail::fake_connection>> clients_;
};

} // namespace flamigo::testing
